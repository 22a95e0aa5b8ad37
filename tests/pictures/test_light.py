"""The light page and the two options of kg graph that are for pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_exports import run
from test_page import HOSTILE, ON, RECORD, Parts, hash_of

import kg
from kg.pictures import light as light_page
from kg.pictures.gathering import gather
from kg.pictures.light import draw_light
from kg.pictures.scene import Scene, set_scene


@pytest.fixture(scope="module")
def case() -> Scene:
    return set_scene(kg.open(), ["WhatsApp"], "RU", on=ON, known=ON)


@pytest.fixture(scope="module")
def light(case: Scene) -> str:
    return draw_light(kg.open(), case)


def rows_of(page: str) -> list[str]:
    return page[page.index("<tbody>") : page.index("</tbody>")].split("<tr>")[1:]


def test_the_light_page_fits_a_slow_line(light: str) -> None:
    """The case picture with its table and sources stays under 60 kB."""
    assert len(light.encode()) < 60_000


def test_nothing_in_the_light_page_asks_for_anything_outside(light: str) -> None:
    """No element loads, links or submits, and no style sheet does."""
    parts = Parts(light)
    loading = {"src", "href", "srcset", "action", "formaction", "data", "poster", "ping", "background", "xlink:href"}
    found = [
        (tag, name, value)
        for tag, attributes in parts.elements
        for name, value in attributes.items()
        if name in loading
    ]
    assert found == [("link", "href", "data:,")]
    assert not any(re.search(r"@import|url\(", style) for style in parts.styles)


def test_the_light_policy_allows_exactly_its_script_and_style(light: str) -> None:
    """One script and one style by their hashes; the shortening of both keeps them in step with the policy."""
    parts = Parts(light)
    policy = parts.policy()
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == [hash_of(text) for kind, text in parts.scripts if not kind]
    assert policy["style-src"] == [hash_of(text) for text in parts.styles]


def test_the_light_page_holds_every_fact_and_source(case: Scene, light: str) -> None:
    """Rows, accounts, numbers of sources and addresses are all of those of the full page."""
    found = gather(kg.open().store, case)
    rows = rows_of(light)
    assert len(rows) == len(found.told)
    for row, fact in zip(rows, found.told, strict=True):
        assert fact["id"] in row
        numbers = {int(number) for number in re.findall(r"\[(\d+)\]", row)}
        assert numbers == {number for account in fact["accounts"] for number, _ in account["from"]}
        assert all(f"<p>{account['said']}:" in row for account in fact["accounts"])
    sources = light[light.index('<ol id="sources">') :].split("<li>")[1:]
    assert len(sources) == len(found.sources)
    for told, source in zip(sources, found.sources, strict=True):
        assert source["url"].removeprefix("https://").replace("&", "&amp;") in told


def test_the_light_drawing_is_that_of_the_page(case: Scene, light: str) -> None:
    """Every card and line of the layout is drawn, with its label and badge."""
    drawing = light[light.index('<svg id="picture"') : light.index('<ul id="legend"')]
    assert drawing.count("<rect") == len(case.layout.boxes)
    assert drawing.count("<path") == len(case.layout.boxes) + 2 * len(case.layout.wires)
    words = re.sub(r"<[^>]+>", " ", drawing)
    for wire in case.layout.wires:
        assert all(line.replace("\u00a0", " ") in words for line in wire.lines)
    for box in case.layout.boxes.values():
        assert all(line in words for line in (*box.lines, *box.notes))


def test_names_that_the_drawing_cuts_can_be_searched_whole(case: Scene) -> None:
    """What does not fit on a card, or is broken within a word, comes with the names for the search."""
    found = gather(kg.open().store, case)
    for box in case.layout.boxes.values():
        label = case.network.nodes[box.id]["label"]
        assert (label in light_page._thing(case, box.id, found)[1]) is (" ".join(box.lines) != label)
    box = case.layout.boxes["whatsapp"]
    before, box.lines = box.lines, ("Whats…",)
    assert "WhatsApp" in light_page._thing(case, "whatsapp", found)[1]
    box.lines = before


def test_hostile_labels_stay_text_in_the_light_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, light: str
) -> None:
    """A record whose labels are markup adds no element and does not change the policy."""
    record = RECORD.read_text(encoding="utf-8")
    for label in ("Chirp", "Example Holding", "Block of Chirp", "Data Act, section 7"):
        record = record.replace(f'"{label}"@en', f'"{label}{HOSTILE}"@en')
    file = tmp_path / "record.ttl"
    file.write_text(record.replace('"paragraphs 1-2"', f'"{HOSTILE}"'), encoding="utf-8")
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    graph = kg.open(data=[file])
    page = draw_light(graph, set_scene(graph, ["chirp"], "ZZ", on=ON, known=ON))
    assert "<img" not in page
    assert [kind for kind, _ in Parts(page).scripts] == ["application/json", ""]
    assert Parts(page).policy() == Parts(light).policy()


def test_links_are_links_only_when_asked_for(case: Scene, light: str) -> None:
    """With links each address can be followed and is whole; without, there is none."""
    anchors = [attributes for tag, attributes in Parts(draw_light(kg.open(), case, links=True)).elements if tag == "a"]
    assert len(anchors) == len(light[light.index('<ol id="sources">') :].split("<li>")) - 1
    assert {one["rel"] for one in anchors} == {"noopener noreferrer"}
    assert all(re.match(r"https?://", one["href"]) for one in anchors)


def test_a_light_page_without_acts_says_so() -> None:
    """Where nothing is recorded the page says that and what it does not mean."""
    page = draw_light(kg.open(), set_scene(kg.open(), ["Roskomnadzor"], "EU", on="1990-01-01", known=ON))
    assert "No act is recorded here." in page
    assert "<h2>Sources" not in page


def test_the_command_writes_the_light_page(light: str, tmp_path: Path) -> None:
    """With --light kg graph writes it, with one line for name and size."""
    file = tmp_path / "x.html"
    done = run("WhatsApp", "--in", "RU", "--on", ON, "--known", ON, "--light", "-o", str(file))
    size = -(-file.stat().st_size // 1000)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{file}: {size} kB\n", "")
    assert file.read_text(encoding="utf-8") == light


@pytest.mark.parametrize("option", ["--light", "--links"])
def test_options_of_pages_are_refused_for_other_files(option: str, tmp_path: Path) -> None:
    """A drawing or a graph format has no light form and no links: one sentence, exit code 2, no file."""
    done = run("WhatsApp", option, "-o", str(tmp_path / "x.svg"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"kg: {option} is for pages: end 'x.svg' in .html\n"
    assert not list(tmp_path.iterdir())
