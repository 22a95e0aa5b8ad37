"""Which earlier store a new one can be made from, and making it; see :mod:`kg.build.change`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import locks
from kg.build import publish, shelf
from kg.build.beside import own_among
from kg.build.change import Made, NotSureError, apply
from kg.build.fingerprint import content_hash
from kg.build.progress import Report
from kg.errors import DataError

_MOST = 0.02
"""The part of all statements that may have changed; above about twice that a build from the files is as quick."""


@dataclass(frozen=True, slots=True)
class _Earlier:
    folder: Path
    said: shelf.About
    made: Made


def made_from(named: Collection[str], files: Sequence[Path], graphs: Mapping[Path, str]) -> dict[str, object] | None:
    """What is to be kept about a store for later ones; nothing when its ``named`` graphs do not tell its statements apart by file.

    Raises:
        DataError: when a file cannot be read.
    """
    by_file = own_among(graphs) and {*named} <= {*graphs.values()}
    return Made.of(files, graphs).written() if by_file else None


def from_earlier(
    target: Path, files: Sequence[Path], graphs: Mapping[Path, str], engine: str, report: Report | None = None
) -> bool:
    """Make a store from an earlier one and let it count; whether that was possible.

    What cannot be done this way, and every mistake in the data, is left to the build from the files.
    """
    if not own_among(graphs):
        return False
    try:
        found = _nearest(target.parent, Made.of(files, graphs))
        if found is None:
            return False
        with locks.take(found.folder / found.said.inside, shared=True):
            if not shelf.is_whole(found.folder, found.said, to_the_byte=True):
                return False
            return _made(found, target, files, graphs, engine, report)
    except (NotSureError, DataError, locks.HeldError, OSError, RuntimeError):
        return False


def _made(
    found: _Earlier, target: Path, files: Sequence[Path], graphs: Mapping[Path, str], engine: str, report: Report | None
) -> bool:  # fmt: skip
    old = ox.Store.read_only(str(found.folder / found.said.inside))
    with publish.half_of(target) as half:
        inside = shelf.new_inside()
        old.backup(str(half / inside))
        new = ox.Store(str(half / inside))
        apply(old, new, files, graphs, found.made, report, most=_MOST * found.said.statements)
        new.flush()
        statements = len(new)
        del new
        made = Made.of(files, graphs).written()
        if content_hash(files, graphs) != target.name:  # saved meanwhile
            return False
        facts = {"data_hash": target.name, "statements": statements, "engine": engine, "made_from": made}
        shelf.describe(half, inside, facts)
        publish.read_back(half / inside, statements)
        publish.put(half, inside, target, replace=False)
    return True


def _nearest(home: Path, wanted: Made) -> _Earlier | None:
    near = [one for one in _earlier(home) if one.made.base == wanted.base]
    return min(near, key=lambda one: (one.made.bytes_between(wanted), one.folder.name), default=None)


def _earlier(home: Path) -> Iterator[_Earlier]:
    for about in home.glob(f"*/{shelf.ABOUT}"):
        said = shelf.about(about.parent)
        made = said and Made.read(said.made_from)
        if said and made:
            yield _Earlier(about.parent, said, made)
