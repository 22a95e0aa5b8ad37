"""What a picture says on each day on which something in it changes: for the slider of the page.

Everything is asked here, day by day, of the same answers that draw the picture itself; the script only chooses. What a
day shows is what was known on the day of knowledge of the picture, not on that earlier day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import names
from kg.answers.facts import describe
from kg.answers.model import Fact, Status
from kg.answers.status import statuses
from kg.dates import FIRST_DAY, next_day, parse_edtf
from kg.pictures.acts import Act
from kg.pictures.edges import Told, edge
from kg.pictures.folding import together
from kg.pictures.layout import label_lines, wrap
from kg.pictures.projection import acts_shown
from kg.pictures.scene import Scene, badges, headline, level_of

if TYPE_CHECKING:
    import networkx as nx

    from kg.store import Store

_STATED = ("verdict", "level", "certainty", "since", "derived")
_JOINTS = {"law", "act"}
"""Levels of edges that only join."""
Edge = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Moments:
    """The days on which something changes, the day of the picture last, and what holds from each of them on.

    Entries begin with the number of the day. A wire without an entry yet has not begun.
    """

    days: list[str]
    things: dict[str, list[list[Any]]]
    """Id to [number, level, lines of the badge]."""
    wires: dict[str, list[list[Any]]]
    """Id to [number, level, whether it is over, lines of the label, label]; nothing instead of these when it is gone again."""
    verdicts: list[list[Any]]
    """[number, verdicts of what the picture is about]."""


def moments(store: Store, scene: Scene, facts: dict[str, Fact]) -> Moments:
    """Gather what changes in a picture from its first act to its day."""
    acts = acts_shown(store, scene.whole, facts, scene.place, scene.on, scene.known)
    kinds = describe(store, {names.CONCEPT + act.kind for act in acts if act.kind}, scene.known)
    labels = {names.local_name(iri): fact.label for iri, fact in kinds.items()}
    edges = _Edges(scene, acts, Told(set(), set(), facts, labels, scene.on))
    course = _Course(store, scene)
    found = Moments([], defaultdict(list), defaultdict(list), [])
    for day in _days(scene.on, [day for act in acts for day in act.span], course.days):
        _add(found, scene, day, _network_on(scene, edges.on(day), course.on(day), day), course)
    return found


def _days(last: date, *found: Iterable[date]) -> list[date]:
    """The days up to the last one on which something can change, and the last one itself."""
    return sorted({day for some in found for day in some if FIRST_DAY < day < last} | {last})


class _Edges:
    """The edges of a picture as they were on a day, each made again only on days on which it may change."""

    def __init__(self, scene: Scene, acts: list[Act], told: Told) -> None:
        self._scene, self._told = scene, told
        by_id: dict[str, list[Act]] = defaultdict(list)
        for act in acts:
            by_id[act.id].append(act)
        self._acts: dict[Edge, list[Act]] = {}
        self._turns: dict[Edge, set[date]] = {}
        for one, other, key, data in scene.whole.edges(keys=True, data=True):
            behind = [act for fact in data["facts"] for act in by_id[fact]]
            self._acts[one, other, key] = behind
            self._turns[one, other, key] = {day for act in behind for day in act.span}
        self._now: dict[Edge, dict[str, Any] | None] = {}

    def on(self, day: date) -> dict[Edge, dict[str, Any]]:
        """What had begun by a day, between the cards of the picture, when the days before it were asked already."""
        for known, turns in self._turns.items():
            if known not in self._now or day in turns:
                self._now[known] = self._said(known, day)
        if day == self._scene.on:
            return {(one, other, key): data for one, other, key, data in self._scene.network.edges(keys=True, data=True)}  # fmt: skip
        card_of = self._scene.network.graph.get("card_of", {})
        groups: dict[Edge, list[dict[str, Any]]] = defaultdict(list)
        for (one, other, key), said in self._now.items():
            if said is not None:
                groups[card_of.get(one, one), card_of.get(other, other), key].append(said)
        days = self._scene.network.graph["days"]
        return {known: together(some, days) if len(some) > 1 else some[0] for known, some in groups.items()}

    def _said(self, known: Edge, day: date) -> dict[str, Any] | None:
        """An edge made of those of its acts that had begun; one that only joins acts to others says what it says."""
        one, other, key = known
        data: dict[str, Any] = self._scene.whole.edges[known]
        behind = self._acts[known]
        begun = [act for act in behind if act.span[0] <= day]
        if not behind or not begun:
            return data if not behind else None
        if data["level"] in _JOINTS:
            return {**data, "ended": data["ended"] and all(act.ended(day) for act in begun)}
        own = [act for act in begun if act.target == other and (one in {act.source, act.id} or one in act.laws)]
        said = edge(replace(self._told, on=day), own or begun, dated=self._scene.view == "ownership")
        return said | {"label": said["verb"], "date": ""} if self._scene.view == "events" and key == "on" else said


class _Course:
    """The statuses of the platforms of a picture, each asked again only on days on which it may change."""

    def __init__(self, store: Store, scene: Scene) -> None:
        self._store, self._scene = store, scene
        things = scene.network.nodes(data=True) if scene.place else ()
        drawn = [one for one, data in things if data["type"] == "platform" and "members" not in data]
        before = self._ask(drawn, FIRST_DAY)
        self.now = {answer.platform.id: answer for answer in before}
        self._own = {answer.platform.id: set(self._turns(answer)) for answer in before}
        self.days = {day for some in self._own.values() for day in some}

    def _turns(self, answer: Status) -> Iterable[date]:
        """The days on which a measure of a platform begins or ends, surely or perhaps, or what holds one off does."""
        standings = (*answer.measures, *answer.upcoming, *answer.held_off, *answer.narrower)
        for span in (one.span for one in standings):
            for bound in (span.from_earliest, span.from_latest, span.until_earliest, span.until_latest):
                if bound:
                    yield date.fromisoformat(bound)
            if span.until_latest:  # only on this day it "ended that day"
                yield next_day(date.fromisoformat(span.until_latest))
        holders = {names.THING + ref.id for one in standings for ref in one.fact.refs("heldOffBy")}
        for holder in describe(self._store, sorted(holders), self._scene.known).values():
            for bounds in (parse_edtf(text) for account in holder.accounts for _, text in account.dates):
                for day in (bounds.earliest, bounds.latest):
                    yield from (day, next_day(day))

    def _ask(self, ids: list[str], day: date) -> list[Status]:
        place = ox.NamedNode(names.THING + (self._scene.place or ""))
        pairs = [(ox.NamedNode(names.THING + one), place) for one in ids]
        return statuses(self._store, pairs, day, self._scene.known)

    def on(self, day: date) -> dict[str, Status]:
        """The statuses on a day, when the days before it were asked already."""
        changed = [one for one, days in self._own.items() if day in days or day == self._scene.on]
        self.now.update((answer.platform.id, answer) for answer in self._ask(changed, day))
        return self.now


def _network_on(scene: Scene, edges: dict[Edge, dict[str, Any]], answers: dict[str, Status], day: date) -> nx.MultiDiGraph:  # fmt: skip
    """The network of the picture as it was on a day: the same things, and the edges that had begun.

    A card of several platforms, which nobody asks for one by one, shows its verdict on the day of the picture only.
    """
    import networkx as nx

    network = nx.MultiDiGraph()
    for one, data in scene.network.nodes(data=True):
        stated = {name: getattr(answers[one], name) for name in _STATED} if one in answers else {}
        asked = one in answers or (data["type"] == "platform" and day != scene.on)
        kept = {name: value for name, value in data.items() if name not in _STATED} if asked else data
        network.add_node(one, **kept | stated)
    for (source, target, key), said in edges.items():
        network.add_edge(source, target, key=key, **said)
    return network


def _add(found: Moments, scene: Scene, day: date, network: nx.MultiDiGraph, course: _Course) -> None:
    """Note what differs from the day before; a day on which nothing does is no step, but the last one always is."""
    number = len(found.days)
    notes = badges(network, scene.where)
    changes: list[tuple[list[list[Any]], list[Any]]] = []
    for one, box in scene.layout.boxes.items():
        lines = wrap(notes[one], box.width - 28, 11, most=len(box.notes) + 1) if one in notes else ()
        changes.append((found.things[one], [level_of(network, one), list(lines)]))
    for wire in scene.layout.wires:
        edge = network.get_edge_data(wire.source, wire.target, wire.key)
        said = [] if edge is None else [edge["level"], edge["ended"], _lines(edge, wire.lines), edge["label"]]
        changes.append((found.wires[wire.id], said))
    about = [course.now[one] for one in scene.focus if one in course.now]
    changes.append((found.verdicts, [[headline(answer, alone=len(about) == 1) for answer in about]]))
    new = [(entries, said) for entries, said in changes if (entries[-1][1:] if entries else []) != said]
    if new or day == scene.on:
        found.days.append(day.isoformat())
        for entries, said in new:
            entries.append([number, *said])


def _lines(edge: dict[str, Any], drawn: tuple[str, ...]) -> list[str]:
    """The label in as many lines as the picture left room for; a law line has none."""
    return list(label_lines(edge["label"], edge["level"], len(drawn))) if drawn else []
