"""The verb that sets jurisdictions against platforms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.answers.model import to_plain
from kg.answers.records import Matrix
from kg.cli.options import Form, Known, On, Places, codes
from kg.errors import UsageError
from kg.formats import output
from kg.graph import open_graph


def matrix(
    platforms: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAMES",
            help="Platforms, with commas; classes such as VPN, companies for all their platforms. May be repeated.",
        ),
    ] = None,
    category: Annotated[
        str | None, typer.Option(metavar="KIND", help="Instead: all platforms of a category, such as messenger.")
    ] = None,
    place: Places = None,
    on: On = None,
    known: Known = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write a page that needs no network: .html.")
    ] = None,
    form: Form = "table",
) -> None:
    """Jurisdictions against platforms on a day: kg matrix --platforms TikTok,X --in RU,IN,IR -o matrix.html."""
    output.require_format(form)
    _require_choice(platforms, place)
    _require_page(out, form)
    answer = open_graph().matrix(codes(platforms), codes(place), category=category, on=on, known=known)
    if not answer.jurisdictions or not answer.platforms:
        what = ", ".join(codes(platforms)) or category
        typer.echo(
            f"kg: nothing that gives a level is recorded anywhere for {what}; with --in CODE the answer for one place",
            err=True,
        )
        raise typer.Exit(1)
    _write(answer, out, form)
    from kg.formats.matrix import is_empty

    if is_empty(answer):
        typer.echo("kg: nothing is recorded in any of these cells; that does not mean: not restricted", err=True)
        raise typer.Exit(1)


def _require_choice(platforms: list[str] | None, place: list[str] | None) -> None:
    """Refuse options that hold commas and blanks alone."""
    for given, option, sort in ((platforms, "--platforms", "platform"), (place, "--in", "place")):
        if given and not codes(given):
            raise UsageError(f"{option} names no {sort}")


def _require_page(out: Path | None, form: str) -> None:
    if out is None:
        return
    if form != "table":
        raise UsageError(f"-o writes a page and --format {form} to standard output; give one of them")
    if out.suffix.lower() not in {".html", ".htm"}:
        raise UsageError(
            f"cannot draw '{out.suffix or out.name}'; -o takes a file that ends in .html (for the others --format, as in --format csv > FILE)"
        )
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}")


def _write(answer: Matrix, out: Path | None, form: str) -> None:
    from kg.formats import matrix as formats
    from kg.formats.own import counts_here

    if out is not None:
        from kg.formats.results import beside
        from kg.pictures.matrix import draw_matrix

        page = draw_matrix(answer).encode()
        try:
            with beside(out) as half:
                half.write_bytes(page)
        except OSError as error:
            raise UsageError(f"{out} cannot be written ({error.strerror})") from None
        print(f"{out}: {-(-len(page) // 1000)} kB")
    elif form == "json":
        output.print_json(to_plain(answer))
    elif form == "table":
        formats.print_table(answer)
    else:
        output.print_rows(formats.columns(answer), formats.rows(answer), form)
        output.tell_aside(counts_here(formats.graphs(answer)))
