"""Verbs that look things up."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.answers.model import graphs_of, to_plain
from kg.cli import verdicts
from kg.cli.options import Form, Known, On, Place, Places
from kg.formats import output
from kg.formats.own import counts_here
from kg.graph import open_graph


def status(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="Platforms, classes such as VPN, companies for all their platforms."),
    ] = None,
    place: Places = None,
    on: On = None,
    known: Known = None,
    form: Form = "table",
) -> None:
    """The verdict on a platform: kg status WhatsApp --in RU --on 2025-09-01."""
    verdicts.status(names, place, on, known, form)


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
    verdicts.why(names, place, on, known, form)


def changes(
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")],
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day (default: today).")] = None,
    place: Place = None,
    known: Known = None,
    form: Form = "table",
) -> None:
    """What began, ended or was done between two days: kg changes --from 2025-01-01 --to 2025-12-31 --in EU."""
    output.require_format(form)
    from kg.formats import longer

    answer = open_graph().changes(first, last, place, known=known)
    if form == "json":
        output.print_json(to_plain(answer))
    elif form == "table":
        output.print_lines(longer.changes_lines(answer))
    else:
        columns = ("earliest", "date", "certain", "change", "id", "type", "label", "applies_in", "sources")
        rows = [(one.earliest, one.date, one.certain, one.change, one.event.fact.id, one.event.fact.type, one.event.fact.label, " ".join(ref.id for ref in one.event.fact.refs("appliesIn")),
                 len({e.source for account in one.event.fact.accounts for e in account.evidence})) for one in answer.changes]  # fmt: skip
        output.print_rows(columns, rows, form)
        output.tell_aside(counts_here(graphs_of(one.event.fact for one in answer.changes)))
    if not answer.changes:
        typer.echo("kg: nothing on record changed in those days there", err=True)
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
            (one.thing.id, one.thing.label, one.code, one.category, one.level, one.certainty, one.since, one.narrower)
            for one in found
        ]
        columns = ("id", "name", "code", "category", "level", "certainty", "since", "narrower")
        used = [
            place
            for place, name in enumerate(columns)
            if form != "table" or name in {"id", "name"} or any(row[place] for row in rows)
        ]
        output.print_rows([columns[place] for place in used], [[row[place] for place in used] for row in rows], form)
        own = counts_here(graph for one in found for graph in one.graphs)
        if own and form == "table":
            output.print_lines([("", ""), ("", own)])
        else:
            output.tell_aside(own)
    if not found:
        typer.echo("kg: nothing on record fits", err=True)
        raise typer.Exit(1)
