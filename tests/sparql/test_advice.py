"""Queries that find nothing because of a slip, and what is said about them."""

from __future__ import annotations

import pytest

from kg import KnowledgeGraph
from kg.sparql.advice import advise, unknown_ids, unused_variables
from kg.sparql.answer import QueryWarning

SLIPS = [
    ('ASK { ?s skos:prefLabel "Chirp" }', 'skos:prefLabel has no value "Chirp"; it has "Chirp"@en: write that'),
    ('ASK { ?s skos:prefLabel "Чирп"@en }', 'it has "Чирп"@ru: write that'),
    ('ASK { ?s skos:notation "ZZ"@en }', 'skos:notation has no value "ZZ"@en; it has "ZZ": write that'),
    ('ASK { ?s prk:knownFrom "2024-03-02" }', 'it has "2024-03-02"^^xsd:date: write that'),
    ('ASK { ?s prk:amount "500000" }', 'prk:amount has no value "500000"; it has 500000: write that'),
    ('ASK { ?s prk:amount "many" }', 'prk:amount has values of the kind number, and "many" is none'),
    (
        'SELECT * { ?s prk:knownFrom ?d FILTER(?d > "2024") }',
        'of the kind xsd:date, and "2024" is none; write a day such as',
    ),
    ('SELECT * { ?s prk:knownFrom ?d FILTER("2024-03-02" <= ?d) }', 'it has "2024-03-02"^^xsd:date: write that'),
    ('SELECT * { ?s skos:prefLabel ?l FILTER(?l = "Chirp") }', 'it has "Chirp"@en: write that'),
    ('SELECT (COUNT(*) AS ?n) { ?s dcterms:publisher "A Blog"@en }', 'it has "A Blog": write that'),
    ("ASK { ?s skos:preflabel ?l }", "no statement uses skos:preflabel; did you mean skos:prefLabel?"),
    ("ASK { ?s skos:exactMatch wd:Q42 }", "the record says nothing about wd:Q42"),
    ("ASK { GRAPH ?g { ?s ?p ?o } }", "the record lies in the default graph"),
    ("SELECT * FROM <http://example.org/> { ?s ?p ?o }", "the record lies in the default graph"),
    (
        "SELECT * { ?s a prk:Company ; prk:category prkc:messenger }",
        "nothing meets both '?s a prk:Company' and '?s prk:category prkc:messenger'",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), SLIPS)
def test_slips(text: str, sentence: str, world: KnowledgeGraph) -> None:
    """A condition that nothing can meet is named, with what would be met."""
    assert any(sentence in one for one in advise(world.store, text))


@pytest.mark.parametrize(
    "text",
    [
        'ASK { ?s skos:prefLabel "Chirp"@en }',
        'ASK { ?s skos:prefLabel "Nobody"@en }',
        'SELECT * { ?s prk:knownFrom ?d FILTER(?d > "2999-01-01"^^xsd:date) }',
        "SELECT * { ?s prk:amount ?a FILTER(?a > 1e12) }",
        "SELECT * { ?s a prk:Platform ; prk:category prkc:messenger }",
    ],
)
def test_nothing_to_say(text: str, world: KnowledgeGraph) -> None:
    """A query whose terms are right gets no advice, also when it finds nothing."""
    assert advise(world.store, text) == []


@pytest.mark.parametrize("text", ["SELECT", "ASK { << ?s ?p ?o >> ?q ?r }"])
def test_other_syntax(text: str, world: KnowledgeGraph) -> None:
    """What the second parser does not understand gets no advice and no error."""
    assert advise(world.store, text) == []


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("ASK { prki:chrip ?p ?o }", ["the record says nothing about prki:chrip; did you mean prki:chirp (Chirp)?"]),
        (
            "SELECT * { VALUES ?x { prki:chirp prki:peeep } ?x ?p ?o }",
            ["the record says nothing about prki:peeep; did you mean prki:peep (Peep)?"],
        ),
        (
            "ASK { ?s prk:target prki:qqqqzzzz }",
            ["the record says nothing about prki:qqqqzzzz; kg find looks for names"],
        ),
        (
            "ASK { prki:ZZ-chirp-blok ?p ?o }",
            ["the record says nothing about prki:ZZ-chirp-blok; did you mean prki:ZZ-chirp-block?"],
        ),
        (
            "DESCRIBE <https://w3id.org/prk/id/chrip>",
            ["the record says nothing about prki:chrip; did you mean prki:chirp (Chirp)?"],
        ),
        ("ASK { prki:chirp ?p ?o }", []),
        ("ASK { ?s prk:heldOffBy prki:ZZ-chirp-stay }", []),
        ("CONSTRUCT { prki:mine prk:target ?t } WHERE { ?s prk:target ?t }", []),
        ('ASK { ?s ?p "prki:nothing" } # prki:nothing', []),
    ],
)
def test_unknown_ids(text: str, sentences: list[str], world: KnowledgeGraph) -> None:
    """An id that the record does not know is named with the nearest thing, except where a query makes new ids."""
    assert unknown_ids(world.store, text) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "SELECT ?court ?aera WHERE { ?court prk:jurisdiction ?area }",
            ["?aera stands nowhere but in SELECT; did you mean ?area?"],
        ),
        ("SELECT ?s ?zzz { ?s a prk:Court }", ["?zzz stands nowhere but in SELECT"]),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s a prk:Court } GROUP BY ?s", []),
        ("SELECT ?s ?p { ?s ?p ?o }", []),
        ("SELECT * { ?s a ?o }", []),
        ("ASK { ?s a prk:Court }", []),
    ],
)
def test_columns_without_a_value(text: str, sentences: list[str]) -> None:
    """A column that nothing in the query can fill is named."""
    assert unused_variables(text) == sentences


def test_python_warns(world: KnowledgeGraph) -> None:
    """In Python a slip is a warning; a query that finds something, and a named question, stay silent."""
    with pytest.warns(QueryWarning, match='it has "Chirp"@en'):
        world.query('SELECT * { ?s skos:prefLabel "Chirp" }')
    with pytest.warns(QueryWarning, match="did you mean prki:chirp"):
        world.query("ASK { prki:chrip ?p ?o }")
    assert len(world.query('SELECT * { ?s skos:prefLabel "Chirp"@en }')) == 1
    assert len(world.query("look-up", key="nobody")) == 0
