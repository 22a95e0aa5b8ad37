"""Writing answers out: styled text on a terminal, plain text in a pipe, JSON, CSV, TSV, Markdown anywhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any, TextIO

from kg.errors import UsageError
from kg.formats.headline import Line

FORMATS = ("table", "json", "csv", "tsv", "markdown", "jsonl")
_MEASURED = 1000
"""Rows by which the widths of a table are measured."""


def require_format(name: str, allowed: Sequence[str] = FORMATS) -> None:
    """Refuse a format that does not exist here.

    Raises:
        UsageError: with the formats there are.
    """
    if name not in allowed:
        raise UsageError(f"there is no format '{name}' here; there are {', '.join(allowed)}")


def on_terminal() -> bool:
    """Whether colours make sense: a terminal, and NO_COLOR not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines, with styles on a terminal."""
    if not on_terminal():
        sys.stdout.write("\n".join(text.rstrip() for _, text in lines).rstrip("\n") + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for style, text in lines:
        console.print(Text(text, style=style))


def print_json(value: Any) -> None:
    """Print a value as JSON, keys in their documented order, letters as they are."""
    import json

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str = "table") -> None:
    """Print rows in one of :data:`FORMATS`."""
    require_format(form)
    if form == "table" and on_terminal():
        _print_rich(columns, rows)
    else:
        write_rows(columns, rows, form, sys.stdout)


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str, out: TextIO) -> None:
    """Write rows as they come, in one of :data:`FORMATS`."""
    writers: dict[str, Callable[[Sequence[str], Iterable[Sequence[Any]], TextIO], None]] = {
        "json": _write_json,
        "jsonl": _write_jsonl,
        "csv": partial(_write_csv, ","),
        "tsv": partial(_write_csv, "\t"),
        "markdown": _write_markdown,
        "table": _write_table,
    }
    writers[form](columns, rows, out)


def _write_json(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """The same text as one call of the library would give, written row by row."""
    import json

    before = "[\n"
    for row in rows:
        one = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, indent=2, default=str)
        out.write(before + "  " + one.replace("\n", "\n  "))
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def _write_jsonl(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    import json

    out.writelines(
        json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str) + "\n" for row in rows
    )


def _write_csv(separator: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """RFC 4180; a cell that a spreadsheet would take for a formula gets a leading apostrophe."""
    import csv

    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(one) for one in row])


def _harmless(value: Any) -> str:
    text = cell(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in {"=", "+", "-", "@"} else text


def _write_markdown(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    out.write("| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns) + "\n")
    for row in rows:
        cells = (cell(one).replace("|", "\\|").replace("\n", " ") for one in row)
        out.write("| " + " | ".join(cells) + " |\n")


def tell_aside(told: str) -> None:
    """Tell beside rows what has no place among them."""
    if told:
        print(f"kg: {told}", file=sys.stderr)


def cell(value: Any) -> str:
    """A value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _write_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """Columns as wide as the first rows need; a wider cell further down pushes the rest of its line."""
    running = iter(rows)
    first = [[cell(one) for one in row] for row in islice(running, _MEASURED)]
    widths = [
        max(len(column), *(len(row[place]) for row in first)) if first else len(column)
        for place, column in enumerate(columns)
    ]
    out.writelines(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in chain([list(columns)], first, ([cell(one) for one in row] for row in running))
    )


def _print_rich(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console, running = Console(), iter(rows)
    batch = list(islice(running, _MEASURED))
    heading = True
    while batch or heading:
        table = Table(box=None, header_style="bold", pad_edge=False, show_header=heading)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in batch:
            table.add_row(*(Text(cell(one)) for one in row))
        console.print(table)
        batch, heading = list(islice(running, _MEASURED)), False
