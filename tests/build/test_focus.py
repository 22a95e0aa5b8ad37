"""Checks and rules asked for a change alone find what they find when they are asked whole."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import names, places
from kg.build import plans
from kg.build.check import QUESTION
from kg.build.dissect import dissect
from kg.build.focus import Focused, Index
from kg.build.plans import plan_of, written
from kg.build.read import read_record

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
BASE = FIXTURES / "valid" / "base.ttl"
INVALID = sorted((FIXTURES / "invalid").glob("*.ttl"))
CHECKS = [
    Focused(one.stem, text) for one in places.check_files() if QUESTION not in (text := one.read_text(encoding="utf-8"))
]
Rows = set[tuple[str, str]]


@cache
def base() -> frozenset[ox.Quad]:
    return frozenset(read_record([*places.vocabulary_files(), BASE]))


def row(check: Focused, found: ox.QuerySolution) -> tuple[str, str]:
    """A row to compare; of rows that come in pairs the change brings one for certain."""
    return check.name, "" if check.alike else found["node"].value


def asked_whole(check: Focused, store: ox.Store) -> Rows:
    found = store.query(check.text, prefixes=names.PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return {row(check, one) for one in found}


def whole(store: ox.Store) -> Rows:
    return {one for check in CHECKS for one in asked_whole(check, store)}


def around(store: ox.Store, changed: set[ox.Quad]) -> Rows:
    index, rows = Index(changed), set()
    for check in CHECKS:
        values = check.touched(index, store)
        rows |= asked_whole(check, store) if values is None else {row(check, one) for one in check.rows(store, values)}
    return rows


@pytest.mark.parametrize("part", range(4))
def test_a_fault_is_found_around_the_change_that_brings_it(part: int) -> None:
    """Each file with a fault, laid beside a sound record, gives the rows that the whole check gives."""
    for file in INVALID[part::4]:
        store = read_record([*places.vocabulary_files(), BASE, file])
        changed = set(store) ^ base()
        assert around(store, changed) == whole(store), file.name


@pytest.mark.parametrize("part", range(4))
def test_a_fault_is_found_around_what_went(part: int) -> None:
    """A node that goes from a sound record leaves the faults that the whole check finds."""
    own = sorted({str(quad.subject) for quad in base() if quad.subject.value.startswith(names.THING)})
    found: Rows = set()
    for subject in own[part::8]:
        gone = {quad for quad in base() if str(quad.subject) == subject}
        store = ox.Store()
        store.extend(base() - gone)
        assert around(store, gone) == whole(store), subject
        found |= whole(store)
    assert found


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.name)
def test_no_check_must_be_asked_whole(one: Focused) -> None:
    """Each pattern of each file leads to what the file can be narrowed by; a part that cannot be followed would raise."""
    assert all(trigger.variable for trigger in one.plan.triggers)


def test_the_plans_beside_the_checks_are_current() -> None:
    """They are what taking the checks apart gives; ``python docs/generate_plans.py`` writes them."""
    assert places.plans_file().read_text(encoding="utf-8") == written(places.check_files())


def test_a_check_without_a_plan_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is changed or added where the program is installed needs no file; plan and text never part ways."""
    check = CHECKS[0]
    changed = check.text.replace("prk:claim", "prk:evidence")
    assert plan_of(check.name, check.text) == dissect(check.text)
    assert plan_of(check.name, changed) == dissect(changed) != check.plan
    monkeypatch.setattr(places, "plans_file", lambda: FIXTURES / "none.json")
    plans._known.cache_clear()
    try:
        assert plan_of(check.name, check.text) == check.plan
    finally:
        plans._known.cache_clear()
