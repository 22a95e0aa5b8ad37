"""What a query may not do, and how slips are shown."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import names
from kg.errors import QueryError
from kg.sparql.guard import code_of, inspect, pointed, syntax_message

UPDATES = [
    "INSERT DATA { prki:a prk:target prki:b }",
    "delete where { ?s ?p ?o }",
    "LOAD <http://example.org/>",
    "PREFIX a: <http://a/> CLEAR ALL",
    "DROP DEFAULT",
    "# SELECT\nCREATE GRAPH <http://a/>",
]
SERVICES = [
    "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
    "select * { service silent <http://example.org/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<http://example.org/> { ?s ?p ?o } }",
    "ASK { FILTER(?a<'b' && ?c>'d') SERVICE ?x { } }",
    "SELECT * { { SELECT * { SERVICE ?where { ?s ?p ?o } } } }",
]
HARMLESS = [
    'SELECT * { ?s skos:prefLabel "SERVICE <http://example.org/> {}"@en }',
    "SELECT * { ?s ?p ?o } # SERVICE, INSERT DATA",
    "SELECT ?service { ?service a prk:Platform }",
    "SELECT * { ?s ?p <http://example.org/service> }",
    "ASK { ?s dcterms:title '''LOAD\n<http://a/>''' }",
]


@pytest.mark.parametrize("text", UPDATES)
def test_updates_are_refused(text: str) -> None:
    """Nothing that changes the store gets as far as the engine."""
    with pytest.raises(QueryError, match="this is an update"):
        inspect(text)


@pytest.mark.parametrize("text", SERVICES)
def test_service_is_refused(text: str) -> None:
    """A call to another endpoint is refused however it is written, and allowed when somebody says so."""
    with pytest.raises(QueryError, match="SERVICE would reach into the network"):
        inspect(text)
    inspect(text, allow_service=True)


@pytest.mark.parametrize("text", HARMLESS)
def test_words_in_strings_and_names_mean_nothing(text: str) -> None:
    """Strings, comments, variables and addresses may hold any word."""
    inspect(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "SELECT * { ?s scos:prefLabel ?o }",
            "line 1, column 15: the prefix scos: is not declared; did you mean skos:?",
        ),
        ("ASK {\n  ?s zzzzzz:a ?o }", "line 2, column 6: the prefix zzzzzz: is not declared; declare it with PREFIX"),
        ("ASK { ?s prk:targett ?o }", "column 10: the ontology has no term prk:targett; did you mean prk:target?"),
        ("ASK { ?s <https://w3id.org/prk/ontology#targett> ?o }", "no term prk:targett; did you mean prk:target?"),
        ("ASK { ?s ?p prkc:ful-block }", "the ontology has no term prkc:ful-block; did you mean prkc:full-block?"),
        ("ASK { ?s prk:qqqqqqqqqqqq ?o }", "the ontology has no term prk:qqqqqqqqqqqq\n"),
        ('ASK { ?s skos:note "Ä ö" ; prk:targett ?o }', "column 28: "),
    ],
)
def test_undeclared_names(text: str, message: str) -> None:
    """A prefix or term that does not exist is an error with its place and the nearest that does."""
    with pytest.raises(QueryError) as caught:
        inspect(text)
    assert message in f"{caught.value}\n"
    *_, shown, caret = str(caught.value).splitlines()
    assert shown[caret.index("^") - 1] in " <"


@pytest.mark.parametrize(
    "text", ["PREFIX ex: <http://a/> ASK { ex:a ex:b ex:c }", "prefix EX: <http://a/>\nASK { EX:a a EX:b }"]
)
def test_own_prefixes(text: str) -> None:
    """Prefixes that the query declares itself are fine."""
    inspect(text)


@given(st.text(alphabet=st.characters(exclude_characters="\r"), max_size=60))
def test_places_stay(text: str) -> None:
    """Blanking strings and comments moves no other character."""
    code = code_of(text)
    assert len(code) == len(text)
    assert [place for place, letter in enumerate(code) if letter == "\n"] == [
        place for place, letter in enumerate(text) if letter == "\n"
    ]


@given(st.text(alphabet="ab\n\t ", min_size=1, max_size=200), st.data())
def test_caret_points_at_the_offset(text: str, data: st.DataObject) -> None:
    """The mark stands under the character that the message is about, also in long lines."""
    offset = data.draw(st.integers(0, len(text) - 1))
    if text[offset] == "\n":
        return
    _, shown, caret = pointed(text, offset, "here").split("\n")
    assert shown[caret.index("^")] == text[offset].replace("\t", " ")


@pytest.mark.parametrize(
    ("text", "message", "marked"),
    [
        ("SELECT * WHERE {\n  ?s ?p }", "what begins at line 2, column 3 is incomplete", "?s ?p }"),
        ("SELECT * { ?s ?p ?o . ]", "what begins at line 1, column 23", "]"),
        ("SELECT * { ?s ?p ?o } ODER BY ?s", "what begins at line 1, column 23", "ODER"),
        ("SELEC * { }", "what begins at line 1, column 1 ", "SELEC"),
        ("SELECT", "line 1, column 7: the query ends too early", ""),
        ("SELECT\n\n", "line 1, column 7: the query ends too early", ""),
        ("", "line 1, column 1: the query ends too early", ""),
        (
            "SELECT (COUNT(?x) AS ?n) ?y { ?x ?y ?z }",
            "a variable of SELECT is neither in GROUP BY nor inside COUNT",
            "",
        ),
    ],
)
def test_syntax_errors_are_readable(text: str, message: str, marked: str) -> None:
    """A query that does not parse is shown with the place where it stops making sense."""
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(text, prefixes=names.PREFIXES)
    said, shown, caret = syntax_message(text, caught.value).split("\n")
    assert message in said
    assert shown[caret.index("^") :].startswith(marked)
