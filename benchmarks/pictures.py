"""How quickly large network pictures open and move, beside those that pyvis writes by itself, in the same browser.

python benchmarks/pictures.py [NUMBER...]      things in each made-up network; 25, 500, 2000, 5000 and 20000 when none is given

Needs selenium and chromedriver. Nothing is downloaded: the pages of pyvis are written with its library inside, and what
they want from elsewhere is refused, as it would be on a machine without a network. The first picture of pyvis is the one
after its first round of placing (it may go on moving); it gets a minute for that. Ours does not move. Frames are counted
while the picture is moved for two seconds.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import networkx as nx
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kg.pictures.large import page_of  # noqa: E402  the checkout beside this script is what is measured
from kg.pictures.springs import settle  # noqa: E402

SIZES = (25, 500, 2000, 5000, 20000)
PATIENCE, SECONDS = 60, 2
OURS_STABLE = "return document.getElementById('canvas').dataset.drawn === 'yes'"
THEIRS_STABLE = "if (typeof network === 'undefined' || !network) return false; if (window.watched === undefined) { window.watched = false; if (network.physics.stabilized) window.watched = true; for (const name of ['stabilized', 'stabilizationIterationsDone']) network.once(name, () => { window.watched = true; }); } return window.watched"
COUNT = """
const done = arguments[arguments.length - 1], seconds = arguments[0], move = MOVE;
let frames = 0, first = 0;
const step = (now) => {
  first = first || now;
  frames += 1;
  move(frames);
  if (now - first < 1000 * seconds) requestAnimationFrame(step); else done(frames / ((now - first) / 1000));
};
requestAnimationFrame(step);
"""
OURS_MOVE = """(n) => { const c = document.getElementById('canvas'), at = (type, x) => c.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: 300, bubbles: true }));
  if (n === 1) at('pointerdown', 400); at('pointermove', 400 + 80 * Math.sin(n / 12)); }"""
THEIRS_MOVE = "(n) => network.moveTo({ position: { x: 80 * Math.sin(n / 12), y: 0 } })"


def made_up(number: int) -> nx.MultiDiGraph:
    """A network with hubs, a line and a half for each thing, and the fields of our networks."""
    rolled = random.Random(number)  # noqa: S311  a picture, not a secret
    shape = nx.barabasi_albert_graph(number, 1, seed=number)
    ends = [*shape.edges, *((rolled.randrange(number), rolled.randrange(number)) for _ in range(number // 2))]
    graph = nx.MultiDiGraph()
    kinds, levels = ("platform", "authority", "law", "company"), ("blocked", "limited", "pressure", "law", "owns")
    for one in range(number):
        graph.add_node(str(one), label=f"Thing number {one}", type=kinds[one % 4], facts=[])
    for place, (one, other) in enumerate(ends):
        graph.add_edge(str(one), str(other), label="blocked 1 Jan 2020", level=levels[place % 5], ended=place % 3 == 0, facts=[f"act-{place}"])  # fmt: skip
    return graph


def write_ours(graph: nx.MultiDiGraph, file: Path) -> None:
    """Our page."""
    number = {one: place for place, one in enumerate(graph)}
    places = settle(len(graph), [(number[one], number[other]) for one, other in graph.edges()])
    page = page_of(graph, places, "Made up", [], (), {"0"}, "kg graph")
    file.write_text(page, encoding="utf-8")


def write_theirs(graph: nx.MultiDiGraph, file: Path) -> None:
    """The page of pyvis as its manual says, with the library inside."""
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line")
    plain = nx.MultiDiGraph()
    plain.add_nodes_from((one, {"label": data["label"]}) for one, data in graph.nodes(data=True))
    plain.add_edges_from((one, other, {"label": data["label"]}) for one, other, data in graph.edges(data=True))
    net.from_nx(plain)
    file.write_text(net.generate_html(), encoding="utf-8")


def browser() -> webdriver.Chrome:
    """A browser without a window or a network."""
    options = webdriver.ChromeOptions()
    options.page_load_strategy = "none"
    flags = ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900", "--host-resolver-rules=MAP * ~NOTFOUND")  # fmt: skip
    for flag in flags:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.set_script_timeout(PATIENCE)
    return driver


def measure(file: Path, stable: str, move: str) -> tuple[float | None, float | None]:
    """Seconds to the first picture, and frames a second while it moves; nothing when it takes too long."""
    driver = browser()
    try:
        began = time.perf_counter()
        driver.get(file.as_uri())
        while True:
            try:
                if driver.execute_script(f"if (document.readyState === 'loading') return false; {stable}"):
                    break
            except WebDriverException:
                pass
            if time.perf_counter() - began > PATIENCE:
                return None, None
            time.sleep(0.02)
        opened = time.perf_counter() - began
        return opened, float(driver.execute_async_script(COUNT.replace("MOVE", move), SECONDS))
    except WebDriverException:
        return None, None
    finally:
        driver.quit()


def told(value: float | None, over: str = "") -> str:
    """A measurement as text."""
    return over or "-" if value is None else f"{value:.2f}" if value < 10 else f"{value:.0f}"


def main() -> None:
    """Measure every size and print a table."""
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    print("| things | page | seconds to write | kB | seconds to first picture | frames a second | opens faster by | moves faster by |")  # fmt: skip
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    ways: tuple[tuple[str, Any, str, str], ...] = (("pyvis", write_theirs, THEIRS_STABLE, THEIRS_MOVE), ("kg", write_ours, OURS_STABLE, OURS_MOVE))  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            graph = made_up(size)
            theirs: tuple[float | None, float | None] = (None, None)
            for name, write, stable, move in ways:
                file = Path(folder) / f"{name}.html"
                began = time.perf_counter()
                write(graph, file)
                wrote = time.perf_counter() - began
                opened, frames = measure(file, stable, move)
                ratios = ["", ""]
                if name == "kg":
                    slow, few = theirs[0] or PATIENCE, theirs[1]
                    ratios = [f"{'' if theirs[0] else 'over '}{slow / opened:.0f}" if opened else "-", told(frames / few if frames and few else None)]  # fmt: skip
                theirs = (opened, frames)
                row = [str(size), name, told(wrote), str(file.stat().st_size // 1000), told(opened, f"over {PATIENCE}" if opened is None else ""), told(frames), *ratios]  # fmt: skip
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
