"""The named questions: their headers, and their answers on a small made-up world in two engines.

The rows in ``tests/fixtures/world/expected`` were checked by hand against the world, one question at a time.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Identifier

import kg
from kg import KnowledgeGraph, catalogue, names
from kg.errors import QueryError, UnknownName, UsageError
from kg.sparql.parameters import TYPES, terms

WORLD = Path(__file__).resolve().parents[1] / "fixtures" / "world"
NAMES = sorted(catalogue.query_files())
PROLOGUE = "".join(f"PREFIX {name}: <{iri}> " for name, iri in names.PREFIXES.items())
COLUMN_TYPES = {"iri", "date", "text", "integer", "decimal", "boolean", "term"}
Case = dict[str, Any]
Rows = Counter[str]


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return kg.open()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(tmp_path_factory.mktemp("world")))
        yield kg.open(data=sorted(WORLD.glob("*.ttl")))


@pytest.fixture(scope="module")
def world_in_rdflib(world: KnowledgeGraph) -> rdflib.Graph:
    return world.to_rdflib()


def cases(name: str) -> list[Case]:
    file = WORLD / "expected" / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []


CASES = [
    pytest.param(name, case, id=f"{name}-{number}")
    for name in NAMES
    for number, case in enumerate(cases(name), start=1)
]


def counted(rows: list[list[Any]]) -> Rows:
    """Rows as a multiset; days as text, as JSON has them."""
    return Counter(
        json.dumps([one.isoformat() if isinstance(one, date) else one for one in row], ensure_ascii=False)
        for row in rows
    )


def bound(graph: KnowledgeGraph, name: str, given: dict[str, str]) -> str:
    query = catalogue.load(name)
    return query.bind(terms(graph.store, query, given))


VALUES = re.compile(r"VALUES \(.*?\) \{.*?\}", re.DOTALL)
READ: dict[str, tuple[str, Query]] = {}
"""Per question its text without the rows of its VALUES block, as rdflib read it."""


def read_by_rdflib(name: str, text: str) -> Query:
    """A bound question; the cases of one question differ in the rows of VALUES only, and rdflib takes long to read the rest."""
    block = VALUES.search(text)
    if block is None:
        return prepareQuery(text)
    rest = text.replace(block[0], "", 1)
    if READ.get(name, ("",))[0] != rest:
        READ[name] = (rest, prepareQuery(text))
        return READ[name][1]
    query = READ[name][1]
    (given,) = tables(prepareQuery(f"{PROLOGUE} SELECT * {{ {block[0]} }}").algebra)
    (place,) = (one for one in tables(query.algebra) if list(one["res"][0]) == list(given["res"][0]))
    place["res"] = given["res"]
    return query


def tables(algebra: CompValue) -> list[CompValue]:
    """The VALUES blocks inside."""
    found: list[CompValue] = []
    traverse(algebra, visitPre=lambda node: found.append(node) if getattr(node, "name", "") == "values" else None)
    return found


def plain(term: Identifier | None) -> Any:
    """A term of rdflib as the plain value that stands in the expected rows."""
    if isinstance(term, rdflib.URIRef):
        return names.shorten(str(term))
    if not isinstance(term, rdflib.Literal):
        return None
    value = term.toPython()
    if isinstance(value, Decimal):
        return float(value)
    if str(term) in {"0001-01-01", "9999-12-30", "9999-12-31"}:
        return None
    return value if isinstance(value, (bool, int)) else str(term)


@pytest.mark.parametrize("name", NAMES)
def test_header(name: str) -> None:
    """The header says what the question is, of which theme, and each of its lines is well formed."""
    query = catalogue.load(name)
    lines = [line for line in query.text.splitlines() if line.startswith("#+")]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert query.summary.endswith((".", "?"))
    assert query.theme in catalogue.THEMES
    assert query.columns
    assert len(lines) == 2 + len(query.parameters) + len(query.columns)
    assert {one.type for one in query.parameters} <= TYPES
    assert {one.type for one in query.columns} <= COLUMN_TYPES


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_the_values(name: str) -> None:
    """The declared parameters are the variables of the VALUES block, in their order."""
    query = catalogue.load(name)
    block = re.search(r"VALUES \(([^)]*)\)", query.text)
    variables = re.findall(r"\?(\w+)", block[1]) if block else []
    assert [one.name for one in query.parameters] == variables


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_the_projection(name: str, world: KnowledgeGraph) -> None:
    """The declared columns are what the query gives, in its order."""
    query = catalogue.load(name)
    found = world.store.inner.query(query.text)
    assert isinstance(found, ox.QuerySolutions)
    assert [one.name for one in query.columns] == [variable.value for variable in found.variables]


@pytest.mark.parametrize("name", NAMES)
def test_default_values_give_rows(name: str, graph: KnowledgeGraph) -> None:
    """Run as it stands in any tool, each file shows something on the packaged record."""
    found = graph.store.inner.query(catalogue.load(name).text)
    assert isinstance(found, ox.QuerySolutions)
    assert next(iter(found), None) is not None


@pytest.mark.parametrize("name", NAMES)
def test_ids_exist(name: str, graph: KnowledgeGraph) -> None:
    """Every thing and concept that a file names is in the packaged record."""
    text = re.sub(r"#[^\n]*|PREFIX[^\n]*", "", catalogue.load(name).text)
    for prefix, local in re.findall(r"\b(prki|prkc):([\w-]+)", text):
        assert graph.query(f"ASK {{ {prefix}:{local} ?property ?value }}").truth, f"{prefix}:{local}"


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_expected_rows(name: str) -> None:
    """No question goes without a case that gives rows."""
    assert any(case["rows"] for case in cases(name))


def test_no_rows_without_a_question() -> None:
    """Expected rows belong to questions that exist."""
    assert {file.stem for file in (WORLD / "expected").glob("*.json")} == set(NAMES)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_rows(name: str, case: Case, world: KnowledgeGraph) -> None:
    """The embedded engine gives the expected rows."""
    answer = world.query(name, **case["parameters"])
    assert counted([list(row) for row in answer.rows]) == counted(case["rows"])


@pytest.mark.parametrize(("name", "case"), CASES)
def test_rows_in_rdflib(name: str, case: Case, world: KnowledgeGraph, world_in_rdflib: rdflib.Graph) -> None:
    """The same file gives the same rows in rdflib."""
    found = world_in_rdflib.query(read_by_rdflib(name, bound(world, name, case["parameters"])))
    variables = [str(one) for one in found.vars or ()]
    assert variables == [one.name for one in catalogue.load(name).columns]
    assert counted(
        [[plain(one) for one in row] for row in found if isinstance(row, rdflib.query.ResultRow)]
    ) == counted(case["rows"])


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("blocked-platforms", {"jursdiction": "ZZ"}, "did you mean --in?"),
        ("blocked-platforms", {"zzz": "ZZ"}, "it takes --in, --on, --known"),
        ("sources", {"zzz": "ZZ"}, "it takes none"),
        ("blocked-platforms", {}, "needs --in"),
        ("hold-offs", {"platform": "peep"}, "needs --in"),
        ("blocked-platforms", {"jurisdiction": "XX"}, "no jurisdiction has the code or name 'XX'"),
        ("blocked-platforms", {"jurisdiction": "ZZ", "on": "soon"}, "'soon' is not a day"),
        ("details", {"node": "a b"}, "'a b' is not an IRI"),
    ],
)
def test_parameter_refused(name: str, given: dict[str, str], message: str, world: KnowledgeGraph) -> None:
    """A parameter that is unknown, missing or of the wrong type is refused in words."""
    with pytest.raises(UsageError, match=re.escape(message)):
        world.query(name, **given)


@pytest.mark.parametrize(
    ("given", "message"),
    [({"ky": ox.Literal("a")}, "did you mean key?"), ({"zzz": ox.Literal("a")}, "it takes key"), ({}, "needs --key")],
)
def test_bind_refused(given: dict[str, catalogue.Term], message: str) -> None:
    """Binding wants exactly the variables of the block."""
    with pytest.raises(UsageError, match=re.escape(message)):
        catalogue.load("look-up").bind(given)


@pytest.mark.parametrize(
    ("name", "near"), [("statsu", "status"), ("blocked-platform", "blocked-platforms"), ("fine", "fines")]
)
def test_unknown_question(name: str, near: str) -> None:
    """An unknown question is refused with the nearest name first."""
    with pytest.raises(UnknownName, match=f"did you mean {near}") as caught:
        catalogue.load(name)
    assert caught.value.suggestions[0] == near


def test_misspelt_question_in_python(world: KnowledgeGraph) -> None:
    """A misspelt question given to the graph is an error, not an empty answer."""
    with pytest.raises(QueryError):
        world.query("statsu")


@pytest.mark.parametrize("key", ['a"b', "a\\", '") } SELECT * WHERE { ?s ?p ?o } #', "a\nb", "'", '"@en', "}"])
def test_values_are_terms(key: str, world: KnowledgeGraph) -> None:
    """Quotes, backslashes, braces and line ends in a parameter stay inside its term."""
    assert world.query("look-up", key=key).rows == ()
    assert list(rdflib.Graph().query(catalogue.load("look-up").bind({"key": ox.Literal(key)}))) == []


def test_several_rows_of_values(world: KnowledgeGraph) -> None:
    """A block takes several rows, and the answers come together."""
    text = catalogue.load("look-up").bind([{"key": ox.Literal("chirp")}, {"key": ox.Literal("peep")}])
    assert [row[0] for row in world.query(text).rows] == ["prki:chirp", "prki:peep"]
