"""What a timeline picture shows: lanes with bars for what goes on and marks for what happened on a day.

A lane is a platform (or whatever else is hit) in one place, or a jurisdiction when one platform is asked about without a
place. The acts, their levels and their bounds are those of the network pictures, so the two never disagree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import names
from kg.answers import resolve
from kg.answers import status as standing
from kg.answers.facts import describe
from kg.answers.model import Fact, Status
from kg.dates import FIRST_DAY, LAST_DAY, parse_day
from kg.errors import UsageError
from kg.formats.inside import inside
from kg.pictures.acts import RANKS, Act, read_acts
from kg.pictures.projection import around_place, scope_of

if TYPE_CHECKING:
    from kg.graph import Day, KnowledgeGraph

STATES = ("blocked", "withdrawn", "limited", "designated", "pressure", "promoted", "exempted")
"""Levels that are drawn as bars, severest first."""
SHAPES = {"Fine": "fine", "Demand": "demand", "Warning": "demand", "Order": "ruling", "Decision": "ruling", "Ruling": "ruling",
          "Statement": "words", "Announcement": "words"}  # fmt: skip
_SORTS = (
    ("Platforms", {"Platform"}),
    ("Classes of services, and ways of access", resolve.TARGETS),
    ("Companies and persons", resolve.COMPANIES | resolve.PEOPLE),
)
"""Headings of lanes in a place, and the classes of things under each."""


@dataclass
class Lane:
    """Everything on one line of the picture."""

    id: str
    label: str
    heading: str
    states: list[Act] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    status: Status | None = None

    @property
    def first(self) -> date:
        """The first day on which anything here may have begun; what nobody dates does not count."""
        dated = [act.span[0] if act.span[0] > FIRST_DAY else act.span[1] for act in (*self.states, *self.acts)]
        return min(dated)

    @property
    def severity(self) -> int:
        """How severe what the verdict names is, or else what is drawn."""
        if self.status is not None and self.status.level != "none":
            return 10 + RANKS.get(self.status.level, 0)
        return max((RANKS.get(act.level, 0) for act in self.states), default=0)


@dataclass(frozen=True)
class Lanes:
    """A timeline picture before anything has a place on it."""

    title: str
    on: date
    known: date
    lanes: tuple[Lane, ...]
    facts: dict[str, Fact]
    laws: tuple[tuple[date, str], ...]
    """Days on which laws came into force on which acts here rest, with their names."""
    through: dict[str, str]
    """What an act hits, by its id, where that is not what the lane is about."""
    restated: frozenset[str]
    """Ids of acts whose level is not the one that their kind gives."""


def set_lanes(
    graph: KnowledgeGraph, name: str | None, place: str | None, *, on: Day = None, known: Day = None
) -> Lanes:
    """The lanes of a platform, class or company, in a place or everywhere; or of everything in a place.

    Raises:
        UnknownName: when a name means nothing in the record.
        AmbiguousName: when it means several things.
        UsageError: when neither a name nor a place is given, or nothing is recorded.
    """
    if name is None and place is None:
        raise UsageError("name a platform or company, or a place with --in CODE")
    day, public = parse_day(on), parse_day(known)
    thing = resolve.resolve(graph.store, name, resolve.TARGETS | resolve.COMPANIES)[0] if name else None
    where = graph.place(place) if place else None
    every = read_acts(graph.store, day, public)
    acts = [act for act in every if not act.owning and _drawn(act)]
    code = names.local_name(where.value) if where is not None else None
    if code is not None:
        near = around_place(graph.store, code, every, day, public)
        acts = [act for act in acts if code in act.within or act.areas & near]
    family = _family(graph, thing, day, public) if thing is not None else set()
    alone = len(family) == 1
    if thing is not None:
        family |= _reaching(graph, thing, public)
        acts = [act for act in acts if act.target in family]
    facts = describe(graph.store, _ids(acts), public)
    acts = [act for act in acts if names.THING + act.id in facts]
    for act in acts:
        # A territory that has a lane of its own, such as New Caledonia, is no part of another place there.
        own = next((area for area in sorted(act.areas) if "-" not in area), None) if where is None else code
        act.scope = scope_of(facts[names.THING + act.id], act, own)
    direct = names.local_name(thing.value) if thing is not None and alone else None
    lanes = _by_area(acts, facts, direct) if where is None else _by_target(acts, facts)
    if not lanes:
        raise UsageError(
            f"nothing dated is recorded about {' in '.join(filter(None, (name, place)))}; that does not mean: not restricted"
        )
    if where is not None or alone:
        _add_verdicts(graph, lanes, thing if where is None else None, where, day, public)
    other = {act.id: facts[names.THING + act.target].label for act in acts if where is None and act.target != direct}
    order = {heading: number for number, (heading, _) in enumerate(_SORTS)}
    ranked = sorted(lanes, key=lambda lane: (order.get(lane.heading, 9), -lane.severity, lane.first, lane.label))
    labels = [_label(graph, one, public) for one in (thing, where) if one is not None]
    title = " in ".join([*labels[:1], *map(inside, labels[1:])])
    laws = _laws(graph, acts, code, day, public) if code else ()
    return Lanes(title, day, public, tuple(ranked), facts, laws, other, _restated(graph, acts, public))


def _drawn(act: Act) -> bool:
    return act.level in STATES or act.type in SHAPES


def _family(graph: KnowledgeGraph, thing: ox.NamedNode, on: date, known: date) -> set[str]:
    """A platform alone, or a company with the platforms that it controls; a class of services with its members."""
    found = {thing.value}
    found |= {one.value for one in standing.controlled_platforms(graph.store, thing, on, known)}
    found |= {one.value for one in standing.members(graph.store, thing)}
    return {names.local_name(one) for one in found}


def _reaching(graph: KnowledgeGraph, thing: ox.NamedNode, known: date) -> set[str]:
    """The classes of services and ways of access through which a platform is hit too."""
    found = describe(graph.store, [thing.value], known)
    return {ref.id for fact in found.values() for ref in fact.refs("reachedThrough")}


def _ids(acts: Collection[Act]) -> list[str]:
    ids = {one for act in acts for one in (act.id, act.target, *act.areas)}
    return [names.THING + one for one in sorted(ids)]


def _label(graph: KnowledgeGraph, node: ox.NamedNode, known: date) -> str:
    found = describe(graph.store, [node.value], known)
    return found[node.value].label if node.value in found else names.local_name(node.value)


def _by_target(acts: Iterable[Act], facts: dict[str, Fact]) -> list[Lane]:
    lanes: dict[str, Lane] = {}
    for act in acts:
        fact = facts.get(names.THING + act.target)
        heading = next((text for text, classes in _SORTS if fact is not None and fact.type in classes), None)
        if fact is not None and heading is not None:
            _put(lanes.setdefault(act.target, Lane(act.target, fact.label, heading)), act)
    return list(lanes.values())


def _by_area(acts: Iterable[Act], facts: dict[str, Fact], direct: str | None) -> list[Lane]:
    """A lane for each place in which an act applies by its own words; what holds in a region stands with its country.

    Cuts of all access reach every platform; they stand only where something is recorded about the platform itself.
    """
    lanes: dict[str, Lane] = {}
    for act in acts:
        for code in sorted({area.partition("-")[0] for area in act.areas}):
            fact = facts.get(names.THING + code)
            _put(lanes.setdefault(code, Lane(code, fact.label if fact else code, "")), act)
    return [
        lane
        for lane in lanes.values()
        if direct is None or any(act.target == direct for act in (*lane.states, *lane.acts))
    ]


def _put(lane: Lane, act: Act) -> None:
    known = lane.acts if act.drawn.of_day else lane.states
    if all(one.id != act.id for one in known):
        known.append(act)


def _restated(graph: KnowledgeGraph, acts: Iterable[Act], known: date) -> frozenset[str]:
    """The acts of which the record states a level of their own."""
    chosen = [act for act in acts if act.kind is not None]
    kinds = describe(graph.store, sorted({f"{names.CONCEPT}{act.kind}" for act in chosen}), known)
    given = {fact.id: {ref.id for ref in fact.refs("givesLevel")} for fact in kinds.values()}
    return frozenset(act.id for act in chosen if given.get(act.kind or "") and act.level not in given[act.kind or ""])


def _add_verdicts(
    graph: KnowledgeGraph,
    lanes: list[Lane],
    thing: ox.NamedNode | None,
    where: ox.NamedNode | None,
    on: date,
    known: date,
) -> None:
    """The verdict of each lane that has one: platforms, classes of services and ways of access, in one place."""
    hit = [lane for lane in lanes if thing is not None or (where is not None and lane.heading != _SORTS[2][0])]
    pairs = [(thing or names.thing(lane.id), where if where is not None else names.thing(lane.id)) for lane in hit]
    for lane, answer in zip(hit, standing.statuses(graph.store, pairs, on, known), strict=True):
        lane.status = answer


def _laws(graph: KnowledgeGraph, acts: list[Act], code: str, on: date, known: date) -> tuple[tuple[date, str], ...]:
    """The laws on which most acts here rest, with the day on which they came into force where that is on record to the day."""
    used: dict[str, int] = defaultdict(int)
    for act in acts:
        for law in act.laws:
            used[law] += 1
    rows = graph.query("laws-in-force", jurisdiction=code, on=on, known=known).to_dicts()
    found = [
        (used[names.local_name(str(row["law"]).removeprefix("prki:"))], row["since"], str(row["label"]))
        for row in rows
        if str(row["phase"]).endswith(("in-force", "applicable")) and row["certainty"] != "possible" and row["since"]
    ]
    most = sorted((one for one in found if one[0]), key=lambda one: (-one[0], one[1]))[:6]
    return tuple(sorted((day, label) for _, day, label in most))


def ends(act: Act, on: date) -> tuple[date, date, date, date]:
    """The bounds of a state as they are drawn up to a day: may begin, surely began, surely ran until, may have ended."""
    from0, from1, until0, until1 = act.span
    end = min(until1, on)
    sure = min(from1, end)
    return from0, sure, min(max(until0, sure), end), end


def goes_on(act: Act, on: date) -> bool:
    """Whether no end is on record up to a day; what is said to have ended on a day that nobody knows may be over."""
    return act.span[3] == LAST_DAY or act.span[2] > on
