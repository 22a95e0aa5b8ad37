"""What data of the user's own takes out of an answer: measures of the record that they say had ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from kg import names
from kg.answers.facts import describe
from kg.answers.model import Account, Fact
from kg.dates import parse_edtf
from kg.names import RECORD_GRAPH
from kg.store import Row, Store

Pair = tuple[str, str]
"""The IRIs of a platform and a place."""


def ended_by_own(
    store: Store, recorded: Mapping[Pair, list[Row]], shown: Mapping[Pair, list[Row]], known: date
) -> dict[Pair, tuple[Fact, ...]]:
    """Of what is recorded for pairs and not shown on their day, the facts of the record that the user's own data end.

    What is derived goes with what it rests on, so that this is looked for there as well.
    """
    gone = {pair: _measures(rows) - _measures(shown.get(pair, ())) for pair, rows in recorded.items()}
    facts = _with_premises(store, {iri for some in gone.values() for iri in some}, known)
    ended = {iri for iri, fact in facts.items() if _own_end(fact)}
    return {pair: tuple(facts[iri] for iri in sorted(_below(some, facts) & ended)) for pair, some in gone.items()}


def _measures(rows: Iterable[Row]) -> set[str]:
    return {row["measure"].value for row in rows}


def _own_end(fact: Fact) -> bool:
    """Whether the record has an account of it, and data of the user's own end it before the record does."""
    own = _first_end(account for account in fact.accounts if account.own_graphs)
    recorded = _first_end(account for account in fact.accounts if RECORD_GRAPH in account.graphs)
    return fact.is_in_record and own is not None and (recorded is None or own < recorded)


def _first_end(accounts: Iterable[Account]) -> date | None:
    ends = [parse_edtf(day).latest for one in accounts for name, day in one.dates if name == "validUntil"]
    return min(ends, default=None)


def _with_premises(store: Store, iris: set[str], known: date) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    seen, waiting = set(iris), set(iris)
    while waiting:
        fresh = describe(store, sorted(waiting), known)
        found |= fresh
        waiting = {iri for fact in fresh.values() for iri in _premises(fact)} - seen
        seen |= waiting
    return found


def _below(iris: set[str], facts: Mapping[str, Fact]) -> set[str]:
    """Some nodes and what they rest on."""
    found, waiting = set(iris), set(iris)
    while waiting:
        waiting = {one for iri in waiting if iri in facts for one in _premises(facts[iri])} - found
        found |= waiting
    return found


def _premises(fact: Fact) -> list[str]:
    return [names.THING + ref.id for ref in fact.refs("wasDerivedFrom")]
