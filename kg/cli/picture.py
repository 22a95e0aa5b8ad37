"""Verbs that draw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import Known, On, Place
from kg.errors import UsageError


def graph(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Things to draw around.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="The file to write: .html.")],
    place: Place = None,
    on: On = None,
    known: Known = None,
    depth: Annotated[int, typer.Option(min=1, max=4, help="How many steps from the things named.")] = 1,
) -> None:
    """Draw a network picture: kg graph WhatsApp --in RU -o whatsapp.html."""
    from kg.graph import open_graph

    if out.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(f"cannot draw '{out.suffix or out.name}' yet; -o takes a file that ends in .html")
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}")
    from kg.pictures.page import draw_page

    page = draw_page(open_graph(), names, place, on=on, known=known, depth=depth)
    try:
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror})") from None
    print(f"{out}: {len(page.encode()) // 1000} kB")
