"""Answers in Python: typed values, data frames, a table in a notebook, streams, parameters of named questions."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import KnowledgeGraph
from kg.errors import UnknownName, UsageError
from kg.sparql.answer import Answer, data_frame, in_order, plain
from kg.sparql.labels import with_labels

XSD = "http://www.w3.org/2001/XMLSchema#"
TYPED = """SELECT ?iri ?text ?number ?share ?day ?flag ?open { VALUES (?iri ?text ?number ?share ?day ?flag ?open) {
  (prki:chirp "Chirp"@en 4 60.5 "2024-03-01"^^xsd:date true "9999-12-31"^^xsd:date)
  (<http://example.org/> UNDEF UNDEF 1e2 UNDEF false "0001-01-01"^^xsd:date) } }"""


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (ox.NamedNode("https://w3id.org/prk/id/chirp"), "prki:chirp"),
        (ox.NamedNode("http://example.org/a"), "http://example.org/a"),
        (ox.Literal("Чирп", language="ru"), "Чирп"),
        (ox.Literal("007", datatype=ox.NamedNode(XSD + "integer")), 7),
        (ox.Literal("60.5", datatype=ox.NamedNode(XSD + "decimal")), 60.5),
        (ox.Literal("many", datatype=ox.NamedNode(XSD + "integer")), "many"),
        (ox.Literal("2024-03-01", datatype=ox.NamedNode(XSD + "date")), date(2024, 3, 1)),
        (ox.Literal("2024-03-01Z", datatype=ox.NamedNode(XSD + "date")), "2024-03-01Z"),
        (ox.Literal("9999-12-30", datatype=ox.NamedNode(XSD + "date")), None),
        (ox.Literal("1", datatype=ox.NamedNode(XSD + "boolean")), True),
        (ox.BlankNode("b1"), "_:b1"),
    ],
)
def test_plain_values(term: Any, value: object) -> None:
    """A term becomes the value that a person means; a text that does not fit its datatype stays text."""
    assert plain(term) == value
    assert type(plain(term)) is type(value)


def test_rows_are_typed(world: KnowledgeGraph) -> None:
    """Rows hold days, numbers and booleans; open bounds are nothing."""
    answer = world.query(TYPED)
    assert answer.rows == (
        ("prki:chirp", "Chirp", 4, 60.5, date(2024, 3, 1), True, None),
        ("http://example.org/", None, None, 100.0, None, False, None),
    )
    assert answer.to_dicts()[0]["day"] == date(2024, 3, 1)
    assert list(answer) == list(answer.rows)
    assert len(answer) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ASK { ?s ?p ?o }", True),
        ("ASK { ?s ?p prki:x-y }", False),
        ("SELECT * { FILTER(false) }", False),
        ("DESCRIBE prki:chirp", True),
    ],
)
@pytest.mark.filterwarnings("ignore::kg.sparql.answer.QueryWarning")
def test_truth_of_an_answer(text: str, found: bool, world: KnowledgeGraph) -> None:
    """An answer is true when it says yes or holds something."""
    assert bool(world.query(text)) is found


def test_data_frames(world: KnowledgeGraph) -> None:
    """Pandas and polars get the same values, with days as days."""
    answer = world.query(TYPED)
    panda, polar = answer.to_pandas(), answer.to_polars()
    assert list(panda.columns) == polar.columns == list(answer.columns)
    assert panda["day"].dtype.kind == "M"
    assert panda["day"][0] == pd.Timestamp("2024-03-01")
    assert polar.schema["day"] == pl.Date
    assert polar.rows() == list(answer.rows)


def test_mixed_columns_become_text() -> None:
    """A column that holds numbers and words is text in a data frame."""
    assert data_frame(["a", "b"], [(1, 1), ("x", 2.5), (None, None)]).rows() == [("1", 1.0), ("x", 2.5), (None, None)]


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "DESCRIBE prki:chirp"])
def test_no_data_frame_without_rows(text: str, world: KnowledgeGraph) -> None:
    """A yes and triples are no data frame."""
    with pytest.raises(UsageError, match="only a SELECT gives rows"):
        world.query(text).to_pandas()
    with pytest.raises(UsageError, match="only a SELECT gives rows"):
        world.query(text).to_polars()


