"""Lists of things, with filters, and the numbers of the whole record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pyoxigraph as ox

from kg import names
from kg.answers.facts import ask, describe
from kg.answers.model import Fact, Ref, Status, graphs_of
from kg.answers.records import Entry
from kg.answers.status import statuses
from kg.dates import FIRST_DAY
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
    in_force: bool = False,
) -> list[Entry]:
    """The things of one kind, by name; of designations with ``in_force`` only those that stand on the day.

    Raises:
        UsageError: for an unknown kind, category or level, or a filter that the kind does not have.
    """
    _require_usable(kind, place, category, level)
    if kind == "sources":
        return _with_graphs(store, _sources(store), {})
    prefix, name = KINDS[kind].split(":")
    found = (
        _designations(store, place, on, known, in_force)
        if kind == "designations"
        else _merge(_things(store, prefix, name))
    )
    dated = found if store.has_own and kind == "designations" else []
    found = _with_graphs(store, found, describe(store, [names.THING + one.thing.id for one in dated], known))
    if category is not None:
        known_categories = {one.category for one in found if one.category}
        if category not in known_categories:
            raise UsageError(
                f"no {kind} have the category '{category}'; there are {', '.join(sorted(known_categories)) or 'none'}"
            )
        found = [one for one in found if one.category == category]
    if place is None or kind == "designations":
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
    if category is not None and kind not in {"platforms", "designations"}:
        raise UsageError("--category goes with 'kg list platforms' and 'kg list designations'")
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


def _with_graphs(store: Store, found: list[Entry], facts: dict[str, Fact]) -> list[Entry]:
    """Each thing with the named graphs in which it stands, and those of its accounts where its facts are given."""
    if not store.has_own:
        return found
    named = [(one, names.THING + one.thing.id) for one in found]
    stated = store.graphs_of({iri for _, iri in named})
    return [
        replace(one, graphs=tuple(sorted({*stated[iri], *graphs_of([facts[iri]] if iri in facts else [])})))
        for one, iri in named
    ]


def _with_status(
    store: Store, found: list[Entry], place: ox.NamedNode, on: date, known: date, level: str | None
) -> list[Entry]:
    on_record = {row["platform"].value for row in ask(store, "platforms-on-record", jurisdiction=place)}
    code = names.local_name(place.value)
    chosen = [one for one in found if names.THING + one.thing.id in on_record]
    answers = statuses(store, [(ox.NamedNode(names.THING + one.thing.id), place) for one in chosen], on, known)
    listed = [
        replace(
            one,
            level=answer.level,
            certainty=answer.certainty,
            since=answer.since,
            narrower=_groups(answer, code),
            graphs=tuple(sorted({*one.graphs, *answer.graphs()})),
        )
        for one, answer in zip(chosen, answers, strict=True)
    ]
    listed.sort(key=lambda one: (-LEVELS.index(one.level or "none"), one.thing.label))
    return [one for one in listed if level is None or one.level == level]


def _things(store: Store, prefix: str, name: str) -> list[Row]:
    """The things of a class; of laws the provisions as well, since most acts rest on one."""
    classes = [name, "LegalResourceSubdivision"] if name == "LegalResource" else [name]
    rows = [
        row for one in classes for row in ask(store, "things", **{"class": ox.NamedNode(names.PREFIXES[prefix] + one)})
    ]
    return sorted(rows, key=lambda row: (row["label"].value.lower(), row["thing"].value))


def _groups(answer: Status, code: str) -> str | None:
    """What hits a narrower group of people in the very place: `minors: blocked`."""
    told = dict.fromkeys(
        f"{one.audience.label}: {one.level.label}"
        for one in answer.narrower
        if one.area.id == code and not one.held_off_by
    )
    return "; ".join(told) or None


def _designations(store: Store, place: ox.NamedNode | None, on: date, known: date, in_force: bool) -> list[Entry]:
    """Designations with their kind, and how they stand on the day."""
    rows = ask(store, "designations", on=names.day_literal(on), known=names.day_literal(known))
    return [
        Entry(
            Ref(names.local_name(row["designation"].value), row["label"].value),
            code=names.local_name(row["area"].value),
            category=names.local_name(row["kind"].value),
            certainty=row["certainty"].value,
            since=row["since"].value if row["since"].value != FIRST_DAY.isoformat() else None,
        )
        for row in rows
        if (place is None or row["area"] == place)
        and not (in_force and row["certainty"].value in {"upcoming", "ended"})
    ]


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
    by_sources = {int(row["sources"].value): int(row["facts"].value) for row in ask(store, "facts-by-sources")}
    newest = ask(store, "newest-sources")
    return {
        "version": __version__,
        "facts": sum(by_sources.values()),
        "claims": counts.get("Claim", 0),
        "sources": counts.get("Source", 0),
        "platforms": counts.get("Platform", 0),
        "jurisdictions": len(ask(store, "jurisdictions-on-record")),
        "facts_on_one_source": by_sources.get(1, 0),
        "facts_on_two_sources": by_sources.get(2, 0),
        "facts_on_more_sources": sum(facts for sources, facts in by_sources.items() if sources > 2),
        "newest_source": newest[0]["day"].value if newest else None,
        "data_hash": store.origin.data_hash,
        "statements": store.origin.statements,
        "engine": "a SPARQL server" if store.origin.address else f"oxigraph {ox.__version__}",
        "store": store.origin.place,
        "nodes": counts,
    }
