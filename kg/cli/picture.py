"""Verbs that draw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.files import drawn, ending_of, write
from kg.cli.options import Known, On, Place
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph
    from kg.pictures.scene import Scene

ENDINGS = (".html", ".svg", ".png", ".pdf", ".graphml", ".gexf", ".dot", ".mmd", ".cyjs", ".json")


def graph(
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help=f"The file to write; it ends in {', '.join(ENDINGS)}.")
    ],
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME...", help="Things to draw around.")] = None,
    place: Place = None,
    on: On = None,
    known: Known = None,
    depth: Annotated[int, typer.Option(min=1, max=4, help="How many steps from the things named.")] = 1,
    view: Annotated[
        str, typer.Option(metavar="VIEW", help="acts (lines), events (a card for each act), ownership or law.")
    ] = "acts",
    whole: Annotated[
        bool, typer.Option("--all", help="The whole record: a page of groups, or every thing for other programs.")
    ] = False,
    group: Annotated[
        str | None, typer.Option(metavar="WAY", help="With --all, the groups of the page: jurisdiction or company.")
    ] = None,
    light: Annotated[
        bool, typer.Option("--light", help="A page of a few dozen kB: drawing, table and search, no slider.")
    ] = False,
    links: Annotated[
        bool, typer.Option("--links", help="Addresses of sources can be followed; a press on one tells who asks.")
    ] = False,
) -> None:
    """Draw a network picture, or write it for other programs: kg graph WhatsApp --in RU -o whatsapp.html."""
    from kg.graph import open_graph

    ending = ending_of(out, ENDINGS)
    _require_choice(names, ending, group, whole=whole)
    _require_page(out, ending, light=light, links=links, whole=whole)
    opened = open_graph()
    if whole and ending == ".html":
        from kg.pictures.grouped import draw_groups

        write(out, draw_groups(opened, group or "jurisdiction", place, on=on, known=known).encode())
        return
    from kg.pictures.scene import set_scene

    scene = set_scene(opened, names or [], place, on=on, known=known, depth=depth, view=view)
    if ending == ".html":
        write(out, _page(opened, scene, out, light=light, links=links).encode())
    else:
        write(out, _other(scene, ending))
    if scene.is_empty:
        from kg.pictures.views import VIEWS

        others = [one for one in VIEWS if one != view and not set_scene(opened, names or [], place, on=on, known=known, depth=depth, view=one).is_empty]  # fmt: skip
        typer.echo(f"kg: {_nothing(scene, others)}", err=True)
        raise typer.Exit(1)


def _nothing(scene: Scene, others: list[str]) -> str:
    """One sentence about a picture without any act: which views have one, where there are such."""
    about = scene.heading if scene.focus else scene.heading[:1].lower() + scene.heading[1:]
    told = f"nothing is recorded about {about} that --view {scene.view} draws"
    if not others:
        return f"{told}, nor any other view; that does not mean: not restricted"
    named = " and ".join(filter(None, [", ".join(others[:-1]), others[-1]]))
    return f"{told}; --view {named} {'have' if others[1:] else 'has'} something"


def _page(opened: KnowledgeGraph, scene: Scene, out: Path, *, light: bool, links: bool) -> str:
    from kg.pictures.large import is_large

    if is_large(scene):
        if light or links:
            raise UsageError(f"{len(scene.network)} cards are too many for {'--light' if light else '--links'}: draw less with --in or --depth, or leave it out")  # fmt: skip
        return _large(scene, out)
    if light:
        from kg.pictures.light import draw_light

        return draw_light(opened, scene, links=links)
    from kg.pictures.page import draw_scene

    return draw_scene(opened, scene, links=links)


def _other(scene: Scene, ending: str) -> bytes:
    from kg.pictures.exports import FORMATS

    if ending in (".svg", ".png", ".pdf"):
        return drawn(FORMATS[".svg"](scene), ending, scene.heading)
    return FORMATS[ending](scene).encode()


def _require_choice(names: list[str] | None, ending: str, group: str | None, *, whole: bool) -> None:
    """Things or the whole record, and groups only where they are drawn."""
    if not names and not whole:
        raise UsageError("name what is to be drawn, as in kg graph TikTok -o tiktok.html, or say --all")
    if names and whole:
        raise UsageError(f"--all draws the whole record; leave out {', '.join(names)} or --all")
    if whole and ending in (".svg", ".png", ".pdf"):
        raise UsageError("the whole record is too much for one drawing: end the file in .html for a page of groups")
    if group and not (whole and ending == ".html"):
        raise UsageError("--group says how the page of --all is grouped: kg graph --all --group company -o all.html")


def _require_page(out: Path, ending: str, *, light: bool, links: bool, whole: bool) -> None:
    """What is said of the page of a network only where one is drawn."""
    if not (light or links):
        return
    choice = "--light" if light else "--links"
    if ending != ".html":
        raise UsageError(f"{choice} is for pages: end '{out.name}' in .html")
    if whole:
        raise UsageError(f"{choice} is for pages of a network; --all writes one of groups")


def _large(scene: Scene, out: Path) -> str:
    """The page of a picture that is too large for columns, with a bar on a terminal while things find their places."""
    import sys

    from rich.console import Console
    from rich.progress import Progress

    from kg.pictures.large import draw_large

    arguments = " ".join(sys.argv[1:]).replace(str(out), str(out.with_suffix(".json")))
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("placing things", total=None)
        return draw_large(
            scene, f"kg {arguments}", lambda done, total: progress.update(task, completed=done, total=total)
        )
