"""Verbs around the record itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kg import places
from kg.cli.options import Form
from kg.errors import DataError, UsageError
from kg.formats import output


def build() -> None:
    """Compile the record anew: kg build."""
    from kg.build.progress import Bar, on_terminal
    from kg.store import open_store

    store = open_store(own=_own(), rebuild=True, on_disk=True, tell=Bar() if on_terminal() else _line)
    print(f"{store.origin.statements} statements in {store.origin.folder}")


def _own(more: Sequence[Path] = ()) -> dict[Path, str]:
    """The files of the user's own data, with their graphs."""
    given = [*more, *places.own_data()]
    if not given:
        return {}
    from kg.build.own import own_files

    return own_files(given)


def _line(message: str) -> None:
    print(f"kg: {message}", file=sys.stderr)


def push(
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="FILE", help="Write a file for a bulk loader instead: .nt, .nq, .nt.gz or .nq.gz."
        ),
    ] = None,
    graph: Annotated[
        str | None,
        typer.Option(metavar="IRI", help="The named graph to replace; 'default' is the graph without a name."),
    ] = None,
    graph_store: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where the server takes graphs, if that is not beside its queries."),
    ] = None,
) -> None:
    """Load the compiled record into a SPARQL server: kg push --endpoint https://example.org/query."""
    from kg.endpoint import push as loading
    from kg.store import open_store

    address = os.environ.get("KG_ENDPOINT")
    if bool(address) == bool(out):
        raise UsageError("name a server (--endpoint URL) or a file (-o FILE), one of the two")
    chosen = {None: loading.GRAPH, "default": None}.get(graph, graph)
    store = open_store(own=_own())
    where = f"the graph {chosen}" if chosen else "the default graph"
    where += " and those of the files" if store.has_own else ""
    if out is not None:
        print(f"{loading.write(store, out, chosen)} statements in {out}")
    elif address is not None:
        print(f"{loading.push(store, address, chosen, graph_store)} statements in {where} of {address}")


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE...]",
            help="Files of data, which may be meant for the record, or folders with data of your own (as --data).",
        ),
    ] = None,
    shacl: Annotated[
        bool, typer.Option("--shacl", help="Run the SHACL shapes as well (needs the extra 'shacl').")
    ] = False,
) -> None:
    """Validate data: kg check, kg check my-facts.ttl, kg check evidence."""
    from pyoxigraph import DefaultGraph

    from kg.build.check import find_problems
    from kg.build.read import read_all

    own = _own([one for one in files or [] if one.is_dir()])
    for file in files or []:
        if not file.exists():
            raise UsageError(f"there is no file {file}")
    given = [*own, *(one.resolve() for one in files or [] if not one.is_dir())]
    others = [*places.vocabulary_files(), *(file for file in places.record_files() if file not in given)]
    chosen = list(dict.fromkeys([*given, *others]))
    store, unread = read_all(chosen, graphs=own)
    found = find_problems(store, chosen)
    mine = [str(file) for file in given]
    questions = [one for one in found if one.question and (not mine or one.place.rpartition(":")[0] in mine)]
    problems = [*unread, *(str(one) for one in found if not one.question)]
    if shacl:
        from kg.build.shapes import shape_problems

        problems += shape_problems(store, chosen)
    for one in questions:
        print(f"kg: {one}", file=sys.stderr)
    if problems:
        raise DataError("\n".join(problems), problems)
    statements = sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))
    print(
        f"sound: {len(chosen) - len(places.vocabulary_files())} files, {statements} statements, {len(places.check_files())} checks"
        + (f", {len(questions)} question{'s' * (len(questions) > 1)}" if questions else "")
    )


def format_files(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Turtle files (default: the packaged record).")
    ] = None,
    test: Annotated[bool, typer.Option("--check", help="Change nothing; name the files that would change.")] = False,
) -> None:
    """Bring Turtle files into the one order of the record; comments inside are dropped: kg format my-facts.ttl."""
    from kg.build.turtle import canonical

    untidy = 0
    for file in files or places.record_files():
        if not file.is_file():
            raise UsageError(f"there is no file {file}")
        text = file.read_text(encoding="utf-8")
        try:
            tidy = canonical(text)
        except DataError as error:
            raise DataError(f"{file}: {error}") from None
        if tidy != text:
            untidy += 1
            print(f"{'not in order' if test else 'put in order'}: {file}")
            if not test:
                file.write_text(tidy, encoding="utf-8")
                _tell_of_lost_comments(file, text, tidy)
    if untidy and test:
        raise typer.Exit(1)
    if not untidy:
        print("every file is in order")


def _tell_of_lost_comments(file: Path, before: str, after: str) -> None:
    lost = sum(line.lstrip().startswith("#") for line in before.splitlines()) - sum(
        line.startswith("#") for line in after.splitlines()
    )
    if lost > 0:
        print(
            f"kg: {file}: {lost} comment lines inside the file were dropped; only those at its top are kept",
            file=sys.stderr,
        )


def info(form: Form = "table") -> None:
    """What is in the record and where its compiled store lies: kg info."""
    output.require_format(form, ("table", "json"))
    from kg.graph import open_graph

    numbers = open_graph().info()
    if form == "json":
        output.print_json(numbers)
        return
    nodes = numbers.pop("nodes")
    for name, value in [*numbers.items(), *((f"  {name}", number) for name, number in sorted(nodes.items()))]:
        print(f"{name.replace('_', ' '):<26} {value}")
