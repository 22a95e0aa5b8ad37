"""Parameters of named questions: from what a person types to a term of the declared type."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import pyoxigraph as ox

from kg import catalogue, names
from kg.answers import resolve
from kg.answers.facts import ask
from kg.build.lookup import fold
from kg.dates import parse_day
from kg.errors import UnknownName, UsageError
from kg.store import Store

THINGS = {
    "platform": resolve.TARGETS,
    "jurisdiction": resolve.PLACES,
    "company": resolve.COMPANIES,
    "authority": resolve.AUTHORITIES,
    "law": resolve.LAWS,
    "thing": resolve.EVERYTHING,
}
"""Parameter types that stand for a thing of the record, with the classes that fit."""
SCHEMES = {
    "category": "categories",
    "audience": "audiences",
    "level": "levels",
    "ground": "grounds",
    "measure-kind": "measure-kinds",
    "designation-kind": "designation-kinds",
}
"""Parameter types that stand for a concept, with the scheme that holds it."""
TYPES = frozenset({*THINGS, *SCHEMES, "iri", "date", "text", "number"})


def terms(store: Store, query: catalogue.NamedQuery, given: Mapping[str, str]) -> dict[str, catalogue.Term]:
    """The terms for all parameters of a query: what was given, else the defaults.

    Raises:
        UsageError: when a parameter is unknown, missing, or not of its type.
    """
    _require_known(query, given)
    found: dict[str, catalogue.Term] = {}
    for one in query.parameters:
        text = given.get(one.name, one.default)
        if text is None:
            raise UsageError(f"the query {query.name} needs {option(one.name)} ({one.meaning})")
        free = text == catalogue.ANY and one.default == catalogue.ANY
        found[one.name] = None if free else to_term(store, one.type, text)
    return found


def option(name: str) -> str:
    """The option by which a parameter is given: a jurisdiction is ``--in``, as with every other verb."""
    return "--in" if name == "jurisdiction" else f"--{name}"


def _require_known(query: catalogue.NamedQuery, given: Mapping[str, str]) -> None:
    known = [one.name for one in query.parameters]
    for extra in given:
        if extra not in known:
            near = get_close_matches(extra, known, 1, 0.5)
            takes = ", ".join(option(name) for name in known) or "none"
            hint = f"did you mean {option(near[0])}?" if near else f"it takes {takes}"
            raise UsageError(f"the query {query.name} has no parameter {option(extra)}; {hint}")


def to_term(store: Store, kind: str, text: str) -> catalogue.Term:
    """A parameter as a term of its type.

    Raises:
        UsageError: when the text is no value of that type.
    """
    if kind in THINGS:
        return resolve.resolve(store, text, THINGS[kind])[0]
    if kind in SCHEMES:
        return concept(store, SCHEMES[kind], text, kind.replace("-", " "))
    if kind == "date":
        return names.day_literal(parse_day(text))
    if kind == "number":
        return _number(text)
    if kind == "iri":
        return _iri(text)
    return ox.Literal(text)


def concept(store: Store, scheme: str, text: str, word: str) -> ox.NamedNode:
    """The concept of a scheme that an id or a label in any language means.

    Raises:
        UnknownName: when there is none; with the nearest ids.
    """
    rows = ask(store, "concepts", scheme=ox.NamedNode(f"{names.CONCEPT}scheme-{scheme}"))
    wanted = fold(names.local_name(text).removeprefix("prkc:"))
    ids: dict[str, ox.NamedNode] = {}
    for row in rows:
        local = names.local_name(row["concept"].value)
        ids[local] = row["concept"]
        if wanted in {local, fold(row["label"].value)}:
            return ox.NamedNode(row["concept"].value)
    near = get_close_matches(wanted, ids, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(ids)}"
    raise UnknownName(f"there is no {word} '{text}'; {hint}", near)


def _number(text: str) -> ox.Literal:
    if not text.isascii() or not text.isdigit():
        raise UsageError(f"'{text}' is not a whole number")
    return ox.Literal(int(text))


def _iri(text: str) -> ox.NamedNode:
    prefix, _, rest = text.partition(":")
    whole = names.PREFIXES[prefix] + rest if prefix in names.PREFIXES else text if "://" in text else names.THING + text
    try:
        return ox.NamedNode(whole)
    except ValueError:
        raise UsageError(f"'{text}' is not an IRI") from None
