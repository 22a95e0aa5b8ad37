"""What is kept about a store so that later ones can be made from it: the digests of its files, and what each stated.

Both lie among the files of the engine, which passes over what it did not write, so the marks of a store cover them. Where
the store has named graphs, what each file stated is there. Where it has none, a packed file of N-Quads holds it, with a graph
for each file, and no look-up meets it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.build.fingerprint import content_hash
from kg.build.inputs import Inputs
from kg.errors import DataError

_MADE = "made-from.json"
_SAID = "said.nq.gz"
_WITH_GRAPHS = "with named graphs "


@dataclass(frozen=True, slots=True)
class Made:
    """What a store was made from: vocabulary and program, and the files of each part."""

    base: str
    parts: Mapping[str, tuple[str, int]]
    """Digest and size of the files of each part; with data of one's own those of the record share one."""

    @classmethod
    def of(cls, inputs: Inputs) -> Made:
        """As the files are now.

        Raises:
            DataError: when one cannot be read.
        """
        base = content_hash([file for file in inputs.files if file not in inputs.parts])
        kind = _WITH_GRAPHS if inputs.graphs else ""
        return cls(kind + base, {part: _digest(files) for part, files in by_part(inputs).items()})

    def bytes_between(self, other: Made) -> int:
        """The size of the files that are not the same in both."""
        return sum(max(self._size(part), other._size(part)) for part in self.differing(other))

    def _size(self, part: str) -> int:
        return self.parts[part][1] if part in self.parts else 0

    def differing(self, other: Made) -> list[str]:
        """The parts whose files are not the same in both."""
        return sorted(one for one in {*self.parts, *other.parts} if self.parts.get(one) != other.parts.get(one))


def by_part(inputs: Inputs) -> dict[str, list[Path]]:
    """The files of each part."""
    found: dict[str, list[Path]] = defaultdict(list)
    for file, part in inputs.parts.items():
        found[part].append(file)
    return found


def _digest(files: Sequence[Path]) -> tuple[str, int]:
    try:
        digests = sorted(_hash(file) for file in files)
        return hashlib.sha256("".join(digests).encode()).hexdigest(), sum(file.stat().st_size for file in files)
    except OSError as error:
        raise DataError(f"{error.filename}: cannot be read ({error.strerror})") from None


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be kept about a store: what it was made from, and what its files stated unless its named graphs hold that."""

    made: Made
    said: Iterable[ox.Quad] | None

    @classmethod
    def about(cls, inputs: Inputs, named: Iterable[str], said: Iterable[ox.Quad]) -> Kept | None:
        """Of a build whose files stated something in some ``named`` graphs; nothing when these do not tell files apart.

        Raises:
            DataError: when a file cannot be read.
        """
        if not inputs.parts or not {*named} <= {*inputs.parts.values()}:
            return None
        return cls(Made.of(inputs), None if inputs.graphs else said)

    def write(self, folder: Path) -> None:
        """Put it among the files of an engine that is not open.

        Raises:
            OSError: when it cannot be written.
        """
        (folder / _MADE).write_text(json.dumps(asdict(self.made), sort_keys=True), encoding="utf-8")
        if self.said is not None:
            with gzip.open(folder / _SAID, "wb", compresslevel=1) as packed:
                ox.serialize(self.said, cast("IO[bytes]", packed), format=ox.RdfFormat.N_QUADS)


def made_of(folder: Path) -> Made | None:
    """What the store in a folder of the engine was made from; nothing when that was not kept."""
    try:
        told = json.loads((folder / _MADE).read_text(encoding="utf-8"))
        parts = {str(part): (str(digest), int(size)) for part, (digest, size) in told["parts"].items()}
        return Made(str(told["base"]), parts)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def said_beside(folder: Path) -> ox.Store:
    """What the files of a store without named graphs stated, each in a graph of its own.

    Raises:
        OSError: when that was not kept or is broken.
    """
    found = ox.Store()
    with gzip.open(folder / _SAID, "rb") as packed:
        found.bulk_load(cast("IO[bytes]", packed), format=ox.RdfFormat.N_QUADS)
    return found
