"""The package from Python."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

import kg
from kg import KgError, KnowledgeGraph
from kg.answers.model import Status
from kg.errors import QueryError, UsageError

SMALL = Path(__file__).parent / "fixtures" / "valid" / "base.ttl"


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return kg.open()


def test_exports() -> None:
    """The exported names are sorted, and each is there."""
    assert kg.__all__ == sorted(kg.__all__)
    assert all(hasattr(kg, name) for name in kg.__all__)


def test_version() -> None:
    """The version is the one that the package metadata is built from."""
    assert import_module("kg.version").__version__ == kg.__version__


@pytest.mark.parametrize("on", ["2025-09-01", date(2025, 9, 1)])
def test_status(graph: KnowledgeGraph, on: str | date) -> None:
    """A status is a dataclass; days are given as text or as dates."""
    answer = graph.status("WhatsApp", "RU", on=on, known="2026-11-22")
    assert isinstance(answer, Status)
    assert (answer.platform.id, answer.jurisdiction.id, answer.on, answer.verdict) == (
        "whatsapp",
        "RU",
        "2025-09-01",
        "limited",
    )


def test_today_is_the_default(graph: KnowledgeGraph) -> None:
    """Without days, both are today."""
    before = date.today().isoformat()  # noqa: DTZ011  the user's own day is what is meant
    answer = graph.status("WhatsApp", "RU")
    after = date.today().isoformat()  # noqa: DTZ011  midnight may have passed
    assert {answer.on, answer.known} <= {before, after}


def test_named_query(graph: KnowledgeGraph) -> None:
    """A named question takes its parameters by name and gives typed rows as dictionaries."""
    answer = graph.query("blocked-platforms", jurisdiction="RU", on="2026-03-01", known="2026-11-22")
    rows = {row["platform"]: row for row in answer.to_dicts()}
    assert rows["prki:whatsapp"] == {"platform": "prki:whatsapp", "label": "WhatsApp", "since": date(2026, 2, 11)}
    assert [list(row.values()) for row in answer.to_dicts()] == [list(row) for row in answer.rows]


def test_text_query(graph: KnowledgeGraph) -> None:
    """Any SPARQL text goes the same way, with the project's prefixes at hand."""
    answer = graph.query("SELECT ?label WHERE { prki:whatsapp skos:prefLabel ?label FILTER(LANG(?label) = 'en') }")
    assert (answer.columns, answer.rows) == (("label",), (("WhatsApp",),))
    assert graph.query("ASK { prki:whatsapp a prk:Platform }").truth is True
    assert graph.query("CONSTRUCT { ?s a prk:Platform } WHERE { ?s a prk:Platform }").triples


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("SELECT (1 AS ?x) {}", (1,)),
        ("SELECT (1.5 AS ?x) {}", (1.5,)),
        ("SELECT (true AS ?x) {}", (True,)),
        ("SELECT ('2026-03-01'^^xsd:date AS ?x) {}", (date(2026, 3, 1),)),
        ("SELECT (prkc:blocked AS ?x) {}", ("prkc:blocked",)),
        ("SELECT (<http://example.org/a> AS ?x) {}", ("http://example.org/a",)),
        ("SELECT ('a'@en AS ?x) {}", ("a",)),
        ("SELECT (1/0 AS ?x) {}", (None,)),
    ],
)
def test_plain_values(graph: KnowledgeGraph, text: str, row: tuple[object, ...]) -> None:
    """Terms come as plain values of Python."""
    assert graph.query(text).rows == (row,)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x WHERE { ?s ?p 'prk:targett' BIND(1 AS ?x) }",
        "# prk:targett\nASK {}",
        "ASK { FILTER('SERVICE INSERT' = '') }",
        "PREFIX zoo: <http://example.org/> ASK { ?s zoo:a ?o }",
        "ASK { ?s <http://example.org/a#b> ?o }",
        "DESCRIBE prki:whatsapp",
        "SELECT ?service WHERE { ?service a prk:ServiceClass }",
        "ASK { ?s prk:kind prkc:service-suspension }",
        'ASK { ?s ?p <http://example.org/service/x> , """a\n SERVICE""" } # SERVICE',
    ],
)
@pytest.mark.filterwarnings("ignore::kg.sparql.answer.QueryWarning")
def test_harmless_text_passes(graph: KnowledgeGraph, text: str) -> None:
    """Words in strings, comments and other vocabularies are not mistaken for slips, updates or calls into the network."""
    graph.query(text)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "ASK { ?s prk:targett ?o }",
        "INSERT DATA { prki:a prk:target prki:b }",
        "ASK { SERVICE <http://example.org/> {} }",
    ],
)
def test_refused(graph: KnowledgeGraph, text: str) -> None:
    """What cannot be run is an error of this package."""
    with pytest.raises(QueryError):
        graph.query(text)


