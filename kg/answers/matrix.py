"""Jurisdictions against platforms on a day: every pair in one batch of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import pyoxigraph as ox

from kg import names
from kg.answers.facts import describe
from kg.answers.model import Ref, Status
from kg.answers.records import Matrix
from kg.answers.status import places_of_any, statuses
from kg.store import Store

SEVEREST = ("blocked", "withdrawn", "limited", "pressure")


def matrix(
    store: Store,
    platforms: Sequence[ox.NamedNode],
    places: Sequence[ox.NamedNode],
    *,
    named: Sequence[ox.NamedNode],
    on: date,
    known: date,
) -> Matrix:
    """The statuses of some platforms in some places; without places in every one on record but regions.

    What was named keeps its order. Places that were not named stand in the order of what is recorded there, the most
    and severest first; so do platforms when none was named.
    """
    columns = list(dict.fromkeys(platforms))
    rows = list(dict.fromkeys(places)) or _countries(store, columns, on, known)
    pairs = [(platform, place) for place in rows for platform in columns]
    answers = iter(statuses(store, pairs, on, known))
    cells = {place: {platform: next(answers) for platform in columns} for place in rows}
    labels = _labels(store, [*columns, *rows], known)
    if not places:
        rows.sort(key=lambda place: (_weight(cells[place].values()), labels[place].label))
    if not any(platform in named for platform in columns):
        columns.sort(key=lambda one: (_weight(row[one] for row in cells.values()), labels[one].label))
    return Matrix(
        on=on.isoformat(),
        known=known.isoformat(),
        platforms=tuple(labels[one] for one in columns),
        jurisdictions=tuple(labels[one] for one in rows),
        cells=tuple(tuple(cells[place][platform] for platform in columns) for place in rows),
        named=tuple(dict.fromkeys(names.local_name(one.value) for one in named)),
        data_hash=store.origin.data_hash,
    )


def _countries(store: Store, platforms: Sequence[ox.NamedNode], on: date, known: date) -> list[ox.NamedNode]:
    """Every jurisdiction with a record for one of some platforms, without regions: those have a hyphen in their code."""
    found = places_of_any(store, platforms, on, known)
    return [one for one in found if "-" not in names.local_name(one.value)]


def _labels(store: Store, nodes: Sequence[ox.NamedNode], known: date) -> dict[ox.NamedNode, Ref]:
    facts = describe(store, (one.value for one in nodes), known)
    return {one: Ref(names.local_name(one.value), facts[one.value].label) for one in nodes}


def _weight(answers: Iterable[Status]) -> tuple[int, ...]:
    """What a row or column sorts by: how many of its cells are blocked, then withdrawn, limited, under pressure."""
    levels = Counter(one.level for one in answers)
    return tuple(-levels[level] for level in SEVEREST)
