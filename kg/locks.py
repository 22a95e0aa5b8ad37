"""Locks on folders that the system takes back when their holder ends, however it ends.

Windows and some network drives know no such locks. There a lock is not sure, and who wants to remove a folder goes by
its age instead.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

if sys.platform != "win32":
    import fcntl

_PAUSE = 0.01


class HeldError(Exception):
    """Somebody else holds the lock."""


class Lock:
    """A lock that is held until it is released or forgotten."""

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    @property
    def sure(self) -> bool:
        """Whether the system vouches that nobody else holds it."""
        return self._handle is not None

    def release(self) -> None:
        """Give it back; a second time does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with suppress(OSError):
                os.close(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def __del__(self) -> None:
        self.release()


def take(folder: Path, *, shared: bool = False, patience: float = 0.0) -> Lock:
    """Lock a folder, for many holders (``shared``) or for one alone; wait for others at most so many seconds.

    Raises:
        HeldError: when others hold it, and still do after that time.
    """
    if sys.platform == "win32":
        return Lock(None)
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return Lock(None)
    way = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, way)
            return Lock(handle)
        except BlockingIOError:
            if time.monotonic() >= until:
                os.close(handle)
                raise HeldError(str(folder)) from None
            time.sleep(_PAUSE)
        except OSError:
            os.close(handle)
            return Lock(None)
