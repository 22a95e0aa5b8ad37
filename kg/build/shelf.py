"""How a compiled store lies on disk, and whether one is whole. Kept light, since every look-up needs it.

::

    HOME/HASH/about.json     which store counts, the number of its statements, and a mark of each of its files
    HOME/HASH/store-…/       the files of the engine, and what is kept for later stores
    HOME/.half-HASH-…/       a store that is being made

The marks are needed because the engine takes a list of its files that breaks off early for a store with fewer files, and
then finds nothing without a word.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

ABOUT = "about.json"
_ENGINE_FOLDER = re.compile(r"store-[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """How a file was when the store was made: bytes, moment of the last change in nanoseconds, SHA-256."""

    size: int
    changed: int
    digest: str


@dataclass(frozen=True, slots=True)
class About:
    """What stands in ``about.json``; ``inside`` is the folder of the engine's files."""

    data_hash: str
    statements: int
    inside: str
    files: dict[str, Mark]


def new_inside() -> str:
    """A name for a folder of engine files that no other build takes."""
    return f"store-{os.urandom(6).hex()}"


def describe(folder: Path, inside: str, facts: dict[str, object]) -> None:
    """Write ``about.json`` for engine files that will not change any more."""
    marks = {one.name: _mark(one) for one in sorted((folder / inside).iterdir())}
    files = {name: [mark.size, mark.changed, mark.digest] for name, mark in marks.items()}
    text = json.dumps({**facts, "store": inside, "files": files}, indent=1, sort_keys=True)
    (folder / ABOUT).write_text(text, encoding="utf-8")


def about(folder: Path) -> About | None:
    """What a folder says about its store; nothing when it holds none, or one that is not of this name or layout."""
    try:
        said = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        files = {str(name): Mark(*mark) for name, mark in said["files"].items()}
        found = About(str(said["data_hash"]), int(said["statements"]), str(said["store"]), files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    good = found.data_hash == folder.name and _ENGINE_FOLDER.fullmatch(found.inside) and files
    return found if good else None


def is_whole(folder: Path, said: About, *, to_the_byte: bool = False) -> bool:
    """Whether each file is as it was made; only one that was touched since, or all ``to_the_byte``, are read for it."""
    return all(_unchanged(folder / said.inside / name, mark, to_the_byte) for name, mark in said.files.items())


def _unchanged(file: Path, mark: Mark, to_the_byte: bool) -> bool:
    try:
        seen = file.stat()
        if seen.st_size != mark.size:
            return False
        return (seen.st_mtime_ns == mark.changed and not to_the_byte) or _digest(file) == mark.digest
    except OSError:
        return False


def _mark(file: Path) -> Mark:
    seen = file.stat()
    return Mark(seen.st_size, seen.st_mtime_ns, _digest(file))


def _digest(file: Path) -> str:
    import hashlib  # 4 MB of OpenSSL, for files that changed alone

    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