NOWHERE = "<http://127.0.0.1:9/> { ?s ?p ?o }"


@pytest.mark.parametrize(
    "text",
    [
        f"ASK {{ SERVICE {NOWHERE} }}",
        f"ASK {{ ?s ?p ?o .service{NOWHERE} }}",
        f"ASK {{ SERVICESILENT{NOWHERE} }}",
        f"ASK {{ ?s ?p 1SERVICE{NOWHERE} }}",
        f"ASK {{ ?s <http://example.org/.#> ?o . SERVICE {NOWHERE} }}",
        f"ASK {{ ?s <http://example.org/'> ?o . SERVICE {NOWHERE} FILTER('a' = 'b') }}",
        f"ASK {{ FILTER('a'<'>')SERVICE{NOWHERE} FILTER('b' = '') }}",
        f"ASK {{ ?s ?p '''a\\''' ''' . SERVICE {NOWHERE} FILTER(?s = '''b''') }}",
        f"ASK {{ ?s ?p ?o # a\rSERVICE {NOWHERE}\n }}",
        "PREFIX : <http://127.0.0.1:9/> ASK { SERVICE:x { ?s ?p ?o } }",
    ],
)
def test_no_way_into_the_network(graph: KnowledgeGraph, text: str) -> None:
    """No way of writing a call to another endpoint gets past the refusal."""
    with pytest.raises(QueryError, match="SERVICE would reach into the network"):
        graph.query(text)


def test_line_after_a_long_string(graph: KnowledgeGraph) -> None:
    """A string over several lines does not shift the line that a message names."""
    with pytest.raises(QueryError, match=r"line 3, column 7: .* prk:targett"):
        graph.query('ASK { ?s ?p """a\n\n""" ; prk:targett ?o }')


def test_errors_have_one_parent(graph: KnowledgeGraph) -> None:
    """Every refusal is a KgError."""
    with pytest.raises(KgError):
        graph.status("Watsap", "RU")
    with pytest.raises(UsageError):
        graph.status("WhatsApp", "RU", on="soon")


def test_to_rdflib(graph: KnowledgeGraph) -> None:
    """The graph for rdflib holds every triple of the store, whose number is told."""
    small = kg.open([SMALL])
    assert len(small.to_rdflib()) == sum(1 for _ in small.store.triples()) == small.info()["statements"]
    assert graph.info()["statements"] == sum(1 for _ in graph.store.triples())


@pytest.mark.parametrize(
    "kind", ["platforms", "companies", "authorities", "laws", "designations", "jurisdictions", "sources"]
)
def test_lists(graph: KnowledgeGraph, kind: str) -> None:
    """Every list has entries, each thing once."""
    ids = [one.thing.id for one in graph.list(kind)]
    assert ids
    assert len(ids) == len(set(ids))


def test_listed_level_is_the_status(graph: KnowledgeGraph) -> None:
    """The level in a list is that of the status of each platform."""
    for one in graph.list("platforms", "RU", on="2026-11-22", known="2026-11-22"):
        answer = graph.status(one.thing.id, "RU", on="2026-11-22", known="2026-11-22")
        assert (one.level, one.certainty, one.since) == (answer.level, answer.certainty, answer.since)


def test_blocked_platforms_are_the_blocked_statuses(graph: KnowledgeGraph) -> None:
    """The named question and the statuses agree on which platforms are blocked."""
    days = {"on": "2026-11-22", "known": "2026-11-22"}
    asked = {
        row["platform"].removeprefix("prki:")
        for row in graph.query("blocked-platforms", jurisdiction="RU", **days).to_dicts()
    }
    assert asked == {
        one.thing.id
        for one in graph.list("platforms", "RU", level="blocked", **days)
        if one.certainty in {"definite", "presumed"}
    }
