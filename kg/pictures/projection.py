"""The record as a network: things are nodes, what one does to another is an edge.

Which property leads to either end of an edge stands in the ontology (``prk:edgeSource``, ``prk:edgeTarget``,
``prk:edgeLabel``), so that a new class of acts is drawn without a change here. Sources and jurisdictions are never
nodes: they belong to everything and would hide it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import names
from kg.answers import resolve
from kg.answers.facts import ask, describe, span_of
from kg.answers.model import Fact, sources_of
from kg.answers.status import status
from kg.dates import FIRST_DAY, LAST_DAY, SOME_DAY
from kg.store import Row, Store

if TYPE_CHECKING:
    import networkx as nx

RANKS = {"blocked": 6, "designated": 5, "withdrawn": 4, "limited": 3, "pressure": 2, "promoted": 1}
"""How severe an edge is; words, laws and ownership have no rank."""
_FAMILIES = {"RestrictionMeasure": "measure", "Withdrawal": "measure", "Decision": "decision", "Ruling": "decision", "Order": "decision",
             "Fine": "pressure", "Demand": "pressure", "Warning": "pressure", "Statement": "words", "Announcement": "words"}  # fmt: skip
_FAMILY_LEVELS = {"decision": "pressure", "pressure": "pressure", "Designation": "pressure", "Promotion": "promoted", "Ownership": "owns",
                  "Exemption": "exempted", "words": "words"}  # fmt: skip
_INSTANT = frozenset({"pressure", "decision", "words"})
"""Families of acts that happen on a day; the others go on."""
_WEIGHT = {"Fine": 3, "Demand": 1, "Warning": 2, "Ruling": 3, "Order": 2, "Decision": 1}
_BESIDE = frozenset({"measure", "Exemption", "Designation"})
"""What is shown of the owner's other platforms: enough to see whether they fell too."""
_KINDS = {
    "law": resolve.LAWS | {"LegalResource", "LegalResourceSubdivision"},
    "authority": resolve.AUTHORITIES,
    "platform": resolve.TARGETS,
    "company": resolve.COMPANIES,
    "person": resolve.PEOPLE,
}
_PREPOSITION = re.compile(r" (about|against|from|on)$")
"""A verb stands before a date in a label, so what would lead to its object is left out."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(slots=True)
class Act:
    """One act between two things, whatever number of areas, laws and rows it has."""

    id: str
    type: str
    verb: str
    source: str | None
    target: str
    span: tuple[date, date, date, date]
    level: str
    kind: str | None
    areas: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)
    laws: set[str] = field(default_factory=set)

    @property
    def family(self) -> str:
        """Acts of one family between the same two things share an edge."""
        return _FAMILIES.get(self.type, self.type)

    def ended(self, on: date) -> bool:
        """Whether it was a state and is over."""
        return self.family not in _INSTANT and self.span[3] <= on

    @property
    def when(self) -> str:
        """Its dates in short; an act of one day has no end worth telling."""
        return in_short(self.span, states_end=self.family not in _INSTANT)

    def certainty(self, on: date) -> str | None:
        """How sure it is that it runs on a day, by the same bounds as a status; nothing for what happened on a day or is over."""
        from0, from1, until0, until1 = self.span
        if self.family in _INSTANT or on > until1 or on < from0:
            return None
        if on == until1:
            return "ended that day"
        if from1 <= on < until0:
            return "definite"
        return "presumed" if from1 <= on and until1 == LAST_DAY else "possible"

    def weight(self, on: date) -> tuple[bool, int, int, int]:
        """What the edge is named after: what still runs, the severest; of these the first state or the latest act."""
        first = self.span[0].toordinal()
        latest = first if self.family in _INSTANT else -first
        return not self.ended(on), RANKS.get(self.level, 0), _WEIGHT.get(self.type, 0), latest


def project(
    store: Store, things: Collection[ox.NamedNode], place: ox.NamedNode | None, *, on: date, known: date, depth: int
) -> nx.MultiDiGraph:
    """Draw the record as a network around some things, or whole when none is named.

    With depth 1 that is the things, the chain of their owners, every act on these, and the owners' other platforms with
    the measures, designations and exemptions that reach them; each further step takes in all acts that touch what
    the step before it found. With a place only what applies in it, in its parts or in what it belongs to.
    """
    acts = _acts(store, on, known)
    if place is not None:
        code = names.local_name(place.value)
        around = _around_place(store, code, acts, on, known)
        acts = [act for act in acts if act.family == "Ownership" or code in act.within or act.areas & around]
    centre = {names.local_name(thing.value) for thing in things}
    chosen = _around(acts, centre, depth) if centre else acts
    nodes = centre | {one for act in chosen for one in (act.source, act.target, *act.laws) if one}
    facts = describe(store, (names.THING + one for one in sorted(nodes | {act.id for act in chosen})), known)
    kinds = describe(store, {names.CONCEPT + act.kind for act in chosen if act.kind}, known)
    graph = _draw(chosen, nodes, facts, {names.local_name(iri): fact.label for iri, fact in kinds.items()}, on)
    if place is not None:
        for one, data in graph.nodes(data=True):
            if data["type"] == "platform":
                answer = status(store, ox.NamedNode(names.THING + one), place, on, known)
                data.update(
                    {name: getattr(answer, name) for name in ("verdict", "level", "certainty", "since", "derived")}
                )
    return graph


def _acts(store: Store, on: date, known: date) -> list[Act]:
    found: dict[tuple[str, str | None, str], Act] = {}
    for row in ask(store, "projection", on=names.day_literal(on), known=names.day_literal(known)):
        event, target = _local(row, "event") or "", _local(row, "target") or ""
        source = _local(row, "source")
        act = found.setdefault((event, source, target), _act(row, event, source, target))
        for name, values in (("area", act.areas), ("within", act.within), ("law", act.laws)):
            values.update(filter(None, [_local(row, name)]))
    running = (act for act in found.values() if act.type != "Ownership" or not act.ended(on))
    return sorted(running, key=lambda act: (act.span[0], act.id, act.source or "", act.target))


def _act(row: Row, event: str, source: str | None, target: str) -> Act:
    kind = _local(row, "type") or ""
    level = _local(row, "level") or _FAMILY_LEVELS.get(_FAMILIES.get(kind, kind), "words")
    if "reaching" in row and row["reaching"].value == "true":
        level = "designated"
    return Act(event, kind, row["verb"].value, source, target, span_of(row), level, _local(row, "kind"))


def _local(row: Row, name: str) -> str | None:
    return names.local_name(row[name].value) if name in row else None


def _around_place(store: Store, code: str, acts: Iterable[Act], on: date, known: date) -> set[str]:
    """What a place lies in, and the unions whose rules bind it on the day."""
    wider, fresh = {code}, {code}
    while fresh:
        found = describe(store, (names.THING + one for one in sorted(fresh)), known)
        fresh = {ref.id for fact in found.values() for ref in fact.refs("within")} - wider
        wider |= fresh
    members = (act for act in acts if act.type == "JurisdictionMembership" and not act.ended(on))
    return wider | {act.target for act in members if act.source in wider}


def _around(acts: list[Act], centre: set[str], depth: int) -> list[Act]:
    owned = [(act.source or "", act.target) for act in acts if act.family == "Ownership"]
    focus = _follow([(asset, owner) for owner, asset in owned], centre)
    beside = _follow(owned, focus)
    chosen = [act for act in acts if _touches(act, focus, beside) or (act.target in beside and act.family in _BESIDE)]
    for _ in range(depth - 1):
        focus = {one for act in chosen for one in (act.source, act.target, *act.laws) if one}
        chosen = [act for act in acts if _touches(act, focus, focus)]
    return chosen


def _touches(act: Act, focus: set[str], family: set[str]) -> bool:
    if act.family == "Ownership":
        return act.target in family and act.source in family
    return act.target in focus or act.source in focus or bool(act.laws & focus)


def _follow(pairs: list[tuple[str, str]], things: set[str]) -> set[str]:
    """Some things with everything that a chain of pairs leads to from them."""
    reached = set(things)
    while more := {end for start, end in pairs if start in reached} - reached:
        reached |= more
    return reached


def _draw(acts: list[Act], nodes: set[str], facts: dict[str, Fact], kinds: dict[str, str], on: date) -> nx.MultiDiGraph:
    import networkx as nx

    graph = nx.MultiDiGraph(days={act.id: (act.span[0].isoformat(), act.when) for act in acts})
    shown = {one for one in nodes if _type_of(facts.get(names.THING + one))}
    groups: dict[tuple[str, str, str], list[Act]] = defaultdict(list)
    for one in sorted(shown):
        fact = facts[names.THING + one]
        graph.add_node(one, id=one, label=fact.label, type=_type_of(fact), facts=[])
    for act in acts:
        if act.source in shown and act.target in shown and act.source != act.target:
            groups[act.source, act.target, act.family].append(act)
        elif act.target in shown:
            graph.nodes[act.target]["facts"].append(act.id)
    for (source, target, family), group in groups.items():
        graph.add_edge(source, target, key=family, **_edge(group, facts, kinds, on))
    _add_laws(graph, [act for group in groups.values() for act in group], facts)
    laws = [one for one, data in graph.nodes(data=True) if data["type"] == "law"]
    graph.remove_nodes_from([one for one in laws if not graph.degree(one)])
    return graph


def _type_of(fact: Fact | None) -> str | None:
    name = fact.type.split(":")[-1].rsplit("#", 1)[-1] if fact else ""
    return next((kind for kind, classes in _KINDS.items() if name in classes), None)


def _edge(group: list[Act], facts: dict[str, Fact], kinds: dict[str, str], on: date) -> dict[str, Any]:
    ordered = sorted(group, key=lambda act: (act.weight(on), act.id), reverse=True)
    top = ordered[0]
    others = len(group) - 1
    earlier = sum(act.span[0] <= top.span[0] for act in group) - 1
    when = "" if top.family == "Ownership" else top.when
    told = [facts[names.THING + act.id] for act in sorted(group, key=lambda act: (act.span[0], act.id))]
    more = f"(+{others} {'earlier' if earlier == others else 'more'})" if others else ""
    return {
        "kind": top.type,
        "verb": _verb(top, kinds),
        "label": " ".join(part for part in (_verb(top, kinds), when, more) if part),
        "level": top.level,
        "date": when,
        "ended": top.ended(on),
        "facts": list(dict.fromkeys(fact.id for fact in told)),
        "sources": list(dict.fromkeys(source.id for source in sources_of(told))),
        "laws": sorted({law for act in group for law in act.laws}),
        "earlier": earlier,
        **_bounds(top.span),
        **({"certainty": certainty} if (certainty := top.certainty(on)) else {}),
    }


def _bounds(span: tuple[date, date, date, date]) -> dict[str, str]:
    """First and last possible day of the beginning, and the day of the end, as ISO text; what is open is left out."""
    from0, from1, _, until1 = span
    known = {"start": from0 > FIRST_DAY, "start_latest": from1 < SOME_DAY, "end": until1 < SOME_DAY}
    return {
        name: day.isoformat() for (name, holds), day in zip(known.items(), (from0, from1, until1), strict=True) if holds
    }


def _verb(act: Act, kinds: dict[str, str]) -> str:
    kind = kinds.get(act.kind or "", "")
    if act.type == "Designation" and kind:
        return f"entered in the {kind}" if {"list", "register"} & set(kind.split()) else f"designated as {kind}"
    if act.type == "RestrictionMeasure":
        return {"blocked": "blocked", "limited": "limited"}.get(act.level, act.verb)
    if act.type == "Ownership":
        return kind or act.verb
    return _PREPOSITION.sub("", act.verb)


def _add_laws(graph: nx.MultiDiGraph, acts: list[Act], facts: dict[str, Fact]) -> None:
    applied: dict[tuple[str, str], list[str]] = defaultdict(list)
    for act in acts:
        for law in sorted(act.laws):
            if law in graph and act.source is not None and graph.nodes[act.source]["type"] == "authority":
                applied[law, act.source].append(act.id)
    for (law, authority), ids in applied.items():
        rested = list(dict.fromkeys(ids))
        sources = list(dict.fromkeys(one.id for one in sources_of([facts[names.THING + one] for one in rested])))
        graph.add_edge(law, authority, key="law", kind="LegalBasis", verb="applied by", label="applied by", level="law", date="", ended=False,
                       facts=rested, sources=sources, laws=[law], earlier=0)  # fmt: skip


def in_short(span: tuple[date, date, date, date], *, states_end: bool = True) -> str:
    """When an act began, as short as its bounds allow, and until when it ran where that is on record."""
    from0, from1, _, until1 = span
    begin = _short(from0, from1)
    ended = states_end and from1 < until1 < SOME_DAY
    return f"{begin} – {_short(until1, until1)}".removeprefix(" – ") if ended else begin


def _short(low: date, high: date) -> str:
    if low <= FIRST_DAY:
        return "" if high >= LAST_DAY else f"by {high.year}"
    month = f"{_MONTHS[low.month - 1]} {low.year}"
    if low == high:
        return f"{low.day} {month}"
    if (low.year, low.month) != (high.year, high.month):
        later = f"{low.year}–{high.year}" if high < LAST_DAY else f"from {low.year}"
        return str(low.year) if low.year == high.year else later
    return f"{low.day}–{high.day} {month}" if (high - low).days < 8 else month
