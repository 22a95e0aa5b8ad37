"""Options that several verbs share."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli import verdicts

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
codes = verdicts.codes
