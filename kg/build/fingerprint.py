"""The name of a compiled store: a hash over everything that it is made from. Kept light, since every look-up needs it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import places


def content_hash(files: Sequence[Path]) -> str:
    """The hash of the data, the vocabulary, the rules and the code that compiles them."""
    digest = hashlib.sha256()
    for file in [*files, *places.compiling_files()]:
        data = file.read_bytes()
        digest.update(f"{file.name} {len(data)}\n".encode())
        digest.update(data)
    digest.update(ox.__version__.encode())
    return digest.hexdigest()[:16]
