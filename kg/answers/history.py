"""Timelines and profiles: everything dated about a thing, and everything about it."""

from __future__ import annotations

from datetime import date

import pyoxigraph as ox

from kg import names
from kg.answers.facts import ask, describe, span_of
from kg.answers.model import Fact, Ref, Span, sources_of
from kg.answers.records import Change, Changes, Event, Profile, Timeline
from kg.dates import Bounds, in_words
from kg.errors import UsageError
from kg.store import Row, Store

_STATES = frozenset({"RestrictionMeasure", "Withdrawal", "Designation", "Exemption", "Suspension", "LegalPhase", "Ownership",
                     "JurisdictionMembership", "Naming", "DomainUse", "Promotion", "Lift"})  # fmt: skip
_RELATIONS = frozenset({"Ownership", "DomainUse", "Naming"})
_HIDDEN = frozenset(
    {"type", "lookupKey", "lookupPart", "prefLabel", "altLabel", "hiddenLabel", "slot", "reachedThrough", "exactMatch"}
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


def changes(store: Store, first: date, last: date, known: date, place: ox.NamedNode | None = None) -> Changes:
    """What began, ended or was done between two days (both included), and in a place where one is given.

    Raises:
        UsageError: when the last day lies before the first.
    """
    if last < first:
        raise UsageError(f"--to {last} lies before --from {first}")
    asked = {"from": first, "to": last, "known": known}
    rows = ask(store, "changes", **{name: names.day_literal(day) for name, day in asked.items()})
    facts = describe(store, [*([place.value] if place else []), *(row["event"].value for row in rows)], known)
    code = names.local_name(place.value) if place else None
    found = [
        _change(row, facts[row["event"].value], first, last)
        for row in rows
        if code is None or _applies(facts[row["event"].value], code)
    ]
    where = Ref(code, facts[place.value].label) if code and place else None
    return Changes(
        first.isoformat(),
        last.isoformat(),
        known.isoformat(),
        where,
        tuple(found),
        sources_of([one.event.fact for one in found]),
    )


def _change(row: Row, fact: Fact, first: date, last: date) -> Change:
    earliest = date.fromisoformat(row["until0" if row["change"].value == "ended" else "from0"].value)
    latest = date.fromisoformat(row["date"].value)
    certain = first <= earliest and latest <= last
    return Change(earliest.isoformat(), latest.isoformat(), row["change"].value, certain, _event(fact, row))


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
        belongings=_belongings(store, thing) if about.type == "Jurisdiction" else {},
        spans={facts[iri].id: _event(facts[iri], row).span for iri, row in rows.items()},
    )


def _belongings(store: Store, place: ox.NamedNode) -> dict[str, tuple[Ref, ...]]:
    """What belongs to a jurisdiction, by class."""
    found: dict[str, dict[str, Ref]] = {}
    for row in ask(store, "belongs-to", jurisdiction=place):
        kind = names.local_name(row["type"].value).split("#")[-1]
        ref = Ref(names.local_name(row["thing"].value), row["label"].value)
        found.setdefault(kind, {})[ref.id] = ref
    return {kind: tuple(refs.values()) for kind, refs in found.items()}
