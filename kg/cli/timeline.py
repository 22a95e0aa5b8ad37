"""The verb for everything dated: as a list, or as a picture with lanes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.answers.model import graphs_of, to_plain
from kg.cli.options import Form, Known, On, Place
from kg.errors import UsageError
from kg.formats import output
from kg.graph import open_graph

ENDINGS = (".html", ".svg", ".png", ".pdf")


def timeline(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="A platform, company, authority, court, person, law or jurisdiction."),
    ] = None,
    place: Place = None,
    on: On = None,
    known: Known = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help=f"Draw it: {', '.join(ENDINGS)}.")
    ] = None,
    form: Form = "table",
) -> None:
    """Everything dated about a thing, oldest first: kg timeline WhatsApp --in RU; kg timeline --in RU -o russia.html draws it."""
    output.require_format(form)
    if out is not None:
        _draw(name, place, on, known, out, form)
        return
    if on is not None:
        raise UsageError("--on is the last day of a picture; a list has --known, or draw it with -o FILE")
    if name is None:
        raise UsageError(
            "name a thing, as in: kg timeline WhatsApp; a place alone can be drawn: kg timeline --in RU -o russia.html"
        )
    _list(name, place, known, form)


def _draw(name: str | None, place: str | None, on: str | None, known: str | None, out: Path, form: str) -> None:
    from kg.cli.files import drawn, ending_of, write
    from kg.pictures import timeline as drawing
    from kg.pictures.lanes import set_lanes

    if form != "table":
        raise UsageError("-o draws a picture and --format says how a list is written; take one of the two")
    ending = ending_of(out, ENDINGS)
    lanes = set_lanes(open_graph(), name, place, on=on, known=known)
    if ending == ".html":
        write(out, drawing.draw_page(lanes).encode())
    else:
        write(out, drawn(drawing.draw_svg(lanes), ending, f"{lanes.title}: timeline"))


def _list(name: str, place: str | None, known: str | None, form: str) -> None:
    from kg.formats import longer
    from kg.formats.own import counts_here

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
        output.tell_aside(counts_here(graphs_of(one.fact for one in answer.events)))
    if not answer.events:
        typer.echo(f"kg: nothing dated is recorded about {answer.thing.label} there", err=True)
        raise typer.Exit(1)
