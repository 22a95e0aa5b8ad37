"""Last step of the build: one compiled store, named by the hash of everything that it was made from.

A store is written into a folder of its own beside its final place and renamed when it is whole, so that a reader never
meets half a store, two processes that build at once do not hurt each other, and a killed build leaves nothing but a
folder that a later build sweeps away.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.build.check import require_sound
from kg.build.progress import Report, told
from kg.build.read import batches, read_record
from kg.build.rules import run_rules
from kg.build.versions import add_versions

_STALE_AFTER = 3600.0
"""Seconds after which a half-built folder cannot belong to a living build any more."""
_STORES_KEPT = 8
_WRITTEN_AT_ONCE = 500_000
"""Statements that are sorted in memory for one part of the store on disk; all at once would need a gigabyte."""


def derive(files: Sequence[Path], report: Report | None = None) -> ox.Store:
    """Read, check and derive; everything that a store holds, in memory.

    Raises:
        DataError: when the data is broken.
    """
    store = read_record(files, report)
    require_sound(store, files, report)
    run_rules(store, places.rule_files(1), report)
    add_versions(store, report)
    run_rules(store, places.rule_files(2), report)
    return store


def write_store(store: ox.Store, target: Path, facts: dict[str, object], report: Report | None = None) -> None:
    """Write a derived store to its place, whole or not at all.

    Raises:
        OSError: when the folder cannot be written.
    """
    half = target.with_name(f".half-{target.name}-{os.getpid()}-{time.monotonic_ns():x}")
    half.mkdir(parents=True)
    try:
        disk = ox.Store(str(half / "store"))
        whole = len(store)
        for some in batches(told(report, f"writing {whole} statements", store, whole), _WRITTEN_AT_ONCE):
            disk.bulk_extend(some)
        disk.optimize()
        disk.flush()
        del disk
        (half / "about.json").write_text(json.dumps(facts, indent=1, sort_keys=True), encoding="utf-8")
        _put(half, target)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _put(half: Path, target: Path) -> None:
    """Rename a whole store into place; when another process was faster, its store is as good."""
    try:
        half.rename(target)
    except OSError:
        if not (target / "about.json").is_file():
            raise


def sweep(home: Path, keep: str) -> None:
    """Remove folders of builds that died, and all but the newest few stores."""
    now = time.time()
    for half in home.glob(".half-*"):
        with suppress(OSError):
            if now - half.stat().st_mtime > _STALE_AFTER:
                shutil.rmtree(half, ignore_errors=True)
    ages: dict[Path, float] = {}
    for one in home.iterdir():
        with suppress(OSError):  # another process may be sweeping too
            if one.name != keep and (one / "about.json").is_file():
                ages[one] = one.stat().st_mtime
    stores = sorted(ages, key=lambda one: ages[one])
    for old in stores[: max(0, len(stores) - _STORES_KEPT + 1)]:
        shutil.rmtree(old, ignore_errors=True)
