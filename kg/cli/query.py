"""Verbs around SPARQL."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg import catalogue
from kg.errors import UnknownName, UsageError
from kg.graph import KnowledgeGraph, open_graph
from kg.sparql.limited import Limits

if TYPE_CHECKING:
    from kg.formats.html import About
    from kg.formats.results import Written
    from kg.sparql.answer import Results

_SPARQL = re.compile(r"\s*(PREFIX|BASE|SELECT|ASK|CONSTRUCT|DESCRIBE|LOAD|CLEAR|DROP|CREATE)\s", re.IGNORECASE)
"""How a query begins: some, such as DESCRIBE, need no braces by which to know them."""
_GIGABYTE = 1 << 30
_OPTIONS = ("format", "out", "labels", "lang", "limit", "count", "explain", "timeout", "memory", "allow-service")


@dataclass(frozen=True)
class Asked:
    """What is asked: the text of a query, and for a named question its header and the parameters given."""

    text: str
    named: catalogue.NamedQuery | None
    given: dict[str, str]


def query(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE|-|SPARQL", help="A named question, a file, '-' for standard input, or the query itself."
        ),
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="table, csv, tsv, json, jsonl, markdown, html, sparql-json, sparql-xml, parquet or xlsx; for triples turtle, ntriples, jsonld or rdfxml.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to a file; its ending gives the format.")
    ] = None,
    labels: Annotated[bool, typer.Option("--labels", help="Put labels beside IRIs.")] = False,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="LANGS", help="Languages of the labels, best first, such as ru,en.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=0, metavar="N", help="Stop after N rows.")] = None,
    count: Annotated[bool, typer.Option("--count", help="Print only how many rows or triples there are.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Do not run it: show its patterns, what matches each, and what is slow.")
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", min=0, metavar="SECONDS", help="Stop it then (60 for queries of your own; 0 never)."),
    ] = None,
    memory: Annotated[
        float | None, typer.Option("--memory", min=0, metavar="GB", help="Stop it when it needs more (2; 0 no limit).")
    ] = None,
    allow_service: Annotated[
        bool, typer.Option("--allow-service", help="Let SERVICE ask other endpoints over the network.")
    ] = False,
) -> None:
    """Ask in SPARQL: kg query blocked-platforms --in RU, or kg query 'SELECT ...'."""
    from kg.formats import results as formats
    from kg.sparql.run import stream_text

    chosen = formats.choose(form, out)
    graph = open_graph()
    asked = _asked(graph, what, _parameters(context.args))
    if explain:
        _explain(graph, asked)
        return
    began = time.perf_counter()
    limits = _limits(asked, timeout, memory)
    found = stream_text(graph.store, asked.text, limits=limits, allow_service=allow_service)
    try:
        for notice in found.notices:
            _say(f"warning: {notice}")
        if count:
            _count(found, limit)
            return
        if labels or lang:
            from kg.sparql.labels import with_labels

            found = with_labels(graph.store, found, [one.strip() for one in (lang or "en").split(",")])
        written = formats.write(found, chosen, out, _about(graph, asked), limit)
    finally:
        found.close()
    _report(found, written, time.perf_counter() - began, free=asked.named is None)
    if found.truth is None and not written.number:
        raise typer.Exit(1)


def _say(message: str) -> None:
    typer.echo(f"kg: {message}", err=True)


def _report(found: Results, written: Written, seconds: float, *, free: bool) -> None:
    sys.stdout.flush()
    word = {"rows": "row", "truth": "row", "triples": "triple"}[found.form]
    more = " (there are more)" if written.cut else ""
    _say(f"{written.number} {word}{'' if written.number == 1 else 's'} in {seconds:.3f} s{more}")
    if free and written.empty and not written.cut:
        for hint in found.hints():
            _say(f"hint: {hint}")


def _count(found: Results, limit: int | None) -> None:
    from itertools import islice

    if found.truth is not None:
        raise UsageError("--count goes with rows and triples; this query gives a yes or no")
    items = found.triples if found.triples is not None else found.rows or ()
    print(sum(1 for _ in (items if limit is None else islice(items, limit))))


def _limits(asked: Asked, timeout: float | None, memory: float | None) -> Limits | None:
    """Questions of the catalogue run in this process unless somebody asks for limits; any other text has them."""
    if asked.named is not None and timeout is None and memory is None:
        return None
    usual = Limits()
    return Limits(
        usual.seconds if timeout is None else timeout,
        usual.memory if memory is None else round(memory * _GIGABYTE),
    )


def _asked(graph: KnowledgeGraph, what: str, given: dict[str, str]) -> Asked:
    from kg.sparql.run import bound, bound_text

    if what in catalogue.query_files():
        _require_no_slip(catalogue.load(what), given)
        return Asked(bound(graph.store, what, given), catalogue.load(what), given)
    return Asked(bound_text(graph.store, _text(what), given), None, given)


def _require_no_slip(named: catalogue.NamedQuery, given: dict[str, str]) -> None:
    """A misspelt option looks like a parameter; it is nearer to an option."""
    parameters = [one.name for one in named.parameters]
    for name in given:
        near = get_close_matches(name, [*parameters, *_OPTIONS], 1, 0.6)
        if name not in parameters and near and near[0] in _OPTIONS:
            raise UsageError(f"the query {named.name} has no parameter --{name}; did you mean --{near[0]}?")


def _about(graph: KnowledgeGraph, asked: Asked) -> About:
    from kg.formats.html import About
    from kg.sparql.explain import portable

    note = f"Record {graph.store.origin.data_hash}, {graph.store.origin.statements} statements."
    if asked.named is None:
        return About("Answer to a query", query=portable(asked.text), notes=(note,))
    chosen = ", ".join(f"{name} {value}" for name, value in asked.given.items())
    title = asked.named.name.replace("-", " ").capitalize() + (f": {chosen}" if chosen else "")
    return About(title, asked.named.summary, asked.text, (note,))


def _explain(graph: KnowledgeGraph, asked: Asked) -> None:
    from kg.sparql.explain import explain
    from kg.sparql.guard import inspect

    inspect(asked.text, allow_service=True)
    print("\n".join(explain(graph.store, asked.text)))


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
        name = "jurisdiction" if name == "in" else name
        if name in given:
            raise UsageError(f"--{name} is given twice; a question takes one value for each parameter")
        given[name] = value
    return given


def _text(what: str) -> str:
    if what == "-":
        return _standard_input()
    if any(mark in what for mark in ("{", "\n")):
        return what
    try:
        file = Path(what)
        if file.is_file():
            return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{what} is not UTF-8 text; a query file is") from None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"'{what[:60]}' cannot be read as a file ({getattr(error, 'strerror', None) or error})"
        ) from None
    if _SPARQL.match(what):
        return what
    if what.endswith((".rq", ".sparql")):
        raise UsageError(f"there is no file {what}")
    catalogue_error = f"'{what}' is neither a named question nor a file nor a query; kg queries lists the questions"
    try:
        catalogue.load(what)
    except UnknownName as error:
        raise UnknownName(
            f"{catalogue_error}{'; did you mean ' + error.suggestions[0] + '?' if error.suggestions else ''}",
            error.suggestions[:1],
        ) from None
    return what


def _standard_input() -> str:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("standard input is not UTF-8 text; a query is") from None
    if not text.strip():
        raise UsageError("standard input is empty; a query was expected there")
    return text
