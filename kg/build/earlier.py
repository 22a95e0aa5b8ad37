"""Which earlier store a new one can be made from, and making it; see :mod:`kg.build.change`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import locks
from kg.build import publish, shelf
from kg.build.change import NotSureError, apply
from kg.build.fingerprint import content_hash
from kg.build.inputs import Inputs
from kg.build.kept import Kept, Made, made_of, said_beside
from kg.build.progress import Report
from kg.errors import DataError

_MOST = 0.02
"""The part of all statements that may have changed; above about twice that a build from the files is as quick."""


@dataclass(frozen=True, slots=True)
class _Earlier:
    folder: Path
    said: shelf.About
    made: Made

    @property
    def inside(self) -> Path:
        return self.folder / self.said.inside


def from_earlier(target: Path, inputs: Inputs, engine: str, report: Report | None = None) -> bool:
    """Make a store from an earlier one and let it count; whether that was possible.

    What cannot be done this way, and every mistake in the data, is left to the build from the files.
    """
    if not inputs.parts:
        return False
    try:
        found = _nearest(target.parent, Made.of(inputs))
        if found is None:
            return False
        with locks.take(found.inside, shared=True):
            if not shelf.is_whole(found.folder, found.said, to_the_byte=True):
                return False
            return _made(found, target, inputs, engine, report)
    except (NotSureError, DataError, locks.HeldError, OSError, RuntimeError):
        return False


def _made(found: _Earlier, target: Path, inputs: Inputs, engine: str, report: Report | None) -> bool:
    old = ox.Store.read_only(str(found.inside))
    beside = None if inputs.graphs else said_beside(found.inside)
    with publish.half_of(target) as half:
        inside = shelf.new_inside()
        old.backup(str(half / inside))
        new = ox.Store(str(half / inside))
        apply(old, new, beside or new, inputs, found.made, report, most=_MOST * found.said.statements)
        new.flush()
        statements = len(new)
        del new
        made = Made.of(inputs)
        if content_hash(inputs.files, inputs.graphs) != target.name:  # saved meanwhile
            return False
        Kept(made, beside).write(half / inside)
        shelf.describe(half, inside, {"data_hash": target.name, "statements": statements, "engine": engine})
        publish.read_back(half / inside, statements)
        publish.put(half, inside, target, replace=False)
    return True


def _nearest(home: Path, wanted: Made) -> _Earlier | None:
    near = [one for one in _earlier(home) if one.made.base == wanted.base]
    return min(near, key=lambda one: (one.made.bytes_between(wanted), one.folder.name), default=None)


def _earlier(home: Path) -> Iterator[_Earlier]:
    for about in home.glob(f"*/{shelf.ABOUT}"):
        said = shelf.about(about.parent)
        made = said and made_of(about.parent / said.inside)
        if said and made:
            yield _Earlier(about.parent, said, made)
