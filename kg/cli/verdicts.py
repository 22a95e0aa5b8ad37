"""What ``kg status`` and ``kg why`` do once their words are read; free of typer, which takes longer to load than they take."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from kg.answers.model import Standing, Status, to_plain
from kg.errors import UsageError
from kg.formats import output, text
from kg.formats.own import counts_here
from kg.graph import open_graph

_MOST_WHOLE = 8
"""More answers than these are told one line each."""
STATUS_COLUMNS = (
    "platform",
    "jurisdiction",
    "on",
    "known",
    "verdict",
    "level",
    "certainty",
    "derived",
    "since",
    "last_confirmed",
    "publishers",
    "accounts_differ",
    "low_confidence",
    "measures",
    "held_off_by",
    "sources",
)


def status(names: Sequence[str] | None, place: list[str] | None, on: str | None, known: str | None, form: str) -> None:
    """Tell the verdict on some platforms.

    Raises:
        SystemExit: with 1 when nothing is recorded anywhere.
        UsageError: when no platform is named, or the format does not exist.
    """
    output.require_format(form)
    if not names:
        where = codes(place)[0] if place else "RU"
        raise UsageError(
            f"name a platform, as in kg status WhatsApp --in {where}; kg list platforms --in {where} shows all of a place"
        )
    answers = _statuses(names, codes(place), on, known)
    _require_some(answers, names)
    if form == "json":
        output.print_json([to_plain(one) for one in answers])
    elif form == "table" and (place or _one_that_runs(answers)) and len(answers) <= _MOST_WHOLE:
        for number, one in enumerate(answers):
            output.print_lines([*([("", "")] if number else []), *text.status_lines(one)])
    elif form == "table":
        from kg.formats import world

        world.print_world(answers)
    else:
        output.print_rows(STATUS_COLUMNS, [_status_row(one) for one in answers], form)
        output.tell_aside(counts_here(graph for one in answers for graph in one.graphs()))


def why(names: Sequence[str], place: list[str] | None, on: str | None, known: str | None, form: str) -> None:
    """Tell the chain from verdict to sources.

    Raises:
        SystemExit: with 1 when nothing is recorded anywhere.
        UsageError: when the format does not exist.
    """
    output.require_format(form, ("table", "json"))
    answers = _statuses(names, codes(place), on, known)
    _require_some(answers, names)
    if form == "json":
        output.print_json([to_plain(one) for one in answers])
        return
    for number, one in enumerate(answers):
        output.print_lines([*([("", "")] if number else []), *text.why_lines(one)])


def _one_that_runs(answers: list[Status]) -> bool:
    return len(answers) == 1 and answers[0].certainty is not None


def _statuses(names: Sequence[str], places: list[str], on: str | None, known: str | None) -> list[Status]:
    graph = open_graph()
    return [answer for name in names for answer in graph.statuses(name, places, on=on, known=known)]


def _require_some(answers: list[Status], names: Sequence[str]) -> None:
    if not answers:
        print(
            f"kg: nothing that gives a level is recorded anywhere for {', '.join(names)}; with --in CODE the answer for one place",
            file=sys.stderr,
        )
        raise SystemExit(1)


def _status_row(one: Status) -> tuple[Any, ...]:
    held = dict.fromkeys(fact.id for standing in one.held_off for fact in standing.held_off_by)
    return (one.platform.id, one.jurisdiction.id, one.on, one.known, one.verdict, one.level, one.certainty, one.derived, one.since, one.last_confirmed,
            one.publishers, one.accounts_differ, one.low_confidence, " ".join(_id(standing) for standing in one.measures), " ".join(held), len(one.sources))  # fmt: skip


def _id(standing: Standing) -> str:
    return standing.fact.id


def codes(given: list[str] | None) -> list[str]:
    """``--in RU --in BY`` and ``--in RU,BY`` alike."""
    return [one.strip() for text in given or [] for one in text.split(",") if one.strip()]
