"""One platform, or several together, all over the world: what is recorded in each jurisdiction, on a day and up to it.

A level is never worked out here. The bounds of everything recorded for a pair of platform and place say on which days
its answer can change; on those days the status itself is asked, for all pairs together: first each pair's first day,
then each pair's second, and so on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

import pyoxigraph as ox

from kg import catalogue, names
from kg.answers.facts import describe, span_of
from kg.answers.model import Ref, Status
from kg.answers.status import Pair, statuses
from kg.dates import FIRST_DAY, SOME_DAY, next_day, parse_edtf
from kg.store import Store

_LEVELS = ("none", "pressure", "limited", "withdrawn", "blocked")
_SURE = (None, "ended that day", "possible", "presumed", "definite")


@dataclass(frozen=True)
class Moment:
    """What holds in a jurisdiction from a day on, until the next moment.

    ``head`` is the severest answer, the surest of those; ``same`` are the platforms that share its level; ``answers``
    holds every platform for which something is recorded then.
    """

    day: str
    head: Status | None
    same: tuple[Ref, ...]
    answers: tuple[Status, ...]


@dataclass(frozen=True)
class Place:
    """A jurisdiction. ``covered`` says what the record holds about it, whatever the platform or day.

    ``own``: acts of its own; ``wider``: only those of a union that it belongs to or of what it lies in; empty: nothing.
    ``moments`` are in order; the last one is that of the day asked about, and before it, wherever anything is recorded
    for a platform, the first one is that of the day from which it is told what held. Without history there is the last alone.
    """

    ref: Ref
    covered: str
    moments: tuple[Moment, ...]

    @property
    def now(self) -> Moment:
        """What holds on the day asked about."""
        return self.moments[-1]


@dataclass(frozen=True)
class Spread:
    """Some platforms in every jurisdiction of the record but regions, by name."""

    title: str
    start: str
    """The day from which it is told what held: the first of the year in which something first changed."""
    on: str
    known: str
    platforms: tuple[Ref, ...]
    places: tuple[Place, ...]
    data_hash: str
    graphs: tuple[str, ...] = ()
    """The named graphs that hold what is told of any of its days, where data of the user's own stands beside the record."""


def spread(
    store: Store, title: str, platforms: Sequence[ox.NamedNode], *, on: date, known: date, history: bool = True
) -> Spread:
    """The answers for some platforms everywhere, and with ``history`` how they changed up to a day."""
    chosen = list(dict.fromkeys(platforms))
    labels = _jurisdictions(store)
    covered = _covered(store, known)
    days = _days(store, [(platform, place) for place in labels for platform in chosen], on, known)
    start = min((several[0] for several in days.values()), default=on).replace(month=1, day=1)
    days = {pair: sorted({start, *several}) if history else [on] for pair, several in days.items()}
    told: dict[ox.NamedNode, dict[date, list[Status]]] = defaultdict(lambda: defaultdict(list))
    for round_ in zip_longest(*([(pair, day) for day in those] for pair, those in days.items())):
        asked = [one for one in round_ if one is not None]
        answers = statuses(store, [pair for pair, _ in asked], [day for _, day in asked], known)
        for ((_, place), day), answer in zip(asked, answers, strict=True):
            told[place][day].append(answer)
    places = [
        Place(ref, covered.get(ref.id, "wider" if node in told else ""), _moments(told[node], on))
        for node, ref in labels.items()
    ]
    described = describe(store, (one.value for one in chosen), known)
    return Spread(
        title=title,
        start=start.isoformat(),
        on=on.isoformat(),
        known=known.isoformat(),
        platforms=tuple(Ref(names.local_name(one.value), described[one.value].label) for one in chosen),
        places=tuple(sorted(places, key=lambda one: one.ref.label)),
        data_hash=store.origin.data_hash,
        graphs=_graphs(told.values()),
    )


def _graphs(told: Iterable[dict[date, list[Status]]]) -> tuple[str, ...]:
    answers = (answer for days in told for some in days.values() for answer in some)
    return tuple(sorted({graph for answer in answers for graph in answer.graphs()}))


