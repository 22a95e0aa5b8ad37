"""Verbs around SPARQL."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from kg import catalogue
from kg.cli.options import Form
from kg.errors import UnknownName, UsageError
from kg.formats import output
from kg.graph import open_graph
from kg.sparql import Answer, run_named, run_text

_SPARQL = re.compile(r"\s*(PREFIX|BASE|SELECT|ASK|CONSTRUCT|DESCRIBE|LOAD|CLEAR|DROP|CREATE)\s", re.IGNORECASE)
"""How a query begins: some, such as DESCRIBE, need no braces by which to know them."""


def query(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE|-|SPARQL", help="A named question, a file, '-' for standard input, or the query itself."
        ),
    ],
    form: Form = "table",
) -> None:
    """Ask in SPARQL: kg query blocked-platforms --jurisdiction RU, or kg query 'SELECT ...'."""
    output.require_format(form)
    given = _parameters(context.args)
    graph = open_graph()
    began = time.perf_counter()
    if what in catalogue.query_files():
        answer = run_named(graph.store, what, given)
    else:
        if given:
            raise UsageError(f"--{next(iter(given))} goes with a named question; kg queries lists them")
        answer = run_text(graph.store, _text(what))
    _print(answer, form)
    number = len(answer.triples) if answer.triples is not None else 1 if answer.truth is not None else len(answer.rows)
    typer.echo(
        f"kg: {number} {'triple' if answer.triples is not None else 'row'}{'' if number == 1 else 's'} in {time.perf_counter() - began:.3f} s",
        err=True,
    )
    if answer.truth is None and not number:
        raise typer.Exit(1)


def _parameters(rest: list[str]) -> dict[str, str]:
    """``--name value`` and ``--name=value`` pairs; ``--in`` is the jurisdiction, as everywhere else."""
    given: dict[str, str] = {}
    words = list(rest)
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            raise UsageError(f"'{word}' is neither an option nor its value; parameters are given as --name value")
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not words:
                raise UsageError(f"--{name} needs a value")
            value = words.pop(0)
        given["jurisdiction" if name == "in" else name] = value
    return given


def _text(what: str) -> str:
    if what == "-":
        return sys.stdin.read()
    if any(mark in what for mark in ("{", "\n")):
        return what
    try:
        file = Path(what)
        if file.is_file():
            return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{what} is not UTF-8 text; a query file is") from None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"'{what[:60]}' cannot be read as a file ({getattr(error, 'strerror', None) or error})"
        ) from None
    if _SPARQL.match(what):
        return what
    catalogue_error = f"'{what}' is neither a named question nor a file nor a query; kg queries lists the questions"
    try:
        catalogue.load(what)
    except UnknownName as error:
        raise UnknownName(
            f"{catalogue_error}{'; did you mean ' + error.suggestions[0] + '?' if error.suggestions else ''}",
            error.suggestions[:1],
        ) from None
    return what


def _print(answer: Answer, form: str) -> None:
    if answer.truth is not None:
        output.print_rows(("answer",), [(answer.truth,)], form)
    elif answer.triples is not None:
        sys.stdout.write("".join(f"{triple} .\n" for triple in answer.triples))
    else:
        output.print_rows(answer.columns, answer.rows, form)


def queries(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One question, with its parameters, columns and text.")
    ] = None,
    form: Form = "table",
) -> None:
    """The catalogue of named questions: kg queries, kg queries status."""
    output.require_format(form)
    if name is None:
        rows = [
            (one, catalogue.load(one).summary, " ".join(f"--{p.name}" for p in catalogue.load(one).parameters))
            for one in catalogue.query_files()
        ]
        output.print_rows(("name", "question", "parameters"), rows, form)
        return
    found = catalogue.load(name)
    print(f"{found.name}: {found.summary}\n")
    for one in found.parameters:
        print(f"  --{one.name} ({one.type}{', default ' + one.default if one.default else ''}): {one.meaning}")
    for column in found.columns:
        print(f"  ?{column.name} ({column.type}): {column.meaning}")
    print("\n" + "\n".join(line for line in found.text.splitlines() if not line.startswith("#+")).strip())
