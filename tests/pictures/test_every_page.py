"""Every sort of page in a real browser: hostile names stay text, the console is silent, and nothing leaves the machine."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from browser import complaints, hosts_asked, needs_browser, start
from test_browser import ON, PAYLOADS, TYPE, hostile_record

import kg
from kg.formats.html import About, write_page
from kg.graph import KnowledgeGraph
from kg.pictures import grouped, large, map_scene, timeline
from kg.pictures.lanes import set_lanes
from kg.pictures.map import draw_map
from kg.pictures.matrix import draw_matrix
from kg.pictures.scene import set_scene

pytestmark = needs_browser
PRESS = """
const some = (all, most) => Array.from(all).filter((_, number) => number % Math.ceil(all.length / most) === 0);
const [controls, parts] = [document.querySelectorAll("button, summary, th, td"), document.querySelectorAll("svg *, [tabindex]")];
for (const one of [...some(controls, 60), ...some(parts, 60)]) {
  for (const kind of ["pointerenter", "pointerdown", "pointerup"]) one.dispatchEvent(new PointerEvent(kind, { bubbles: true }));
  one.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  one.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}
"""
MADE = "return [typeof ran, document.querySelectorAll('img, iframe, form, [onload], [onerror], a[href^=javascript]').length]"


def _table() -> str:
    out = StringIO()
    write_page(["name"], [[f"Chirp {payload}"] for payload in PAYLOADS], out, About(title=f"A table {PAYLOADS[0]}"))
    return out.getvalue()


def _drawn(graph: KnowledgeGraph, thing: str, place: str) -> dict[str, str]:
    """A page of each sort about a thing in a place."""
    scene = set_scene(graph, [thing], place, on=ON, known=ON)
    return {
        "map": draw_map(map_scene.gather(graph, thing, on=ON, known=ON)),
        "timeline": timeline.draw_page(set_lanes(graph, thing, place, on=ON, known=ON)),
        "matrix": draw_matrix(graph.matrix([thing], [place], on=ON, known=ON)),
        "by jurisdiction": grouped.draw_groups(graph, "jurisdiction", on=ON, known=ON),
        "by company": grouped.draw_groups(graph, "company", on=ON, known=ON),
        "large": large.draw_large(scene, f"kg graph {thing}"),
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages that are opened, by name: of the record, and of one with hostile names."""
    folder = tmp_path_factory.mktemp("every")
    made = _drawn(kg.open(), "WhatsApp", "RU") | {"table": _table()}
    (folder / "record.ttl").write_text(hostile_record(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(folder / "home"))
        small = kg.open(data=[folder / "record.ttl"])
        made |= {f"hostile {name}": page for name, page in _drawn(small, "chirp", "ZZ").items()}
    files = {name: folder / f"{name}.html" for name in made}
    for name, file in files.items():
        file.write_text(made[name], encoding="utf-8")
    return files


def test_every_page_keeps_to_itself(pages: dict[str, Path], tmp_path: Path) -> None:
    """Whatever is searched, hovered and pressed: no complaint, no look-up, no request, nothing of the record becomes markup."""
    log = tmp_path / "net.json"
    driver = start(tmp_path, log=log)
    told: dict[str, Any] = {}
    try:
        for name, page in pages.items():
            driver.get(page.as_uri())
            for box in driver.find_elements("css selector", "input[type=search], input[type=range]"):
                driver.execute_script(TYPE, box.get_attribute("id"), "1")
            driver.execute_script(PRESS)
            told[name] = [*driver.execute_script(MADE), complaints(driver)]
    finally:
        driver.quit()
    assert told == {name: ["undefined", 0, []] for name in pages}
    assert hosts_asked(log) == set()
