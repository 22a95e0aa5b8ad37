"""Names with slips: the best hit by parts of names is that of reading every name."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

import kg
from kg import KnowledgeGraph, names
from kg.answers import search
from kg.answers.facts import ask
from kg.answers.resolve import EVERYTHING
from kg.build.lookup import letter_pairs, lookup_keys, lookup_parts, skeleton, word_parts
from kg.store import Row


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return kg.open()


@pytest.fixture(scope="module")
def every_key(graph: KnowledgeGraph) -> list[Row]:
    return ask(graph.store, "look-up-keys")


def _middle(text: str) -> int:
    return len(text) // 2


SLIPS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "a letter dropped": lambda text: text[: _middle(text)] + text[_middle(text) + 1 :],
    "a letter doubled": lambda text: text[: _middle(text)] + text[_middle(text) - 1 :],
    "two letters swapped": lambda text: text[: _middle(text) - 1] + text[_middle(text)] + text[_middle(text) - 1] + text[_middle(text) + 1 :],
    "a letter replaced": lambda text: text[: _middle(text)] + "q" + text[_middle(text) + 1 :],
    "the first letter dropped": lambda text: text[1:],
    "capitals": lambda text: text.upper() + "z",
    "Cyrillic letters that look Latin": lambda text: text[:-1].translate(str.maketrans("aekmopctyx", "аекморстух")),
    "an asterisk": lambda text: text[:-1] + "*",
    "a sub-domain": lambda text: f"m.{text[:-1]}",
}  # fmt: skip
EVERY = 89
"""Of all keys each slip is tried on so many apart; which ones differs by slip."""


@pytest.mark.parametrize("slip", SLIPS)
def test_first_hit_is_that_of_reading_every_name(slip: str, graph: KnowledgeGraph, every_key: list[Row]) -> None:
    """A name with a slip finds by its parts the same best thing as by reading every name."""
    for row in every_key[list(SLIPS).index(slip) :: EVERY]:
        if len(row["key"].value) > 1:
            text = SLIPS[slip](row["key"].value)
            whole = search.rank(graph.store, text, every_key, EVERYTHING, 10)
            few = search.rank(graph.store, text, search.near(graph.store, text), EVERYTHING, 10)
            assert few[:1] == whole[:1], text


def test_few_names_are_read(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search asks for the names of some hundred things, whatever else the record holds."""
    rows: list[Row] = []
    plain = search.rank
    monkeypatch.setattr(
        search, "rank", lambda store, text, near, *rest: rows.extend(near) or plain(store, text, near, *rest)
    )
    assert graph.find("whatsap")[0].thing.label == "WhatsApp"
    assert 0 < len({row["thing"].value for row in rows}) <= 400


@pytest.mark.parametrize(
    ("text", "best"),
    [("supreme court", "Supreme Court"), ("law on information", "Law"), ("digital services", "Digital Services Act")],
)
def test_part_of_a_long_name(text: str, best: str, graph: KnowledgeGraph) -> None:
    """The beginning of a long name finds the thing, and no other one that has some of its letters."""
    assert best in graph.find(text)[0].thing.label


@pytest.mark.parametrize("text", ["", "*", "!?", "x", "#1", "'\"\\", "} SELECT"])
def test_little_text(text: str, graph: KnowledgeGraph) -> None:
    """Texts of few letters or none, and of signs that mean something in a query, are asked for without a fault."""
    assert all(row["key"].value for row in search.near(graph.store, text))


@pytest.mark.parametrize(
    ("text", "words", "pairs"),
    [
        ("", set(), set()),
        ("x", {" x"}, {"x"}),
        ("vk", {" vk"}, {"vk"}),
        ("meta", {" me", "met", "eta"}, {"me", "mt", "et", "ea", "ta"}),
        ("vk id", {" vk", " id"}, {"vk", "vi", "ki", "kd", "id"}),
        ("微信", {" 微信"}, {"微信"}),
    ],
)
def test_parts(text: str, words: set[str], pairs: set[str]) -> None:
    """Parts of words mark the beginning of each; pairs leave out what is between words."""
    assert (word_parts(text), letter_pairs(text)) == (words, pairs)


def test_every_key_has_its_parts(graph: KnowledgeGraph, every_key: list[Row]) -> None:
    """The store holds the parts of the keys of each thing, and no others."""
    held: dict[str, set[str]] = {}
    for row in graph.store.select("SELECT ?thing ?part WHERE { ?thing prk:lookupPart ?part }"):
        held.setdefault(row["thing"].value, set()).add(row["part"].value)
    made: dict[str, set[str]] = {}
    for row in every_key:
        made.setdefault(row["thing"].value, set()).update(lookup_parts(row["key"].value))
    assert {thing: held.get(thing, set()) for thing in made} == made


def test_parts_of_one_thing() -> None:
    """A thing gets the parts of its short keys as pairs, and of the others by words."""
    store, thing = ox.Store(), ox.NamedNode(names.THING + "daba")
    store.add(ox.Quad(thing, names.TYPE, ox.NamedNode(names.ONTOLOGY + "Platform")))
    store.add(ox.Quad(thing, names.LABELS[0], ox.Literal("Messenger Daba", language="en")))
    parts = {names.text_of(quad.object) for quad in lookup_keys(store, thing) if quad.predicate == names.LOOKUP_PART}
    assert parts == letter_pairs("daba") | word_parts(skeleton("Messenger Daba"))


def test_parts_are_not_shown(graph: KnowledgeGraph) -> None:
    """A profile tells nothing of the parts by which a thing is found."""
    assert "lookup" not in repr(graph.show("WhatsApp"))
