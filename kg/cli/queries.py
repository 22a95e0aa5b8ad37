"""The catalogue of named questions on the command line."""

from __future__ import annotations

import shlex
from typing import Annotated, Any

import typer

from kg import catalogue
from kg.cli.options import Form
from kg.formats import output
from kg.formats.headline import Line
from kg.graph import open_graph
from kg.sparql.parameters import option

_SHOWN = 5
"""Rows of the example."""


def queries(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="One question, with its parameters, columns, text and example."),
    ] = None,
    form: Form = "table",
) -> None:
    """The catalogue of named questions: kg queries, kg queries blocked-platforms."""
    output.require_format(form)
    if name is not None:
        _show(catalogue.load(name), form)
        return
    found = [catalogue.load(one) for one in catalogue.query_files()]
    if form == "table":
        output.print_lines(_listing(found))
        return
    rows = [(one.theme, one.name, one.summary, _usage(one)) for one in found]
    order = catalogue.THEMES.index
    output.print_rows(
        ("theme", "name", "question", "parameters"), sorted(rows, key=lambda row: (order(row[0]), row[1])), form
    )


def _listing(found: list[catalogue.NamedQuery]) -> list[Line]:
    lines: list[Line] = []
    for theme in catalogue.THEMES:
        named = [one for one in found if one.theme == theme]
        lines.append(("bold", f"{theme.upper()}{' (asked by the program itself)' if theme == 'reading' else ''}"))
        for one in named:
            lines.append(("bold", f"  {one.name} {_usage(one)}".rstrip()))
            lines.append(("", f"      {one.summary}"))
        lines.append(("", ""))
    lines.append(("", "kg queries NAME shows one of them with its SPARQL and an example; kg query NAME asks it."))
    return lines


def _usage(one: catalogue.NamedQuery) -> str:
    """The parameters as on the command line; those that need not be given in brackets."""
    return " ".join(
        f"{option(p.name)} {p.type.upper()}" if p.default is None else f"[{option(p.name)} {p.type.upper()}]"
        for p in one.parameters
    )


def _show(one: catalogue.NamedQuery, form: str) -> None:
    if form == "json":
        output.print_json(_as_dict(one))
        return
    print(f"{one.name}: {one.summary}\n")
    for parameter in one.parameters:
        default = "" if parameter.default is None else f", default {parameter.default}"
        print(f"  {option(parameter.name)} ({parameter.type}{default}): {parameter.meaning}")
    for column in one.columns:
        print(f"  ?{column.name} ({column.type}{f' in {column.unit}' if column.unit else ''}): {column.meaning}")
    body = "\n".join(line for line in one.text.splitlines() if not line.startswith("#+")).strip()
    print(f"\n{body}\n\n$ {example(one)}")
    answer = open_graph().query(one.text)
    output.print_rows(answer.columns, answer.rows[:_SHOWN])
    if len(answer) > _SHOWN:
        print(f"… {len(answer)} rows")


def example(one: catalogue.NamedQuery) -> str:
    """The command that asks the question with the parameters that stand in its file."""
    given = " ".join(f"{option(name)} {shlex.quote(value)}" for name, value in one.sample().items())
    return f"kg query {one.name} {given}".rstrip()


def _as_dict(one: catalogue.NamedQuery) -> dict[str, Any]:
    return {
        "name": one.name,
        "theme": one.theme,
        "question": one.summary,
        "parameters": [
            {"option": option(p.name), "type": p.type, "default": p.default, "meaning": p.meaning}
            for p in one.parameters
        ],
        "columns": [
            {"name": column.name, "type": column.type, "unit": column.unit, "meaning": column.meaning}
            for column in one.columns
        ],
        "example": example(one),
        "sparql": one.text,
    }
