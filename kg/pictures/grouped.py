"""The whole record as a page of groups, by company or by jurisdiction: a drawing of everything at once would say nothing.

Each group says how many recorded acts it has of each level and opens to its parts, each with the command that draws it.
The page needs no script: it is a table and elements that open by themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from kg import names
from kg.answers.facts import describe
from kg.answers.model import Fact
from kg.dates import parse_day
from kg.errors import UsageError
from kg.formats.inside import inside
from kg.pictures.acts import RANKS, Act, read_acts
from kg.pictures.projection import scope_of
from kg.pictures.scene import CAUTION, read, template
from kg.pictures.telling import policy, printed_day

if TYPE_CHECKING:
    from kg.graph import Day, KnowledgeGraph

WAYS = ("company", "jurisdiction")
_CONTROL = frozenset({"owns", "controls", "operates"})
"""Kinds of ownership by which a platform belongs to a group; who holds a share or heads a company does not decide."""
_NO_OWNER = "No owner on record"
_LEVELS = {"blocked": "blocked", "designated": "designated by the state", "withdrawn": "withdrawn by the company", "limited": "limited",
           "pressure": "under pressure", "promoted": "promoted by the state", "exempted": "left out of a ban", "words": "other"}  # fmt: skip


@dataclass
class Group:
    """Some things, or one of them, with the acts on them; each act counts once, whatever number of rows it has."""

    id: str
    label: str
    running: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What goes on for everyone, by level."""
    narrow: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What goes on for a group of users or in a part of the place alone, by its words."""
    of_day: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)
    parts: dict[str, Group] = field(default_factory=dict)
    command: str = ""

    def add(self, act: Act, on: date) -> None:
        """Count an act."""
        if act.drawn.of_day:
            self.of_day.add(act.id)
        elif act.ended(on):
            self.over.add(act.id)
        elif act.scope:
            self.narrow[f"{_LEVELS.get(act.level, act.level)} {act.scope}"].add(act.id)
        else:
            self.running[act.level].add(act.id)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many acts go on, by level, severest first."""
        return [(level, len(self.running[level])) for level in _LEVELS if self.running.get(level)]

    @property
    def some(self) -> int:
        """How many acts go on for some or in a part alone."""
        return len(set().union(*self.narrow.values()))

    def words(self, *, whole: bool) -> str:
        """The counts in words, with what is over and what happened on a day; ``whole`` takes together what holds for some."""
        told = [f"{number} {_LEVELS[level]}" for level, number in self.counts]
        if whole:
            told += [f"{self.some} for some or in a part alone"] if self.some else []
        else:
            told += [f"{len(ids)} {text}" for text, ids in sorted(self.narrow.items())]
        told += [f"{len(self.over)} over"] if self.over else []
        return ", ".join(told + ([f"{len(self.of_day)} on a day"] if self.of_day else []))

    @property
    def severity(self) -> tuple[tuple[int, ...], int, int, str]:
        """Groups with the most of the severest come first; those without a name last."""
        return tuple(-len(self.running.get(level, ())) for level in RANKS), -self.some, -len(self.over), self.label


def draw_groups(graph: KnowledgeGraph, way: str, place: str | None = None, *, on: Day = None, known: Day = None) -> str:
    """Write the page of all groups.

    Raises:
        UsageError: when a day is none, or there is no such way to group.
        UnknownName: when the place is none.
    """
    if way not in WAYS:
        raise UsageError(f"--group {way} is none; there are {', '.join(WAYS)}")
    from markupsafe import Markup

    day, public = parse_day(on), parse_day(known)
    where = names.local_name(graph.place(place).value) if place else None
    groups = sorted(group(graph, way, where, day, public), key=lambda one: (not one.id, one.severity))
    labels = describe(graph.store, [names.THING + where] if where else [], public)
    style = read("colours.css") + read("grouped.css")
    there = f" in {inside(labels[names.THING + where].label)}" if where else ""
    return template("grouped.html").render(
        title=f"The record{there} by {way}",
        way=way,
        on=printed_day(day.isoformat()),
        known=printed_day(public.isoformat()),
        groups=[_shown(one) for one in groups],
        levels=[(level, word) for level, word in _LEVELS.items() if any(one.running.get(level) for one in groups)],
        caution=CAUTION,
        data_hash=graph.store.origin.data_hash,
        style=Markup(style),  # noqa: S704  files of ours, nothing from the record
        policy=policy([], [style]),
    )