def severest(answers: Iterable[Status]) -> Status | None:
    """The answer with the severest level; of several the surest."""
    return max(answers, key=lambda one: (_LEVELS.index(one.level), _SURE.index(one.certainty)), default=None)


def _moments(told: dict[date, list[Status]], on: date) -> tuple[Moment, ...]:
    """What holds on each day on which some platform was asked about, with the others as they stood."""
    found: list[Moment] = []
    standing: dict[str, Status] = {}
    for day in sorted({*told, on}):
        standing |= {one.platform.id: one for one in told.get(day, ())}
        answers = tuple(one for one in standing.values() if _holds_something(one))
        head = severest(answers)
        same = tuple(one.platform for one in answers if head and one.level == head.level != "none")
        found.append(Moment(day.isoformat(), head, same, answers))
    return tuple(found)


def _holds_something(one: Status) -> bool:
    return bool(one.certainty or one.narrower or one.held_off)


def _jurisdictions(store: Store) -> dict[ox.NamedNode, Ref]:
    """Every jurisdiction by its name, without regions: those have a hyphen in their code."""
    rows = store.select(catalogue.load("things").bind({"class": ox.NamedNode(names.ONTOLOGY + "Jurisdiction")}))
    found = {row["thing"]: Ref(names.local_name(row["thing"].value), row["label"].value) for row in rows}
    return {node: ref for node, ref in found.items() if "-" not in ref.id}


def _covered(store: Store, known: date) -> dict[str, str]:
    """What the record holds about each jurisdiction of which it holds anything."""
    rows = store.select(catalogue.load("jurisdictions-on-record").bind({}))
    own = {names.local_name(row["jurisdiction"].value) for row in rows}
    memberships = store.select(
        catalogue.load("things").bind({"class": ox.NamedNode(names.ONTOLOGY + "JurisdictionMembership")})
    )
    facts = describe(store, (row["thing"].value for row in memberships), known).values()
    members = {ref.id for fact in facts for ref in fact.refs("member") if {one.id for one in fact.refs("union")} & own}
    return dict.fromkeys(members, "wider") | dict.fromkeys(own, "own")


def _days(store: Store, pairs: Sequence[Pair], on: date, known: date) -> dict[Pair, list[date]]:
    """The days up to one, and that day itself, on which the answer for a pair can change; pairs with nothing are left out."""
    days: dict[str, catalogue.Bound] = {"on": names.day_literal(FIRST_DAY), "known": names.day_literal(known)}
    asked = [{"platform": platform, "jurisdiction": place, **days} for platform, place in pairs]
    rows = store.select(catalogue.load("status").bind(asked)) if asked else []
    holders = _holder_days(store, {row["measure"].value for row in rows}, known)
    found: dict[Pair, set[date]] = defaultdict(set)
    for row in rows:
        from0, from1, until0, until1 = span_of(row)
        # What ended on a day is told of on that day, and no more on the next.
        found[row["platform"], row["jurisdiction"]] |= {from0, from1, until0, until1, next_day(until1)}
        found[row["platform"], row["jurisdiction"]] |= holders.get(row["measure"].value, set())
    return {pair: sorted({on, *(day for day in several if FIRST_DAY < day <= on)}) for pair, several in found.items()}


def _holder_days(store: Store, measures: Iterable[str], known: date) -> dict[str, set[date]]:
    """The days on which what holds a measure off can begin or end."""
    held = {
        iri: [names.THING + ref.id for ref in fact.refs("heldOffBy")]
        for iri, fact in describe(store, measures, known).items()
    }
    holders = describe(store, (iri for several in held.values() for iri in several), known)
    days = {
        iri: _stated_days(text for account in fact.accounts for _, text in account.dates)
        for iri, fact in holders.items()
    }
    return {iri: set().union(*(days.get(one, set()) for one in several)) for iri, several in held.items() if several}


def _stated_days(texts: Iterable[str]) -> set[date]:
    bounds = [parse_edtf(text) for text in texts]
    days = {day for one in bounds for day in (one.earliest, one.latest)}
    return {other for day in days if day < SOME_DAY for other in (day, next_day(day))}
