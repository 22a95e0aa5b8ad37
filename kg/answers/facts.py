"""Reading nodes of the record whole: what is stated about them and what their sources say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import pyoxigraph as ox

from kg import catalogue, names
from kg.answers.model import Account, Evidence, Fact, Ref, Source
from kg.store import Row, Store

_AT_ONCE = 64
"""Nodes whose accounts are read at once. With more the engine gives up looking each of them up and reads every claim instead."""


def ask(store: Store, query: str, **terms: ox.NamedNode | ox.Literal) -> list[Row]:
    """Run a named query with its parameters bound as terms."""
    return store.select(catalogue.load(query).bind(terms))


def describe(store: Store, iris: Iterable[str], known: date) -> dict[str, Fact]:
    """Read some nodes with the accounts that were public on a day."""
    wanted = [ox.NamedNode(iri) for iri in dict.fromkeys(iris)]
    if not wanted:
        return {}
    details = store.select(catalogue.load("details").bind([{"node": node} for node in wanted]))
    pointed_at = dict.fromkeys(row["value"] for row in details if isinstance(row["value"], ox.NamedNode))
    named = store.select(catalogue.load("labels").bind([{"node": node} for node in pointed_at]))
    labels = {row["node"].value: row["label"].value for row in named}
    accounts = _accounts(store, wanted, known)
    stated: dict[str, list[Row]] = defaultdict(list)
    for row in details:
        stated[row["node"].value].append(row)
    return {
        node.value: _fact(node.value, stated[node.value], labels, accounts.get(node.value, ()))
        for node in wanted
        if stated[node.value]
    }


def _fact(iri: str, rows: list[Row], labels_of: dict[str, str], accounts: tuple[Account, ...]) -> Fact:
    values: dict[str, list[Ref]] = defaultdict(list)
    labels: dict[str, str] = {}
    note: str | None = None
    types: list[str] = []
    for row in rows:
        name = names.shorten(row["property"].value).split(":")[-1]
        value = row["value"]
        if name == "type":
            types.append(names.local_name(value.value))
        elif name == "prefLabel":
            labels[value.language or ""] = value.value
        elif name == "note":
            note = value.value
        else:
            local = names.local_name(value.value)
            values[name].append(Ref(local, labels_of.get(value.value, local)))
    frozen = {
        name: tuple(sorted(set(refs), key=lambda ref: (ref.id, ref.label))) for name, refs in sorted(values.items())
    }
    rule = frozen.get("derivedBy")
    label = labels.get("en") or next(iter(sorted(labels.values())), names.local_name(iri))
    return Fact(names.local_name(iri), _kind_of(types), label, note, frozen, accounts, rule[0].id if rule else None)


def _kind_of(types: list[str]) -> str:
    """The class that says most: one of ours, and not the abstract parent."""
    own = [one for one in types if ":" not in one and one != "TimeBound"]
    return min(own or types or ["thing"])


def _accounts(store: Store, nodes: list[ox.NamedNode], known: date) -> dict[str, tuple[Account, ...]]:
    day = names.day_literal(known)
    rows = [
        row
        for first in range(0, len(nodes), _AT_ONCE)
        for row in store.select(
            catalogue.load("accounts").bind([{"node": node, "known": day} for node in nodes[first : first + _AT_ONCE]])
        )
    ]
    by_claim: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_claim[row["node"].value, row["claim"].value].append(row)
    graphs = store.graphs_of({_stated(claim) for _, claim in by_claim})
    found: dict[str, list[Account]] = defaultdict(list)
    for (node, claim), group in by_claim.items():
        found[node].append(_account(claim, group, graphs[_stated(claim)]))
    return {node: tuple(sorted(accounts, key=_reading_order)) for node, accounts in found.items()}


def _stated(claim: str) -> str:
    """The claim that a file states; what a rule makes of the claim of a lift stands where that one does."""
    _, mark, lift = claim.rpartition("/ended-by/")
    return names.THING + lift if mark else claim


def _reading_order(one: Account) -> tuple[str, list[int], tuple[tuple[str, str], ...], str]:
    """Oldest publication first; of one day, beginnings before confirmations before ends."""
    order = ("validFrom", "decided", "announced", "said", "published", "inForceOn", "validUntil")
    return one.public_on, [order.index(name) for name, _ in one.dates], one.dates, one.claim


def _account(claim: str, rows: list[Row], graphs: list[str]) -> Account:
    first = rows[0]
    dates = sorted(
        {(names.local_name(row["field"].value), row["date"].value) for row in rows},
        key=lambda one: (one[0] != "validFrom", one),
    )
    evidence = dict.fromkeys(Evidence(_source(row), row["locator"].value if "locator" in row else None) for row in rows)
    return Account(
        names.local_name(claim),
        first["since"].value,
        tuple(dates),
        tuple(sorted(evidence, key=lambda one: (one.source.issued or "9999", one.source.id))),
        names.local_name(first["stance"].value) if "stance" in first else None,
        names.local_name(first["according"].value) if "according" in first else None,
        first["scheduled"].value == "true" if "scheduled" in first else False,
        tuple(sorted({names.local_name(row["restated"].value) for row in rows if "restated" in row})),
        tuple(graphs),
    )


def _source(row: Row) -> Source:
    return Source(
        names.local_name(row["source"].value),
        row["publisher"].value,
        row["title"].value if "title" in row else None,
        row["issued"].value if "issued" in row else None,
        row["url"].value,
        row["reprint"].value if "reprint" in row else None,
    )


def span_of(row: Row) -> tuple[date, date, date, date]:
    """The four valid-time bounds of a row."""
    from0, from1, until0, until1 = (
        date.fromisoformat(row[name].value) for name in ("from0", "from1", "until0", "until1")
    )
    return from0, from1, until0, until1
