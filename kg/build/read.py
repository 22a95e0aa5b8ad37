"""First step of the build: files into one store, with claims named and dates turned into bounds.

Claims and their evidence are blank nodes in the record, because that is pleasant to write. Here each gets an IRI made
of its owner and a hash of its own fields (not of its evidence), so that one more source, or a mended locator, leaves
the identity of a claim alone, and so that the order of files and claims never shows.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox

from kg import names
from kg.build.lookup import add_lookup_keys
from kg.build.parse import lines_of, parse
from kg.build.progress import Report, told
from kg.dates import Bounds, parse_edtf
from kg.errors import DataError

_EXACT = re.compile(r"(\d+):(\d+)")
_INSIDE = (names.CLAIM, names.EVIDENCE)
_DATED = {
    *(names.VALID_FROM, names.VALID_UNTIL, names.IN_FORCE_ON, names.ISSUED),
    *(ox.NamedNode(names.ONTOLOGY + act) for act in names.ACT_FIELDS),
}
"""Properties whose value is an EDTF date; anything else would drop out of every answer without a word."""
_BATCH = 100_000
_DEFAULT = ox.DefaultGraph()
_Node = ox.NamedNode | ox.BlankNode
_NODES = (ox.NamedNode, ox.BlankNode)


def read_record(files: Sequence[Path], report: Report | None = None) -> ox.Store:
    """Read files into a fresh store in memory.

    Raises:
        DataError: when a file cannot be read or parsed, is empty, or holds a date outside the subset; the message
            gives file and line.
    """
    store, problems = read_all(files, report)
    if problems:
        raise DataError("\n".join(problems), problems)
    return store


def read_all(files: Sequence[Path], report: Report | None = None) -> tuple[ox.Store, list[str]]:
    """Read what can be read, with one line a date that is none, so that the checks can tell of everything in one run.

    One file is held at a time, beside the store itself.

    Raises:
        DataError: with one line a file, when files cannot be read or parsed; nothing can be said of the rest then.
    """
    store, bounds = ox.Store(), DateBounds(files)
    broken: list[str] = []
    misplaced: DataError | None = None
    for file in told(report, f"reading {len(files)} files", files, len(files)):
        try:
            quads = parse(file)
        except DataError as error:
            broken.append(str(error))
            continue
        try:
            named = stated(quads, file)
        except DataError as error:
            misplaced = misplaced or error
            continue
        if not (broken or misplaced):
            store.extend(named)
            store.extend(bounds.of(named))
    if broken:
        raise DataError("\n".join(broken), broken)
    if misplaced is not None:
        raise misplaced
    for some in batches(_known_from(store, bounds.seen)):
        store.extend(some)
    add_lookup_keys(store)
    return store, sorted(set(bounds.problems))


def _plain(quads: list[ox.Quad]) -> list[ox.Quad]:
    """Statements without the graphs in which a file may put them: all that is known is one graph, and has copies by file."""
    return [quad if quad.graph_name == _DEFAULT else ox.Quad(*quad.triple) for quad in quads]


def stated(quads: list[ox.Quad], file: Path) -> list[ox.Quad]:
    """The statements of a file as the store holds them: in one graph, claims and evidence with names.

    Raises:
        DataError: when a blank node stands where none may.
    """
    return name_blank_nodes(_plain(quads), [file])


def in_graphs(file: Path, graph: str) -> Iterator[ox.Quad]:
    """What a file states, in the graphs that it names itself or else in its own."""
    own = ox.NamedNode(graph)
    quads = parse(file)
    named = stated(quads, file)
    for place, (subject, predicate, value, _) in enumerate(named):
        said = quads[place].graph_name if place < len(quads) else own  # behind them stand the classes of blank nodes
        yield ox.Quad(subject, predicate, value, said if isinstance(said, ox.NamedNode) else own)


def batches(quads: Iterable[ox.Quad], most: int = _BATCH) -> Iterator[list[ox.Quad]]:
    """Lists of bearable length: the store takes the quads of one call into memory twice."""
    waiting = iter(quads)
    while some := list(islice(waiting, most)):
        yield some


def name_blank_nodes(quads: list[ox.Quad], files: Sequence[Path]) -> list[ox.Quad]:
    """Replace every blank claim and evidence by a named node."""
    # Each look into a quad makes a copy, and there are millions of them: every one is unpacked once.
    rows = [(quad, *quad) for quad in quads]
    about: dict[ox.BlankNode, list[tuple[ox.NamedNode, names.Term]]] = defaultdict(list)
    owner: dict[ox.BlankNode, tuple[_Node, ox.NamedNode]] = {}
    for _, subject, predicate, value, _ in rows:
        if isinstance(subject, ox.BlankNode):
            about[subject].append((predicate, value))
        if isinstance(value, ox.BlankNode) and isinstance(subject, _NODES):
            place = (subject, predicate)
            if owner.setdefault(value, place) != place:
                raise _shared((owner[value][0], subject), files)
    named = _Names(about, owner, files)
    fresh = [
        ox.Quad(named.subject(subject), predicate, named.of(value))
        if isinstance(subject, ox.BlankNode) or isinstance(value, ox.BlankNode)
        else quad
        for quad, subject, predicate, value, _ in rows
    ]
    for blank, (_, predicate) in owner.items():
        kind = names.CLAIM_CLASS if predicate == names.CLAIM else names.EVIDENCE_CLASS
        fresh.append(ox.Quad(named.of_blank(blank), names.TYPE, kind))
    return fresh


def _shared(owners: Iterable[_Node], files: Sequence[Path]) -> DataError:
    """A blank node that two others carry would be named after whichever comes last."""
    told = sorted({names.shorten(owner.value) for owner in owners if isinstance(owner, ox.NamedNode)})
    place = locate(files, told[0]) if told else _folder(files)
    return DataError(
        f"{place}: a blank node stands in two places ({' and '.join(told) or 'both blank'}); write each claim and evidence once"
    )


def _folder(files: Sequence[Path]) -> str:
    return str(files[0].parent) if files else "record"


def _only(files: Sequence[Path]) -> str:
    return str(files[0]) if len(files) == 1 else _folder(files)


class _Names:
    """Gives each blank node the IRI that follows from where it stands and what it says."""

    def __init__(
        self,
        about: dict[ox.BlankNode, list[tuple[ox.NamedNode, names.Term]]],
        owner: dict[ox.BlankNode, tuple[_Node, ox.NamedNode]],
        files: Sequence[Path],
    ) -> None:
        self._about, self._owner, self._files = about, owner, files
        self._done: dict[ox.BlankNode, ox.NamedNode] = {}
        self._begun: set[ox.BlankNode] = set()

    def of(self, term: names.Term) -> names.Term:
        return self.of_blank(term) if isinstance(term, ox.BlankNode) else term

    def subject(self, term: _Node | ox.Triple) -> _Node | ox.Triple:
        return self.of_blank(term) if isinstance(term, ox.BlankNode) else term

    def of_blank(self, term: ox.BlankNode) -> ox.NamedNode:
        if term not in self._done:
            self._done[term] = self._name(term)
        return self._done[term]

    def _name(self, blank: ox.BlankNode) -> ox.NamedNode:
        place = self._owner.get(blank)
        fields = self._about.get(blank, [])
        if place is None or place[1] not in _INSIDE:
            told = "; ".join(f"{names.shorten(p.value)} {o}" for p, o in fields[:2]) or "it is empty"
            raise DataError(f"{_only(self._files)}: a blank node stands outside prk:claim and prk:evidence ({told})")
        parent, predicate = place
        if blank in self._begun:
            raise DataError(
                f"{_only(self._files)}: a blank node stands inside itself ({names.shorten(predicate.value)})"
            )
        self._begun.add(blank)
        parent_iri = self.of_blank(parent) if isinstance(parent, ox.BlankNode) else parent
        text = "\n".join(sorted(f"{p} {o}" for p, o in fields if p != names.EVIDENCE))
        part = "claim" if predicate == names.CLAIM else "evidence"
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        return ox.NamedNode(f"{parent_iri.value}/{part}/{digest}")


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
    for claim in store.quads_for_pattern(None, names.TYPE, names.CLAIM_CLASS):
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


def locate(files: Sequence[Path], text: str) -> str:
    """``file:line`` of the first place where the text stands, for messages; the folder when it stands nowhere."""
    for file in files:
        for number, line in enumerate(lines_of(file), start=1):
            if text in line:
                return f"{file}:{number}"
    return _folder(files)


def locate_node(files: Sequence[Path], iri: str) -> str:
    """``file:line`` of the block that describes a node (for a claim or evidence: of its owner)."""
    return locate_nodes(files, {iri})[iri]


def locate_nodes(files: Sequence[Path], iris: Iterable[str]) -> dict[str, str]:
    """``file:line`` of the blocks that describe some nodes; every file is read once, and none for no nodes."""
    owners = {iri: re.split(r"/(?:claim|evidence)/", iri)[0] for iri in iris}
    wanted = {text: owner for owner in owners.values() for text in (names.shorten(owner), f"<{owner}>")}
    found: dict[str, str] = {}
    for file in files if wanted else ():
        for number, line in enumerate(lines_of(file), start=1):
            if line[:1].strip() and (owner := wanted.get(line.split(None, 1)[0])):
                found.setdefault(owner, f"{file}:{number}")
    return {iri: found.get(owner) or locate(files, names.shorten(owner)) for iri, owner in owners.items()}
