"""A network picture as one page that fetches nothing.

pyvis builds nodes, edges and options; the page around them is ours, because the pages that pyvis writes load scripts
from elsewhere and escape too little. Nothing from the record is ever markup: Jinja escapes every value, the data for
the script is JSON with the dangerous characters escaped, and the script sets text only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.pictures.gathering import Found, gather, opaque_ids
from kg.pictures.layout import LINE, Wire
from kg.pictures.moments import Moments, moments
from kg.pictures.scene import LEVEL_WORDS, Scene, level_of, read, set_scene, template
from kg.pictures.telling import policy, script_json

if TYPE_CHECKING:
    from kg.graph import Day, KnowledgeGraph

_VIS = "vis-9.1.2"
_RULE = re.compile(r"[^{}]*\.vis-(?:network|tooltip)[^{}]*\{[^{}]*\}")
"""Rules of the library's style sheet for the drawing itself; the others dress panels and buttons that this page does not show."""
_BEND = {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5}
_LABEL = 216
"""How wide the area of a label is that answers to a click."""


def draw_page(
    graph: KnowledgeGraph,
    names: Sequence[str],
    place: str | None,
    *,
    on: Day = None,
    known: Day = None,
    depth: int = 1,
    links: bool = False,
) -> str:
    """Write the page of the network around some things; with ``links`` the addresses of sources can be followed.

    Raises:
        UnknownName: when a name means nothing in the record.
        AmbiguousName: when it means several things.
        UsageError: when a day is none, or a name is that of a place.
    """
    return draw_scene(graph, set_scene(graph, names, place, on=on, known=known, depth=depth), links=links)


def draw_scene(graph: KnowledgeGraph, scene: Scene, *, links: bool = False) -> str:
    """Write the page of what was gathered from a graph."""
    from markupsafe import Markup

    found = gather(graph.store, scene, links=links)
    days = moments(graph.store, scene, found.facts)
    opaque = opaque_ids(scene)
    data = {
        **_vis_data(scene, opaque),
        "things": {opaque[one]: _thing(scene, one, found) for one in scene.layout.boxes},
        "wires": {wire.id: _joint(scene, wire, found, opaque) for wire in scene.layout.wires},
        "begins": found.begins,
        "days": days.days,
        "known": scene.known.isoformat(),
        "moments": {
            "things": {opaque[one]: entries for one, entries in days.things.items()},
            "wires": days.wires,
            "verdicts": days.verdicts,
        },
        "heads": [list(head) for head in scene.layout.heads],
        "groups": [list(group) for group in scene.layout.groups],
        "size": [scene.layout.width, scene.layout.height],
    }
    scripts = [_vis_script(), read("find.js") + read("paint.js") + read("page.js")]
    styles = [_vis_style() + read("colours.css") + read("drawing.css") + read("page.css")]
    return template("template.html").render(
        **scene.words(),
        earlier=_earlier_levels(scene, days),
        policy=policy(scripts, styles),
        scripts=[Markup(one) for one in scripts],  # noqa: S704  files of ours and of the library, nothing from the record
        styles=[Markup(one) for one in styles],  # noqa: S704  same
        data=Markup(script_json(data)),  # noqa: S704  escaped for a script element
        facts=found.told,
        sources=found.sources,
    )


def _earlier_levels(scene: Scene, days: Moments) -> list[tuple[str, str]]:
    """Levels that no edge has any more on the day of the picture, but some had before."""
    had = {entry[1] for entries in days.wires.values() for entry in entries if len(entry) > 1}
    shown = {level for level, _ in scene.legend["levels"]}
    return [(level, f"{word} (0)") for level, word in LEVEL_WORDS.items() if level in had - shown]


def _vis_data(scene: Scene, opaque: dict[str, str]) -> dict[str, Any]:
    """Nodes, edges and options as pyvis builds them; bends of edges are nodes without a size."""
    from pyvis.network import Network

    layout, network = scene.layout, scene.network
    net = Network(directed=True, cdn_resources="in_line")
    for one, box in layout.boxes.items():
        data = network.nodes[one]
        net.add_node(opaque[one], label=data["label"], shape="custom", x=box.x + box.width / 2, y=box.y + box.height / 2, fixed=True, w=box.width, h=box.height,
                     lines=box.lines, notes=box.notes, kind=data["type"], level=level_of(network, one), focus=one in scene.focus)  # fmt: skip
    for wire in layout.wires:
        for place, (x, y) in enumerate(wire.points):
            net.add_node(f"{wire.id}p{place}", label=" ", shape="dot", size=0, x=x, y=y, fixed=True, wire=wire.id)
        last = len(wire.points) - 2
        for place in range(last + 1):
            bend = wire.points[place][1] != wire.points[place + 1][1]
            net.add_edge(f"{wire.id}p{place}", f"{wire.id}p{place + 1}", id=f"{wire.id}s{place}", wire=wire.id,
                         smooth=_BEND if bend else False, arrows="to" if place == last else "")  # fmt: skip
    net.options = {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {
            "dragNodes": False,
            "dragView": False,
            "zoomView": False,
            "hover": False,
            "selectConnectedEdges": False,
        },
        "edges": {"arrows": {"to": {"scaleFactor": 0.5}}, "chosen": False, "endPointOffset": {"from": 0, "to": 0}},
    }
    nodes, edges, _, _, _, options = net.get_network_data()
    return {"nodes": nodes, "edges": edges, "options": json.loads(options)}


def _thing(scene: Scene, one: str, found: Found) -> dict[str, Any]:
    """What the script knows of a thing; its id of the record is for links that restore a view."""
    data = scene.network.nodes[one]
    told = {"id": one, "label": data["label"], "kind": data["type"], "facts": found.numbers_of(scene, one)}  # fmt: skip
    marks = {"focus": one in scene.focus, "alone": not scene.network.degree(one)}
    return (
        told
        | {"names": found.names.get(one, []), "keys": found.keys.get(one, [])}
        | {name: True for name, holds in marks.items() if holds}
    )


def _joint(scene: Scene, wire: Wire, found: Found, opaque: dict[str, str]) -> dict[str, Any]:
    """What the script knows of an edge: its ends, where its label stands, and the area that answers to the keyboard."""
    network = scene.network
    edge = network.edges[wire.source, wire.target, wire.key]
    x, y = wire.label_at
    end_x, end_y = wire.points[-1]
    spot = [x - _LABEL, y - 12, _LABEL, LINE * len(wire.lines) + 8] if wire.lines else [end_x - 28, end_y - 7, 26, 14]
    told = {
        "label": f"{network.nodes[wire.source]['label']} → {network.nodes[wire.target]['label']}",
        "key": wire.key,
        "facts": sorted({found.number[fact] for fact in edge["facts"]}),
        "ends": [opaque[wire.source], opaque[wire.target]],
        "spot": [round(one, 1) for one in spot],
    }
    return told | ({"at": [x, y, len(wire.lines)]} if wire.lines else {})


def _vis_folder() -> Path:
    import pyvis

    return Path(pyvis.__file__).resolve().parent / "lib" / _VIS


def _vis_script() -> str:
    text = (_vis_folder() / "vis-network.min.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S+", "", text).replace("</script", "<\\/script")


def _vis_style() -> str:
    rules = _RULE.findall((_vis_folder() / "vis-network.css").read_text(encoding="utf-8"))
    return "\n".join(rule for rule in rules if "url(" not in rule and "manipulation" not in rule) + "\n"
