"""What data of the user's own may say: anything about things of its own, and claims and further names for those of the record.

An answer tells for each account from which file it comes, and for nothing else. So what could change the record without
an account of its own is refused: another kind of a measure, another date of a source, another label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from kg import names
from kg.build.check import Problem
from kg.build.locate import locate_nodes
from kg.build.own import PREFIX

_DEFAULT = ox.DefaultGraph()
_PREFERRED = names.LABELS[0]
_MAY_BE_ADDED = frozenset({names.CLAIM, names.EVIDENCE, *names.LABELS[1:]})
MADE = frozenset(
    ox.NamedNode(names.ONTOLOGY + name)
    for name in (
        *("Control", "Exposure", "Slot", "Version", "derivedBy", "effectiveLevel", "effectiveRank", "fromClaim", "held", "heldOffBy", "holder"),
        *("inArea", "knownFrom", "knownUntil", "lastConfirmed", "lookupKey", "lookupPart", "notIn", "reachedThrough", "restates", "slot", "slotArea"),
        *("slotTarget", "validFromEarliest", "validFromLatest", "validUntilEarliest", "validUntilLatest", "version"),
    )
) | {ox.NamedNode(names.PREFIXES["prov"] + "wasDerivedFrom")}  # fmt: skip
"""What only the build writes; stated by hand it would pass for derived."""


def own_among(graphs: Mapping[Path, str]) -> dict[Path, str]:
    """The files of one's own among all that have a named graph."""
    return {file: graph for file, graph in graphs.items() if graph.startswith(PREFIX)}


class Described:
    """The things that the record and the vocabulary describe, with what they say of them."""

    def __init__(self, types: Iterable[ox.Quad], labels: Iterable[ox.Quad], says: Callable[[ox.Quad], bool]) -> None:
        self._things = {quad.subject for quad in types}
        self._labelled = {(q.subject, q.object.language) for q in labels if isinstance(q.object, ox.Literal)}
        self._says = says

    @classmethod
    def by(cls, store: ox.Store) -> Described:
        """By all that a store holds now; what is put into it later describes nothing here."""
        types, labels = (store.quads_for_pattern(None, one, None, _DEFAULT) for one in (names.TYPE, _PREFERRED))
        return cls(types, labels, lambda quad: quad in store)

    def is_changed_by(self, subject: object, predicate: ox.NamedNode, value: names.Term) -> bool:
        """Whether a statement changes something that is described here, and neither repeats nor adds to it."""
        if subject not in self._things or predicate in _MAY_BE_ADDED or not isinstance(subject, ox.NamedNode):
            return False
        if self._says(ox.Quad(subject, predicate, value)):
            return False
        if predicate == _PREFERRED and isinstance(value, ox.Literal):
            return (subject, value.language) in self._labelled
        return True


def trespasses(file: Path, graph: str, said: Iterable[ox.Quad], record: Described) -> list[Problem]:
    """What a file of one's own says, in the named graphs that it says it in, and may not say."""
    found: dict[tuple[str, str, str], None] = {}
    for subject, predicate, value, place in said:
        node, where = names.text_of(subject), names.text_of(place) if isinstance(place, ox.NamedNode) else graph
        if where != graph and (where == names.RECORD_GRAPH or where.startswith(PREFIX)):
            found[node, "own-graph", f"<{where}> is the name of a graph that the program itself makes; choose another."] = None  # fmt: skip
        made = next((term for term in (predicate, value) if term in MADE), None)
        if made is not None:
            found[node, "own-derived", f"{names.shorten(names.text_of(made))} is worked out by the build; leave it out."] = None  # fmt: skip
        elif record.is_changed_by(subject, predicate, value):
            message = f"It is described in the record, to which data of your own may add claims and further names, not {names.shorten(predicate.value)}; leave that out, or describe a thing of your own."  # fmt: skip
            found[node, "own-changes-record", message] = None
    lines = locate_nodes([file], {node for node, *_ in found})
    return [Problem(lines[node], check, node, message) for node, check, message in sorted(found)]
