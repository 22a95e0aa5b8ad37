"""Options that several verbs share."""

from __future__ import annotations

from typing import Annotated

import typer

Places = Annotated[
    list[str] | None,
    typer.Option(
        "--in",
        metavar="CODE",
        help="Jurisdiction: ISO 3166 code, EU, or a name. May be repeated, or several with commas.",
    ),
]
Place = Annotated[str | None, typer.Option("--in", metavar="CODE", help="Jurisdiction: ISO 3166 code, EU, or a name.")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day asked about (default: today).")]
Known = Annotated[
    str | None, typer.Option("--known", metavar="DATE", help="Count only what was public on this day (default: today).")
]
Form = Annotated[
    str, typer.Option("--format", "-f", metavar="FORMAT", help="table, json, csv, tsv, markdown or jsonl.")
]


def codes(given: list[str] | None) -> list[str]:
    """``--in RU --in BY`` and ``--in RU,BY`` alike."""
    return [one.strip() for text in given or [] for one in text.split(",") if one.strip()]
