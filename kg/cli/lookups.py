"""Verbs that look things up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from kg.answers.model import Standing, Status, to_plain
from kg.cli.options import Form, Known, On, Place, Places, codes
from kg.formats import output, text
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
    "measures",
    "held_off_by",
    "sources",
)


def status(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="Platforms, classes such as VPN, companies for all their platforms."),
    ],
    place: Places = None,
    on: On = None,
    known: Known = None,
    form: Form = "table",
) -> None:
    """The verdict on a platform: kg status WhatsApp --in RU --on 2025-09-01."""
    output.require_format(form)
    answers = _statuses(names, codes(place), on, known)
    _require_some(answers, names)
    if form == "json":
        output.print_json([to_plain(one) for one in answers])
    elif form == "table" and (place or len(answers) == 1) and len(answers) <= _MOST_WHOLE:
        for number, one in enumerate(answers):
            output.print_lines([*([("", "")] if number else []), *text.status_lines(one)])
    elif form == "table":
        columns = ("platform", "jurisdiction", "verdict", "certainty", "since", "sources")
        output.print_rows(
            columns,
            [
                (
                    a.platform.label,
                    f"{a.jurisdiction.id} {a.jurisdiction.label}",
                    a.verdict,
                    a.certainty,
                    a.since,
                    len(a.sources),
                )
                for a in answers
            ],
        )
    else:
        output.print_rows(STATUS_COLUMNS, [_status_row(one) for one in answers], form)


def _statuses(names: Sequence[str], places: list[str], on: str | None, known: str | None) -> list[Status]:
    graph = open_graph()
    return [answer for name in names for answer in graph.statuses(name, places, on=on, known=known)]


def _require_some(answers: list[Status], names: Sequence[str]) -> None:
    if not answers:
        typer.echo(
            f"kg: nothing that gives a level is recorded anywhere for {', '.join(names)}; with --in CODE the answer for one place",
            err=True,
        )
        raise typer.Exit(1)


def _status_row(one: Status) -> tuple[Any, ...]:
    held = dict.fromkeys(fact.id for standing in one.held_off for fact in standing.held_off_by)
    return (one.platform.id, one.jurisdiction.id, one.on, one.known, one.verdict, one.level, one.certainty, one.derived, one.since, one.last_confirmed,
            " ".join(_id(standing) for standing in one.measures), " ".join(held), len(one.sources))  # fmt: skip


def _id(standing: Standing) -> str:
    return standing.fact.id


def why(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="Platforms, classes such as VPN, companies for all their platforms."),
    ],
    place: Places = None,
    on: On = None,
    known: Known = None,
    form: Form = "table",
) -> None:
    """The chain from verdict to sources: kg why WhatsApp --in RU."""
    output.require_format(form, ("table", "json"))
    answers = _statuses(names, codes(place), on, known)
    _require_some(answers, names)
    if form == "json":
        output.print_json([to_plain(one) for one in answers])
        return
    for number, one in enumerate(answers):
        output.print_lines([*([("", "")] if number else []), *text.why_lines(one)])


def timeline(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A platform, company, authority, court, person, law or jurisdiction.")
    ],
    place: Place = None,
    known: Known = None,
    form: Form = "table",
) -> None:
    """Everything dated about a thing, oldest first: kg timeline WhatsApp --in RU."""
    output.require_format(form)
    from kg.formats import longer

    answer = open_graph().timeline(name, place, known=known)
    if form == "json":
        output.print_json(to_plain(answer))
    elif form == "table":
        output.print_lines(longer.timeline_lines(answer))
    else:
        columns = ("id", "type", "label", "from_earliest", "from_latest", "until_earliest", "until_latest", "sources")
        rows = [(one.fact.id, one.fact.type, one.fact.label, one.span.from_earliest, one.span.from_latest, one.span.until_earliest, one.span.until_latest,
                 len({e.source for account in one.fact.accounts for e in account.evidence})) for one in answer.events]  # fmt: skip
        output.print_rows(columns, rows, form)
    if not answer.events:
        typer.echo(f"kg: nothing dated is recorded about {answer.thing.label} there", err=True)
        raise typer.Exit(1)


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Anything that has a name in the record.")],
    known: Known = None,
    form: Form = "table",
) -> None:
    """The profile of a thing: kg show Roskomnadzor."""
    output.require_format(form, ("table", "json"))
    from kg.formats import longer

    answer = open_graph().show(name, known=known)
    if form == "json":
        output.print_json(to_plain(answer))
    else:
        output.print_lines(longer.profile_lines(answer))


def find(
    name: Annotated[
        str, typer.Argument(metavar="TEXT", help="A name with slips, in any script, a domain, an address.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many hits.")] = 10,
    form: Form = "table",
) -> None:
    """Search names, aliases, native scripts and domains: kg find Ватсап."""
    output.require_format(form)
    hits = open_graph().find(name, limit)
    if form == "json":
        output.print_json([to_plain(one) for one in hits])
    else:
        output.print_rows(
            ("id", "name", "type", "matched", "score"),
            [(one.thing.id, one.thing.label, one.type, one.matched, one.score) for one in hits],
            form,
        )
    if not hits:
        typer.echo(f"kg: nothing in the record is called anything like '{name}'", err=True)
        raise typer.Exit(1)


def list_things(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="platforms, companies, authorities, laws, designations, jurisdictions or sources."
        ),
    ],
    place: Place = None,
    on: On = None,
    known: Known = None,
    category: Annotated[str | None, typer.Option(help="Platforms of this category only.")] = None,
    level: Annotated[str | None, typer.Option(help="With --in: none, pressure, limited, withdrawn or blocked.")] = None,
    form: Form = "table",
) -> None:
    """List things of one kind: kg list platforms --in RU --level blocked."""
    output.require_format(form)
    found = open_graph().list(kind, place, on=on, known=known, category=category, level=level)
    if form == "json":
        output.print_json([to_plain(one) for one in found])
    else:
        rows = [
            (one.thing.id, one.thing.label, one.code, one.category, one.level, one.certainty, one.since)
            for one in found
        ]
        columns = ("id", "name", "code", "category", "level", "certainty", "since")
        used = [
            place
            for place, name in enumerate(columns)
            if form != "table" or name in {"id", "name"} or any(row[place] for row in rows)
        ]
        output.print_rows([columns[place] for place in used], [[row[place] for place in used] for row in rows], form)
    if not found:
        typer.echo("kg: nothing on record fits", err=True)
        raise typer.Exit(1)
