"""Lists of things, with filters, and the numbers of the whole record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pyoxigraph as ox

from kg import names
from kg.answers.facts import ask, describe
from kg.answers.model import Ref
from kg.answers.records import Entry
from kg.answers.status import status
from kg.errors import UsageError
from kg.store import Row, Store
from kg.version import __version__

KINDS = {
    "platforms": "prk:Platform",
    "companies": "prk:Company",
    "authorities": "prk:Authority",
    "laws": "eli:LegalResource",
    "designations": "prk:Designation",
    "jurisdictions": "prk:Jurisdiction",
    "sources": "prk:Source",
}
LEVELS = ("none", "pressure", "limited", "withdrawn", "blocked")


def entries(
    store: Store,
    kind: str,
    *,
    place: ox.NamedNode | None,
    on: date,
    known: date,
    category: str | None,
    level: str | None,
) -> list[Entry]:
    """The things of one kind, by name.

    Raises:
        UsageError: for an unknown kind, category or level, or a filter that the kind does not have.
    """
    _require_usable(kind, place, category, level)
    if kind == "sources":
        return _sources(store)
    prefix, name = KINDS[kind].split(":")
    found = _merge(ask(store, "things", **{"class": ox.NamedNode(names.PREFIXES[prefix] + name)}))
    if category is not None:
        known_categories = {one.category for one in found if one.category}
        if category not in known_categories:
            raise UsageError(
                f"no {kind} have the category '{category}'; there are {', '.join(sorted(known_categories)) or 'none'}"
            )
        found = [one for one in found if one.category == category]
    if place is None:
        return found
    if kind == "platforms":
        return _with_status(store, found, place, on, known, level)
    facts = describe(store, [names.THING + one.thing.id for one in found], known)
    code = names.local_name(place.value)
    return [
        one
        for one in found
        if code in {ref.id for ref in facts[names.THING + one.thing.id].refs("appliesIn", "jurisdiction", "within")}
    ]


def _require_usable(kind: str, place: ox.NamedNode | None, category: str | None, level: str | None) -> None:
    if kind not in KINDS:
        raise UsageError(f"there is no list of '{kind}'; there are {', '.join(KINDS)}")
    if level is not None and level not in LEVELS:
        raise UsageError(f"there is no level '{level}'; there are {', '.join(LEVELS)}")
    if level is not None and (kind != "platforms" or place is None):
        raise UsageError("--level goes with 'kg list platforms --in CODE'")
    if category is not None and kind != "platforms":
        raise UsageError("--category goes with 'kg list platforms'")
    if place is not None and kind in {"sources", "companies"}:
        raise UsageError(f"--in does not go with 'kg list {kind}'")


def _merge(rows: list[Row]) -> list[Entry]:
    found: dict[str, Entry] = {}
    for row in rows:
        ref = Ref(names.local_name(row["thing"].value), row["label"].value)
        code = row["code"].value if "code" in row else None
        category = names.local_name(row["category"].value) if "category" in row else None
        if ref.id not in found:
            found[ref.id] = Entry(ref, code, category)
    return list(found.values())


def _with_status(
    store: Store, found: list[Entry], place: ox.NamedNode, on: date, known: date, level: str | None
) -> list[Entry]:
    on_record = {row["platform"].value for row in ask(store, "platforms-on-record", jurisdiction=place)}
    listed = []
    for one in found:
        if names.THING + one.thing.id in on_record:
            answer = status(store, ox.NamedNode(names.THING + one.thing.id), place, on, known)
            listed.append(replace(one, level=answer.level, certainty=answer.certainty, since=answer.since))
    listed.sort(key=lambda one: (-LEVELS.index(one.level or "none"), one.thing.label))
    return [one for one in listed if level is None or one.level == level]


def _sources(store: Store) -> list[Entry]:
    rows = ask(store, "sources")
    return [
        Entry(
            Ref(
                names.local_name(row["source"].value),
                row["publisher"].value + (f": {row['title'].value}" if "title" in row else ""),
            ),
            since=row["issued"].value if "issued" in row else None,
        )
        for row in rows
    ]


def info(store: Store) -> dict[str, Any]:
    """Numbers of the record: nodes by class, statements, data hash, engine, where the store lies."""
    counts = {names.local_name(row["type"].value): int(row["number"].value) for row in ask(store, "counts")}
    return {
        "version": __version__,
        "data_hash": store.origin.data_hash,
        "statements": store.origin.statements,
        "engine": f"oxigraph {ox.__version__}",
        "store": str(store.origin.folder) if store.origin.folder else "in memory",
        "nodes": counts,
    }
