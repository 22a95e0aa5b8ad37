"""What a file of the user's own may say: things of its own, and accounts and names of things of the record."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import pyoxigraph as ox

from kg import names
from kg.build.own import PREFIX

_WORKED_OUT = frozenset(
    {
        *(names.VERSION, names.FROM_CLAIM, names.LAST_CONFIRMED, names.KNOWN_FROM, names.KNOWN_UNTIL, names.LOOKUP_KEY),
        *(names.FROM_EARLIEST, names.FROM_LATEST, names.UNTIL_EARLIEST, names.UNTIL_LATEST),
        *(ox.NamedNode(names.ONTOLOGY + one) for one in ("derivedBy", "heldOffBy", "inArea", "slot", "slotTarget")),
        *(ox.NamedNode(names.ONTOLOGY + one) for one in ("slotArea", "reachedThrough", "effectiveLevel", "effectiveRank")),
    }
)  # fmt: skip
"""What the build works out; stated by hand it would be a derivation that no rule made."""
_ADDED = frozenset({names.CLAIM, names.EVIDENCE, *names.LABELS[1:]})
"""What may be said of a thing of the record: accounts of it, and further names."""


def faults_of(
    file: Path, quads: Iterable[ox.Quad], store: ox.Store, described: Collection[names.Term], graphs: set[str]
) -> list[str]:
    """One line for each thing that a file may not say; ``described`` is what the record describes, ``graphs`` what the file names."""
    found = {}
    for graph in sorted(graphs):
        if graph.startswith(PREFIX) or graph == names.RECORD_GRAPH:
            found[graph, ""] = f"{file}: {graph} is the name of a graph that the program itself makes; choose another"
    for quad in quads:
        subject, predicate, _, _ = quad
        if not isinstance(subject, ox.NamedNode):
            continue
        place = f"{file}: {names.shorten(subject.value)}"
        said = names.shorten(predicate.value)
        if predicate in _WORKED_OUT:
            found[subject.value, said] = f"{place}: {said} is worked out by the build; leave it out"
        elif predicate not in _ADDED and subject in described and quad not in store:
            found[subject.value, said] = (
                f"{place}: the record describes it, and {said} says something else of it; data of your own may add claims and names, "
                "and describes things of its own under ids of its own"
            )
    return list(found.values())
