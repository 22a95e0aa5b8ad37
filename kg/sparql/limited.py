"""Running a query in a process of its own, with a limit of time and of memory.

The engine cannot be interrupted from Python: a signal waits until it returns. So the query runs in a second process
that reads the same store, and that process is killed when the limit is reached. Only the time in which we wait for it
counts, not the time in which somebody reads the answer page by page.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, Any, NoReturn

import pyoxigraph as ox

from kg import names
from kg.errors import LimitError, QueryError
from kg.sparql.answer import Results
from kg.sparql.guard import syntax_message
from kg.store import Store

WORKER = Path(__file__).with_name("worker.py")
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Limits:
    """Seconds of waiting for the engine and bytes of memory; nought means no limit."""

    seconds: float = 60.0
    memory: int = 2 << 30


def run(store: Store, text: str, limits: Limits) -> Results:
    """Start a query in a process of its own; its rows or triples stream as they are found.

    Raises:
        QueryError: when it does not parse or cannot be evaluated.
        LimitError: when it takes longer or needs more memory than it may, now or while it is read.
    """
    process = _Process(store, text, limits)
    form = process.first_line()
    if form == "truth":
        return Results(truth=process.truth())
    if form == "triples":
        quads = ox.parse(process.stream, format=ox.RdfFormat.N_TRIPLES)
        return Results(triples=process.guarded(quad.triple for quad in quads), close=process.close)
    solutions = process.opened()
    columns = tuple(variable.value for variable in solutions.variables)
    return Results(columns, rows=process.guarded(tuple(row) for row in solutions), close=process.close)


class _Process:
    """One running worker and what it writes."""

    def __init__(self, store: Store, text: str, limits: Limits) -> None:
        self.store = store
        self.text = text
        self.limits = limits
        self.complaints = TemporaryFile()  # noqa: SIM115  lives as long as the answer is read
        self.child = subprocess.Popen(
            [sys.executable, "-P", str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.complaints
        )
        self.clock = _Clocked(self.child, limits.seconds)
        self.stream = io.BufferedReader(self.clock, _CHUNK)
        self._send(store)

    def _send(self, store: Store) -> None:
        folder = store.origin.engine_folder
        order = {
            "text": self.text,
            "prefixes": names.PREFIXES,
            "folder": str(folder) if folder else None,
            "memory": self.limits.memory,
            "seconds": self.limits.seconds,
        }
        inlet = self.child.stdin
        assert inlet is not None
        try:
            inlet.write(json.dumps(order).encode() + b"\n")
            if folder is None:
                ox.serialize((quad.triple for quad in store.triples()), inlet, format=ox.RdfFormat.N_TRIPLES)
            inlet.close()
        except BrokenPipeError:  # it died at once; what it left says why
            pass

    def first_line(self) -> str:
        """The form of the answer."""
        line = self.stream.readline().decode().strip()
        if not line:
            self._explain()
        return line

    def truth(self) -> bool:
        """The yes or no."""
        word = self.stream.read()
        self.close()
        return word == b"true"

    def opened(self) -> ox.QuerySolutions:
        """The rows, as soon as their columns are known."""
        try:
            found = ox.parse_query_results(self.stream, format=ox.QueryResultsFormat.JSON)
        except SyntaxError:
            self._explain()
        assert isinstance(found, ox.QuerySolutions)
        return found

    def guarded(self, items: Iterable[Any]) -> Iterator[Any]:
        """Items until the end; half an answer is an error, never an answer."""
        try:
            yield from items
            if self.child.wait() != 0:
                self._explain()
        except SyntaxError:
            self._explain()
        finally:
            self.close()

    def close(self) -> None:
        """Stop the worker if it still runs."""
        self.child.kill()
        self.child.wait()
        self.stream.close()
        self.complaints.close()

    def _explain(self) -> NoReturn:
        """Turn what the worker left behind into an error.

        Raises:
            LimitError: when it was killed for time or died for memory.
            QueryError: for anything that the engine says.
        """
        code = self.child.wait()
        self.complaints.seek(0)
        said = self.complaints.read().decode(errors="replace")
        self.close()
        if self.clock.expired:
            raise LimitError(
                f"the query was stopped after {self.limits.seconds:g} s; make it more selective, or give it more time with --timeout"
            )
        if code == 3:
            self._raise_complaint(json.loads(said.splitlines()[-1]))
        if "alloc" in said or "Resource temporarily unavailable" in said or code < 0:
            raise LimitError(
                f"the query needed more than {self.limits.memory / (1 << 30):g} GB of memory and was stopped; "
                "make it more selective, or give it more with --memory"
            )
        raise QueryError(f"the query could not be run: {said.strip()[-200:] or f'exit code {code}'}")

    def _raise_complaint(self, complaint: dict[str, Any]) -> NoReturn:
        if "syntax" in complaint:
            message, line, offset = complaint["syntax"]
            raise QueryError(syntax_message(self.text, SyntaxError(message, (None, line, offset, None))))
        raise self.store.fault(RuntimeError(complaint["error"]))


class _Clocked(io.RawIOBase):
    """The output of the worker; the clock runs only while we wait for it."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float) -> None:
        self.child = child
        self.left = seconds
        self.limited = seconds > 0
        self.expired = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        outlet: IO[bytes] | None = self.child.stdout
        assert outlet is not None
        if not self.limited:
            return _into(buffer, outlet)
        from time import monotonic

        began = monotonic()
        timer = Timer(max(self.left, 0), self._expire)
        timer.daemon = True
        timer.start()
        try:
            return _into(buffer, outlet)
        finally:
            timer.cancel()
            self.left -= monotonic() - began

    def _expire(self) -> None:
        self.expired = True
        self.child.kill()

    def close(self) -> None:
        if self.child.stdout is not None:
            self.child.stdout.close()
        super().close()


def _into(buffer: Any, outlet: IO[bytes]) -> int:
    assert isinstance(outlet, io.BufferedReader)
    data = outlet.read1(len(buffer))
    buffer[: len(data)] = data
    return len(data)
