"""The record as a network: things are nodes, what one does to another is an edge.

There are four views. ``acts`` draws acts as edges, ``events`` as nodes of their own, ``ownership`` who owned what and
when, ``law`` which provisions were applied by whom to what. Sources and jurisdictions are never nodes: they belong to
everything and would hide it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import names
from kg.answers.facts import describe
from kg.answers.model import Fact
from kg.answers.status import status
from kg.errors import UsageError
from kg.pictures.acts import Act, read_acts
from kg.pictures.edges import Told
from kg.pictures.views import VIEWS
from kg.store import Store

if TYPE_CHECKING:
    import networkx as nx


def project(
    store: Store,
    things: Collection[ox.NamedNode],
    place: ox.NamedNode | None,
    *,
    on: date,
    known: date,
    depth: int,
    view: str = "acts",
) -> nx.MultiDiGraph:
    """Draw the record as a network around some things, or whole when none is named.

    With depth 1 that is the things, the chain of their owners, every act on these, and the owners' other platforms with
    the measures, designations and exemptions that reach them; each further step takes in all acts that touch what
    the step before it found. With a place only what applies in it, in its parts or in what it belongs to.

    Raises:
        UsageError: when there is no such view.
    """
    if view not in VIEWS:
        raise UsageError(f"there is no view '{view}'; there are {', '.join(VIEWS)}")
    acts = [act for act in read_acts(store, on, known) if view == "ownership" or not (act.owning and act.ended(on))]
    code = names.local_name(place.value) if place is not None else None
    if code is not None:
        around = around_place(store, code, acts, on, known)
        acts = [act for act in acts if act.owning or code in act.within or act.areas & around]
    centre = {names.local_name(thing.value) for thing in things}
    chosen = _around(acts, centre, depth) if centre else acts
    told = _tell(store, chosen, centre, on, known)
    for act in chosen:
        act.scope = scope_of(told.facts.get(names.THING + act.id), act, code)
    graph = VIEWS[view](chosen, told)
    if place is not None:
        _add_verdicts(store, graph, place, on, known)
    return graph


def _tell(store: Store, acts: list[Act], centre: set[str], on: date, known: date) -> Told:
    nodes = centre.union(*(act.ends for act in acts))
    facts = describe(store, (names.THING + one for one in sorted(nodes | {act.id for act in acts})), known)
    kinds = describe(store, {names.CONCEPT + act.kind for act in acts if act.kind}, known)
    return Told(nodes, centre, facts, {names.local_name(iri): fact.label for iri, fact in kinds.items()}, on)


def scope_of(fact: Fact | None, act: Act, place: str | None) -> str:
    """For whom and where alone an act holds, when that is less than everybody in a jurisdiction or in the place asked about."""
    if fact is None:
        return ""
    parts = []
    groups = [ref.label for ref in fact.refs("affects") if ref.id != "everyone"]
    if groups and len(groups) == len(fact.refs("affects")):
        parts.append(f"for {' and '.join(groups)}")
    areas = fact.refs("appliesIn")
    if areas and act.within - act.areas and place not in act.areas:
        parts.append(f"in {areas[0].label}" if len(areas) == 1 else f"in {len(areas)} regions")
    return " ".join(parts)


def acts_shown(store: Store, network: nx.MultiDiGraph, facts: Mapping[str, Fact], place: str | None, on: date, known: date) -> list[Act]:  # fmt: skip
    """The acts behind a network that was drawn for these two days, oldest first; ``facts`` are those of its acts, by IRI."""
    acts = [
        act for act in read_acts(store, on, known) if act.id in network.graph["days"] and names.THING + act.id in facts
    ]
    for act in acts:
        act.scope = scope_of(facts[names.THING + act.id], act, place)
    return acts


def _add_verdicts(store: Store, graph: nx.MultiDiGraph, place: ox.NamedNode, on: date, known: date) -> None:
    for one, data in graph.nodes(data=True):
        if data["type"] == "platform":
            answer = status(store, ox.NamedNode(names.THING + one), place, on, known)
            data.update({name: getattr(answer, name) for name in ("verdict", "level", "certainty", "since", "derived")})


def around_place(store: Store, code: str, acts: Iterable[Act], on: date, known: date) -> set[str]:
    """What a place lies in, and the unions whose rules bind it on the day."""
    wider, fresh = {code}, {code}
    while fresh:
        found = describe(store, (names.THING + one for one in sorted(fresh)), known)
        fresh = {ref.id for fact in found.values() for ref in fact.refs("within")} - wider
        wider |= fresh
    members = (act for act in acts if act.type == "JurisdictionMembership" and not act.ended(on))
    return wider | {act.target for act in members if act.source in wider}


def _around(acts: list[Act], centre: set[str], depth: int) -> list[Act]:
    owned = [(act.source or "", act.target) for act in acts if act.owning]
    focus = _follow([(asset, owner) for owner, asset in owned], centre)
    beside = _follow(owned, focus)
    chosen = [act for act in acts if _touches(act, focus, beside) or (act.target in beside and _reaches_siblings(act))]
    for _ in range(depth - 1):
        focus = {one for act in chosen for one in act.ends}
        chosen = [act for act in acts if _touches(act, focus, focus)]
    return chosen


def _reaches_siblings(act: Act) -> bool:
    """What is shown of the owner's other platforms: what goes on against them, which is enough to see whether they fell too."""
    return not act.drawn.of_day and act.drawn.level not in {"owns", "promoted"}


def _touches(act: Act, focus: set[str], family: set[str]) -> bool:
    if act.owning:
        return act.target in family and act.source in family
    return act.target in focus or act.source in focus or bool(act.laws & focus)


def _follow(pairs: list[tuple[str, str]], things: set[str]) -> set[str]:
    """Some things with everything that a chain of pairs leads to from them."""
    reached = set(things)
    while more := {end for start, end in pairs if start in reached} - reached:
        reached |= more
    return reached
