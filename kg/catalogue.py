"""Queries are files: each ``.rq`` runs unchanged in any SPARQL 1.1 tool and says what it is in its header.

Header lines begin with ``#+``::

    #+ summary: one sentence
    #+ param NAME TYPE [= DEFAULT]: meaning        (the types are in kg.sparql.parameters)
    #+ column NAME TYPE [UNIT]: meaning
    #+ theme: status

Parameters are bound as terms through the ``VALUES`` block that the file itself contains; nothing is pasted as text.
A parameter whose default is ``any`` is bound as ``UNDEF`` when it is not given, which lets it take every value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg import places
from kg.errors import UnknownName, UsageError

_PARAM = re.compile(r"#\+ param (?P<name>\w+) (?P<type>[\w-]+)(?: = (?P<default>\S+))?: (?P<meaning>.+)")
_COLUMN = re.compile(r"#\+ column (?P<name>\w+) (?P<type>\w+)(?: (?P<unit>[\w ]+))?: (?P<meaning>.+)")
_VALUES = re.compile(r"VALUES\s*\(\s*(?P<names>(?:\?\w+\s*)+)\)\s*\{(?P<rows>[^{}]*)\}")
Bound = ox.NamedNode | ox.Literal
Term = Bound | None
"""A value for a parameter; ``None`` leaves the variable free (``UNDEF``)."""
_VALUE = re.compile(r'"(?P<text>[^"]*)"(?:\^\^[\w:]+|@[\w-]+)?|<(?P<iri>[^<>]*)>|(?P<name>[\w:][\w:./-]*)')
_TODAY = "2026-11-22"
"""The day that stands for today in the examples of the files."""
ANY = "any"
"""The default of a parameter that need not be given and then takes every value."""
THEMES = (
    "status",
    "history",
    "ownership and designation",
    "law",
    "escalation",
    "comparison",
    "money",
    "sources and doubt",
    "gaps",
    "alternatives",
    "reading",
)
"""The themes of the catalogue in the order in which it shows them; ``reading`` is for programs."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a named query; without a default it must be given."""

    name: str
    type: str
    default: str | None
    meaning: str


@dataclass(frozen=True)
class Column:
    """One column of the answer."""

    name: str
    type: str
    unit: str | None
    meaning: str


@dataclass(frozen=True)
class NamedQuery:
    """A query file with what its header says."""

    name: str
    summary: str
    theme: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str

    def bind(self, rows: Mapping[str, Term] | Iterable[Mapping[str, Term]]) -> str:
        """The query with its ``VALUES`` block filled: one row of terms, or several.

        Raises:
            UsageError: when a parameter is missing or unknown.
        """
        filled = [rows] if isinstance(rows, Mapping) else list(rows)
        block = _VALUES.search(self.text)
        if block is None:
            if any(filled):
                raise UsageError(f"the query {self.name} takes no parameters")
            return self.text
        wanted = [name.lstrip("?") for name in block["names"].split()]
        for row in filled:
            _require_exactly(self.name, wanted, row)
        body = " ".join("(" + " ".join(_written(row[name]) for name in wanted) + ")" for row in filled)
        return self.text[: block.start("rows")] + " " + body + " " + self.text[block.end("rows") :]

    def sample(self) -> dict[str, str]:
        """The parameters with which the file stands as an example: name to what a person would type.

        What is left free, and days that stand for today, are left out.
        """
        block = _VALUES.search(self.text)
        if block is None:
            return {}
        types = {one.name: one.type for one in self.parameters}
        names = [name.lstrip("?") for name in block["names"].split()]
        row = {
            name: _typed(types.get(name, "iri"), found)
            for name, found in zip(names, _VALUE.finditer(block["rows"]), strict=True)
        }
        return {name: value for name, value in row.items() if value not in {"UNDEF", _TODAY}}


def _typed(kind: str, found: re.Match[str]) -> str:
    """What a person would type for a value: things and concepts without their prefix."""
    if found["text"] is not None:
        return found["text"]
    if found["iri"] is not None:
        return found["iri"]
    return found["name"] if kind == "iri" else found["name"].rpartition(":")[2]


def _written(term: Term) -> str:
    return "UNDEF" if term is None else str(term)


def _require_exactly(name: str, wanted: list[str], given: Mapping[str, Term]) -> None:
    for extra in given:
        if extra not in wanted:
            from difflib import get_close_matches

            near = get_close_matches(extra, wanted, 1, 0.5)
            hint = f"; did you mean {near[0]}?" if near else f"; it takes {', '.join(wanted)}"
            raise UsageError(f"the query {name} has no parameter {extra}{hint}")
    missing = [one for one in wanted if one not in given]
    if missing:
        raise UsageError(f"the query {name} needs {', '.join('--' + one for one in missing)}")


def parse_query(name: str, text: str) -> NamedQuery:
    """Read the header of a query text."""
    lines = [line for line in text.splitlines() if line.startswith("#+")]
    summary = next((line.removeprefix("#+ summary: ") for line in lines if line.startswith("#+ summary: ")), "")
    theme = next((line.removeprefix("#+ theme: ") for line in lines if line.startswith("#+ theme: ")), "")
    parameters = tuple(Parameter(**found.groupdict()) for line in lines if (found := _PARAM.fullmatch(line)))
    columns = tuple(Column(**found.groupdict()) for line in lines if (found := _COLUMN.fullmatch(line)))
    return NamedQuery(name, summary, theme, parameters, columns, text)


def query_files() -> dict[str, Path]:
    """Every named query and its file."""
    return {file.stem: file for file in sorted((places.QUERIES / "answers").glob("*.rq"))}


@cache
def load(name: str) -> NamedQuery:
    """A named query.

    Raises:
        UnknownName: when there is none; with the nearest names.
    """
    file = places.QUERIES / "answers" / f"{name}.rq"
    if not file.is_file():
        files = query_files()
        from difflib import get_close_matches

        near = get_close_matches(name, files, 3, 0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else "; kg queries lists them"
        raise UnknownName(f"there is no query called {name}{hint}", near)
    return parse_query(name, file.read_text(encoding="utf-8"))
