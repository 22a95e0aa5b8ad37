"""First step of the build: files into one store, with claims named, dates turned into bounds, and keys for names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox

from kg import names
from kg.build.beside import Described, own_among, trespasses
from kg.build.copies import Copies
from kg.build.locate import locate
from kg.build.lookup import add_lookup_keys
from kg.build.parse import parse
from kg.build.progress import Report, told
from kg.build.stated import placed, stated
from kg.dates import Bounds, parse_edtf
from kg.errors import DataError

_DATED = {
    *(names.VALID_FROM, names.VALID_UNTIL, names.IN_FORCE_ON, names.ISSUED),
    *(ox.NamedNode(names.ONTOLOGY + act) for act in names.ACT_FIELDS),
}
"""Properties whose value is an EDTF date; anything else would drop out of every answer without a word."""
_BATCH = 100_000
_DEFAULT = ox.DefaultGraph()


def read_record(
    files: Sequence[Path],
    report: Report | None = None,
    graphs: Mapping[Path, str] | None = None,
    copies: Copies | None = None,
) -> ox.Store:
    """Read files into a fresh store in memory; see :func:`read_all`.

    Raises:
        DataError: when a file cannot be read or parsed, is empty, holds a date outside the subset, or is data of the
            user's own and redefines the record; the message gives file and line.
    """
    store, problems = read_all(files, report, graphs, copies)
    if problems:
        raise DataError("\n".join(problems), problems)
    return store


def read_all(
    files: Sequence[Path],
    report: Report | None = None,
    graphs: Mapping[Path, str] | None = None,
    copies: Copies | None = None,
) -> tuple[ox.Store, list[str]]:
    """Read what can be read, with one line a fault, so that ``kg check`` can tell of everything in one run.

    One file is held at a time, beside the store itself. Everything is in the default graph; what a file of ``graphs`` states
    is put a second time, in its graph, into ``copies``. Files of the user's own are read last, since they may only add to the others.

    Raises:
        DataError: with one line a file, when files cannot be read or parsed; nothing can be said of the rest then.
    """
    reading = _Reading(files, graphs or {}, Copies() if copies is None else copies)
    for file in told(report, f"reading {len(files)} files", reading.order, len(files)):
        reading.take(file)
    return reading.finish()


class _Reading:
    """What was read so far."""

    def __init__(self, files: Sequence[Path], graphs: Mapping[Path, str], copies: Copies) -> None:
        self._graphs, self._own, self._copies = graphs, own_among(graphs), copies
        self.order = sorted(files, key=lambda file: file in self._own)
        self._store, self._bounds = ox.Store(), DateBounds(files)
        self._broken: list[str] = []
        self._misplaced: DataError | None = None
        self._trespasses: list[str] = []
        self._record: Described | None = None

    def take(self, file: Path) -> None:
        """Read one more file; after a broken one only whether the others are broken, too."""
        try:
            quads = parse(file)
        except DataError as error:
            self._broken.append(str(error))
            return
        try:
            named = stated(quads, file)
        except DataError as error:
            self._misplaced = self._misplaced or error
            return
        if self._broken or self._misplaced:
            return
        copies = placed(quads, named, self._graphs[file]) if file in self._graphs else []
        if file in self._own:
            self._record = self._record or Described.by(self._store)
            found = trespasses(file, self._graphs[file], copies, self._record)
            self._trespasses += [str(one) for one in found]
        self._store.extend(named)
        self._store.extend(self._bounds.of(named))
        self._copies.add(copies)

    def finish(self) -> tuple[ox.Store, list[str]]:
        """The store with what follows from all files together."""
        if self._broken:
            raise DataError("\n".join(self._broken), self._broken)
        if self._misplaced is not None:
            raise self._misplaced
        for some in batches(_known_from(self._store, self._bounds.seen)):
            self._store.extend(some)
        add_lookup_keys(self._store)
        return self._store, [*self._trespasses, *sorted(set(self._bounds.problems))]


def batches(quads: Iterable[ox.Quad], most: int = _BATCH) -> Iterator[list[ox.Quad]]:
    """Lists of bearable length: the store takes the quads of one call into memory twice."""
    waiting = iter(quads)
    while some := list(islice(waiting, most)):
        yield some


class DateBounds:
    """The ``xsd:date`` bounds of claims, and what there is to tell of dates that are none."""

    _WANTED: ClassVar = {
        names.VALID_FROM: (names.FROM_EARLIEST, names.FROM_LATEST),
        names.VALID_UNTIL: (names.UNTIL_EARLIEST, names.UNTIL_LATEST),
        names.IN_FORCE_ON: (names.LAST_CONFIRMED, None),
    }

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self.seen: dict[str, Bounds] = {}
        self.problems: list[str] = []

    def of(self, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
        """The bounds that follow from some statements."""
        added: list[ox.Quad] = []
        for quad in quads:
            subject, predicate, value, _ = quad
            if predicate == names.READ_ON:
                if not _is_day(value):
                    self.problems.append(_mistyped(quad, self._files, '"2026-02-12"^^xsd:date'))
            elif isinstance(value, ox.Literal) and value.datatype == names.EDTF:
                found = _bounds_or_problem(value.value, self.seen, self._files, self.problems)
                for which, target in zip(("earliest", "latest"), self._WANTED.get(predicate, ()), strict=False):
                    if found is not None and target is not None:
                        added.append(ox.Quad(subject, target, names.day_literal(getattr(found, which))))
            elif predicate in _DATED:
                self.problems.append(_mistyped(quad, self._files, '"2026-02-12"^^edtf:EDTF'))
        return added


def _mistyped(quad: ox.Quad, files: Sequence[Path], wanted: str) -> str:
    text = names.text_of(quad.object)
    place = locate(files, f'"{text}"' if isinstance(quad.object, ox.Literal) else names.shorten(text))
    return f"{place}: '{text}' is no date for {names.shorten(quad.predicate.value)}: write {wanted}"


def _is_day(term: names.Term) -> bool:
    if not isinstance(term, ox.Literal) or term.datatype != names.XSD_DATE:
        return False
    try:
        return date.fromisoformat(term.value).isoformat() == term.value
    except ValueError:
        return False


def _bounds_or_problem(text: str, seen: dict[str, Bounds], files: Sequence[Path], problems: list[str]) -> Bounds | None:
    if text not in seen:
        try:
            seen[text] = parse_edtf(text)
        except DataError as error:
            place = locate(files, '"' + text + '"')
            problems.append(f"{place}: {error}")
            return None
    return seen[text]


def _known_from(store: ox.Store, bounds: dict[str, Bounds]) -> Iterable[ox.Quad]:
    """A source is public from the latest bound of its issue date, an undated one from its reading; so is what it shows.

    A claim is public as soon as its earliest source is. Each evidence keeps its own day, so that an answer *as publicly
    known on K* shows no source that came out after K.
    """
    public: dict[ox.NamedNode, str | None] = {}
    for claim in store.quads_for_pattern(None, names.TYPE, names.CLAIM_CLASS, _DEFAULT):
        if isinstance(claim.subject, ox.NamedNode):
            yield from known_from(store, claim.subject, bounds, public)


def known_from(
    store: ox.Store, claim: ox.NamedNode, bounds: dict[str, Bounds], public: dict[ox.NamedNode, str | None]
) -> list[ox.Quad]:
    """From when one claim and each of its evidence is public; ``public`` keeps the days of sources."""
    found, days = [], []
    for evidence in store.quads_for_pattern(claim, names.EVIDENCE, None, _DEFAULT):
        if isinstance(evidence.object, ox.NamedNode):
            cited = [quad.object for quad in store.quads_for_pattern(evidence.object, names.SOURCE, None, _DEFAULT)]
            seen = sorted(
                day for one in cited if isinstance(one, ox.NamedNode) and (day := _public(store, one, bounds, public))
            )
            days += seen
            found += [ox.Quad(evidence.object, names.KNOWN_FROM, _day(day)) for day in seen[:1]]
    return [*found, ox.Quad(claim, names.KNOWN_FROM, _day(min(days)))] if days else found


def _public(
    store: ox.Store, source: ox.NamedNode, bounds: dict[str, Bounds], public: dict[ox.NamedNode, str | None]
) -> str | None:
    if source not in public:
        issued = [
            bounds.get(names.text_of(q.object)) for q in store.quads_for_pattern(source, names.ISSUED, None, _DEFAULT)
        ]
        read = [names.text_of(quad.object) for quad in store.quads_for_pattern(source, names.READ_ON, None, _DEFAULT)]
        days = [one.latest.isoformat() for one in issued if one is not None] or read
        public[source] = max(days, default=None)
    return public[source]


def _day(day: str) -> ox.Literal:
    return ox.Literal(day, datatype=names.XSD_DATE)
