"""One path for every SPARQL text: the project's own questions and anybody's query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import pyoxigraph as ox

from kg import catalogue, names, places
from kg.answers import resolve
from kg.dates import parse_day
from kg.errors import QueryError, UsageError
from kg.store import Store

_OWN = re.compile(r"\b(prk|prkc):([A-Za-z][\w-]*)|<(https://w3id\.org/prk/(?:ontology#|concept/))([\w-]+)>")
_QUIET = re.compile(
    r"(?P<iri><[^<>\"{}|^`\s]*>)|'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|\"(?:\\.|[^\"\\\r\n])*\"|'(?:\\.|[^'\\\r\n])*'|#[^\r\n]*",
    re.DOTALL,
)
"""IRIs, which stay, and strings and comments, whose words mean nothing."""
_QUOTE_IN_IRI = re.compile(r"<[^<>\"{}|^`\s]*'[^<>\"{}|^`\s]*>")
"""May also be a comparison with a string: then nothing may be overlooked as if it were quoted."""
_NAMES = re.compile(r"<[^<>\"{}|^`\s]*>|(?<=[?$])[A-Za-z0-9_]+|(?<=:)[A-Za-z0-9_%:-]+")
_PREFIXED = re.compile(r"(?<![\w:?$@/-])([A-Za-z][\w-]*):[A-Za-z]")
_UPDATE = re.compile(r"\b(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|COPY|MOVE|ADD)\b", re.IGNORECASE)
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_SERVICE = re.compile(r"SERVICE", re.IGNORECASE)
"""Without word boundaries: the engine reads ``1SERVICE<…>`` and ``SERVICESILENT<…>`` as calls too."""
_PLACE = re.compile(r"(?P<line>\d+):(?P<column>\d+)")


@dataclass(frozen=True)
class Answer:
    """What a query gave: columns and rows of plain values, a yes or no, or triples."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truth: bool | None = None
    triples: tuple[ox.Triple, ...] | None = None

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """The rows, one after the other."""
        return iter(self.rows)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def run_text(store: Store, text: str) -> Answer:
    """Run any SPARQL query text.

    Raises:
        QueryError: for a syntax error (line, column), an update, SERVICE, or a term of ours that is not declared.
    """
    code = _QUIET.sub(lambda found: found["iri"] or " " + "\n" * found[0].count("\n"), text)
    _refuse(code, text)
    _require_declared(code)
    try:
        found = store.inner.query(text, prefixes=names.PREFIXES)
    except SyntaxError as error:
        raise QueryError(_syntax_message(text, error)) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query could not be run: {error}") from None
    if isinstance(found, ox.QueryBoolean):
        return Answer((), (), truth=bool(found))
    if isinstance(found, ox.QueryTriples):
        return Answer((), (), triples=tuple(sorted(found, key=str)))
    columns = tuple(variable.value for variable in found.variables)
    return Answer(columns, tuple(tuple(plain(row[name]) for name in columns) for row in found))


def run_named(store: Store, name: str, given: Mapping[str, str]) -> Answer:
    """Run a named question; parameters come as a person writes them and are bound as terms.

    Raises:
        UsageError: when a parameter is unknown, missing, or not of its type.
    """
    query = catalogue.load(name)
    known = {one.name for one in query.parameters}
    for extra in given:
        if extra not in known:
            near = get_close_matches(extra, known, 1, 0.5)
            hint = (
                f"did you mean --{near[0]}?"
                if near
                else f"it takes {', '.join('--' + one.name for one in query.parameters) or 'none'}"
            )
            raise UsageError(f"the query {name} has no parameter --{extra}; {hint}")
    terms: dict[str, catalogue.Term] = {}
    for one in query.parameters:
        text = given.get(one.name, one.default)
        if text is None:
            raise UsageError(f"the query {name} needs --{one.name} ({one.meaning})")
        terms[one.name] = to_term(store, one.type, text)
    return run_text(store, query.bind(terms))


