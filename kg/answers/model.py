"""The shapes of answers. Days are ISO text (``2026-02-12``); open bounds are absent (``None``), never a sentinel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

from kg.dates import FIRST_DAY, LAST_DAY, SOME_DAY, Bounds, in_words, parse_edtf
from kg.names import RECORD_GRAPH


@dataclass(frozen=True)
class Ref:
    """A node by its readable id and its English label."""

    id: str
    label: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Source:
    """A source that was read: publisher, title, day of issue as written, address."""

    id: str
    publisher: str
    title: str | None
    issued: str | None
    url: str
    reprint_of: str | None = None


@dataclass(frozen=True)
class Evidence:
    """A place in a source."""

    source: Source
    locator: str | None


@dataclass(frozen=True)
class Account:
    """One claim: what its sources say about dates, and from which day it was public."""

    claim: str
    public_on: str
    dates: tuple[tuple[str, str], ...]
    evidence: tuple[Evidence, ...]
    stance: str | None = None
    according_to: str | None = None
    scheduled: bool = False
    restates: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    """The named graphs that hold it, where data of the user's own stands beside the record."""

    @property
    def own_graphs(self) -> tuple[str, ...]:
        """The graphs of the user's own among them."""
        return tuple(graph for graph in self.graphs if graph != RECORD_GRAPH)


@dataclass(frozen=True)
class Fact:
    """A node of the record with what is stated about it and the accounts that carry it."""

    id: str
    type: str
    label: str
    note: str | None
    values: dict[str, tuple[Ref, ...]]
    accounts: tuple[Account, ...]
    derived_by: str | None = None

    def refs(self, *names: str) -> tuple[Ref, ...]:
        """The values of some properties, in their order, without repeats."""
        return tuple(dict.fromkeys(ref for name in names for ref in self.values.get(name, ())))

    def publishers(self) -> set[str]:
        """The independent publishers behind it: an agency's report printed in many places counts once."""
        return {one.source.reprint_of or one.source.publisher for account in self.accounts for one in account.evidence}

    def first(self, name: str) -> Ref | None:
        """The first value of a property."""
        return next(iter(self.values.get(name, ())), None)

    @property
    def is_in_record(self) -> bool:
        """Whether the record has an account of it beside data of the user's own."""
        return any(RECORD_GRAPH in account.graphs for account in self.accounts)


@dataclass(frozen=True)
class Span:
    """Bounds of a beginning and an end, both as a pair of days; ``None`` where open.

    ``ended_some_day``: it is said to have ended, and no account gives a latest day.
    """

    from_earliest: str | None
    from_latest: str | None
    until_earliest: str | None
    until_latest: str | None
    ended_some_day: bool = False

    @classmethod
    def of(cls, start: Bounds, end: Bounds) -> Span:
        """From bounds, without sentinels."""
        return cls(
            _day(start.earliest), _day(start.latest), _day(end.earliest), _day(end.latest), end.latest == SOME_DAY
        )

    @property
    def begin(self) -> str:
        """The beginning in words."""
        return in_words(_bounds(self.from_earliest, self.from_latest))

    @property
    def ended(self) -> bool:
        """Whether some account gives an end."""
        return self.until_latest is not None or self.ended_some_day

    @property
    def end(self) -> str:
        """The end in words; empty while none is on record."""
        return in_words(_bounds(self.until_earliest, self.until_latest)) if self.ended else ""


def _day(day: date) -> str | None:
    return None if day in {FIRST_DAY, SOME_DAY, LAST_DAY} else day.isoformat()


def _bounds(low: str | None, high: str | None) -> Bounds:
    return Bounds(date.fromisoformat(low) if low else FIRST_DAY, date.fromisoformat(high) if high else LAST_DAY)


@dataclass(frozen=True)
class Standing:
    """One measure, withdrawal or derived exposure as it stands on the day asked about."""

    fact: Fact
    kind: Ref
    level: Ref
    rank: int
    certainty: str
    audience: Ref
    area: Ref
    reach: str
    span: Span
    last_confirmed: str | None
    derived: bool
    held_off_by: tuple[Fact, ...] = ()
    premises: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Status:
    """The answer to *what is the status of this platform here on this day, as publicly known on that day*.

    ``level`` is ``none``, ``pressure``, ``limited``, ``withdrawn`` or ``blocked``; ``certainty`` is ``definite``,
    ``presumed`` (no end on record, past the last confirmation), ``possible``, ``ended that day`` or ``None`` when
    nothing is recorded. ``at_least`` is the level that stands for certain when the headline is only possible.
    ``publishers`` counts the independent publishers behind the headline; ``accounts_differ`` says whether they
    contradict each other on a date; ``low_confidence`` whether it rests on weak sources alone.
    """

    platform: Ref
    jurisdiction: Ref
    on: str
    known: str
    verdict: str
    level: str
    certainty: str | None
    derived: bool
    since: str | None
    last_confirmed: str | None
    at_least: str | None
    publishers: int = 0
    accounts_differ: bool = False
    low_confidence: bool = False
    measures: tuple[Standing, ...] = ()
    held_off: tuple[Standing, ...] = ()
    narrower: tuple[Standing, ...] = ()
    ended: tuple[Standing, ...] = ()
    upcoming: tuple[Standing, ...] = ()
    state_backing: tuple[Fact, ...] = ()
    operators: tuple[Fact, ...] = ()
    acts: dict[str, int] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    ended_by_own: tuple[Fact, ...] = ()
    """Facts of the record that do not show on the day and that data of the user's own say had ended."""

    def facts(self) -> list[Fact]:
        """Every fact that the answer shows: measures, what they rest on, what holds them off, what backs the platform."""
        return [*self.behind(), *self.state_backing, *self.operators]

    def behind(self) -> list[Fact]:
        """The facts that make the verdict, or stand beside it: measures, what they rest on, what holds them off."""
        standings = (*self.measures, *self.held_off, *self.narrower, *self.ended)
        return [fact for one in standings for fact in (one.fact, *one.premises, *one.held_off_by)]

    def graphs(self) -> set[str]:
        """The named graphs that hold what is behind it, and what is missing because it had ended or begins only later."""
        later = [one.fact for one in self.upcoming if one.fact.is_in_record]
        return graphs_of([*self.behind(), *self.ended_by_own, *later])


def sources_of(facts: tuple[Fact, ...] | list[Fact]) -> tuple[Source, ...]:
    """Every source behind some facts, in order of first use."""
    return tuple(dict.fromkeys(one.source for fact in facts for account in fact.accounts for one in account.evidence))


def graphs_of(facts: Iterable[Fact]) -> set[str]:
    """The named graphs that hold the accounts of some facts, where data of the user's own stands beside the record."""
    return {graph for fact in facts for account in fact.accounts for graph in account.graphs}


def differing_fields(fact: Fact) -> list[str]:
    """The date fields on which accounts of a fact contradict each other: no day fits both. Corrected ones do not."""
    stated: dict[str, list[Bounds]] = {}
    corrected = {name for one in fact.accounts if one.stance == "correction" for name, _ in one.dates}
    for account in fact.accounts:
        for name, text in account.dates:
            if name != "inForceOn" and name not in corrected:
                stated.setdefault(name, []).append(parse_edtf(text))
    return [
        name
        for name, several in stated.items()
        if max(one.earliest for one in several) > min(one.latest for one in several)
    ]


def to_plain(value: Any) -> Any:
    """An answer as plain dictionaries, lists, text and numbers, ready for JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {key: to_plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(one) for one in value]
    return value
