"""The question that the graph exists for: the status of a platform in a place on a day, as known on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pyoxigraph as ox

from kg import catalogue, names
from kg.answers.facts import ask, describe, span_of
from kg.answers.model import (
    Fact,
    Ref,
    Span,
    Standing,
    Status,
    differing_fields,
    sources_of,
)
from kg.answers.own import ended_by_own
from kg.dates import FIRST_DAY, SOME_DAY, Bounds, day_before, parse_edtf
from kg.store import Row, Store

Pair = tuple[ox.NamedNode, ox.NamedNode]
"""A platform (or class, or network) and a place."""
EVERYONE = "everyone"
_AT_ONCE = 24
_RUNNING = ("definite", "presumed", "possible")
_ORDER = ("definite", "presumed", "possible", "ended that day", "upcoming")
_CERTAIN = frozenset({"definite", "presumed"})


def status(store: Store, platform: ox.NamedNode, place: ox.NamedNode, on: date, known: date) -> Status:
    """Answer for one platform in one place. See :class:`kg.answers.model.Status`."""
    return statuses(store, [(platform, place)], on, known)[0]


def statuses(store: Store, pairs: Sequence[Pair], on: date | Sequence[date], known: date) -> list[Status]:
    """Answer for many pairs of platform and place at once: as many queries as for a single one.

    Each pair may have a day of its own; then no pair may stand twice.
    """
    if not pairs:
        return []
    days = [on] * len(pairs) if isinstance(on, date) else on
    asked = [_parameters(platform, place, day, known) for (platform, place), day in zip(pairs, days, strict=True)]
    rows = _by_pair(_ask_all(store, "status", asked))
    rows = {pair: _strongest(some) for pair, some in rows.items()}
    ended = _ended_by_own(store, asked, rows, known) if store.has_own else {}
    ruled = [one for one in asked if (one["platform"].value, one["jurisdiction"].value) in rows]
    holds = _by_pair(_ask_all(store, "hold-offs", ruled))
    backing = _by_pair(_ask_all(store, "state-backing", asked))
    counts = _by_pair(_ask_all(store, "act-counts", asked))
    backed = dict.fromkeys(platform for platform, _ in backing)
    operators = _grouped(_ask_all(store, "owners", [{"thing": ox.NamedNode(iri)} for iri in backed]), "thing")
    measures = dict.fromkeys(row["measure"].value for some in rows.values() for row in some)
    premises = _ask_all(store, "premises", [{"node": ox.NamedNode(iri)} for iri in measures])
    iris = [term.value for pair in pairs for term in pair] + list(measures)
    iris += [row["act"].value for some in backing.values() for row in some]
    iris += [row["ownership"].value for some in operators.values() for row in some]
    iris += [row["holder"].value for some in holds.values() for row in some]
    iris += [row["premise"].value for row in premises]
    facts = describe(store, iris, known)
    answers = []
    for (platform, place), day in zip(pairs, days, strict=True):
        pair = (platform.value, place.value)
        held = _held(holds.get(pair, []), facts)
        standings = [_standing(row, facts, tuple(held.get(row["measure"].value, ()))) for row in rows.get(pair, [])]
        acts = dict.fromkeys(row["act"].value for row in backing.get(pair, []))
        behind = dict.fromkeys(row["ownership"].value for row in operators.get(platform.value, [])) if acts else {}
        answer = replace(
            _judge(_ref(facts, platform), _ref(facts, place), day, known, standings),
            state_backing=tuple(facts[iri] for iri in acts),
            operators=tuple(facts[iri] for iri in behind),
            ended_by_own=ended.get(pair, ()),
            acts={names.local_name(row["type"].value): int(row["number"].value) for row in counts.get(pair, [])},
        )
        answers.append(replace(answer, sources=sources_of(answer.facts())))
    return answers


def _parameters(platform: ox.NamedNode, place: ox.NamedNode, on: date, known: date) -> dict[str, catalogue.Bound]:
    return {
        "platform": platform,
        "jurisdiction": place,
        "on": names.day_literal(on),
        "known": names.day_literal(known),
    }


def _ask_all(store: Store, query: str, asked: Sequence[dict[str, catalogue.Bound]]) -> list[Row]:
    """Run a named query for many rows of parameters, some at once; for none it is not run.

    With more rows in ``VALUES`` the engine gives up looking each of them up and reads every act of the record instead.
    """
    return [
        row
        for first in range(0, len(asked), _AT_ONCE)
        for row in store.select(catalogue.load(query).bind(asked[first : first + _AT_ONCE]))
    ]


def _ended_by_own(
    store: Store, asked: Sequence[dict[str, catalogue.Bound]], rows: dict[tuple[str, str], list[Row]], known: date
) -> dict[tuple[str, str], tuple[Fact, ...]]:
    """What does not show because of data of the user's own; before all days everything recorded is still to come."""
    before = names.day_literal(FIRST_DAY)
    return ended_by_own(
        store, _by_pair(_ask_all(store, "status", [one | {"on": before} for one in asked])), rows, known
    )


