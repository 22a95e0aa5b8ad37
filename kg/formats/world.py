"""Many statuses at once: one line each, the severest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from kg.answers.model import Standing, Status, sources_of
from kg.formats import output
from kg.formats.headline import last_word, years_unconfirmed
from kg.formats.inside import inside
from kg.formats.own import counts_here
from kg.formats.text import CAUTION

COLUMNS = ("platform", "place", "verdict", "audience", "certainty", "since", "last confirmed", "publishers", "sources")
PRESUMED = "Presumed: it began and no end is on record; nothing after 'last confirmed' (after its start, where that is empty) says that it still runs."
_MANY = 5
"""From so many platforms on, what hits them alike is told once."""
_SEVERITY = ("blocked", "withdrawn", "limited", "pressure", "none")
_CERTAINTY = ("definite", "presumed", "possible", "ended that day")


def print_world(answers: list[Status]) -> None:
    """Print what runs as a table, and name the places of what does not in a line below."""
    whole = {(one.platform.id, one.jurisdiction.id): one for one in answers}
    told = [one for one in answers if not _as_around(one, whole)]
    running = sorted((one for one in told if _shown(one)), key=lambda one: (one.jurisdiction.label, one.platform.label))
    running.sort(key=lambda one: last_word(one) or date.min, reverse=True)
    running.sort(key=_order)
    one_platform = len({one.platform.id for one in answers}) == 1
    columns = COLUMNS[1:] if one_platform else COLUMNS
    first = answers[0]
    who = first.platform.label if one_platform else f"{len({one.platform.id for one in answers})} platforms"
    print(f"{who} on {first.on}" + ("" if first.known == first.on else f", as publicly known on {first.known}"))
    if own := counts_here(graph for one in answers for graph in one.graphs()):
        print(f"  {own}")
    print()
    rows = _once_for_all([row for one in running for row in _rows(one)], {one.platform.label for one in answers})
    if rows:
        output.print_rows(columns, [row[1:] if one_platform else row for row in rows])
    if any(one.certainty == "presumed" for one in running):
        print()
        print(PRESUMED)
    if not rows:
        print(CAUTION)
    _print_rest([one for one in told if not _shown(one)], one_platform)


def _shown(one: Status) -> bool:
    return one.certainty is not None or bool(_of_groups(one))


def _of_groups(one: Status) -> list[Standing]:
    """What runs in the very place asked about, for a narrower group of people."""
    return [standing for standing in one.narrower if standing.area.id == one.jurisdiction.id]


def _as_around(one: Status, whole: dict[tuple[str, str], Status]) -> bool:
    """Whether a region says no more than its country, whose line tells of it."""
    around = whole.get((one.platform.id, one.jurisdiction.id.partition("-")[0]))
    if around is None or around is one or _of_groups(one):
        return False
    return (one.level, one.certainty, one.since) == (around.level, around.certainty, around.since)


def _order(one: Status) -> tuple[int, int]:
    """The severest first, the surest of them first; what was confirmed last stays on top of the others."""
    return _SEVERITY.index(one.level), _CERTAINTY.index(one.certainty) if one.certainty else len(_CERTAINTY)


def _rows(one: Status) -> Iterable[tuple[Any, ...]]:
    """The headline for everyone, if there is one, then a line a narrower group."""
    place = f"{one.jurisdiction.label} ({one.jurisdiction.id})"
    if one.certainty is not None:
        yield (
            one.platform.label, place, one.verdict, "everyone", _certainty(one), one.since, one.last_confirmed, one.publishers,
            _sources([standing for standing in (*one.measures, *one.ended) if one.level in {"none", standing.level.id}])
        )  # fmt: skip
    groups: dict[str, Standing] = {}
    for standing in _of_groups(one):
        best = groups.setdefault(standing.audience.id, standing)
        if standing.rank > best.rank:
            groups[standing.audience.id] = standing
    for standing in groups.values():
        yield (
            one.platform.label, place, standing.level.label, standing.audience.label, standing.certainty,
            standing.span.begin, standing.last_confirmed, len(standing.fact.publishers()), _sources([standing])
        )  # fmt: skip


def _sources(standings: list[Standing]) -> int:
    """How many sources stand behind some standings; behind a derived one those of what it rests on."""
    facts = [fact for one in standings for fact in (one.premises if one.derived else (one.fact,))]
    return len(sources_of(facts))


def _once_for_all(rows: list[tuple[Any, ...]], platforms: set[str]) -> list[tuple[Any, ...]]:
    """What hits nearly every platform asked about in the same way (a cut of all access) is one line."""
    hit: dict[tuple[Any, ...], set[str]] = {}
    for row in rows:
        hit.setdefault(row[1:], set()).add(row[0])
    told: dict[tuple[Any, ...], None] = {}
    for platform, *rest in rows:
        alike = len(hit[tuple(rest)])
        many = alike >= _MANY and alike >= len(platforms) - 1
        told[(f"{alike} of them" if many else platform, *rest)] = None
    return list(told)


def _certainty(one: Status) -> str | None:
    years = years_unconfirmed(one)
    return f"{one.certainty}, unconfirmed {years} y" if years else one.certainty


def _print_rest(rest: list[Status], one_platform: bool) -> None:
    if not rest:
        return
    places = dict.fromkeys(
        one.jurisdiction.label if one_platform else f"{one.platform.label} in {inside(one.jurisdiction.label)}"
        for one in rest
    )
    print()
    print(f"On record, but nothing that ran that day: {', '.join(sorted(places))}")
