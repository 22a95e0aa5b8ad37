"""What a node and an edge of a picture say: their words, days, facts and sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg import names
from kg.answers import resolve
from kg.answers.model import Fact, sources_of
from kg.dates import FIRST_DAY, SOME_DAY
from kg.pictures.acts import RANKS, Act, scoped

_KINDS = {
    "law": resolve.LAWS | {"LegalResource", "LegalResourceSubdivision"},
    "authority": resolve.AUTHORITIES,
    "platform": resolve.TARGETS,
    "company": resolve.COMPANIES,
    "person": resolve.PEOPLE,
}
_PREPOSITION = re.compile(r" (about|against|from|on)$")
"""A verb stands before a date in a label, so what would lead to its object is left out."""


@dataclass(frozen=True)
class Told:
    """What the record says of everything that some acts touch."""

    nodes: set[str]
    centre: set[str]
    """What the picture is drawn around."""
    facts: dict[str, Fact]
    kinds: dict[str, str]
    """The labels of kinds, by id."""
    on: date

    def of(self, one: str) -> Fact:
        """The fact with an id."""
        return self.facts[names.THING + one]

    def type_of(self, one: str) -> str | None:
        """Which sort of node a thing is; nothing for what is never drawn."""
        fact = self.facts.get(names.THING + one)
        name = fact.type.split(":")[-1].rsplit("#", 1)[-1] if fact else ""
        return next((kind for kind, classes in _KINDS.items() if name in classes), None)


def thing(told: Told, one: str) -> dict[str, Any]:
    """The fields of a node for a thing."""
    fact = told.of(one)
    data: dict[str, Any] = {"id": one, "label": fact.label, "type": told.type_of(one), "facts": []}
    places = fact.refs("jurisdiction")
    return {**data, "jurisdiction": places[0].id, "place": places[0].label} if places else data


def event(told: Told, acts: list[Act]) -> dict[str, Any]:
    """The fields of a node for an act, which several things may have taken or felt."""
    act = acts[0]
    fact = told.of(act.id)
    sort = told.kinds.get(act.kind or "") or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", act.type).lower()
    about = {
        "id": act.id,
        "label": fact.label,
        "type": "act",
        "kind": act.type,
        "sort": scoped(sort, act.scope),
        "date": act.when,
        "ended": act.ended(told.on),
        "facts": [act.id],
        "sources": [source.id for source in sources_of([fact])],
        "laws": sorted(act.laws),
        **bounds(act.span),
    }
    certainty = act.certainty(told.on)
    return {**about, "level": act.level, **({"certainty": certainty} if certainty else {})}


def edge(told: Told, group: list[Act], *, dated: bool = False) -> dict[str, Any]:
    """The fields of an edge that stands for some acts; ``dated`` writes the days of an ownership on it."""
    ordered = sorted(group, key=lambda act: (act.weight(told.on), act.id), reverse=True)
    top = ordered[0]
    when = "" if top.owning and not dated else top.when
    if top.owning and when and not top.ended(told.on):
        when = f"since {when.removeprefix('by ')}" + (" or earlier" if when.startswith("by ") else "")
    in_order = [told.of(act.id) for act in sorted(group, key=lambda act: (act.span[0], act.id))]
    certainty = top.certainty(told.on)
    return {
        "kind": top.type,
        "verb": verb(top, told.kinds),
        "label": " ".join(filter(None, [verb(top, told.kinds), top.scope, when, _others(ordered)])),
        "level": top.level,
        "scope": top.scope,
        "date": when,
        "ended": top.ended(told.on),
        "facts": list(dict.fromkeys(fact.id for fact in in_order)),
        "sources": list(dict.fromkeys(source.id for source in sources_of(in_order))),
        "laws": sorted({law for act in group for law in act.laws}),
        "earlier": sum(act.span[0] <= top.span[0] for act in group) - 1,
        **bounds(top.span),
        **({"certainty": certainty} if certainty else {}),
    }


def _others(ordered: list[Act]) -> str:
    """How many acts the edge holds beside the first, and the severest of them when it is severer than that."""
    top, *others = ordered
    if not others:
        return ""
    earlier = all(act.span[0] <= top.span[0] for act in others)
    severest = max(others, key=lambda act: RANKS.get(act.level, 0))
    count = f"(+{len(others)} {'earlier' if earlier else 'more'})"
    if RANKS.get(severest.level, 0) <= RANKS.get(top.level, 0):
        return count
    return " ".join(filter(None, [f"{count}, also", severest.level, severest.scope, severest.when]))


def joint(told: Told, acts: list[Act], verb: str, level: str, *, ended: bool = False) -> dict[str, Any]:
    """The fields of an edge that only joins two things because of some acts."""
    ids = list(dict.fromkeys(act.id for act in acts))
    return {
        "kind": "LegalBasis" if level == "law" else acts[0].type,
        "verb": verb,
        "label": verb,
        "level": level,
        "scope": "",
        "date": "",
        "ended": ended,
        "facts": ids,
        "sources": list(dict.fromkeys(source.id for source in sources_of([told.of(one) for one in ids]))),
        "laws": [],
        "earlier": 0,
    }


def bounds(span: tuple[date, date, date, date]) -> dict[str, str]:
    """First and last possible day of the beginning, and the day of the end, as ISO text; what is open is left out."""
    from0, from1, _, until1 = span
    known = {"start": from0 > FIRST_DAY, "start_latest": from1 < SOME_DAY, "end": until1 < SOME_DAY}
    return {
        name: day.isoformat() for (name, holds), day in zip(known.items(), (from0, from1, until1), strict=True) if holds
    }


def verb(act: Act, kinds: dict[str, str]) -> str:
    """What an act did to its target, in a word or a few."""
    kind = kinds.get(act.kind or "", "")
    if act.type == "Designation" and kind:
        return f"entered in the {kind}" if {"list", "register"} & set(kind.split()) else f"designated as {kind}"
    if act.type == "RestrictionMeasure":
        return {"blocked": "blocked", "limited": "limited"}.get(act.level, act.verb)
    if act.owning:
        return kind or act.verb
    return _PREPOSITION.sub("", act.verb)
