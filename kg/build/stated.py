"""What a file states, as the store holds it: claims and evidence with names, in one graph and by file.

Claims and their evidence are blank nodes in the record, because that is pleasant to write. Here each gets an IRI made
of its owner and a hash of its own fields (not of its evidence), so that one more source, or a mended locator, leaves
the identity of a claim alone, and so that the order of files and claims never shows.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import names
from kg.build.locate import locate
from kg.errors import DataError

_INSIDE = (names.CLAIM, names.EVIDENCE)
_Node = ox.NamedNode | ox.BlankNode
_NODES = (ox.NamedNode, ox.BlankNode)


def stated(quads: list[ox.Quad], file: Path) -> list[ox.Quad]:
    """The statements of a file as the store holds them: in one graph, claims and evidence with names.

    Raises:
        DataError: when a blank node stands where none may.
    """
    return _with_names(quads, file)


def placed(quads: Sequence[ox.Quad], named: Sequence[ox.Quad], graph: str) -> list[ox.Quad]:
    """What a file states (as parsed, and with names) in the graphs that it names itself or else in its own."""
    own = ox.NamedNode(graph)
    found = []
    for place, (subject, predicate, value, _) in enumerate(named):
        said = quads[place].graph_name if place < len(quads) else own  # behind them stand the classes of blank nodes
        found.append(ox.Quad(subject, predicate, value, said if isinstance(said, ox.NamedNode) else own))
    return found


def _with_names(quads: list[ox.Quad], file: Path) -> list[ox.Quad]:
    """Replace every blank claim and evidence by a named node, and leave out the graphs in which a file may put statements.

    All that is known is one graph, and has copies by file.
    """
    fresh = list(quads)
    about: dict[ox.BlankNode, list[tuple[ox.NamedNode, names.Term]]] = defaultdict(list)
    owner: dict[ox.BlankNode, tuple[_Node, ox.NamedNode]] = {}
    blank_at: list[tuple[int, _Node | ox.Triple, ox.NamedNode, names.Term]] = []
    # Each look into a quad makes a copy, and there are millions of them: every one is unpacked once.
    for place, (subject, predicate, value, graph) in enumerate(quads):
        if isinstance(subject, ox.BlankNode):
            about[subject].append((predicate, value))
        if isinstance(value, ox.BlankNode) and isinstance(subject, _NODES):
            link = (subject, predicate)
            if owner.setdefault(value, link) != link:
                raise _shared((owner[value][0], subject), file)
        if isinstance(subject, ox.BlankNode) or isinstance(value, ox.BlankNode):
            blank_at.append((place, subject, predicate, value))
        elif not isinstance(graph, ox.DefaultGraph):
            fresh[place] = ox.Quad(subject, predicate, value)
    named = _Names(about, owner, file)
    for place, subject, predicate, value in blank_at:
        fresh[place] = ox.Quad(named.subject(subject), predicate, named.of(value))
    for blank, (_, predicate) in owner.items():
        kind = names.CLAIM_CLASS if predicate == names.CLAIM else names.EVIDENCE_CLASS
        fresh.append(ox.Quad(named.of_blank(blank), names.TYPE, kind))
    return fresh


def _shared(owners: Iterable[_Node], file: Path) -> DataError:
    """A blank node that two others carry would be named after whichever comes last."""
    told = sorted({names.shorten(owner.value) for owner in owners if isinstance(owner, ox.NamedNode)})
    place = locate([file], told[0]) if told else str(file)
    return DataError(
        f"{place}: a blank node stands in two places ({' and '.join(told) or 'both blank'}); write each claim and evidence once"
    )


class _Names:
    """Gives each blank node the IRI that follows from where it stands and what it says."""

    def __init__(
        self,
        about: dict[ox.BlankNode, list[tuple[ox.NamedNode, names.Term]]],
        owner: dict[ox.BlankNode, tuple[_Node, ox.NamedNode]],
        file: Path,
    ) -> None:
        self._about, self._owner, self._file = about, owner, file
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
            raise DataError(f"{self._file}: a blank node stands outside prk:claim and prk:evidence ({told})")
        parent, predicate = place
        if blank in self._begun:
            raise DataError(f"{self._file}: a blank node stands inside itself ({names.shorten(predicate.value)})")
        self._begun.add(blank)
        parent_iri = self.of_blank(parent) if isinstance(parent, ox.BlankNode) else parent
        text = "\n".join(sorted(f"{p} {o}" for p, o in fields if p != names.EVIDENCE))
        part = "claim" if predicate == names.CLAIM else "evidence"
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        return ox.NamedNode(f"{parent_iri.value}/{part}/{digest}")
