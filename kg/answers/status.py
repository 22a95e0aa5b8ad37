"""The question that the graph exists for: the status of a platform in a place on a day, as known on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyoxigraph as ox

from kg import catalogue, names
from kg.answers.facts import ask, describe, span_of
from kg.answers.model import Fact, Ref, Span, Standing, Status, sources_of
from kg.dates import LAST_DAY, Bounds, day_before, parse_edtf
from kg.store import Row, Store

EVERYONE = "everyone"
_RUNNING = ("definite", "presumed", "possible")
_ORDER = ("definite", "presumed", "possible", "ended that day", "upcoming")
_CERTAIN = frozenset({"definite", "presumed"})


def status(store: Store, platform: ox.NamedNode, place: ox.NamedNode, on: date, known: date) -> Status:
    """Answer for one platform in one place. See :class:`kg.answers.model.Status`."""
    asked: dict[str, catalogue.Term] = {
        "platform": platform,
        "jurisdiction": place,
        "on": names.day_literal(on),
        "known": names.day_literal(known),
    }
    rows = _strongest(ask(store, "status", **asked))
    holds = ask(store, "hold-offs", **asked) if rows else []
    backing = [row["act"].value for row in ask(store, "state-backing", **asked)]
    ownerships = [row["ownership"].value for row in ask(store, "owners", thing=platform)] if backing else []
    measures = [row["measure"].value for row in rows]
    nodes = [{"node": ox.NamedNode(iri)} for iri in dict.fromkeys(measures)]
    premises = store.select(catalogue.load("premises").bind(nodes)) if nodes else []
    iris = [platform.value, place.value, *backing, *ownerships, *measures]
    iris += [row["holder"].value for row in holds] + [row["premise"].value for row in premises]
    facts = describe(store, iris, known)
    held: dict[str, list[Fact]] = {row["measure"].value: [] for row in holds}
    for row in holds:
        if row["certainty"].value in _CERTAIN:
            held[row["measure"].value].append(facts[row["holder"].value])
    standings = [_standing(row, facts, tuple(held.get(row["measure"].value, ()))) for row in rows]
    answer = _judge(
        Ref(names.local_name(platform.value), facts[platform.value].label),
        Ref(names.local_name(place.value), facts[place.value].label),
        on,
        known,
        standings,
    )
    answer = replace(
        answer,
        state_backing=tuple(facts[iri] for iri in dict.fromkeys(backing)),
        operators=tuple(facts[iri] for iri in dict.fromkeys(ownerships)),
        acts={
            names.local_name(row["type"].value): int(row["number"].value) for row in ask(store, "act-counts", **asked)
        },
    )
    return replace(answer, sources=sources_of(answer.facts()))


def _strongest(rows: list[Row]) -> list[Row]:
    """One row a measure: a derived one may have several stretches, and the surest speaks for it."""
    best: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row["measure"].value, row["area"].value)
        if key not in best or _ORDER.index(row["certainty"].value) < _ORDER.index(best[key]["certainty"].value):
            best[key] = row
    return list(best.values())


def _standing(row: Row, facts: dict[str, Fact], held: tuple[Fact, ...]) -> Standing:
    fact = facts[row["measure"].value]
    from0, from1, until0, until1 = span_of(row)

    def ref(column: str, stated: str) -> Ref:
        local = names.local_name(row[column].value)
        return next((one for one in fact.refs(stated) if one.id == local), Ref(local, local))

    return Standing(
        fact=fact,
        kind=ref("kind", "kind"),
        level=ref("level", "effectiveLevel"),
        rank=int(row["rank"].value),
        certainty=row["certainty"].value,
        audience=ref("audience", "affects"),
        area=ref("area", "appliesIn"),
        reach=row["reach"].value,
        span=Span.of(Bounds(from0, from1), Bounds(until0, until1)),
        last_confirmed=_last_confirmed(fact, from1, until0) if until1 == LAST_DAY else None,
        derived=fact.derived_by is not None,
        held_off_by=held,
        premises=_premises(fact, facts),
    )


def _last_confirmed(fact: Fact, from1: date, until0: date) -> str | None:
    """The newest day on which a source says that it was in force; none is made up from the start.

    A derived fact has no claims of its own: it is confirmed as long as all its premises are.
    """
    if fact.derived_by is not None:
        return day_before(until0).isoformat() if until0 > from1 else None
    stated = [
        parse_edtf(text).earliest for account in fact.accounts for name, text in account.dates if name == "inForceOn"
    ]
    return max(stated).isoformat() if stated else None


def _premises(fact: Fact, facts: dict[str, Fact]) -> tuple[Fact, ...]:
    """What a derived fact rests on, down to what sources state: derived links are followed by their own premises."""
    found: dict[str, Fact] = {}
    waiting = list(fact.refs("wasDerivedFrom"))
    while waiting:
        ref = waiting.pop(0)
        one = facts.get(names.THING + ref.id)
        if one is not None and one.id not in found:
            found[one.id] = one
            waiting += one.refs("wasDerivedFrom")
    return tuple(found.values())


def _judge(platform: Ref, place: Ref, on: date, known: date, standings: list[Standing]) -> Status:
    """Sort the standings into what counts and what is only listed, and find the word for the headline."""
    here = [one for one in standings if one.reach != "narrower" and one.audience.id == EVERYONE]
    free = [one for one in here if not one.held_off_by]
    running = [one for one in free if one.certainty in _RUNNING]
    ended = [one for one in free if one.certainty == "ended that day"]
    top = max((one.rank for one in running), default=0)
    head = [one for one in running if one.rank == top]
    sure = [one for one in running if one.certainty in _CERTAIN]
    certainty = min((one.certainty for one in head), key=_ORDER.index, default="ended that day" if ended else None)
    least = max(sure, key=lambda one: one.rank, default=None) if certainty == "possible" else None
    level = head[0].level if head else None
    return Status(
        platform=platform,
        jurisdiction=place,
        on=on.isoformat(),
        known=known.isoformat(),
        verdict=_verdict(level, certainty),
        level=level.id if level else "none",
        certainty=certainty,
        derived=bool(head) and all(one.derived for one in head),
        since=_since(head or ended),
        last_confirmed=max((one.last_confirmed for one in head if one.last_confirmed), default=None),
        at_least=least.level.label if least else None,
        measures=tuple(running),
        held_off=tuple(one for one in here if one.held_off_by and one.certainty in _RUNNING),
        narrower=tuple(one for one in standings if one not in here and one.certainty in _RUNNING),
        ended=tuple(ended),
        upcoming=tuple(one for one in standings if one.certainty == "upcoming"),
    )


def _verdict(level: Ref | None, certainty: str | None) -> str:
    if level is None:
        return "ended that day" if certainty == "ended that day" else "nothing recorded"
    return f"possibly {level.label}" if certainty == "possible" else level.label


def _since(head: list[Standing]) -> str | None:
    """Since when the headline stands: the measure that had surely begun first, as exact as its accounts are."""
    if not head:
        return None
    first = min(head, key=lambda one: (one.span.from_latest or "9999", one.span.from_earliest or ""))
    return first.span.begin


def recorded_places(store: Store, platform: ox.NamedNode) -> list[ox.NamedNode]:
    """The jurisdictions in which anything that gives a level is recorded for a platform."""
    return [row["area"] for row in ask(store, "recorded-places", platform=platform)]


def controlled_platforms(store: Store, company: ox.NamedNode, on: date, known: date) -> list[ox.NamedNode]:
    """The platforms that a company controls on a day."""
    rows = ask(store, "controlled-platforms", company=company, on=names.day_literal(on), known=names.day_literal(known))
    return [row["platform"] for row in rows]


def members(store: Store, service_class: ox.NamedNode) -> list[ox.NamedNode]:
    """The platforms that a class of services covers; none for a platform."""
    return [row["platform"] for row in ask(store, "members", **{"class": service_class})]
