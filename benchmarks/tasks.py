"""What ``run.py`` measures in processes of their own, so that each has its own peak of memory: ``python tasks.py TASK …``.

Each task prints one JSON object with its figures. ``seconds`` is the time on the clock, ``cpu`` the time of the processor, which
a busy machine disturbs less; ``peak`` is the most memory that was resident, in megabytes.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyoxigraph as ox

_ASKED = 40
"""How many things the verbs are asked about; each once, since a person asks once."""
_CLOSURE = "https://w3id.org/prk/ontology#"


class Clock:
    """Time and memory from one moment on."""

    def __init__(self) -> None:
        self.began, self.cpu = time.perf_counter(), time.process_time()

    def figures(self) -> dict[str, float]:
        """What was used until now."""
        peak = _peak()
        seconds, cpu = time.perf_counter() - self.began, time.process_time() - self.cpu
        return {"seconds": seconds, "cpu": cpu, "peak": peak}


def _peak() -> float:
    """The most memory that was resident, in megabytes; Linux counts that of the parent as well where it is asked the usual way."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)


def turtle(folder: str) -> list[Path]:
    """The files of a generated record."""
    return sorted(Path(folder).glob("*.ttl"))


def build(folder: str) -> dict[str, Any]:
    """Compile a record into the folder that ``KG_HOME`` names; what its steps cost, by their names."""
    import gc

    from kg.cli.ending import GC_THRESHOLD
    from kg.store import open_store

    gc.set_threshold(GC_THRESHOLD)
    clock, steps = Clock(), []
    store = open_store(turtle(folder), tell=lambda message: steps.append({"step": message, **clock.figures()}))
    size = sum(one.stat().st_size for one in store.origin.folder.rglob("*")) if store.origin.folder else 0
    return {**clock.figures(), "stored": store.origin.statements, "disk": size, "steps": steps}


def bare_load(folder: str, out: str) -> dict[str, Any]:
    """Bulk load of the same files into a store on disk, by the engine alone, ready for reading."""
    clock = Clock()
    store = ox.Store(out)
    for file in turtle(folder):
        store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE)
    store.optimize()
    store.flush()
    return {**clock.figures(), "stored": len(store)}


def rdflib_load(folder: str) -> dict[str, Any]:
    """The same files in memory of rdflib."""
    import rdflib

    clock, graph = Clock(), rdflib.Graph()
    for file in turtle(folder):
        graph.parse(file, format="turtle")
    return {**clock.figures(), "stored": len(graph)}


