"""Tells how far a build is: lines for a log, one bar that moves for a person at a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Report = Callable[[str], None]
_T = TypeVar("_T")
_WIDTH = 30
_PAUSE = 0.1
"""Seconds between two pictures of the bar."""


def on_terminal() -> bool:
    """Whether messages go to a person who watches them."""
    return sys.stderr.isatty()


class Bar:
    """A report that draws each step on one line of a terminal, once a build takes longer than so many seconds."""

    def __init__(self, patience: float = 0.0) -> None:
        self._from = time.monotonic() + patience
        self._drawn = 0.0
        self._shown = False

    def __call__(self, message: str) -> None:
        """Begin another step."""
        self.part(message, 0, 0)

    def part(self, message: str, done: int, whole: int) -> None:
        """Show how much of a step is done; of a step whose length nobody knows only its name."""
        now = time.monotonic()
        if now < self._from or (done and now - self._drawn < _PAUSE):
            return
        self._drawn, self._shown = now, True
        filled = min(_WIDTH, _WIDTH * done // whole) if whole else 0
        picture = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {min(100, 100 * done // whole):3} % " if whole else ""
        print(f"\r\x1b[Kkg: compiling the record: {picture}{message}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave an empty line behind."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown = False


def told(report: Report | None, message: str, things: Iterable[_T], whole: int) -> Iterator[_T]:
    """Hand things on one by one and show on a bar how many are through; any other report gets the message alone."""
    if report is None:
        yield from things
        return
    report(message)
    if not isinstance(report, Bar):
        yield from things
        return
    for done, thing in enumerate(things):
        if not done & 255 or whole < 4096:
            report.part(message, done, whole)
        yield thing
