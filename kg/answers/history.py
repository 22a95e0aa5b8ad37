"""Timelines and profiles: everything dated about a thing, and everything about it."""

from __future__ import annotations

from datetime import date

import pyoxigraph as ox

from kg import names
from kg.answers.facts import ask, describe, span_of
from kg.answers.model import Fact, Ref, Span, sources_of
from kg.answers.records import Event, Profile, Timeline
from kg.dates import Bounds, in_words
from kg.store import Row, Store

_STATES = frozenset({"RestrictionMeasure", "Withdrawal", "Designation", "Exemption", "Suspension", "LegalPhase", "Ownership",
                     "JurisdictionMembership", "Naming", "DomainUse", "Promotion", "Lift"})  # fmt: skip
_RELATIONS = frozenset({"Ownership", "DomainUse", "Naming"})
_HIDDEN = frozenset(
    {"type", "lookupKey", "prefLabel", "altLabel", "hiddenLabel", "slot", "reachedThrough", "exactMatch"}
)


def timeline(store: Store, thing: ox.NamedNode, known: date, place: ox.NamedNode | None = None) -> Timeline:
    """Everything dated about a thing, oldest first; with a place, only what applies there."""
    rows = _one_each(ask(store, "timeline", thing=thing, known=names.day_literal(known)))
    facts = describe(store, [thing.value, *rows], known)
    events = [
        _event(facts[iri], row) for iri, row in rows.items() if facts[iri].type not in _RELATIONS or place is None
    ]
    if place is not None:
        code = names.local_name(place.value)
        events = [one for one in events if _applies(one.fact, code)]
    ref = Ref(names.local_name(thing.value), facts[thing.value].label)
    return Timeline(ref, known.isoformat(), tuple(events), sources_of([one.fact for one in events]))


def _one_each(rows: list[Row]) -> dict[str, Row]:
    return {row["event"].value: row for row in rows}


def _applies(fact: Fact, code: str) -> bool:
    return any(ref.id == code or ref.id.startswith(f"{code}-") for ref in fact.refs("appliesIn"))


def _event(fact: Fact, row: Row) -> Event:
    from0, from1, until0, until1 = span_of(row)
    span = Span.of(Bounds(from0, from1), Bounds(until0, until1))
    is_act = any(name in names.ACT_FIELDS for account in fact.accounts for name, _ in account.dates)
    return Event(fact, span, in_words(Bounds(from0, from1)), fact.type in _STATES and not is_act)


def profile(store: Store, thing: ox.NamedNode, known: date) -> Profile:
    """What the record holds about one thing."""
    rows = _one_each(ask(store, "timeline", thing=thing, known=names.day_literal(known)))
    chain = {row["ownership"].value: row for row in ask(store, "owners", thing=thing)}
    facts = describe(store, [thing.value, *rows, *chain], known)
    about = facts[thing.value]
    events = [facts[iri] for iri in rows]
    own_id = names.local_name(thing.value)

    def of(*types: str) -> tuple[Fact, ...]:
        return tuple(fact for fact in events if fact.type in types)

    owns = tuple(fact for fact in of("Ownership") if own_id in {ref.id for ref in fact.refs("owner")})
    measures, designations, domains = (
        of("RestrictionMeasure", "Withdrawal"),
        of("Designation", "Exemption"),
        of("DomainUse"),
    )
    listed = {fact.id for fact in (*owns, *measures, *designations, *domains)} | {
        names.local_name(iri) for iri in chain
    }
    other = tuple(fact for fact in events if fact.id not in listed)
    owners = tuple(facts[iri] for iri in chain)
    labels = tuple(dict.fromkeys(ref.label for ref in about.refs("altLabel", "notation")))
    return Profile(
        thing=Ref(own_id, about.label),
        types=(about.type,),
        names=tuple(one for one in labels if one != about.label),
        note=about.note,
        values={name: refs for name, refs in about.values.items() if name not in _HIDDEN},
        owners=owners,
        owns=owns,
        domains=domains,
        designations=designations,
        measures=measures,
        other=other,
        sources=sources_of([*owners, *owns, *domains, *designations, *measures, *other]),
    )
