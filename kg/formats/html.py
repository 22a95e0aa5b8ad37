"""Rows as an HTML table: one page that sorts and filters without a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from kg.formats.output import cell

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class About:
    """What a page says around its table."""

    title: str
    question: str = ""
    query: str = ""
    notes: Sequence[str] = field(default=())


def write_page(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO, about: About) -> None:
    """Write one page that holds everything it needs. Nothing from the data is ever markup, and no request leaves it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    style, script = ((_HERE / f"table.{one}").read_text(encoding="utf-8") for one in ("css", "js"))
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    template = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template("table.html")
    out.writelines(
        template.generate(
            about=about,
            columns=columns,
            rows=([(cell(one), _sort_key(one)) for one in row] for row in rows),
            style=style,
            script=script,
            policy=policy,
            today=date.today().isoformat(),  # noqa: DTZ011  a page is dated by the clock of its reader
        )
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def _sort_key(value: Any) -> str:
    """Numbers sort as numbers; anything else as its text."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
