"""Writing answers out: styled text on a terminal, plain text in a pipe, JSON, CSV, TSV, Markdown anywhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from kg.errors import UsageError
from kg.formats.headline import Line

FORMATS = ("table", "json", "csv", "tsv", "markdown", "jsonl")


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
    if form == "json":
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif form == "jsonl":
        import json

        for row in rows:
            sys.stdout.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str) + "\n")
    elif form in {"csv", "tsv"}:
        _print_csv(columns, rows, "," if form == "csv" else "\t")
    elif form == "markdown":
        _print_markdown(columns, rows)
    else:
        _print_table(columns, [[_cell(one) for one in row] for row in rows])


def _print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], separator: str) -> None:
    """RFC 4180; a cell that a spreadsheet would take for a formula gets a leading apostrophe."""
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(one) for one in row])
    sys.stdout.write(buffer.getvalue())


def _harmless(value: Any) -> str:
    text = _cell(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in {"=", "+", "-", "@"} else text


def _print_markdown(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += [
        "| " + " | ".join(_cell(one).replace("|", "\\|").replace("\n", " ") for one in row) + " |" for row in rows
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _print_table(columns: Sequence[str], rows: list[list[str]]) -> None:
    if on_terminal():
        from rich.console import Console
        from rich.table import Table

        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*row)
        Console().print(table)
        return
    widths = [
        max(len(column), *(len(row[place]) for row in rows)) if rows else len(column)
        for place, column in enumerate(columns)
    ]
    for row in [list(columns), *rows]:
        sys.stdout.write("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() + "\n")
