"""The verb that draws a map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import Known, On
from kg.errors import UsageError

ENDINGS = (".html", ".svg")


def map_(
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help=f"The file to write; it ends in {' or '.join(ENDINGS)}.")
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
    ending = ".html" if out.suffix.lower() == ".htm" else out.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"the ending of '{out.name}' says no format; end it in {' or '.join(ENDINGS)}")
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}")
    from kg.formats.results import beside
    from kg.graph import open_graph
    from kg.pictures.map import draw_map
    from kg.pictures.map_scene import gather, is_empty
    from kg.pictures.map_still import draw_map_svg

    found = gather(open_graph(), name, category=category, on=on, known=known)
    text = (draw_map(found) if ending == ".html" else draw_map_svg(found)).encode()
    try:
        with beside(out) as half:
            half.write_bytes(text)
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror})") from None
    print(f"{out}: {-(-len(text) // 1000)} kB")
    if is_empty(found):
        typer.echo("kg: nothing is recorded anywhere for that day; that does not mean: not restricted", err=True)
        raise typer.Exit(1)
