from __future__ import annotations

import random
import sys
from collections import Counter
from itertools import pairwise

import networkx as nx
import pytest

import kg
from kg.pictures.layout import HEADING, Layout, Wire, arrange
from kg.pictures.order import crossings, in_order, links_of
from kg.pictures.scene import set_scene

ON = "2026-11-22"


def made_up(nodes: int, edges: int, seed: int = 1) -> nx.MultiDiGraph:
    """Laws, authorities in twelve places, platforms and owners, joined at random."""
    rolled = random.Random(seed)  # noqa: S311  a picture, not a secret
    graph = nx.MultiDiGraph()
    kinds = ["law", "authority", "authority", "authority", "platform", "platform", "company"]
    for number in range(nodes):
        kind = kinds[number % len(kinds)]
        place = {"place": f"Place {number % 12}"} if kind == "authority" else {}
        graph.add_node(f"{kind}{number}", label=f"{kind} number {number}", type=kind, facts=[], **place)
    of = {kind: [one for one, data in graph.nodes(data=True) if data["type"] == kind] for kind in set(kinds)}
    ways = [("law", "authority", "law"), ("authority", "platform", "blocked"), ("authority", "company", "pressure"), ("company", "platform", "owns")]  # fmt: skip
    for number in range(edges):
        start, end, level = ways[number % len(ways)]
        source, target = rolled.choice(of[start]), rolled.choice(of[end])
        graph.add_edge(source, target, key="law" if level == "law" else f"k{number}", label=f"{level} 1 Jan 2020", level=level, ended=False)  # fmt: skip
    return graph


def areas_of(layout: Layout) -> list[tuple[float, float, float, float]]:
    cards = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in layout.boxes.values()]
    return cards + [(x, y - 9, x + 20, y) for x, y, _ in layout.groups]


def apart(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 0.1 or other[3] <= one[1] + 0.1


@pytest.mark.parametrize("name", ["Telegram", "TikTok", "WhatsApp", "Roskomnadzor"])
@pytest.mark.parametrize("view", ["acts", "events", "ownership", "law"])
def test_cards_and_headings_do_not_meet(name: str, view: str) -> None:
    """In real pictures of every view no card or heading lies on another, and all lie inside."""
    layout = set_scene(kg.open(), [name], None, on=ON, known=ON, view=view).layout
    areas = areas_of(layout)
    for number, one in enumerate(areas):
        assert one[0] >= 0
        assert one[1] >= 0
        assert one[2] <= layout.width
        assert one[3] <= layout.height
        assert all(apart(one, other) for other in areas[:number])


def test_authorities_of_a_jurisdiction_stand_together_under_its_name() -> None:
    """Each place is one stretch of the column, with one heading above its first card; persons have their own."""
    scene = set_scene(kg.open(), ["Telegram"], None, on=ON, known=ON)
    column = sorted((box for box in scene.layout.boxes.values() if box.column == 1), key=lambda box: box.y)
    groups = [box.group for box in column]
    starts = [new for old, new in pairwise(["", *groups]) if new != old]
    assert len(starts) == len(set(starts))
    headed = {text: y for _, y, text in scene.layout.groups}
    assert len(headed) == len(scene.layout.groups)
    assert {"Russia", "Iran", "Persons"} <= set(headed)
    for text, y in headed.items():
        first = next(box for box in column if box.group == text)
        assert first.y - HEADING <= y < first.y
    for text in set(groups) - set(headed):
        assert [text in " ".join(box.lines) for box in column if box.group == text] == [True]


def test_one_jurisdiction_needs_no_heading() -> None:
    """Where all authorities are of one place, the title of the picture says it."""
    assert set_scene(kg.open(), ["TikTok"], "IN", on="2022-04-01", known=ON).layout.groups == []


def test_crossings_are_counted() -> None:
    """Two edges that change sides cross once; lanes count like cards."""
    wires = [Wire("e0", "a", "y", "k", ()), Wire("e1", "b", "x", "k", ()), Wire("e2", "b", "y", "k", ())]
    links = links_of(wires)
    assert crossings({0: ["a", "b"], 3: ["x", "y"]}, links) == 1
    assert crossings({0: ["a", "b"], 3: ["y", "x"]}, links) == 0


def test_the_order_crosses_less_and_keeps_groups() -> None:
    """Ordering never adds crossings, loses nobody, and tears no group apart."""
    for seed in range(5):
        rolled = random.Random(seed)  # noqa: S311  a picture, not a secret
        left, right = [f"l{n}" for n in range(12)], [f"r{n}" for n in range(12)]
        wires = [Wire(f"e{n}", rolled.choice(left), rolled.choice(right), "k", ()) for n in range(30)]
        groups = {one: f"g{number // 3}" for number, one in enumerate(left)}
        first = {0: left, 1: right}
        found = in_order(first, links_of(wires), groups)
        assert {column: set(row) for column, row in found.items()} == {0: set(left), 1: set(right)}
        assert crossings(found, links_of(wires)) <= crossings(first, links_of(wires))
        named = [groups[one] for one in found[0]]
        assert [new for old, new in pairwise(["", *named]) if new != old] == list(dict.fromkeys(named))


def test_a_tangle_of_two_is_undone() -> None:
    """What a swap of neighbours can undo does not stay."""
    wires = [Wire("e0", "a", "y", "k", ()), Wire("e1", "b", "x", "k", ())]
    found = in_order({0: ["a", "b"], 1: ["x", "y"]}, links_of(wires), {})
    assert crossings(found, links_of(wires)) == 0


def calls_for(graph: nx.MultiDiGraph) -> int:
    """How many functions are called while a network is laid out; the same on every run of an interpreter."""
    called: Counter[str] = Counter()
    before = sys.getprofile()
    sys.setprofile(lambda _frame, event, _arg: called.update((event,)))
    try:
        layout = arrange(graph, {})
    finally:
        sys.setprofile(before)
    assert len(layout.boxes) == len(graph)
    return called["call"] + called["c_call"]


def test_work_grows_with_the_picture_and_not_with_its_square() -> None:
    """150 cards with 400 edges, the largest picture in columns, take about twice the work of half as many of both."""
    assert calls_for(made_up(150, 400)) < 3 * calls_for(made_up(75, 200))


def test_the_same_network_is_laid_out_alike() -> None:
    """Nothing depends on chance."""
    one, other = arrange(made_up(60, 120), {}), arrange(made_up(60, 120), {})
    assert [wire.points for wire in one.wires] == [wire.points for wire in other.wires]
    assert one.groups == other.groups
