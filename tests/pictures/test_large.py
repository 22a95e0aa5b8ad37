from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

import kg
from kg.cli import picture
from kg.pictures.large import FROM, draw_large, is_large
from kg.pictures.scene import Scene, set_scene
from kg.pictures.springs import settle

ON = "2026-11-22"


@pytest.fixture(scope="module")
def scene() -> Scene:
    return set_scene(kg.open(), ["TikTok"], None, on=ON, known=ON, depth=2)


@pytest.fixture(scope="module")
def page(scene: Scene) -> str:
    return draw_large(scene, "kg graph TikTok -o x.json")


def data_of(page: str) -> dict[str, list[list[object]]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_only_what_columns_cannot_hold_is_large(scene: Scene) -> None:
    """Up to 150 cards the picture has columns."""
    assert len(scene.network) > FROM
    assert is_large(scene)
    assert not is_large(set_scene(kg.open(), ["TikTok"], None, on=ON, known=ON))


def test_the_large_page_holds_everything(scene: Scene, page: str) -> None:
    """Every thing for itself, every line, and every fact in the table."""
    data = data_of(page)
    assert {node[5] for node in data["nodes"]} == set(scene.whole)
    assert len(data["edges"]) == scene.whole.size()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    on_edges = {one for _, _, edge in scene.whole.edges(data=True) for one in edge["facts"]}
    on_things = {one for _, node in scene.whole.nodes(data=True) for one in node["facts"]}
    for fact in on_edges | on_things:
        assert fact in table
    assert data["nodes"][0][5] == "tiktok"


def test_the_large_page_asks_for_nothing(page: str) -> None:
    """No element loads or links, scripts and styles are allowed by hash alone, and no rule fetches."""
    assert re.findall(r'(?:src|href|action)="([^"]*)"', page) == ["data:,"]
    assert not re.search(r"url\(|@import|<a ", page)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|eval\(", page)


def test_names_stay_text(scene: Scene) -> None:
    """A label that looks like markup is data."""
    sick = scene.whole.copy()
    sick.nodes["tiktok"]["label"] = "</script><script>alert(1)</script>"
    told = Scene(sick, "<b>x</b>", scene.focus, None, None, scene.on, scene.known, ())
    text = draw_large(told, "kg")
    assert "<script>alert" not in text
    assert "<b>x" not in text


def test_springs_bring_joined_things_together() -> None:
    """Joined things end nearer to each other than others, and no two on the same spot."""
    ring = [(one, (one + 1) % 40) for one in range(40)]
    places = settle(40, ring)
    joined = sum(math.dist(places[one], places[other]) for one, other in ring) / 40
    others = sum(math.dist(places[one], places[(one + 20) % 40]) for one in range(40)) / 40
    assert joined < others / 2
    assert len({(round(x, 2), round(y, 2)) for x, y in places}) == 40


def test_springs_know_no_chance_and_tell_each_round() -> None:
    """The same network is drawn alike; nothing, one thing and a loop are no trouble."""
    rounds: list[int] = []
    edges = [(0, 1), (1, 2), (2, 2)]
    assert settle(4, edges, rounds=7, tell=lambda: rounds.append(1)) == settle(4, edges, rounds=7)
    assert len(rounds) == 7
    assert settle(0, []) == []
    assert len(settle(1, [(0, 0)])) == 1


def test_the_command_draws_it_and_keeps_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on standard output; no bar where nobody watches."""
    picture.graph(tmp_path / "x.html", ["TikTok"], None, ON, ON, 2)
    done = capsys.readouterr()
    assert re.fullmatch(rf"{tmp_path / 'x.html'}: \d+ kB\n", done.out)
    assert done.err == ""
    assert 'id="canvas"' in (tmp_path / "x.html").read_text(encoding="utf-8")
