"""Last step of the build: one compiled store, named by the hash of everything that it was made from.

A store is written into a folder of its own and moved when it is whole, so that a reader never meets half a store and two
processes that build at once do not hurt each other; :mod:`kg.build.publish` has the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.build import publish, shelf
from kg.build.check import require_sound
from kg.build.read import read_record
from kg.build.rules import run_rules
from kg.build.versions import add_versions

Report = Callable[[str], None]


def derive(files: Sequence[Path], report: Report | None = None) -> ox.Store:
    """Read, check and derive; everything that a store holds, in memory.

    Raises:
        DataError: when the data is broken.
    """
    tell = report or (lambda _: None)
    tell(f"reading {len(files)} files")
    store = read_record(files)
    tell(f"checking {len(store)} statements")
    require_sound(store, files)
    run_rules(store, places.rule_files(1), tell)
    add_versions(store)
    run_rules(store, places.rule_files(2), tell)
    return store


def write_store(store: ox.Store, target: Path, facts: dict[str, object], *, replace: bool = False) -> None:
    """Write a derived store to its place, whole or not at all.

    Raises:
        OSError: when the folder cannot be written.
        RuntimeError: when the engine cannot write it.
    """
    with publish.half_of(target) as half:
        inside = shelf.new_inside()
        disk = ox.Store(str(half / inside))
        disk.bulk_extend(store)
        disk.optimize()
        disk.flush()
        del disk
        shelf.describe(half, inside, facts)
        publish.put(half, inside, target, replace=replace)
