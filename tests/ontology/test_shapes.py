from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import SH, Graph, URIRef, Variable
from rdflib.term import Node

from kg import names
from kg.build.read import read_record

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
BASE = FIXTURES / "valid" / "base.ttl"
VOCABULARY = [ROOT / "ontology" / "core.ttl", *sorted((ROOT / "ontology" / "concepts").glob("*.ttl"))]
CHECKS = {file.stem: file.read_text(encoding="utf-8") for file in sorted((ROOT / "queries" / "checks").glob("*.rq"))}
PRKSH = "https://w3id.org/prk/shapes#"


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table of invalid files: which check and which shape say what about which node."""

    file: str
    check: str
    shape: str
    node: str
    message: str


def read_table() -> list[Fault]:
    with (FIXTURES / "invalid" / "expected.csv").open(encoding="utf-8", newline="") as table:
        return [Fault(**row) for row in csv.DictReader(table)]


FAULTS = read_table()


@cache
def shapes() -> Graph:
    graph = Graph()
    for file in sorted((ROOT / "ontology" / "shapes").glob("*.ttl")):
        graph.parse(file, format="turtle")
    return graph


@cache
def stored(*files: Path) -> ox.Store:
    """The graph after reading: vocabulary, the valid world, and the given files."""
    return read_record([*VOCABULARY, BASE, *files])


@cache
def base_in_rdflib() -> tuple[Graph, frozenset[ox.Quad]]:
    text = stored().dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    assert text is not None
    return Graph().parse(data=text, format="nt"), frozenset(stored())


@contextmanager
def in_rdflib(store: ox.Store) -> Iterator[Graph]:
    """The same statements in rdflib: the graph of the valid world, for as long as it is looked at with what is different."""
    graph, base = base_in_rdflib()
    quads = frozenset(store)
    more, fewer = (parsed(one) for one in (quads - base, base - quads))
    for triple in more:
        graph.add(triple)
    for triple in fewer:
        graph.remove(triple)
    assert len(graph) == len(store)
    yield graph
    for triple in more:
        graph.remove(triple)
    for triple in fewer:
        graph.add(triple)


def parsed(quads: frozenset[ox.Quad]) -> Graph:
    text = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return Graph().parse(data=text, format="nt")


@cache
def rows_of_checks(*files: Path) -> set[tuple[str, str, str]]:
    """Every row of every check on pyoxigraph, as check, node and message."""
    found = set()
    for name, text in CHECKS.items():
        rows = stored(*files).query(text)
        assert isinstance(rows, ox.QuerySolutions)
        found |= {(name, row["node"].value, row["message"].value) for row in rows}
    return found


def owner_of(graph: Graph, node: Node | None) -> str:
    """The node itself, or for a claim or its evidence the time-bound node that carries it."""
    for step in (names.EVIDENCE, names.CLAIM):
        node = graph.value(None, URIRef(step.value), node) or node
    return str(node)


def results_of_shapes(graph: Graph) -> list[tuple[str, str, str]]:
    """Every result of the shapes, as shape, node (claims by their owner) and message."""
    # No shape of ours adds statements, so the graph need not be copied first.
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes(), advanced=True, inference="none", inplace=True)
    assert isinstance(report, Graph)
    found = []
    for result in report.objects(None, SH.result):
        shape = str(report.value(result, SH.sourceShape)).removeprefix(PRKSH)
        node = owner_of(graph, report.value(result, SH.focusNode))
        found += [(shape, node, str(message)) for message in report.objects(result, SH.resultMessage)]
    return found


def node_iri(fault: Fault) -> str:
    return names.THING + fault.node


def test_valid_world_passes_the_checks() -> None:
    """The valid fixture gives no row in any check."""
    assert rows_of_checks() == set()


def test_valid_world_passes_the_shapes() -> None:
    """The valid fixture gives no result in any shape."""
    with in_rdflib(stored()) as graph:
        assert results_of_shapes(graph) == []


def test_valid_world_shows_every_class() -> None:
    """The valid fixture has a node of every class that people write."""
    made_by_the_build = {"Version", "Exposure", "Control", "Slot", "TimeBound"}
    query = "SELECT DISTINCT ?class WHERE { ?class a <http://www.w3.org/2002/07/owl#Class> FILTER NOT EXISTS { ?one a ?class } }"
    rows = stored().query(query)
    assert isinstance(rows, ox.QuerySolutions)
    assert {names.local_name(row["class"].value) for row in rows} == made_by_the_build


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.file.removesuffix(".ttl") for fault in FAULTS])
def test_check_finds_the_one_fault(fault: Fault) -> None:
    """The invalid file gives one row, in the check that it is for, with node and message as in the table."""
    rows = rows_of_checks(FIXTURES / "invalid" / fault.file)
    assert {row for row in rows if row[1] == node_iri(fault)} == {(fault.check, node_iri(fault), fault.message)}
    assert {row[0] for row in rows} == {fault.check}


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.file.removesuffix(".ttl") for fault in FAULTS])
def test_check_says_the_same_in_rdflib(fault: Fault) -> None:
    """The check gives the same single row in rdflib as in pyoxigraph."""
    with in_rdflib(stored(FIXTURES / "invalid" / fault.file)) as graph:
        solutions = graph.query(CHECKS[fault.check]).bindings
    rows = [(str(row[Variable("node")]), str(row[Variable("message")])) for row in solutions]
    assert (node_iri(fault), fault.message) in rows
    stored_rows = rows_of_checks(FIXTURES / "invalid" / fault.file)
    assert set(rows) == {(node, message) for check, node, message in stored_rows if check == fault.check}


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.file.removesuffix(".ttl") for fault in FAULTS])
def test_shape_finds_the_one_fault(fault: Fault) -> None:
    """The invalid file gives one result, of the shape that it is for; none where the fault lies between nodes.

    What has to be compared between nodes (a copied label, a lift before its measure) stands in a check alone.
    """
    expected = [(fault.shape, node_iri(fault), fault.message)] if fault.shape else []
    with in_rdflib(stored(FIXTURES / "invalid" / fault.file)) as graph:
        assert results_of_shapes(graph) == expected


def test_table_is_complete() -> None:
    """Every invalid file stands in the table once, every check and every shape with a message at least once."""
    files = sorted(file.name for file in (FIXTURES / "invalid").glob("*.ttl"))
    with_message = {str(one).removeprefix(PRKSH) for one in shapes().subjects(SH.severity, SH.Violation)}
    assert sorted(fault.file for fault in FAULTS) == files
    assert {fault.check for fault in FAULTS} == set(CHECKS)
    assert {fault.shape for fault in FAULTS if fault.shape} == with_message
