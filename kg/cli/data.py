"""Verbs around the record itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg import places
from kg.cli.options import Form
from kg.errors import DataError, UsageError
from kg.formats import output


def build() -> None:
    """Compile the record anew: kg build."""
    from kg.store import open_store

    store = open_store(rebuild=True, tell=lambda message: print(f"kg: {message}", file=sys.stderr))
    print(f"{store.origin.statements} statements in {store.origin.folder or 'memory'}")


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE...]", help="Turtle files; they are checked together with the packaged record."),
    ] = None,
    shacl: Annotated[
        bool, typer.Option("--shacl", help="Run the SHACL shapes as well (needs the extra 'shacl').")
    ] = False,
) -> None:
    """Validate data: kg check, kg check my-facts.ttl."""
    from kg.build.check import find_problems
    from kg.build.read import read_record

    given = files or []
    for file in given:
        if not file.is_file():
            raise UsageError(f"there is no file {file}")
    record = list(dict.fromkeys([*places.record_files(), *(file.resolve() for file in given)]))
    chosen = [*places.vocabulary_files(), *record]
    store = read_record(chosen)
    problems = [str(one) for one in find_problems(store, chosen)]
    if shacl:
        from kg.build.shapes import shape_problems

        problems += shape_problems(store, chosen)
    if problems:
        raise DataError("\n".join(problems), problems)
    print(f"sound: {len(record)} files, {len(store)} statements, {len(places.check_files())} checks")


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
        print(f"{name:<26} {value}")
