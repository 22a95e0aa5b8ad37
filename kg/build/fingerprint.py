"""The name of a compiled store: a hash over everything that it is made from. Kept light, since every look-up needs it."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.errors import DataError

GROUND = ("dates", "errors", "locks", "names", "places")
"""Modules below the build that it uses."""


_LARGE = 1 << 20
"""From this size on the digest of a file is kept, and counts as long as size, time of change and place on disk are the same."""


def content_hash(files: Sequence[Path], graphs: Mapping[Path, str] | None = None) -> str:
    """The hash of the data, the vocabulary, the rules and the code that compiles them, and of the graphs of files.

    Raises:
        DataError: when a file cannot be read.
    """
    digest = hashlib.sha256()
    shipped = [
        *places.rule_files(1),
        *places.rule_files(2),
        *places.check_files(),
    ]
    kept = _Kept()
    for file in [*files, *shipped]:
        try:
            size = file.stat().st_size
            data = file.read_bytes() if size < _LARGE else kept.digest_of(file)
        except OSError as error:
            raise DataError(f"{file}: cannot be read ({error.strerror})") from None
        digest.update(f"{file.name} {size}\n".encode())
        digest.update(data)
    for file, graph in sorted((graphs or {}).items(), key=lambda one: one[1]):
        digest.update(f"{file.name} {graph}\n".encode())
    kept.write()
    digest.update(_program(places.BUILD_CODE))
    return digest.hexdigest()[:16]


class _Kept:
    """Digests of large files from one look-up to the next, in the folder of compiled stores; without one, for this time."""

    def __init__(self) -> None:
        self._seen: dict[str, list[object]] | None = None
        self._fresh: dict[str, list[object]] = {}

    def digest_of(self, file: Path) -> bytes:
        """The digest of a file, read only when it is another file than the one that was read."""
        seen = file.stat()
        mark: list[object] = [seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino, seen.st_dev]
        kept = self._read().get(str(file), [])
        if kept[:-1] != mark:
            with file.open("rb") as opened:
                kept = self._fresh[str(file)] = [*mark, hashlib.file_digest(opened, "sha256").hexdigest()]
        return bytes.fromhex(str(kept[-1]))

    def _read(self) -> dict[str, list[object]]:
        if self._seen is None:
            try:
                said = json.loads(self._file().read_text(encoding="utf-8"))
                self._seen = {str(name): list(kept) for name, kept in said.items() if Path(name).exists()}
            except (OSError, ValueError, TypeError, AttributeError):
                self._seen = {}
        return self._seen

    @staticmethod
    def _file() -> Path:
        return places.home() / "digests.json"

    def write(self) -> None:
        """Keep what was read this time; a folder that cannot be written costs time only."""
        if not self._fresh:
            return
        half = self._file().with_name(f".digests-{os.getpid()}")
        with suppress(OSError):
            half.parent.mkdir(parents=True, exist_ok=True)
            half.write_text(json.dumps(self._read() | self._fresh), encoding="utf-8")
            half.replace(self._file())


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
