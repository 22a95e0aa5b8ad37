"""How long does each named question take, and what do other ways of asking the same cost?

Each query file is asked with the parameters that stand in it as its example, in three ways:

1. ours: ``kg.sparql.run.run_named`` in this process, from the parameters as a person types them to the whole answer,
2. bare: the same text, with its parameters in place, straight to pyoxigraph on the same store on disk, all rows read,
3. rdflib: the same text on the same statements in memory, in a process that loads them once. A query that takes longer
   than ``--rdflib-seconds`` is stopped, and the ratio is then "more than".

This is done on the packaged record and on a larger one of the same shape (see ``copies.py``, which says what that
record models and what not), all in one run. The ways take turns, so that a busy moment of the machine hits all of them.
The first two are asked once beforehand, which warms the disk; rdflib is asked fewer times when it is slow. Figures are
medians with the lowest and the highest run in brackets; each query is told on standard error as soon as it is measured.
Nothing here is a test: machines differ, ratios much less.

Run with ``python benchmarks/queries.py [--queries status,fines] [--repeat 5] [--statements 1000000 | --store FOLDER]
[--no-rdflib] [--rdflib-seconds 20] [--markdown FILE]``; ``--statements 0`` leaves the larger record out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn, Self

from copies import export, generate, open_generated

from kg import catalogue
from kg.sparql.run import bound, run_named
from kg.store import Store, open_store

_SLOW = 1.0
"""Seconds from which a query is listed at the end."""
_GRACE = 60.0
"""Seconds after its limit in which rdflib may still answer for itself before its process is ended."""


@dataclass
class Way:
    """What one way of asking one query took: seconds a run, and the number of rows."""

    times: list[float] = field(default_factory=list)
    rows: int | None = None
    stopped_after: float | None = None

    @property
    def middle(self) -> float:
        """The median; for a query that was stopped the time that it had."""
        return self.stopped_after or statistics.median(self.times)

    def __str__(self) -> str:
        if self.stopped_after is not None:
            return f"> {self.stopped_after:g} s"
        return f"{_ms(self.middle)} ({_ms(min(self.times))}–{_ms(max(self.times))})"


@dataclass
class Line:
    """One query on one record."""

    name: str
    ours: Way
    bare: Way
    rdflib: Way | None

    def cells(self) -> list[str]:
        """The line as the table shows it."""
        found = [self.name, f"{self.ours.rows}", str(self.ours), str(self.bare), f"{self.overhead:.2f}"]
        if self.rdflib is None:
            return found
        more = "more than " if self.rdflib.stopped_after else ""
        return [*found, str(self.rdflib), f"{more}{_number(self.gain)}"]

    @property
    def overhead(self) -> float:
        """How many times as long we take as the bare engine."""
        return self.ours.middle / self.bare.middle

    @property
    def gain(self) -> float:
        """How many times as long rdflib takes as we do."""
        return self.rdflib.middle / self.ours.middle if self.rdflib else 0.0


@dataclass(frozen=True)
class Record:
    """One record with its lines."""

    title: str
    lines: Sequence[Line]

    def head(self) -> list[str]:
        """The titles of the columns."""
        first = ["query", "rows", "ours, ms", "bare, ms", "ours / bare"]
        return [*first, "rdflib, ms", "rdflib / ours"] if any(line.rdflib for line in self.lines) else first

    def remarks(self) -> list[str]:
        """The whole in a few sentences, and what was odd."""
        ours = [line.ours.middle for line in self.lines]
        said = [
            f"{len(ours)} queries, ours: median {_ms(statistics.median(ours))} ms, slowest {_ms(max(ours))} ms",
            f"ours / bare: median {statistics.median(line.overhead for line in self.lines):.2f}",
        ]
        both = [line for line in self.lines if line.rdflib]
        if both:
            stopped = sum(line.rdflib is not None and line.rdflib.stopped_after is not None for line in both)
            said.append(
                f"rdflib / ours: median {_number(statistics.median(line.gain for line in both))}, "
                f"lowest {_number(min(line.gain for line in both))}; {stopped} queries stopped"
            )
        said += [
            f"{line.name}: {line.ours.rows} rows from us, {other.rows} from {title}"
            for line in self.lines
            for title, other in (("pyoxigraph", line.bare), ("rdflib", line.rdflib))
            if other is not None and other.stopped_after is None and other.rows != line.ours.rows
        ]
        slow = sorted((line for line in self.lines if line.ours.middle > _SLOW), key=lambda line: -line.ours.middle)
        told = ", ".join(f"{line.name} ({line.ours.middle:.1f} s)" for line in slow)
        return [*said, f"slower than {_SLOW:g} s: {told or 'none'}"]


def main() -> None:
    """Measure and print."""
    given = _arguments()
    chosen = given.queries.split(",") if given.queries else list(catalogue.query_files())
    for name in chosen:
        catalogue.load(name)  # an unknown name is told before anything is measured
    found: list[Record] = []
    with ExitStack() as stack:
        for title, store in _stores(given, stack):
            print(f"{title}, {store.origin.statements} statements", flush=True)
            found.append(Record(f"{title}, {store.origin.statements} statements", _measure(store, chosen, given)))
            _print(found[-1])
    if given.markdown:
        given.markdown.write_text(_markdown(found, given), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", help="names with commas; all without")
    parser.add_argument("--repeat", type=int, default=5, help="runs a query and way")
    parser.add_argument("--statements", type=int, default=1_000_000, help="size of the larger record; 0 leaves it out")
    parser.add_argument("--store", type=Path, help="a folder that copies.py made, instead of a fresh record")
    parser.add_argument("--seed", type=int, default=1, help="of the larger record")
    parser.add_argument("--no-rdflib", action="store_true")
    parser.add_argument("--rdflib-seconds", type=float, default=20.0, help="when a query in rdflib is stopped")
    parser.add_argument("--markdown", type=Path, help="write the tables to this file too")
    return parser.parse_args()


def _stores(given: argparse.Namespace, stack: ExitStack) -> Iterator[tuple[str, Store]]:
    packaged = open_store()
    yield "packaged record", packaged
    if given.store:
        yield "generated record", open_generated(given.store)
    elif given.statements:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        yield "generated record", generate(packaged, Path(folder), given.statements, given.seed)


def _measure(store: Store, chosen: Sequence[str], given: argparse.Namespace) -> list[Line]:
    if given.no_rdflib:
        return [_line(store, name, given.repeat, None) for name in chosen]
    with _Rdflib(store, given.rdflib_seconds) as other:
        return [_line(store, name, given.repeat, other) for name in chosen]


def _line(store: Store, name: str, repeat: int, other: _Rdflib | None) -> Line:
    sample = catalogue.load(name).sample()
    text = bound(store, name, sample)
    ours, bare, rdflib = Way(), Way(), Way() if other else None
    asked: list[tuple[Way, Callable[[], int]]] = [
        (ours, lambda: len(run_named(store, name, sample))),
        (bare, lambda: len(list(store.inner.query(text)))),
    ]
    for turn in range(repeat + 1):
        for way, ask in asked:
            began = time.perf_counter()
            way.rows = ask()
            if turn:
                way.times.append(time.perf_counter() - began)
        if turn and other and rdflib and rdflib.stopped_after is None:
            other.ask(text, rdflib)
    line = Line(name, ours, bare, rdflib)
    print("  ".join(line.cells()), file=sys.stderr, flush=True)
    return line


class _Rdflib:
    """A process that holds the statements in rdflib and answers one query after the other."""

    def __init__(self, store: Store, seconds: float) -> None:
        self.seconds = seconds
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name, "record.nt")
        export(store, self.file)
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        self.child = context.Process(target=_serve, args=(theirs, self.file, self.seconds), daemon=True)
        self.child.start()
        theirs.close()
        print(f"rdflib loaded them in {self.line.recv():.1f} s", flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self.folder.cleanup()

    def _stop(self) -> None:
        self.child.terminate()
        self.child.join()
        self.line.close()

    def ask(self, text: str, way: Way) -> None:
        """Ask once more, unless the runs so far took so long that another one is not worth its time."""
        if way.times and sum(way.times) + max(way.times) > self.seconds:
            return
        self.line.send(text)
        if not self.line.poll(self.seconds + _GRACE):
            way.stopped_after = self.seconds
            self._stop()
            self._start()
            return
        seconds, rows = self.line.recv()
        if seconds is None:
            way.stopped_after = self.seconds
        else:
            way.times.append(seconds)
            way.rows = rows


class _LateError(BaseException):
    """Not an Exception, so that no handler inside rdflib takes it for one of its own."""


def _serve(line: Connection, file: Path, seconds: float) -> None:
    """Load the statements and answer queries with their seconds and rows; without seconds when the time was over."""
    import rdflib

    began = time.perf_counter()
    graph = rdflib.Graph()
    graph.parse(file, format="nt")
    line.send(time.perf_counter() - began)
    while True:
        text = line.recv()
        began = time.perf_counter()
        try:
            with _limited(seconds):
                rows = len(list(graph.query(text)))
        except _LateError:
            line.send((None, None))
        else:
            line.send((time.perf_counter() - began, rows))


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Stop what runs inside after so many seconds, where the system has such a clock."""
    if not hasattr(signal, "setitimer"):  # Windows; there the other process waits for its grace only
        yield
        return

    def late(*_: object) -> NoReturn:
        raise _LateError

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ms(seconds: float) -> str:
    return _number(seconds * 1000)


def _number(value: float) -> str:
    """Three digits are enough where the machine is noisy."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _print(record: Record) -> None:
    rows = [record.head(), *(line.cells() for line in record.lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    print()
    for row in rows:
        first, *rest = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *rest]))
    print("\n" + "\n".join(record.remarks()) + "\n", flush=True)


def _markdown(found: Sequence[Record], given: argparse.Namespace) -> str:
    rdflib = "" if given.no_rdflib else f", rdflib {version('rdflib')}"
    parts = [
        (
            f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
            f"pyoxigraph {version('pyoxigraph')}{rdflib}. Medians of {given.repeat} runs, lowest–highest in brackets.\n"
        )
    ]
    for record in found:
        parts.append(f"## {record.title[0].upper()}{record.title[1:]}\n")
        rule = ["---", *["---:"] * (len(record.head()) - 1)]
        rows = [record.head(), rule, *(line.cells() for line in record.lines)]
        parts.append("\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n")
        parts.append("\n".join(f"- {remark}" for remark in record.remarks()) + "\n")
    return "\n".join(parts)


def _processor() -> str:
    """What the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


if __name__ == "__main__":
    main()