def group(graph: KnowledgeGraph, way: str, place: str | None, on: date, known: date) -> list[Group]:
    """All recorded acts that began up to a day, in groups; derived ones would count twice."""
    acts = read_acts(graph.store, on, known)
    owned = [act for act in acts if act.owning and not act.ended(on) and act.kind in _CONTROL]
    chosen = [act for act in acts if not act.owning and act.areas and (place is None or place in act.within)]
    ids = {one for act in [*chosen, *owned] for one in (act.id, act.target, act.source, *act.areas) if one}
    facts = describe(graph.store, (names.THING + one for one in sorted(ids)), known)
    chosen = [act for act in chosen if not facts[names.THING + act.id].derived_by]
    for act in chosen:
        act.scope = scope_of(facts[names.THING + act.id], act, place)
    countries = _countries(graph, facts, {area for act in chosen for area in act.areas}, known)
    owners = _owners(owned)
    found: dict[str, Group] = {}
    for act in chosen:
        target = _label(facts, act.target)
        for code, country in sorted({countries[area] for area in act.areas}):
            if way == "jurisdiction":
                wholes, key, name = [(code, country)], act.target, target
            else:
                wholes = [(one, _label(facts, one)) for one in owners(act.target)] or [("", _NO_OWNER)]
                key, name = f"{act.target}/{code}", f"{target} in {country}"
            for one, label in wholes:
                whole = found.setdefault(one, Group(one, label))
                command = f"kg graph prki:{act.target} --in {code} -o {act.target}-{code}.html"
                for counted in (whole, whole.parts.setdefault(key, Group(key, name, command=command))):
                    counted.add(act, on)
    return list(found.values())


def _owners(owned: list[Act]) -> Callable[[str], list[str]]:
    """What gives the last owners that decide about a thing: itself, when nobody does and it owns others."""
    above: dict[str, set[str]] = defaultdict(set)
    for act in owned:
        if act.source:
            above[act.target].add(act.source)
    deciding = {one for some in above.values() for one in some}

    def last(thing: str) -> list[str]:
        reached, fresh = {thing}, {thing}
        while fresh := {one for each in fresh for one in above[each]} - reached:
            reached |= fresh
        tops = {one for one in reached if not above[one] - {one}} & deciding
        return sorted(tops or (reached & deciding))

    return last


def _shown(one: Group) -> dict[str, Any]:
    """A group as the template takes it."""
    total = sum(number for _, number in one.counts) or 1
    bars, x = [], 0.0
    for level, number in one.counts:
        bars.append({"level": level, "x": round(x, 1), "width": round(120 * number / total, 1)})
        x += 120 * number / total
    parts = sorted(one.parts.values(), key=lambda part: (part.severity, part.id))
    return {
        "label": one.label,
        "id": one.id,
        "cells": dict(one.counts),
        "over": len(one.over),
        "of_day": len(one.of_day),
        "bars": bars,
        "some": one.some,
        "words": one.words(whole=True),
        "parts": [{"label": part.label, "words": part.words(whole=False), "command": part.command} for part in parts],
    }


def _label(facts: dict[str, Fact], one: str) -> str:
    fact = facts.get(names.THING + one)
    return fact.label if fact else one


def _countries(
    graph: KnowledgeGraph, facts: dict[str, Fact], areas: Iterable[str], known: date
) -> dict[str, tuple[str, str]]:
    """The outermost place that always contains each area, with its name."""
    found = {}
    for area in sorted(areas):
        top = area
        while (fact := _read(graph, facts, top, known)) and (wider := fact.refs("within")):
            top = wider[0].id
        found[area] = (top, _label(facts, top))
    return found


def _read(graph: KnowledgeGraph, facts: dict[str, Fact], one: str, known: date) -> Fact | None:
    if names.THING + one not in facts:
        facts.update(describe(graph.store, [names.THING + one], known))
    return facts.get(names.THING + one)
