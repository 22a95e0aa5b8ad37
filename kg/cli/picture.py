"""Verbs that draw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import Known, On, Place
from kg.errors import UsageError

ENDINGS = (".html", ".svg", ".graphml", ".gexf", ".dot", ".mmd", ".cyjs", ".json")


def graph(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Things to draw around.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help=f"The file to write; it ends in {', '.join(ENDINGS)}.")
    ],
    place: Place = None,
    on: On = None,
    known: Known = None,
    depth: Annotated[int, typer.Option(min=1, max=4, help="How many steps from the things named.")] = 1,
    view: Annotated[
        str, typer.Option(metavar="VIEW", help="acts (lines), events (a card for each act), ownership or law.")
    ] = "acts",
) -> None:
    """Draw a network picture, or write it for other programs: kg graph WhatsApp --in RU -o whatsapp.html."""
    from kg.graph import open_graph

    ending = ".html" if out.suffix.lower() == ".htm" else out.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"the ending of '{out.name}' says no format; end it in {', '.join(ENDINGS)}")
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}")
    from kg.formats.results import beside
    from kg.pictures.exports import FORMATS
    from kg.pictures.page import draw_scene
    from kg.pictures.scene import set_scene

    opened = open_graph()
    scene = set_scene(opened, names, place, on=on, known=known, depth=depth, view=view)
    text = (draw_scene(opened, scene) if ending == ".html" else FORMATS[ending](scene)).encode()
    try:
        with beside(out) as half:
            half.write_bytes(text)
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror})") from None
    print(f"{out}: {-(-len(text) // 1000)} kB")
