"""The shapes of longer answers: timelines, profiles, search hits, list entries. See :mod:`kg.answers.model`."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.answers.model import Fact, Ref, Source, Span, Status


@dataclass(frozen=True)
class Event:
    """One dated thing of a timeline."""

    fact: Fact
    span: Span
    when: str
    state: bool


@dataclass(frozen=True)
class Timeline:
    """Everything dated about a thing, oldest first."""

    thing: Ref
    known: str
    events: tuple[Event, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Change:
    """What happened: an event began, ended, or (an act of one day) was done.

    ``earliest`` and ``date`` are the first and the last day on which it can have happened; ``certain`` says whether
    both lie in the time asked about.
    """

    earliest: str | None
    date: str
    change: str
    certain: bool
    event: Event


@dataclass(frozen=True)
class Changes:
    """What began, ended or was done between two days, both included; oldest first."""

    first: str
    last: str
    known: str
    place: Ref | None
    changes: tuple[Change, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Profile:
    """What the record holds about one thing.

    ``belongings`` are the authorities, laws, companies and regions of a jurisdiction, by class; ``spans`` says when
    each dated fact began and ended, by its id.
    """

    thing: Ref
    types: tuple[str, ...]
    names: tuple[str, ...]
    note: str | None
    values: dict[str, tuple[Ref, ...]]
    owners: tuple[Fact, ...]
    owns: tuple[Fact, ...]
    domains: tuple[Fact, ...]
    designations: tuple[Fact, ...]
    measures: tuple[Fact, ...]
    other: tuple[Fact, ...]
    sources: tuple[Source, ...]
    belongings: dict[str, tuple[Ref, ...]] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    """A thing that a search found, with the key that matched and how well (0 to 100)."""

    thing: Ref
    type: str
    matched: str
    score: int


@dataclass(frozen=True)
class Entry:
    """One line of a list."""

    thing: Ref
    code: str | None = None
    category: str | None = None
    level: str | None = None
    certainty: str | None = None
    since: str | None = None
    narrower: str | None = None
    graphs: tuple[str, ...] = ()
    """The named graphs that hold it and what the line says of it, where data of the user's own stands beside the record."""


@dataclass(frozen=True)
class Matrix:
    """Jurisdictions against platforms on a day: one row a jurisdiction, in it one status a platform.

    ``named`` holds the ids of what was asked for by its own name; of the rest, rows and columns in which nothing is
    recorded may be told in one line. ``data_hash`` says which record the answer was taken from.
    """

    on: str
    known: str
    platforms: tuple[Ref, ...]
    jurisdictions: tuple[Ref, ...]
    cells: tuple[tuple[Status, ...], ...]
    named: tuple[str, ...]
    data_hash: str
