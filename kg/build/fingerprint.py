"""The name of a compiled store: a hash over everything that it is made from."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.errors import DataError

_AT_ONCE = 1 << 20


def content_hash(files: Sequence[Path], graphs: Mapping[Path, str] | None = None) -> str:
    """The hash of the data, the vocabulary, the rules and the code that compiles them, and of the graphs of files.

    Raises:
        DataError: when a file cannot be read.
    """
    digest = hashlib.sha256()
    for file in [*files, *places.rule_files(1), *places.rule_files(2), *places.check_files()]:
        try:
            digest.update(f"{file.name} {file.stat().st_size}\n".encode())
            with file.open("rb") as opened:
                while some := opened.read(_AT_ONCE):
                    digest.update(some)
        except OSError as error:
            raise DataError(f"{file}: cannot be read ({error.strerror})") from None
    for file, graph in sorted((graphs or {}).items(), key=lambda one: one[1]):
        digest.update(f"{file.name} {graph}\n".encode())
    digest.update(_program(places.BUILD_CODE))
    return digest.hexdigest()[:16]


@cache
def _program(_build: Path) -> bytes:
    """The code that compiles and what it leans on.

    Once for each process: a session that is open while the program is upgraded goes on with the code that it has loaded,
    and must not give what that makes the name of what the new code would make.
    """
    digest = hashlib.sha256(f"{ox.__version__} {unicodedata.unidata_version}".encode())
    for file in places.code_files():
        digest.update(f"{file.name}\n".encode())
        digest.update(file.read_bytes())
    return digest.digest()
