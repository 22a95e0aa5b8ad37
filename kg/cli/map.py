"""The verb that draws a map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.files import drawn, ending_of, write
from kg.cli.options import Known, On

ENDINGS = (".html", ".svg", ".png", ".pdf")


def map_(
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help=f"The file to write; it ends in {', '.join(ENDINGS)}.")
    ],
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A platform; a class such as VPN or a company for all its platforms."),
    ] = None,
    category: Annotated[
        str | None, typer.Option(metavar="KIND", help="Instead: all platforms of a category, such as messenger.")
    ] = None,
    on: On = None,
    known: Known = None,
) -> None:
    """Draw the recorded level by country on a map of the world: kg map WhatsApp --on 2026-03-01 -o map.html."""
    from kg.graph import open_graph
    from kg.pictures.map import draw_map
    from kg.pictures.map_scene import gather, is_empty, title
    from kg.pictures.map_still import draw_map_svg

    ending = ending_of(out, ENDINGS)
    page = ending == ".html"
    found = gather(open_graph(), name, category=category, on=on, known=known, history=page)
    write(out, draw_map(found).encode() if page else drawn(draw_map_svg(found), ending, title(found)))
    if is_empty(found):
        typer.echo("kg: nothing is recorded anywhere for that day; that does not mean: not restricted", err=True)
        raise typer.Exit(1)
