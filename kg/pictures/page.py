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

from kg import names as terms
from kg.answers.facts import describe
from kg.answers.model import Fact, sources_of, to_plain
from kg.pictures.layout import Wire
from kg.pictures.scene import Scene, level_of, read, set_scene, template
from kg.pictures.telling import policy, script_json, tell

if TYPE_CHECKING:
    import networkx as nx

    from kg.graph import Day, KnowledgeGraph

_VIS = "vis-9.1.2"
_RULE = re.compile(r"[^{}]*\.vis-(?:network|tooltip)[^{}]*\{[^{}]*\}")
"""Rules of the library's style sheet for the drawing itself; the others dress panels and buttons that this page does not show."""
_BEND = {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5}


def draw_page(
    graph: KnowledgeGraph, names: Sequence[str], place: str | None, *, on: Day = None, known: Day = None, depth: int = 1
) -> str:
    """Write the page of the network around some things.

    Raises:
        UnknownName: when a name means nothing in the record.
        AmbiguousName: when it means several things.
        UsageError: when a day is none, or a name is that of a place.
    """
    return draw_scene(graph, set_scene(graph, names, place, on=on, known=known, depth=depth))


def draw_scene(graph: KnowledgeGraph, scene: Scene) -> str:
    """Write the page of what was gathered from a graph."""
    ids = _fact_ids(scene.network)
    facts = describe(graph.store, (terms.THING + one for one in ids), scene.known)
    return _render(scene, [facts[terms.THING + one] for one in ids])


def _fact_ids(network: nx.MultiDiGraph) -> list[str]:
    """Every fact of the picture once, oldest first; ownership, which has no first day, last."""
    drawn = [data for _, _, data in network.edges(data=True) if data["level"] != "law"]
    kinds = {one: data["kind"] for data in drawn for one in data["facts"]}
    loose = [one for _, data in network.nodes(data=True) for one in data["facts"]]
    days = network.graph["days"]
    return sorted({*kinds, *loose}, key=lambda one: (kinds.get(one) == "Ownership", days[one][0], one))


def _render(scene: Scene, facts: list[Fact]) -> str:
    from markupsafe import Markup

    layout, network = scene.layout, scene.network
    sources = {source: number for number, source in enumerate(sources_of(facts), start=1)}
    told = [tell(fact, sources, network.graph["days"][fact.id][1]) for fact in facts]
    number = {fact.id: place for place, fact in enumerate(facts)}
    opaque = {one: f"n{place}" for place, one in enumerate(layout.boxes)}
    data = {
        **_vis_data(scene, opaque),
        "facts": told,
        "sources": [to_plain(source) for source in sources],
        "things": {opaque[one]: _thing(network, one, number) for one in layout.boxes},
        "wires": {wire.id: _joint(network, wire, number, opaque) for wire in layout.wires},
        "heads": [list(head) for head in layout.heads],
        "groups": [list(group) for group in layout.groups],
        "size": [layout.width, layout.height],
    }
    scripts = [_vis_script(), read("page.js")]
    styles = [_vis_style() + read("colours.css") + read("drawing.css") + read("page.css")]
    return template("template.html").render(
        **scene.words(),
        policy=policy(scripts, styles),
        scripts=[Markup(one) for one in scripts],  # noqa: S704  files of ours and of the library, nothing from the record
        styles=[Markup(one) for one in styles],  # noqa: S704  same
        data=Markup(script_json(data)),  # noqa: S704  escaped for a script element
        facts=told,
        sources=data["sources"],
    )


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
        edge = network.edges[wire.source, wire.target, wire.key]
        for place, (x, y) in enumerate(wire.points):
            net.add_node(f"{wire.id}p{place}", label=" ", shape="dot", size=0, x=x, y=y, fixed=True, wire=wire.id)
        last = len(wire.points) - 2
        for place in range(last + 1):
            bend = wire.points[place][1] != wire.points[place + 1][1]
            net.add_edge(f"{wire.id}p{place}", f"{wire.id}p{place + 1}", id=f"{wire.id}s{place}", wire=wire.id, level=edge["level"], ended=edge["ended"],
                         smooth=_BEND if bend else False, arrows="to" if place == last else "")  # fmt: skip
    net.options = {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {"dragNodes": False, "zoomView": False, "hover": True, "selectConnectedEdges": False},
        "edges": {"arrows": {"to": {"scaleFactor": 0.5}}, "chosen": False, "endPointOffset": {"from": 0, "to": 0}},
    }
    nodes, edges, _, _, _, options = net.get_network_data()
    told = [wire for wire in layout.wires if wire.lines]
    labels = {wire.id: {"lines": wire.lines, "x": wire.label_at[0], "y": wire.label_at[1]} for wire in told}
    return {"nodes": nodes, "edges": edges, "options": json.loads(options), "labels": labels}


def _thing(network: nx.MultiDiGraph, one: str, number: dict[str, int]) -> dict[str, Any]:
    data = network.nodes[one]
    touching = [*network.in_edges(one, data="facts"), *network.out_edges(one, data="facts")]
    own = {*data["facts"], *(fact for _, _, facts in touching for fact in facts)}
    return {"label": data["label"], "type": data["type"], "facts": sorted(number[fact] for fact in own)}


def _joint(network: nx.MultiDiGraph, wire: Wire, number: dict[str, int], opaque: dict[str, str]) -> dict[str, Any]:
    edge = network.edges[wire.source, wire.target, wire.key]
    label = f"{network.nodes[wire.source]['label']} → {network.nodes[wire.target]['label']}"
    facts = sorted({number[fact] for fact in edge["facts"]})
    return {"label": label, "type": edge["label"], "facts": facts, "ends": [opaque[wire.source], opaque[wire.target]]}


def _vis_folder() -> Path:
    import pyvis

    return Path(pyvis.__file__).resolve().parent / "lib" / _VIS


def _vis_script() -> str:
    text = (_vis_folder() / "vis-network.min.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S+", "", text).replace("</script", "<\\/script")


def _vis_style() -> str:
    rules = _RULE.findall((_vis_folder() / "vis-network.css").read_text(encoding="utf-8"))
    return "\n".join(rule for rule in rules if "url(" not in rule and "manipulation" not in rule) + "\n"
