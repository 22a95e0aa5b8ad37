"""A store from an earlier one: what depends on the changed files is compiled, and the rest is taken over.

The earlier store is copied by links to its files, which the engine never changes. What a changed file stated is known
from its named graph, or was kept beside the store (:mod:`kg.build.kept`). Dates, keys and versions are worked out anew
for the nodes whose statements changed, and :mod:`kg.build.rederive` does the same for the rules. Of the conditions of
the record those are asked again that could break by the change (:mod:`kg.build.recheck`).

Wherever this cannot be sure, it gives up, and the store is built from the files: so every mistake is told by one path.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import names, places
from kg.build.beside import Described, own_among, trespasses
from kg.build.inputs import Inputs
from kg.build.kept import Made, by_part
from kg.build.lookup import NAMED_THROUGH, lookup_keys
from kg.build.parse import parse
from kg.build.progress import Report
from kg.build.read import DateBounds, batches, known_from
from kg.build.recheck import broken_by
from kg.build.rederive import Changes, rederive
from kg.build.stated import stated
from kg.build.versions import versions_about
from kg.dates import Bounds, parse_edtf

_DEFAULT = ox.DefaultGraph()
_DERIVED_BY = ox.NamedNode(names.ONTOLOGY + "derivedBy")


_LARGE = 100_000_000
"""Bytes of changed files above which a build from the files is no worse: all that they state would have to be held."""


class NotSureError(Exception):
    """The store has to be built from the files."""


def apply(
    old: ox.Store, new: ox.Store, said: ox.Store, inputs: Inputs, before: Made, report: Report | None = None, *,
    most: float = math.inf,
) -> int:  # fmt: skip
    """Turn ``new``, a copy of ``old``, into the store of some files; give how many statements changed by that.

    ``said`` holds what each file stated, in a graph for each, and is brought up to date; with named graphs it is ``new``
    itself. ``most`` is the number of statements above which nothing is done.

    Raises:
        NotSureError: when it cannot be sure to give what a full build gives, the data is broken, or too much of it changed.
        DataError: when a file cannot be read.
    """
    after = Made.of(inputs)
    if before.base != after.base:
        raise NotSureError("the vocabulary or the program is another")
    if before.bytes_between(after) > _LARGE:
        raise NotSureError("the files that changed are large")
    files = by_part(inputs)
    exchanges = [_Exchange.of(said, part, files.get(part, ())) for part in before.differing(after)]
    stated_changes = sum(len(one.gone) + len(one.come) for one in exchanges)
    if stated_changes > most:
        raise NotSureError(f"{stated_changes} statements changed")
    _tell(report, f"{len(exchanges)} files changed, {stated_changes} statements in them; taking over the rest")
    vocabulary = _Vocabulary()
    changes = Changes()
    for one in exchanges:
        one.carry_out(new, said, changes, vocabulary)
    _refuse_trespasses(own_among(inputs.graphs), exchanges, new, vocabulary)
    if not any(changes.all()):  # comments, or what other files state too
        return 0

    def is_stated(triple: ox.Triple) -> bool:
        return _is_stated(said, triple, vocabulary)

    _ground(old, new, changes, is_stated)

    _tell(report, "checking what that touches")
    if broken := broken_by(new, changes.all(), is_stated):
        raise NotSureError(f"the data is broken: {broken}")
    rederive(old, new, places.rule_files(1), changes, is_stated)
    _versions(old, new, changes)
    rederive(old, new, places.rule_files(2), changes, is_stated)
    return len(changes.gone) + len(changes.new)


def _tell(report: Report | None, message: str) -> None:
    if report is not None:
        report(message)


class _Vocabulary:
    """What the vocabulary states; it has no named graph."""

    def __init__(self) -> None:
        self.quads = [quad for file in places.vocabulary_files() for quad in stated(parse(file), file)]
        self.triples = {quad.triple for quad in self.quads}


@dataclass(frozen=True, slots=True)
class _Exchange:
    """What a file states no more, and what it states now."""

    graph: ox.NamedNode
    gone: set[ox.Triple]
    come: set[ox.Triple]
    is_removed: bool

    @classmethod
    def of(cls, said: ox.Store, graph: str, files: Sequence[Path]) -> _Exchange:
        """From what the graph holds and what its files, if there are any, say now."""
        node = ox.NamedNode(graph)
        before = {quad.triple for quad in said.quads_for_pattern(None, None, None, node)}
        after: set[ox.Triple] = set()
        for file in files:
            quads = parse(file)
            if graph != names.RECORD_GRAPH and any(quad.graph_name != _DEFAULT for quad in quads):
                raise NotSureError("a file names graphs itself")
            after.update(quad.triple for quad in stated(quads, file))
        return cls(node, before - after, after - before, not files)

    def carry_out(self, new: ox.Store, said: ox.Store, changes: Changes, vocabulary: _Vocabulary) -> None:
        """In the graph of the file and in the default graph, where what another file states stays."""
        for triple in self.gone:
            said.remove(_in(triple, self.graph))
        lost = [one for one in self.gone if not _is_stated(said, one, vocabulary)]
        for triple in lost:
            new.remove(ox.Quad(*triple))
        come = [one for one in self.come if ox.Quad(*one) not in new]
        for store, graph in ((said, self.graph), (new, _DEFAULT)):
            for some in batches(_in(one, graph) for one in self.come):
                store.extend(some)
        if self.is_removed:
            said.remove_graph(self.graph)
        changes.add(lost, come)


def _in(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    subject, predicate, value = triple
    return ox.Quad(subject, predicate, value, graph)


def _is_stated(said: ox.Store, triple: ox.Triple, vocabulary: _Vocabulary) -> bool:
    subject, predicate, value = triple
    found = said.quads_for_pattern(subject, predicate, value, None)
    return any(quad.graph_name != _DEFAULT for quad in found) or triple in vocabulary.triples


def _refuse_trespasses(
    own: Mapping[Path, str], exchanges: Sequence[_Exchange], new: ox.Store, vocabulary: _Vocabulary
) -> None:
    """Of what changed, and of what the record now says of the things that other files speak of."""
    changed = {one.subject for exchange in exchanges for one in (*exchange.gone, *exchange.come)}
    said: dict[str, list[ox.Quad]] = defaultdict(list)
    for subject in changed:
        for quad in new.quads_for_pattern(subject, None, None, None):
            if isinstance(quad.graph_name, ox.NamedNode):
                said[quad.graph_name.value].append(quad)
    known = [*vocabulary.quads, *said.get(names.RECORD_GRAPH, ())]
    triples = {quad.triple for quad in known}
    types, labels = ([quad for quad in known if quad.predicate == one] for one in (names.TYPE, names.LABELS[0]))
    record = Described(types, labels, lambda quad: quad.triple in triples)
    if any(trespasses(file, graph, said.get(graph, ()), record) for file, graph in own.items()):
        raise NotSureError("data of one's own changes the record")


def _subjects(store: ox.Store, predicate: ox.NamedNode, value: ox.NamedNode) -> set[ox.NamedNode]:
    found = store.quads_for_pattern(None, predicate, value, _DEFAULT)
    return {quad.subject for quad in found if isinstance(quad.subject, ox.NamedNode)}


def _objects(store: ox.Store, subject: ox.NamedNode, predicate: ox.NamedNode) -> set[ox.NamedNode]:
    found = store.quads_for_pattern(subject, predicate, None, _DEFAULT)
    return {quad.object for quad in found if isinstance(quad.object, ox.NamedNode)}


def _about(changes: Changes) -> set[ox.NamedNode]:
    return {triple.subject for triple in changes.all() if isinstance(triple.subject, ox.NamedNode)}


def _ground(old: ox.Store, new: ox.Store, changes: Changes, is_stated: Callable[[ox.Triple], bool]) -> None:
    """What reading adds to what is stated: bounds of dates, days from which claims are public, keys of names."""
    about = _about(changes)
    about |= _affected(old, about) | _affected(new, about)
    before, after = _Grounds(old), _Grounds(new)
    for node in about:
        was, now = before.of(node), after.of(node)
        gone = [one for one in was - now if not is_stated(one)]
        for triple in gone:
            new.remove(ox.Quad(*triple))
        new.extend(ox.Quad(*one) for one in now - was)
        changes.add(gone, now - was)


def _affected(store: ox.Store, about: Iterable[ox.NamedNode]) -> set[ox.NamedNode]:
    """Evidence and claims that rest on sources, and things that are named by other nodes."""
    found: set[ox.NamedNode] = set()
    for node in about:
        evidence = {node} | _subjects(store, names.SOURCE, node)
        claims = {claim for one in evidence for claim in _subjects(store, names.EVIDENCE, one)}
        found |= evidence | claims
        for claim in {node} | claims:
            found |= _objects(store, claim, names.EVIDENCE)
        for link, _ in NAMED_THROUGH:
            found |= _objects(store, node, link)
    return found


class _Grounds:
    """What reading a whole store would add about one node."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._bounds: dict[str, Bounds] = {}
        self._public: dict[ox.NamedNode, str | None] = {}

    def of(self, node: ox.NamedNode) -> set[ox.Triple]:
        """Statements that are about the node."""
        about = list(self._store.quads_for_pattern(node, None, None, _DEFAULT))
        if any(quad.predicate == _DERIVED_BY for quad in about):
            return set()
        dates = DateBounds(())
        found = {quad.triple for quad in dates.of(about)}
        if dates.problems:
            raise NotSureError(dates.problems[0])
        for claim in {node} | _subjects(self._store, names.EVIDENCE, node):
            if ox.Quad(claim, names.TYPE, names.CLAIM_CLASS) in self._store:
                found |= {one for one in self._public_from(claim) if one.subject == node}
        return found | {quad.triple for quad in lookup_keys(self._store, node)}

    def _public_from(self, claim: ox.NamedNode) -> Iterable[ox.Triple]:
        for evidence in _objects(self._store, claim, names.EVIDENCE):
            for source in _objects(self._store, evidence, names.SOURCE):
                for issued in self._store.quads_for_pattern(source, names.ISSUED, None, _DEFAULT):
                    text = names.text_of(issued.object)
                    self._bounds.setdefault(text, parse_edtf(text))
        return [quad.triple for quad in known_from(self._store, claim, self._bounds, self._public)]


def _versions(old: ox.Store, new: ox.Store, changes: Changes) -> None:
    """Versions of the nodes about which a claim changed."""
    about = _about(changes)
    about |= {node for store in (old, new) for one in about for node in _subjects(store, names.CLAIM, one)}
    for node in about:
        was, now = ({quad.triple for quad in versions_about(store, node)} for store in (old, new))
        for triple in was - now:
            new.remove(ox.Quad(*triple))
        new.extend(ox.Quad(*one) for one in now - was)
        changes.add(was - now, now - was)
