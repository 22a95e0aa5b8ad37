"""From what people type to the thing they mean."""

from __future__ import annotations

import pytest

import kg
from kg import KnowledgeGraph, names
from kg.answers.resolve import PLACES, TARGETS, resolve
from kg.errors import AmbiguousName, UnknownName


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return kg.open()


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("whatsapp", "whatsapp"),
        ("WHATSAPP", "whatsapp"),
        (" WhatsApp ", "whatsapp"),
        ("WhatsApp*", "whatsapp"),
        ("Ватсап", "whatsapp"),
        ("ватсап*", "whatsapp"),
        ("вотсап", "whatsapp"),
        ("web.whatsapp.com", "whatsapp"),
        ("WWW.WhatsApp.com", "whatsapp"),
        ("whatsapp.com:443", "whatsapp"),
        ("https://web.whatsapp.com/x?y", "whatsapp"),
        ("prki:whatsapp", "whatsapp"),
        ("https://w3id.org/prk/id/whatsapp", "whatsapp"),
        ("РКН", "roskomnadzor"),
        ("Роскомнадзор", "roskomnadzor"),
        ("запрещённая Мета*", "meta"),
        ("Meta Platforms", "meta"),
        ("MAX", "max"),
        ("МАХ", "max"),
        ("Twitter", "x"),
        ("x.com", "x"),
        ("«ЮТуб»", "youtube"),
        ("RU", "RU"),
        ("ru", "RU"),
        ("Russia", "RU"),
        ("Россия", "RU"),
        ("149-FZ", "law-149fz"),
        ("Federal Law No. 149-FZ", "law-149fz"),
        ("Google", "google"),
    ],
)
def test_spelling(graph: KnowledgeGraph, text: str, thing: str) -> None:
    """Labels, aliases, codes, ids, domains and addresses lead to the thing, in any case and script."""
    node, _ = resolve(graph.store, text)
    assert names.local_name(node.value) == thing


@pytest.mark.parametrize(
    ("text", "suggestion", "thing"),
    [
        ("Watsap", "WhatsApp", "whatsapp"),
        ("Telgram", "Telegram", "telegram"),
        ("Roskomnadzr", "Roskomnadzor", "roskomnadzor"),
        ("Ютьюб", "YouTube", "youtube"),
        ("Tverskoy District Court", "Tverskoy District Court of Moscow", "tverskoy"),
    ],
)
def test_slip(graph: KnowledgeGraph, text: str, suggestion: str, thing: str) -> None:
    """A slip is refused with the nearest name first, and a search finds the thing first."""
    with pytest.raises(UnknownName, match=suggestion) as caught:
        resolve(graph.store, text)
    assert caught.value.suggestions[0] == suggestion
    assert graph.find(text)[0].thing.id == thing


@pytest.mark.parametrize("text", ["", "   ", "***", "192.168.1.1", "qqqqzzzz", 'a"b\\', "\n"])
def test_nonsense(graph: KnowledgeGraph, text: str) -> None:
    """What means nothing is refused without suggestions that would mislead."""
    with pytest.raises(UnknownName) as caught:
        resolve(graph.store, text)
    assert caught.value.suggestions == ()


def test_ambiguous(graph: KnowledgeGraph) -> None:
    """A name of two things lists both with their ids."""
    with pytest.raises(AmbiguousName, match=r"prki:vk\b.*prki:vkontakte\b") as caught:
        resolve(graph.store, "VK")
    assert len(caught.value.candidates) == 2


@pytest.mark.parametrize(("wanted", "thing"), [(TARGETS, "vkontakte"), (frozenset({"Company"}), "vk")])
def test_wanted_class_decides(graph: KnowledgeGraph, wanted: frozenset[str], thing: str) -> None:
    """A name of two things is clear where only one class makes sense."""
    assert names.local_name(resolve(graph.store, "VK", wanted)[0].value) == thing


def test_unknown_place(graph: KnowledgeGraph) -> None:
    """An unknown code says where the codes are."""
    with pytest.raises(UnknownName, match="kg list jurisdictions"):
        resolve(graph.store, "XX", PLACES)


def test_exact_hit_is_first(graph: KnowledgeGraph) -> None:
    """A search for an exact name gives the thing first with the full score."""
    hit = graph.find("Ватсап")[0]
    assert (hit.thing.id, hit.score) == ("whatsapp", 100)


@pytest.mark.parametrize(("text", "thing"), [("Х", "x"), ("Теlеgram", "telegram"), ("Fасеbооk", "facebook")])
def test_look_alike_letters(graph: KnowledgeGraph, text: str, thing: str) -> None:
    """Cyrillic letters that look Latin are read as such in a search."""
    hit = graph.find(text)[0]
    assert (hit.thing.id, hit.score) == (thing, 100)


@pytest.mark.parametrize("limit", [1, 3])
def test_limit(graph: KnowledgeGraph, limit: int) -> None:
    """A search gives at most as many hits as asked for."""
    assert len(graph.find("Telegram", limit)) <= limit
