"""Third and fifth step of the build: the derivation rules of ``queries/rules``, run to a fixpoint.

A rule is run whole once. After that only solutions with a premise about which something was derived since can be new, so
that it is asked for those alone, unless they are so many that all of them are found sooner; :mod:`kg.build.rederive` has
the premises.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from kg import names
from kg.build.progress import Bar, Report, told
from kg.build.rederive import ANY, Rule, of_nodes
from kg.errors import DataError

_MOST_ROUNDS = 50
"""Chains join one direct link to one derived, so the rounds needed grow with the longest chain, not with its cycles."""
_SHARE = 64
"""A node is looked up in the time in which a rule that is run whole passes about so many statements."""
_About = dict[frozenset[ox.NamedNode], list[ox.NamedNode]]
"""Nodes of which one rule added something at once, by the predicates of that: of these there are few different sets."""


def run_rules(store: ox.Store, files: Sequence[Path], report: Report | None = None) -> int:
    """Apply CONSTRUCT rules until none adds a triple; give the number of triples added.

    Raises:
        DataError: when the rules do not settle, which a rule that mints endless identities would cause.
    """
    rules = [Rule.read(file) for file in files]
    log: list[_About] = []
    begun = [0] * len(rules)
    """How long the log was when each rule was last run; what it gives itself may hold for it again."""
    added = 0
    for number in range(1, _MOST_ROUNDS + 1):
        fresh, held = 0, len(store)  # the engine counts anew each time that it is asked
        for place, rule in told(
            report if isinstance(report, Bar) else None, f"deriving, round {number}", list(enumerate(rules)), len(rules)
        ):
            since, begun[place] = log[begun[place] :], len(log)
            new = set(_whole(store, rule) if number == 1 else _after(store, rule, since, held))
            store.extend(new)
            fresh += len(new)
            log.append(_about(new))
        if report is not None:
            report(f"round {number}: {fresh} derived")
        added += fresh
        if not fresh:
            return added
    raise DataError(
        f"the derivation rules did not settle within {_MOST_ROUNDS} rounds; one of them mints endless identities"
    )


def _after(store: ox.Store, rule: Rule, since: Sequence[_About], held: int) -> Iterable[ox.Quad]:
    """What a rule adds to a store of so many statements after something was derived."""
    touched = {predicate for one in since for predicates in one for predicate in predicates}
    if not touched:
        return []
    if not rule.premises or rule.whole & touched:
        return _whole(store, rule)
    found = {
        premise: [some for one in since for predicates, some in one.items() if ANY in asked or predicates & asked]
        for premise, asked in rule.premises.items()
    }
    if sum(len(some) for lists in found.values() for some in lists) * _SHARE > held:
        return _whole(store, rule)
    return _missing(
        store,
        (one for premise, lists in found.items() for one in of_nodes(store, rule, premise, chain.from_iterable(lists))),
    )


def _whole(store: ox.Store, rule: Rule) -> Iterable[ox.Quad]:
    derived = store.query(rule.text, prefixes=names.PREFIXES)
    assert isinstance(derived, ox.QueryTriples)
    return _missing(store, derived)


def _missing(store: ox.Store, derived: Iterable[ox.Triple]) -> list[ox.Quad]:
    return [quad for triple in derived if (quad := ox.Quad(*triple)) not in store]


def _about(quads: Iterable[ox.Quad]) -> _About:
    said: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    for subject, predicate, *_ in quads:
        if isinstance(subject, ox.NamedNode):
            said[subject].add(predicate)
    found: _About = defaultdict(list)
    for node, predicates in said.items():
        found[frozenset(predicates)].append(node)
    return dict(found)
