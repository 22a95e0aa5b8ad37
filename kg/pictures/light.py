"""A network picture as a page of a few dozen kB: the drawing and the table alone, with a short script of our own.

It is for slow lines and mail: no library, no slider, no titles of sources. Nothing from the record is ever markup.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kg.build.lookup import fold
from kg.pictures.gathering import Found, gather
from kg.pictures.layout import Wire
from kg.pictures.scene import Scene, level_of, read, template
from kg.pictures.telling import policy, script_json

if TYPE_CHECKING:
    from kg.graph import KnowledgeGraph

_LINE_START = re.compile(r"^ +(//.*\n)?|^//.*\n", re.MULTILINE)
"""Indents and remarks of a script."""
_PARAGRAPH = re.compile(r"\bparagraphs? (?=\d)")
_SPACE = re.compile(r"\s*([{};,]|:(?= ))\s*")
"""Blanks that a style sheet does not need."""
_LONG = 32
"""Longer names are official ones that nobody types; the full page knows them, too."""
_TITLE, _NOTE = 17, 15


def draw_light(graph: KnowledgeGraph, scene: Scene, *, links: bool = False) -> str:
    """Write the light page of what was gathered from a graph."""
    from markupsafe import Markup

    found = gather(graph.store, scene, links=links)
    script = _LINE_START.sub("", read("find.js") + read("light.js"))
    style = _SPACE.sub(r"\1", read("colours.css") + read("light.css"))
    number = {one: place for place, one in enumerate(scene.layout.boxes)}
    data = [
        [_thing(scene, one, found) for one in scene.layout.boxes],
        [[number[wire.source], number[wire.target]] for wire in scene.layout.wires],
    ]
    return template("light.html").render(
        **scene.words(),
        cards=[_card(scene, one) for one in scene.layout.boxes],
        wires=[_wire(scene, wire) for wire in scene.layout.wires],
        facts=[_told(scene, fact) for fact in found.told],
        sources=[source | {"shown": source["url"].removeprefix("https://")} for source in found.sources],
        policy=policy([script], [style]),
        script=Markup(script),  # noqa: S704  files of ours, nothing from the record
        style=Markup(style),  # noqa: S704  same
        data=Markup(script_json(data)),  # noqa: S704  escaped for a script element
    )


def _thing(scene: Scene, one: str, found: Found) -> list[Any]:
    """What the script knows of a thing: its id of the record, for links that restore a view, other names, and its rows."""
    names = [name for name, _ in found.names.get(one, [])] + found.keys.get(one, [])
    label = scene.network.nodes[one]["label"]
    cut = [label] if label != " ".join(scene.layout.boxes[one].lines) else []
    short = [name for name in names if len(name) <= _LONG and fold(name) != fold(one)]
    return [one, cut + short, found.numbers_of(scene, one)]


def _card(scene: Scene, one: str) -> dict[str, Any]:
    box = scene.layout.boxes[one]
    high = _TITLE * len(box.lines) + _NOTE * len(box.notes)
    return {
        "look": _classes(
            scene.network.nodes[one]["type"], level_of(scene.network, one), *(["f"] if one in scene.focus else [])
        ),
        "x": box.x,
        "y": box.y,
        "width": box.width,
        "height": box.height,
        "top": (box.height - high) / 2 + 13,
        "lines": box.lines,
        "notes": box.notes,
    }


def _wire(scene: Scene, wire: Wire) -> dict[str, Any]:
    edge = scene.network.edges[wire.source, wire.target, wire.key]
    points = [(round(x), round(y)) for x, y in wire.points]
    end_x, end_y = points[-1]
    back = "-9-5" if points[-2][0] < end_x else "9-5"
    return {
        "look": _classes(edge["level"], *(["z"] if edge["ended"] else [])),
        "path": _path(points),
        "arrow": f"M{end_x} {end_y}l{back}v9z",
        "lines": [line.replace("\u00a0", " ") for line in wire.lines],
        "x": wire.label_at[0],
        "y": wire.label_at[1],
    }


def _path(points: list[tuple[int, int]]) -> str:
    """Level stretches and bends, as short as a path can be written."""
    parts = [f"M{points[0][0]} {points[0][1]}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        across, down = to_x - x, to_y - y
        if down:
            parts.append(f"c{across // 2} 0 {across // 2} {down} {across} {down}".replace(" -", "-"))
        elif across:
            parts.append(f"h{across}")
    return "".join(parts)


def _told(scene: Scene, fact: dict[str, Any]) -> dict[str, Any]:
    """A fact for the table: without details that repeat the title of the page or another detail."""
    said = dict(fact["details"])
    twice = {"Where": scene.where, "Concerns": said.get("Against")}
    details = [(word, text) for word, text in fact["details"] if twice.get(word) != text]
    return fact | {"details": details, "accounts": [_grouped(one) for one in fact["accounts"]]}


def _grouped(account: dict[str, Any]) -> dict[str, Any]:
    """An account with its sources by locator, so that a locator that several share stands once."""
    groups: dict[str, list[int]] = {}
    for number, locator in account["from"]:
        groups.setdefault(_PARAGRAPH.sub("¶", locator), []).append(number)
    return {"said": account["said"], "grouped": [(numbers, locator) for locator, numbers in groups.items()]}


def _classes(*names: str) -> str:
    return " ".join(name for name in names if name != "none")
