"""Queries in a process of their own: the same answers, a time limit that ends them, memory that stays bounded."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections import deque
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from kg import KnowledgeGraph
from kg.errors import LimitError, QueryError
from kg.sparql import limited

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?f"
ENDLESS_ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
WORLD = Path(__file__).resolve().parents[1] / "fixtures" / "world"
FORMS = [
    "SELECT ?s ?label { ?s a prk:Platform ; skos:prefLabel ?label } ORDER BY ?s ?label",
    "SELECT * { VALUES (?a ?b) { (UNDEF 'x\\ty\\n\"'@en) (1.5 true) ('' '2020-01-01'^^xsd:date) (<http://a/> UNDEF) } }",
    "SELECT ?s { ?s a prk:Platform . FILTER(false) }",
    "ASK { ?s a prk:Platform }",
    "ASK { ?s a prk:Platform . FILTER(false) }",
    "CONSTRUCT { ?s prk:target ?t } WHERE { ?s prk:target ?t }",
    "DESCRIBE prki:chirp",
]


@pytest.mark.parametrize("text", FORMS)
def test_same_answer(text: str, world: KnowledgeGraph, world_in_memory: KnowledgeGraph) -> None:
    """Rows, yes or no, and triples are those of a query in our own process, whether the store is a folder or not."""
    here = world.query(text)
    for graph in (world, world_in_memory):
        there = graph.query(text, timeout=30, memory=2)
        assert (there.columns, there.terms, there.truth, there.triples) == (
            here.columns,
            here.terms,
            here.truth,
            here.triples,
        )


@pytest.mark.parametrize("text", [ENDLESS, ENDLESS_ROWS], ids=["no row", "rows without end"])
def test_time_limit(text: str, world: KnowledgeGraph) -> None:
    """A query that would run for years is stopped, whether it gives rows on the way or not, and says so."""
    with pytest.raises(LimitError, match=r"stopped after 0.5 s; make it more selective, or give it more time"):
        deque(world.stream(text, timeout=0.5).rows or (), maxlen=0)


def test_time_in_which_nobody_reads_does_not_count(world: KnowledgeGraph) -> None:
    """Who reads an answer page by page is not cut off."""
    rows = iter(world.stream("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000", timeout=3).rows or ())
    first = next(rows)
    time.sleep(3.5)
    assert len([first, *rows]) == 20000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux keeps the limit of memory")
def test_memory_limit(world: KnowledgeGraph) -> None:
    """A query that wants all memory is stopped, and this process does not grow with it."""
    with pytest.raises(LimitError, match=r"needed more than 1 GB of memory and was stopped"):
        world.query(HUNGRY, memory=1, timeout=60)


def test_nothing_is_left_running(world: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is not read to its end takes its process with it."""
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *words: Any, **more: Any) -> None:
            super().__init__(*words, **more)
            started.append(self)

    monkeypatch.setattr(limited.subprocess, "Popen", Noted)
    rows = iter(world.stream(ENDLESS_ROWS, timeout=60).rows or ())
    assert len(list(islice(rows, 3))) == 3
    assert [one.poll() for one in started] == [None]
    del rows
    gc.collect()
    assert started[0].poll() is not None
    unread = world.stream(ENDLESS_ROWS, timeout=60)
    unread.close()
    assert started[1].poll() is not None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such interrupt")
@pytest.mark.usefixtures("world")
def test_an_interrupt_ends_both() -> None:
    """Who interrupts a query from the keyboard leaves no process behind that goes on computing."""
    code = f"import kg, pathlib; kg.open(data=sorted(pathlib.Path({str(WORLD)!r}).glob('*.ttl'))).query({ENDLESS!r}, timeout=600)"
    asking = subprocess.Popen(
        [sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    below = Path(f"/proc/{asking.pid}/task/{asking.pid}/children")
    if not below.exists():
        asking.kill()
        asking.communicate()
        pytest.skip("this system does not list the children of a process")
    deadline = time.monotonic() + 30
    while not (children := below.read_text().split()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    os.killpg(asking.pid, signal.SIGINT)
    asking.communicate(timeout=20)
    assert children
    # On a busy machine a process that ends is there for a moment yet; this one would go on for years.
    while any(running(child) for child in children) and time.monotonic() < deadline + 30:
        time.sleep(0.05)
    assert not any(running(child) for child in children)


def running(process: str) -> bool:
    """Whether a process is still there and no mere entry that waits to be read."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {\n ?s ?p }", "line 2, column 2"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE would reach into the network"),
    ],
)
def test_errors_are_the_same(text: str, message: str, world: KnowledgeGraph) -> None:
    """What is wrong with a query is said alike in both processes."""
    said = []
    for limits in ({}, {"timeout": 30.0}):
        with pytest.raises(QueryError, match=message) as caught:
            world.query(text, **limits)  # type: ignore[arg-type]
        said.append(str(caught.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("limits", [{}, {"timeout": 30.0}], ids=["here", "apart"])
def test_an_endpoint_that_is_not_there(limits: dict[str, float], world: KnowledgeGraph) -> None:
    """An allowed call that fails is one sentence, never an empty answer."""
    with pytest.raises(QueryError, match="the query could not be run"):
        world.query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", allow_service=True, **limits)  # type: ignore[arg-type]
