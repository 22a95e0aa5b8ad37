"""An answer as a notebook shows it: a table without style and script."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

_SHOWN = 100
"""Rows that are shown; the answer itself holds them all."""


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as HTML; nothing from the data is markup."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{_cell(one)}</td>" for one in row) + "</tr>" for row in rows[:_SHOWN])
    more = f"<p>… and {len(rows) - _SHOWN} more rows</p>" if len(rows) > _SHOWN else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else escape(str(value))