def to_term(store: Store, kind: str, text: str) -> catalogue.Term:
    """A parameter as a term of its type."""
    wanted = {
        "platform": resolve.TARGETS,
        "jurisdiction": resolve.PLACES,
        "company": resolve.COMPANIES,
        "thing": resolve.EVERYTHING,
    }
    if kind in wanted:
        return resolve.resolve(store, text, wanted[kind])[0]
    if kind == "date":
        return names.day_literal(parse_day(text))
    if kind == "iri":
        return _iri(text)
    return ox.Literal(text)


def _iri(text: str) -> ox.NamedNode:
    prefix, _, rest = text.partition(":")
    whole = names.PREFIXES[prefix] + rest if prefix in names.PREFIXES else text if "://" in text else names.THING + text
    try:
        return ox.NamedNode(whole)
    except ValueError:
        raise UsageError(f"'{text}' is not an IRI") from None


def plain(term: Any) -> Any:
    """A term as a plain value: IRIs shortened to our prefixes, numbers, booleans and days typed."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return names.shorten(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    return _TYPED.get(names.shorten(term.datatype.value), str)(term.value)


def _day(text: str) -> date | None:
    """A day; the sentinels that stand for open bounds inside the store are no days and come out as nothing."""
    return date.fromisoformat(text) if "0001-01-01" < text < "9999-12-30" else None


_TYPED: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("xsd:integer", "xsd:int", "xsd:long"), int),
    **dict.fromkeys(("xsd:decimal", "xsd:double", "xsd:float"), float),
    "xsd:boolean": lambda text: text in {"true", "1"},
    "xsd:date": _day,
}


def _refuse(code: str, text: str) -> None:
    if _UPDATE.search(code) and not _FORM.search(code):
        raise QueryError("this is an update; queries read and never change the store")
    if _SERVICE.search(_NAMES.sub("", text if _QUOTE_IN_IRI.search(text) else code)):
        raise QueryError("SERVICE would reach into the network; take it out and ask the other endpoint itself")


def _require_declared(code: str) -> None:
    """A slip in a term of ours would give an empty answer; it is an error with the nearest term instead."""
    bound = {found[1] for found in re.finditer(r"\bPREFIX\s+([\w-]*):", code, re.IGNORECASE)} | set(names.PREFIXES)
    for found in _PREFIXED.finditer(re.sub(r"<[^<>\s]*>", " ", code)):
        if found[1] not in bound:
            near = get_close_matches(found[1], bound, 1, 0.5)
            raise QueryError(
                f"the prefix {found[1]}: is not declared" + (f"; did you mean {near[0]}:?" if near else "")
            )
    declared = declared_terms()
    for found in _OWN.finditer(code):
        prefix = found[1] or ("prk" if (found[3] or "").endswith("#") else "prkc")
        term = f"{prefix}:{found[2] or found[4]}"
        if term not in declared:
            near = get_close_matches(term, declared, 1, 0.5)
            hint = f"; did you mean {near[0]}?" if near else ""
            line = code[: found.start()].count("\n") + 1
            raise QueryError(f"line {line}: the ontology has no term {term}{hint}")


def declared_terms() -> frozenset[str]:
    """Every term that the ontology files declare, in prefixed form."""
    found: set[str] = set()
    for file in places.vocabulary_files():
        for match in re.finditer(r"^(prkc?:[\w-]+)\s", file.read_text(encoding="utf-8"), re.MULTILINE):
            found.add(match[1])
    return frozenset(found)


def _syntax_message(text: str, error: SyntaxError) -> str:
    line, column = error.lineno, error.offset
    message = error.msg or "it does not parse"
    if line is None and (place := _PLACE.search(message)):
        line, column = int(place["line"]), int(place["column"])
    if line is None:
        return f"the query does not parse: {message}"
    lines = text.splitlines() or [""]
    message = re.sub(r"^error at \d+:\d+: ", "", message)
    message = message if len(message) < 160 else message[:150] + " …"
    shown = lines[min(line, len(lines)) - 1]
    caret = " " * max(0, (column or 1) - 1) + "^"
    return f"the query does not parse at line {line}, column {column or 1}: {message}\n  {shown}\n  {caret}"
