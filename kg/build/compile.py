"""Last step of the build: one compiled store, named by the hash of everything that it was made from.

A store is written into a folder of its own and moved when it is whole, so that a reader never meets half a store and two
processes that build at once do not hurt each other; :mod:`kg.build.publish` has the steps.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.build import publish, shelf
from kg.build.beside import own_among
from kg.build.check import require_sound
from kg.build.copies import Copies
from kg.build.kept import Kept
from kg.build.progress import Report, told
from kg.build.read import batches, read_record
from kg.build.rules import run_rules
from kg.build.versions import add_versions

_WRITTEN_AT_ONCE = 500_000
"""Statements that are sorted in memory for one part of the store on disk, which takes about a kilobyte for each."""
_PARTS = 12
"""Of so many parts a large store is made: the more there are, the longer the engine takes for each."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave circles of objects alone for a while.

    Python looks for them through all that lives whenever some more was made. A build makes millions of objects and no
    circles; the search took up to half of the time in which they are made.
    """
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@_uncollected()
def derive(
    files: Sequence[Path],
    report: Report | None = None,
    graphs: Mapping[Path, str] | None = None,
    copies: Copies | None = None,
) -> ox.Store:
    """Read, check and derive; everything that a store holds, in memory.

    Everything is in the default graph, which alone is asked. What the files of ``graphs`` state stands a second time in
    the graph of each, so that it can be told where it comes from; with ``copies`` given it is put there instead.

    Raises:
        DataError: when the data is broken.
    """
    own, apart = own_among(graphs or {}), Copies() if copies is None else copies
    store = read_record(files, report, graphs, apart)
    # What is wrong is looked for in data of one's own first, since the record alone is sound.
    require_sound(store, sorted(files, key=lambda file: file not in own), report)
    run_rules(store, places.rule_files(1), report)
    add_versions(store, report)
    run_rules(store, places.rule_files(2), report)
    return with_copies(store, apart) if copies is None else store


def with_copies(store: ox.Store, copies: Iterable[ox.Quad]) -> ox.Store:
    """The store with everything in memory."""
    for some in batches(copies):
        store.extend(some)
    return store


def write_store(
    store: ox.Store,
    target: Path,
    facts: dict[str, object],
    report: Report | None = None,
    *,
    copies: Iterable[ox.Quad] = (),
    kept: Kept | None = None,
    replace: bool = False,
) -> None:
    """Write a derived store to its place, whole or not at all.

    Raises:
        OSError: when the folder cannot be written.
        RuntimeError: when the engine cannot write it.
    """
    with publish.half_of(target) as half:
        inside = shelf.new_inside()
        disk = ox.Store(str(half / inside))
        whole = len(store)
        for quads in (told(report, f"writing {whole} statements", store, whole), copies):
            for some in batches(quads, max(_WRITTEN_AT_ONCE, whole // _PARTS)):
                disk.bulk_extend(some)
        disk.optimize()
        disk.flush()
        statements = len(disk)
        del disk
        if kept is not None:
            kept.write(half / inside)
        shelf.describe(half, inside, {**facts, "statements": statements})
        publish.read_back(half / inside, statements)
        publish.put(half, inside, target, replace=replace)