def _by_pair(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["platform"].value, row["jurisdiction"].value), []).append(row)
    return found


def _grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column].value, []).append(row)
    return found


def _held(holds: list[Row], facts: dict[str, Fact]) -> dict[str, list[Fact]]:
    """What certainly holds each measure off."""
    found: dict[str, list[Fact]] = {}
    for row in holds:
        if row["certainty"].value in _CERTAIN:
            found.setdefault(row["measure"].value, []).append(facts[row["holder"].value])
    return found


def _ref(facts: dict[str, Fact], node: ox.NamedNode) -> Ref:
    return Ref(names.local_name(node.value), facts[node.value].label)


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
    premises = _premises(fact, facts)
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
        last_confirmed=_last_confirmed(fact, premises, from1, until0) if until1 >= SOME_DAY else None,
        derived=fact.derived_by is not None,
        held_off_by=held,
        premises=premises,
    )


def _last_confirmed(fact: Fact, premises: tuple[Fact, ...], from1: date, until0: date) -> str | None:
    """The newest date on which a source says that it was in force, as written; none is made up from the start.

    A derived fact has no claims of its own. What carries a measure to another place is confirmed with that measure; an
    exposure is confirmed as long as all its premises are.
    """
    if fact.derived_by is not None and fact.type != "Exposure":
        measures = [one for one in premises if one.type in {"RestrictionMeasure", "Withdrawal"} and one.accounts]
        return _last_confirmed(measures[0], (), from1, until0) if measures else None
    if fact.derived_by is not None:
        return day_before(until0).isoformat() if until0 > from1 else None
    return _newest(text for account in fact.accounts for name, text in account.dates if name == "inForceOn")


def _newest(dates: Iterable[str | None]) -> str | None:
    """The newest of some dates as written: by the day that they reach for certain, not by their letters."""
    return max((one for one in dates if one), key=lambda text: parse_edtf(text).earliest, default=None)


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
        derived=bool(head) and all(one.fact.type == "Exposure" for one in head),
        since=_since([one for one in head if one.certainty == certainty] or ended),
        last_confirmed=_newest(one.last_confirmed for one in head),
        publishers=_publishers(head or ended),
        low_confidence=_weak(head or ended),
        accounts_differ=any(differing_fields(fact) for one in head or ended for fact in _carriers(one)),
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


def _carriers(one: Standing) -> tuple[Fact, ...]:
    """The facts whose accounts carry a standing: the measure itself, or what a derived one rests on."""
    return one.premises if one.derived else (one.fact,)


def _publishers(head: list[Standing]) -> int:
    """How many independent publishers stand behind a verdict.

    A page that carries the report of an agency on counts as that agency. What is derived stands only as firmly as the
    least supported of its premises.
    """
    stated = [one.fact for one in head if not one.derived]
    if stated:
        return len({name for fact in stated for name in fact.publishers()})
    premises = [
        fact for one in head for fact in one.premises if fact.accounts and fact.type != "JurisdictionMembership"
    ]
    return min((len(fact.publishers()) for fact in premises), default=0)


def _weak(head: list[Standing]) -> bool:
    """Whether everything that makes the headline is marked as resting on weak sources."""
    carriers = [fact for one in head for fact in _carriers(one)]
    return bool(carriers) and all(fact.first("confidence") for fact in carriers)


def recorded_places(store: Store, platform: ox.NamedNode, on: date, known: date) -> list[ox.NamedNode]:
    """The jurisdictions in which anything that gives a level is recorded for a platform; cuts of all access on their days."""
    return places_of_any(store, [platform], on, known)


def places_of_any(store: Store, platforms: Sequence[ox.NamedNode], on: date, known: date) -> list[ox.NamedNode]:
    """The jurisdictions in which anything that gives a level is recorded for one of some platforms, asked at once."""
    days: dict[str, catalogue.Bound] = {"on": names.day_literal(on), "known": names.day_literal(known)}
    rows = _ask_all(store, "recorded-places", [{"platform": one, **days} for one in platforms])
    return sorted({row["area"] for row in rows}, key=lambda area: area.value)


def controlled_platforms(store: Store, company: ox.NamedNode, on: date, known: date) -> list[ox.NamedNode]:
    """The platforms that a company controls on a day."""
    rows = ask(store, "controlled-platforms", company=company, on=names.day_literal(on), known=names.day_literal(known))
    return [row["platform"] for row in rows]


def members(store: Store, service_class: ox.NamedNode) -> list[ox.NamedNode]:
    """The platforms that a class of services covers; none for a platform."""
    return [row["platform"] for row in ask(store, "members", **{"class": service_class})]
