"""What is said about a query without running it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import KnowledgeGraph, catalogue, names
from kg.errors import QueryError
from kg.sparql.explain import explain, portable


def test_patterns_with_their_matches(world: KnowledgeGraph) -> None:
    """Each pattern stands with the number of statements that match it alone, fewest first, after VALUES."""
    text = "SELECT ?label { VALUES ?s { prki:chirp } ?s skos:prefLabel ?label . ?m prk:target ?s . ?m a prk:RestrictionMeasure }"
    lines = explain(world.store, text)
    assert lines[:2] == ["form: SELECT", "columns: label"]
    patterns = [line.split(maxsplit=1) for line in lines[4:7]]
    # Two measures and exposures are on Chirp, which has two labels; of the 14 measures one is derived.
    assert sorted(patterns[:2]) == [["2", "?m prk:target ?s"], ["2", "?s skos:prefLabel ?label"]]
    assert patterns[2] == ["14", "?m a prk:RestrictionMeasure"]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            "SELECT * { ?s ?p ?o FILTER(?p = prk:target) }",
            "?p is compared with one property; write prk:target in the pattern",
        ),
        ("SELECT * { ?s ?p ?o }", "'?s ?p ?o' alone matches every statement"),
        ("SELECT * { OPTIONAL { ?s prk:share ?o } ?s a prk:Ownership }", "an OPTIONAL stands before required patterns"),
        ("SELECT * { ?a prk:within+ ?b }", "is long work when neither of its ends is known"),
        (
            "ASK { ?s a prk:Fine FILTER NOT EXISTS { ?s prk:amount ?a } }",
            "EXISTS and NOT EXISTS are tried for every row",
        ),
        ('ASK { ?s skos:prefLabel ?l FILTER(CONTAINS(?l, "x")) }', "REGEX and CONTAINS read every value"),
    ],
)
def test_notes(text: str, note: str, world: KnowledgeGraph) -> None:
    """What makes a query slow is named."""
    assert any(note in line for line in explain(world.store, text))


@pytest.mark.parametrize(
    "form",
    ["SELECT * { ?s a prk:Fine }", "ASK { ?s a prk:Fine }", "CONSTRUCT { ?s a prk:Fine } WHERE { ?s a prk:Fine }"],
)
def test_every_form(form: str, world: KnowledgeGraph) -> None:
    """Each form of query can be explained, and a good one gets no note."""
    lines = explain(world.store, form)
    assert lines[0] == f"form: {form.split(maxsplit=1)[0]}"
    assert not any(line.startswith("note") for line in lines)


def test_what_only_the_engine_understands(world: KnowledgeGraph) -> None:
    """A query that the second parser cannot read is an error, not an empty explanation."""
    with pytest.raises(QueryError, match="can be run, not explained"):
        explain(world.store, "ASK { << ?s ?p ?o >> ?q ?r }")


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s a prk:Fine }",
        'PREFIX prk: <https://w3id.org/prk/ontology#> ASK { ?s prk:areaNote "skos:x"@en ; a prki:y }',
    ],
)
def test_portable(text: str) -> None:
    """With its prefixes declared a query needs nothing from us, and one that needs nothing stays as it is."""
    ox.Store().query(portable(text))
    assert portable(portable(text)) == portable(text)


@pytest.mark.parametrize("name", sorted(catalogue.query_files()))
def test_named_questions_are_portable(name: str) -> None:
    """The files of the catalogue declare what they use."""
    text = catalogue.load(name).text
    assert portable(text) == text
    assert set(names.PREFIXES)
