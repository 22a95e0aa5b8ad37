"""What data of the user's own may say: anything about things of its own, and claims and further names for those of the record.

An answer tells for each account from which file it comes, and for nothing else. So what could change the record without
an account of its own is refused: another kind of a measure, another date of a source, another label.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import names
from kg.build.check import Problem
from kg.build.own import PREFIX
from kg.build.parse import parse
from kg.build.read import in_graphs, locate_nodes, stated

_PREFERRED = names.LABELS[0]
_MAY_BE_ADDED = frozenset({names.CLAIM, names.EVIDENCE, *names.LABELS[1:]})
MADE = frozenset(
    ox.NamedNode(names.ONTOLOGY + name)
    for name in (
        *("Control", "Exposure", "Slot", "Version", "derivedBy", "effectiveLevel", "effectiveRank", "fromClaim", "held", "heldOffBy", "holder"),
        *("inArea", "knownFrom", "knownUntil", "lastConfirmed", "lookupKey", "notIn", "reachedThrough", "restates", "slot", "slotArea"),
        *("slotTarget", "validFromEarliest", "validFromLatest", "validUntilEarliest", "validUntilLatest", "version"),
    )
) | {ox.NamedNode(names.PREFIXES["prov"] + "wasDerivedFrom")}  # fmt: skip
"""What only the build writes; stated by hand it would pass for derived."""


def own_among(graphs: Mapping[Path, str]) -> dict[Path, str]:
    """The files of one's own among all that have a named graph."""
    return {file: graph for file, graph in graphs.items() if graph.startswith(PREFIX)}


def statements(files: Sequence[Path]) -> Iterator[ox.Quad]:
    """What some files state, for :func:`trespasses`.

    Raises:
        DataError: when one cannot be read.
    """
    return (quad for file in files for quad in stated(parse(file), file))


def trespasses(own: Mapping[Path, str], record: Iterable[ox.Quad]) -> list[Problem]:
    """What files of one's own say and may not; ``record`` is what the record and the vocabulary state.

    Raises:
        DataError: when a file cannot be read.
    """
    said = _Said(record) if own else None
    found: dict[tuple[str, str, str], Path] = {}
    for file, graph in own.items():
        for subject, predicate, value, place in in_graphs(file, graph):
            where = names.text_of(place) if isinstance(place, ox.NamedNode) else graph
            if where != graph and (where == names.RECORD_GRAPH or where.startswith(PREFIX)):
                message = f"<{where}> is the graph of other data; call your graph something else."
                found.setdefault((names.text_of(subject), "own-graph", message), file)
            made = next((term for term in (predicate, value) if term in MADE), None)
            if made is not None:
                message = f"{names.shorten(names.text_of(made))} is worked out by the build; leave it out."
                found.setdefault((names.text_of(subject), "own-derived", message), file)
            elif said is not None and said.is_changed_by(subject, predicate, value):
                message = f"It is described in the record, to which data of your own may add claims and further names, not {names.shorten(predicate.value)}; leave that out, or describe a thing of your own."  # fmt: skip
                found.setdefault((names.text_of(subject), "own-changes-record", message), file)
    return [
        Problem(locate_nodes([file], {node})[node], check, node, message)
        for (node, check, message), file in sorted(found.items())
    ]


class _Said:
    """What the record and the vocabulary say of the things that they describe."""

    def __init__(self, record: Iterable[ox.Quad]) -> None:
        quads = list(record)
        self._quads = {quad.triple for quad in quads}
        self._described = {quad.subject for quad in quads if quad.predicate == names.TYPE}
        self._labelled = {(q.subject, q.object.language) for q in quads if q.predicate == _PREFERRED and isinstance(q.object, ox.Literal)}  # fmt: skip

    def is_changed_by(self, subject: object, predicate: ox.NamedNode, value: names.Term) -> bool:
        """Whether a statement changes something that is described here, and neither repeats nor adds to it."""
        if subject not in self._described or predicate in _MAY_BE_ADDED or not isinstance(subject, ox.NamedNode):
            return False
        if ox.Triple(subject, predicate, value) in self._quads:
            return False
        if predicate == _PREFERRED and isinstance(value, ox.Literal):
            return (subject, value.language) in self._labelled
        return True
