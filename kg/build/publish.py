"""Putting a compiled store in its place, and removing what nobody needs any more.

A store is made in a folder of its own and comes into force when ``about.json`` is replaced, in one step of the file system.
So a reader meets the old store or the new one. Whoever makes or reads a store holds a lock on its folder; the system takes
that back when the process ends, so that what a killed build left is known at once from what is being made.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyoxigraph as ox

from kg import locks
from kg.build import shelf

_STORES_KEPT = 8
_STALE_AFTER = 3600.0
"""Seconds after which a folder without a sure lock is taken for a left one."""
_DOOR = 10.0
"""Seconds to wait for another process that puts a store in place, which takes milliseconds; a stopped one holds up nobody."""
_STORE = re.compile(r"[0-9a-f]{16}")
_ENGINE_FOLDER = re.compile(r"store(-[0-9a-f]{12})?")
_HALF = re.compile(r"\.half-.+")
_MEMORY = re.compile(r"\.seen-[0-9a-f]+-\d+")


@contextmanager
def half_of(target: Path) -> Iterator[Path]:
    """An empty folder to make a store in; it is gone afterwards, also when that fails.

    Raises:
        OSError: when it cannot be made.
    """
    home = target.parent
    if home.exists() and not home.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    home.mkdir(parents=True, exist_ok=True)
    half = home / f".half-{target.name}-{os.getpid()}-{os.urandom(6).hex()}"
    with _door(home) as alone:
        if alone:
            sweep(home, keep=target.name)
        half.mkdir()
        lock = _locked(half)
    try:
        yield half
    finally:
        shutil.rmtree(half, ignore_errors=True)
        lock.release()


def read_back(folder: Path, statements: int) -> None:
    """See that the disk gives back as much as was written; what it loses after this, the marks will tell.

    Raises:
        OSError: when it does not.
    """
    found = len(ox.Store.read_only(str(folder)))
    if found != statements:
        raise OSError(errno.EIO, f"{found} of {statements} statements came back")


def put(half: Path, inside: str, target: Path, *, replace: bool) -> None:
    """Let a whole store count; unless it is to replace any, one that another process put there meanwhile is as good.

    Raises:
        OSError: when it cannot be moved there.
    """
    with _door(target.parent):
        said = shelf.about(target)
        if said is not None and not replace and shelf.is_whole(target, said):
            return
        target.mkdir(exist_ok=True)
        try:
            (half / inside).rename(target / inside)
            (half / shelf.ABOUT).replace(target / shelf.ABOUT)
        finally:
            now = shelf.about(target)
            _clean(target, keep=now.inside if now else None)


def sweep(home: Path, keep: str) -> None:
    """Remove what killed builds left, and all but the newest few stores; what somebody reads stays until later."""
    ages: dict[Path, float] = {}
    for one in _inside(home):
        if _HALF.fullmatch(one.name):
            _drop(one)
        elif _MEMORY.fullmatch(one.name):
            _forget(one)
        elif _STORE.fullmatch(one.name) and not one.is_symlink():
            if not (one / shelf.ABOUT).exists():
                _clean(one, keep=None)
            elif (said := shelf.about(one)) is not None:
                _clean(one, keep=said.inside)
            with suppress(OSError):
                ages[one] = one.stat().st_mtime
    ages.pop(home / keep, None)
    for old in sorted(ages, key=lambda one: ages[one])[: max(0, len(ages) - _STORES_KEPT + 1)]:
        with suppress(OSError):
            (old / shelf.ABOUT).unlink(missing_ok=True)
            _clean(old, keep=None)


def _forget(half: Path) -> None:
    """Remove a remembered hash that was never put in its place."""
    with suppress(OSError):
        if time.time() - half.stat().st_mtime > _STALE_AFTER:
            half.unlink()


def _clean(store: Path, keep: str | None) -> None:
    """Remove engine files that do not count; without any that do, the folder too."""
    for one in _inside(store):
        if _ENGINE_FOLDER.fullmatch(one.name) and one.name != keep:
            _drop(one)
    if keep is None:
        with suppress(OSError):
            store.rmdir()


def _drop(folder: Path) -> None:
    """Remove a folder that nobody makes or reads."""
    try:
        with locks.take(folder) as lock:
            if lock.sure or time.time() - folder.stat().st_mtime > _STALE_AFTER:
                shutil.rmtree(folder, ignore_errors=True)
    except (locks.HeldError, OSError):
        return


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _locked(half: Path) -> locks.Lock:
    try:
        return locks.take(half)
    except locks.HeldError:  # for a moment, by the sweep of a process that waits at no door
        return locks.Lock(None)


@contextmanager
def _door(home: Path) -> Iterator[bool]:
    """One process at a time moves folders about; tells whether nobody else is known to do so."""
    try:
        with locks.take(home, patience=_DOOR):
            yield True
    except locks.HeldError:
        yield False