@pytest.mark.parametrize(("method", "library"), [("to_pandas", "pandas"), ("to_polars", "polars")])
def test_missing_library(method: str, library: str, world: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is missing, the error says what to install."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == library:
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match="pip install"):
        getattr(world.query(TYPED), method)()


class Cells(HTMLParser):
    """The tags and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        """Note a tag."""
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)


def shown(answer: Answer) -> Cells:
    cells = Cells()
    cells.feed(answer._repr_html_())
    return cells


def test_notebook_table(world: KnowledgeGraph) -> None:
    """A notebook shows rows, a yes, and triples as a table, and says how many rows it leaves out."""
    assert shown(world.query(TYPED)).texts[:8] == [*world.query(TYPED).columns, "prki:chirp"]
    assert shown(world.query("ASK { ?s ?p ?o }")).texts == ["answer", "true"]
    assert shown(world.query("DESCRIBE prki:chirp")).texts[:3] == ["subject", "predicate", "object"]
    many = shown(world.query("SELECT * { ?s ?p ?o } LIMIT 130"))
    assert many.tags.count("tr") == 101
    assert many.texts[-1] == "… and 30 more rows"


def test_nothing_in_a_notebook_table_is_markup(world: KnowledgeGraph) -> None:
    """Text from the data stays text, also in the name of a column."""
    cells = shown(world.query('SELECT ("<img src=x onerror=alert(1)>&amp;" AS ?a) {}'))
    assert set(cells.tags) <= {"table", "thead", "tbody", "tr", "th", "td"}
    assert cells.texts[-1] == "<img src=x onerror=alert(1)>&amp;"


def test_streams_are_lazy(world: KnowledgeGraph) -> None:
    """A stream gives its first rows at once, of an answer that would take years."""
    rows = world.stream("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }").rows
    assert rows is not None
    assert len(next(iter(rows))) == 12


@given(st.lists(st.integers(0, 30)), st.randoms())
def test_triples_have_one_order(numbers: list[int], chance: Any) -> None:
    """Triples come without doubles and in an order that does not depend on how they came."""
    triples = [ox.Triple(ox.NamedNode(f"http://a/{one}"), ox.NamedNode("http://p"), ox.Literal(one)) for one in numbers]
    shuffled = list(triples)
    chance.shuffle(shuffled)
    assert list(in_order(triples)) == list(in_order(shuffled))
    assert len(list(in_order(triples))) == len(set(numbers))


def test_many_triples_stream() -> None:
    """More triples than are held for sorting come one by one and none is lost."""

    def endless() -> Iterator[ox.Triple]:
        for number in range(150_000):
            yield ox.Triple(ox.NamedNode("http://a"), ox.NamedNode("http://p"), ox.Literal(number))

    assert sum(1 for _ in in_order(endless())) == 150_000


@pytest.mark.parametrize(
    ("languages", "labels"),
    [
        (["en"], ["Chirp", "Burrow"]),
        (["ru"], ["Чирп", "Нора"]),
        (["fa", "ru"], ["Чирп", "Нора"]),
        (["fa"], ["Chirp", "Burrow"]),
    ],
)
def test_labels_beside(languages: list[str], labels: list[str], world: KnowledgeGraph) -> None:
    """Each column of things gets a column of labels in the first language that there is, English next."""
    answer = with_labels(
        world.store, world.stream("SELECT ?n ?x { VALUES (?n ?x) { (1 prki:chirp) (2 prki:burrow) } }"), languages
    ).whole()
    assert answer.columns == ("n", "x", "xLabel")
    assert [row[2] for row in answer.rows] == labels


def test_labels_of_other_nodes(world: KnowledgeGraph) -> None:
    """Concepts, terms and sources have labels too; what has none shows the end of its IRI; a column of labels stays."""
    text = "SELECT ?x ?y ?yLabel { VALUES (?x ?y ?yLabel) { (prkc:full-block prki:chirp 'mine') (prk:target UNDEF UNDEF) (prki:s-blog UNDEF UNDEF) (<http://a/b> UNDEF UNDEF) } }"
    answer = with_labels(world.store, world.stream(text), ["en"]).whole()
    assert answer.columns == ("x", "xLabel", "y", "yLabel")
    assert [row[1] for row in answer.rows] == ["full block", "target", "Nest is down again", "http://a/b"]
    assert answer.rows[0][3] == "mine"


def test_labels_that_are_there_already(world: KnowledgeGraph) -> None:
    """A column with its label right behind it gets no second one."""
    text = "SELECT ?s ?label ?kind { VALUES (?s ?label ?kind) { (prki:chirp 'Chirp' prkc:full-block) } }"
    assert with_labels(world.store, world.stream(text), ["en"]).columns == ("s", "label", "kind", "kindLabel")


def test_labels_in_batches(world: KnowledgeGraph) -> None:
    """More rows than are labelled at once all get theirs."""
    answer = with_labels(world.store, world.stream("SELECT ?s ?p { ?s ?p ?o } LIMIT 1200"), ["en"]).whole()
    assert len(answer) == 1200
    assert all(row[1] and row[3] for row in answer.rows)


@pytest.mark.parametrize(
    ("name", "given_", "message"),
    [
        (
            "category-restrictions",
            {"category": "messengerr", "on": "2023-06-01"},
            "there is no category 'messengerr'; did you mean messenger",
        ),
        ("category-restrictions", {"category": "qqqq"}, "there is no category 'qqqq'; there are "),
        ("audience-measures", {"audience": "adults"}, "there is no audience 'adults'"),
        ("fined-then-blocked", {"days": "many"}, "'many' is not a whole number"),
        ("fined-then-blocked", {"days": "-3"}, "'-3' is not a whole number"),
        ("authority-measures", {"authority": "Chirp"}, "Chirp is no authority"),
        ("law-measures", {"law": "Net Act"}, "no law is called 'Net Act'"),
        ("status", {"platform": "chirp", "in": "ZZ", "zone": "1"}, "has no parameter --zone"),
    ],
)
def test_values_of_the_wrong_type(name: str, given_: dict[str, str], message: str, world: KnowledgeGraph) -> None:
    """A value that is none of its type is refused with what there is."""
    with pytest.raises((UsageError, UnknownName), match=message):
        world.query(name, **given_)


@pytest.mark.parametrize(
    "value", ["messenger", "Messenger", "prkc:messenger", "https://w3id.org/prk/concept/messenger", "мессенджер"]
)
def test_concepts_by_any_name(value: str, world: KnowledgeGraph) -> None:
    """A concept is meant by its id, its IRI, or its label in any language and case."""
    answer = world.query("category-restrictions", category=value, on="2022-07-10", known="2024-12-31")
    assert "prki:burrow" in {one for row in answer.rows for one in row}


def test_parameters_of_python(world: KnowledgeGraph) -> None:
    """Words of Python take an underscore, days may be dates, and a free parameter is left out."""
    first = world.query("blocked-platforms", in_="ZZ", on=date(2024, 4, 1), known="2024-12-31")
    assert first.rows == world.query("blocked-platforms", jurisdiction="ZZ", on="2024-04-01", known="2024-12-31").rows
    assert len(world.query("changes", from_="2024-02-15", to="2024-03-01")) > 0
    with pytest.raises(UsageError, match="there is no option --on; parameters go with a named question"):
        world.query("ASK { ?s ?p ?o }", on="2024-01-01")


OWN = """#+ summary: Which platforms are of a category?
#+ theme: status
#+ param category category: the category
SELECT ?platform { VALUES (?category) { (prkc:messenger) } ?platform a prk:Platform ; prk:category ?category }"""


def test_parameters_of_a_query_of_ones_own(world: KnowledgeGraph) -> None:
    """A query with a header takes parameters like a named question, and stands as it is without any."""
    assert {row[0] for row in world.query(OWN)} == {"prki:burrow", "prki:chirp", "prki:owl", "prki:peep"}
    assert {row[0] for row in world.query(OWN, category="video platform")} == {"prki:lark", "prki:wren"}
    with pytest.raises(UsageError, match="has no parameter --categorie; did you mean --category"):
        world.query(OWN, categorie="messenger")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ASK { ?s ?p ?o }", "Answer(True)"),
        ("CONSTRUCT { ?s a prk:Court } WHERE { ?s a prk:Court }", "Answer(2 triples)"),
        ("SELECT ?s ?x { ?s a prk:Court BIND(1 AS ?x) }", "Answer(2 rows of s, x)"),
    ],
)
def test_an_answer_says_what_it_holds(text: str, said: str, world: KnowledgeGraph) -> None:
    """The short form of an answer gives its size and columns."""
    assert repr(world.query(text)) == said
