"""The name of a compiled store: a hash over everything that it is made from. Kept light, since every look-up needs it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.errors import DataError

GROUND = ("dates", "errors", "locks", "names", "places")
"""Modules below the build that it uses."""


def content_hash(files: Sequence[Path]) -> str:
    """The hash of the data, the vocabulary, the rules and the code that compiles them.

    Raises:
        DataError: when a file cannot be read.
    """
    digest = hashlib.sha256()
    shipped = [
        *places.rule_files(1),
        *places.rule_files(2),
        *places.check_files(),
    ]
    for file in [*files, *shipped]:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise DataError(f"{file}: cannot be read ({error.strerror})") from None
        digest.update(f"{file.name} {len(data)}\n".encode())
        digest.update(data)
    digest.update(_program(places.BUILD_CODE))
    return digest.hexdigest()[:16]


@cache
def _program(build: Path) -> bytes:
    """The code that compiles and what it leans on.

    Once for each process: a session that is open while the program is upgraded goes on with the code that it has loaded,
    and must not give what that makes the name of what the new code would make.
    """
    digest = hashlib.sha256(f"{ox.__version__} {unicodedata.unidata_version}".encode())
    for file in [*sorted(build.glob("*.py")), *(build.parent / f"{name}.py" for name in GROUND)]:
        digest.update(f"{file.name}\n".encode())
        digest.update(file.read_bytes())
    return digest.digest()