def verbs(folder: str) -> dict[str, Any]:
    """Known answers, and what each verb costs in a process that has the store open."""
    import kg
    from kg.formats import longer, text

    graph = kg.open(turtle(folder))
    asked = [json.loads(line) for line in Path(folder, "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = []
    for one in asked:
        answer = graph.status(one["platform"], one["jurisdiction"], on=one["on"], known=one["known"])
        if (answer.verdict, answer.certainty) != (one["verdict"], one["certainty"]):
            wrong.append({**one, "answered": [answer.verdict, answer.certainty]})
    chosen = asked[:: max(1, len(asked) // _ASKED)]
    status = lambda one: graph.statuses(one["platform"], [one["jurisdiction"]], on=one["on"])  # noqa: E731
    asking: dict[str, Callable[[dict[str, str]], Any]] = {
        "status": status,
        "status, bare": _bare(graph, "status"),
        "status everywhere": lambda one: graph.statuses(one["platform"], on=one["on"]),
        "why": lambda one: [text.why_lines(answer) for answer in status(one)],
        "timeline": lambda one: longer.timeline_lines(graph.timeline(one["platform"])),
        "show": lambda one: graph.show(one["platform"]),
        "find": lambda one: graph.find(one["platform"][:-1] + "q"),
    }
    times = {name: _timed(ask, chosen) for name, ask in asking.items()}
    return {"asked": len(asked), "wrong": wrong, "times": times}


def _bare(graph: Any, query: str) -> Callable[[dict[str, str]], Any]:
    """The main query of a status straight to the engine, without names, facts and sources."""
    texts = _status_texts()
    return lambda one: list(graph.store.inner.query(texts(one, query)))


def _status_texts() -> Callable[[dict[str, str], str], str]:
    from kg import catalogue, names

    def text(one: dict[str, str], query: str) -> str:
        days = {name: names.day_literal(one[name]) for name in ("on", "known")}
        return catalogue.load(query).bind({"platform": names.thing(one["platform"]), "jurisdiction": names.thing(one["jurisdiction"]), **days})  # fmt: skip

    return text


def _timed(
    ask: Callable[[dict[str, str]], Any],
    asked: Sequence[dict[str, str]],
    clock: Callable[[], float] = time.process_time,
) -> dict[str, float]:
    """Seconds of the processor, which other work on the machine disturbs little; the first time warms the disk."""
    times = []
    for one in (asked[0], *asked):
        began = clock()
        ask(one)
        times.append(clock() - began)
    times = times[1:]
    return {"median": statistics.median(times), "lowest": min(times), "highest": max(times)}


def ways(folder: str, with_rdflib: str) -> dict[str, Any]:
    """The main query of a status in the engine, in rdflib on the same compiled statements, and over HTTP."""
    import kg

    graph = kg.open(turtle(folder))
    asked = [json.loads(line) for line in Path(folder, "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = asked[:: max(1, len(asked) // _ASKED)]
    texts = _status_texts()
    found = {"pyoxigraph": _timed(lambda one: list(graph.store.inner.query(texts(one, "status"))), chosen)}
    server = os.environ.get("BENCHMARK_SERVER")
    if server:

        def over_http(one: dict[str, str]) -> bytes:
            request = urllib.request.Request(  # noqa: S310  a server of our own on this machine
                server,
                texts(one, "status").encode(),
                {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"},
            )
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return answer.read()

        found["HTTP server, on the clock"] = _timed(over_http, chosen, time.perf_counter)
        found["pyoxigraph, on the clock"] = _timed(
            lambda one: list(graph.store.inner.query(texts(one, "status"))), chosen, time.perf_counter
        )
    if with_rdflib == "yes":
        other = graph.to_rdflib()
        found["rdflib"] = _timed(lambda one: list(other.query(texts(one, "status"))), chosen[:8])
    return found


def closure(folder: str, engine: str) -> dict[str, Any]:
    """Who holds what through how many hands: the closure of ownership, by one engine; the number of links found.

    Without dates, which OWL does not know: the links are stated as one transitive property in every engine.
    """
    store = ox.Store()
    for file in turtle(folder):
        store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE)
    held = ox.NamedNode(_CLOSURE + "held")
    rows = store.query(f"SELECT ?a ?b WHERE {{ ?o <{_CLOSURE}asset> ?a ; <{_CLOSURE}owner> ?b }}")
    links = [ox.Quad(row["a"], held, row["b"]) for row in rows]
    return {"links": len(links), **_ENGINES[engine](links, held)}


def _by_rules(links: list[ox.Quad], held: ox.NamedNode) -> dict[str, Any]:
    from kg.build.rules import run_rules

    store = ox.Store()
    store.extend(links)
    rule = Path(__file__).with_name("closure.rq")
    clock = Clock()
    run_rules(store, [rule])
    return {**clock.figures(), "found": sum(1 for _ in store.quads_for_pattern(None, held, None))}


def _by_owlrl(links: list[ox.Quad], held: ox.NamedNode) -> dict[str, Any]:
    import owlrl
    import rdflib

    graph = _as_rdflib(links, held)
    clock = Clock()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return {**clock.figures(), "found": len(list(graph.subject_objects(rdflib.URIRef(held.value))))}


def _by_reasonable(links: list[ox.Quad], held: ox.NamedNode) -> dict[str, Any]:
    import reasonable

    graph = _as_rdflib(links, held)
    clock = Clock()
    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(graph)
    found = {(s, o) for s, p, o in reasoner.reason() if str(p) == held.value}
    return {**clock.figures(), "found": len(found)}


def _as_rdflib(links: list[ox.Quad], held: ox.NamedNode) -> Any:
    import rdflib
    from rdflib.namespace import OWL, RDF

    graph = rdflib.Graph()
    graph.add((rdflib.URIRef(held.value), RDF.type, OWL.TransitiveProperty))
    for link in links:
        graph.add((rdflib.URIRef(link.subject.value), rdflib.URIRef(held.value), rdflib.URIRef(link.object.value)))
    return graph


_ENGINES = {"rules": _by_rules, "owlrl": _by_owlrl, "reasonable": _by_reasonable}
_TASKS = {one.__name__: one for one in (build, bare_load, rdflib_load, verbs, ways, closure)}

if __name__ == "__main__":
    print(json.dumps(_TASKS[sys.argv[1]](*sys.argv[2:]), default=lambda day: day.isoformat() if isinstance(day, date) else str(day)))  # fmt: skip
