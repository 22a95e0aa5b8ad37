"""Remembers the content hash of files that did not change, so that a look-up need not read the whole record first.

What is remembered counts only while every file has the same path, size, inode and days of change, to the nanosecond; and only of
files that had been at rest for a while, since a file may change twice within one tick of a clock. A file that lies
beside the compiled stores holds it; when it cannot be read or written, the hash is worked out as if there were none.
"""

from __future__ import annotations

import os
import time
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg import places

_AT_REST = 10.0
"""Seconds for which no file may have changed before its state is remembered; the coarsest clock of a file system ticks every two."""


def content_hash(files: Sequence[Path], graphs: Mapping[Path, str] | None = None) -> str:
    """The hash of some files and of everything that compiles them; see :func:`kg.build.fingerprint.content_hash`."""
    try:
        state, newest = _state(files, graphs or {})
    except (OSError, UnicodeError):
        state, newest = "", 0.0
    memory = places.home() / f".seen-{zlib.crc32(_key(files, graphs or {})):08x}"
    if state:
        with suppress(OSError, UnicodeError):
            before, _, known = memory.read_text(encoding="utf-8").rpartition("\n")
            if before == state and known:
                return known
    from kg.build import fingerprint

    fresh = fingerprint.content_hash(files, graphs)
    if state and newest < time.time() - _AT_REST:
        _remember(memory, f"{state}\n{fresh}")
    return fresh


def _key(files: Sequence[Path], graphs: Mapping[Path, str]) -> bytes:
    return "\0".join([str(places.QUERIES), *map(str, files), *graphs.values()]).encode("utf-8", "surrogatepass")


def _state(files: Sequence[Path], graphs: Mapping[Path, str]) -> tuple[str, float]:
    """Everything that changes with a file, and the newest change."""
    lines, newest = _seen([*files, *places.rule_files(1), *places.rule_files(2), *places.check_files()])
    code, newest_code = _code(places.BUILD_CODE)
    named = [f"{file} {graph}" for file, graph in graphs.items()]
    head = f"oxigraph {ox.__version__} {unicodedata.unidata_version}"
    return "\n".join([head, *code, *lines, *named]), max(newest, newest_code)


@cache
def _code(_build: Path) -> tuple[list[str], float]:
    """The same of the code; once for each process, which goes on with what it has loaded when the program is upgraded."""
    return _seen(places.code_files())


def _seen(files: Sequence[Path]) -> tuple[list[str], float]:
    found = [(file, os.stat(file)) for file in files]  # noqa: PTH116  a quarter of the time of Path.stat
    lines = [f"{one} {s.st_size} {s.st_ino} {s.st_mtime_ns} {s.st_ctime_ns}" for one, s in found]
    return lines, max((max(s.st_mtime, s.st_ctime) for _, s in found), default=0.0)


def _remember(memory: Path, text: str) -> None:
    """Write beside and rename, so that nobody reads half of it; that it cannot be written is no error."""
    with suppress(OSError, UnicodeError):
        memory.parent.mkdir(parents=True, exist_ok=True)
        half = memory.with_name(f"{memory.name}-{os.getpid()}")
        try:
            half.write_text(text, encoding="utf-8")
            half.replace(memory)
        finally:
            half.unlink(missing_ok=True)
