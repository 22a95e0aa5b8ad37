"""A network picture as files that other programs open: a drawing, graph formats, graph languages, JSON.

All of them say the same of a thing and of an edge, as :func:`plain` does. What is unknown is left out everywhere. GEXF,
DOT and Mermaid are written here: the first because networkx writes the day of writing into it and no open intervals of
days, the others because they are a few lines and every label must stay a label.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from kg.dates import day_before
from kg.pictures.layout import MARGIN, wide, wrap
from kg.pictures.scene import CAUTION, Scene, read, template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import networkx as nx

_NODE_FIELDS = ("label", "type", "jurisdiction", "kind", "verdict", "level", "certainty", "since", "start", "start_latest", "end", "ended", "derived", "laws", "facts", "sources")  # fmt: skip
_EDGE_FIELDS = ("label", "kind", "verb", "level", "scope", "certainty", "start", "start_latest", "end", "ended", "earlier", "laws", "facts", "sources")  # fmt: skip
NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file can hold; no format gets it."""
_GEXF, _VIZ = "http://gexf.net/1.3", "http://gexf.net/1.3/viz"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BREAK = re.compile(r"\r\n?|\n")
_UNSAFE = re.compile(r"[^\w ,()]|_")
_VARIABLE = re.compile(r"--([\w-]+): *([^;]+);")


def plain(scene: Scene, *, lists: bool) -> nx.MultiDiGraph:
    """The network with text, numbers, truth values and, where they can be kept, lists; edges are numbered, ``e0`` first."""
    import networkx as nx

    about = {
        "title": scene.title,
        "place": scene.place,
        "view": scene.view,
        "on": scene.on.isoformat(),
        "known": scene.known.isoformat(),
    }
    graph = nx.MultiDiGraph(**_values(about, about, lists=lists))
    for one, data in scene.whole.nodes(data=True):
        graph.add_node(one, **_values(data, _NODE_FIELDS, lists=lists))
    for number, (source, target, data) in enumerate(scene.whole.edges(data=True)):
        graph.add_edge(source, target, key=f"e{number}", **_values(data, _EDGE_FIELDS, lists=lists))
    return graph


def _values(data: dict[str, Any], fields: Iterable[str], *, lists: bool) -> dict[str, Any]:
    found = {field: _value(data[field], lists=lists) for field in fields if data.get(field) is not None}
    return {field: value for field, value in found.items() if value not in ("", [])}


def _value(value: Any, *, lists: bool) -> Any:
    if isinstance(value, list | tuple | set):
        texts = [NO_XML.sub("\ufffd", str(one)) for one in value]
        return texts if lists else " ".join(texts)
    return value if isinstance(value, bool | int | float) else NO_XML.sub("\ufffd", str(value))


def _graphml(scene: Scene) -> str:
    import networkx as nx

    graph = plain(scene, lists=False)
    for one, (x, y) in _middles(scene).items():
        graph.nodes[one].update(x=x, y=-y)
    return "\n".join([_XML.rstrip(), *nx.generate_graphml(graph), ""])


def _middles(scene: Scene) -> dict[str, tuple[float, float]]:
    """Where the things of the drawing stand, from the upper left corner."""
    boxes, card_of = scene.layout.boxes, scene.network.graph.get("card_of", {})
    stands = {one: boxes[card_of.get(one, one)] for one in scene.whole}
    return {one: (round(box.x + box.width / 2, 1), round(box.middle, 1)) for one, box in stands.items()}


def _gexf(scene: Scene) -> str:
    """GEXF 1.3 with a stretch of days on every dated edge; there, other than in the record, the end is the last day of it."""
    graph = plain(scene, lists=False)
    root = ET.Element("gexf", {"xmlns": _GEXF, "xmlns:viz": _VIZ, "version": "1.3"})
    meta = ET.SubElement(root, "meta", lastmodifieddate=scene.known.isoformat())
    ET.SubElement(meta, "creator").text = "Platform Restriction Knowledge Graph"
    ET.SubElement(meta, "description").text = f"{graph.graph['title']}. {scene.lead}. {CAUTION}"
    whole = ET.SubElement(root, "graph", mode="dynamic", timeformat="date", timerepresentation="interval", defaultedgetype="directed", idtype="string")  # fmt: skip
    nodes = dict(graph.nodes(data=True))
    edges = {key: data for _, _, key, data in graph.edges(keys=True, data=True)}
    _declare(whole, "node", nodes.values(), _NODE_FIELDS)
    _declare(whole, "edge", edges.values(), _EDGE_FIELDS)
    middles = _middles(scene)
    parent = ET.SubElement(whole, "nodes")
    for one, data in nodes.items():
        element = ET.SubElement(parent, "node", {"id": one, "label": data["label"], **_interval(data)})
        _describe(element, data, _NODE_FIELDS)
        x, y = middles[one]
        ET.SubElement(element, "viz:position", x=str(x), y=str(-y), z="0")
    parent = ET.SubElement(whole, "edges")
    for source, target, key in graph.edges(keys=True):
        data = edges[key]
        element = ET.SubElement(parent, "edge", {"id": key, "source": source, "target": target, "label": data["label"], "kind": _sort(data), **_interval(data)})  # fmt: skip
        _describe(element, data, _EDGE_FIELDS)
    ET.indent(root)
    return f"{_XML}{ET.tostring(root, encoding='unicode')}\n"


def _sort(data: dict[str, Any]) -> str:
    """The class of an edge. Gephi makes one of two edges of a kind between the same things, so past ownership is a kind of its own."""
    return f"{data['kind']} (over)" if data["level"] == "owns" and data["ended"] else str(data["kind"])


def _interval(data: dict[str, Any]) -> dict[str, str]:
    """The first and the last day, as far as they are known."""
    days: dict[str, str] = {name: data[name] for name in ("start", "end") if name in data}
    if "end" in days:
        last = day_before(date.fromisoformat(days["end"])).isoformat()
        days["end"] = max(last, days.get("start", last))
    return days


def _own(fields: Iterable[str]) -> list[str]:
    """Fields that are no part of GEXF itself."""
    return [field for field in fields if field not in {"label", "start", "end"}]


def _declare(parent: ET.Element, kind: str, items: Iterable[dict[str, Any]], fields: Iterable[str]) -> None:
    first = {field: value for data in items for field, value in data.items()}
    declared = ET.SubElement(parent, "attributes", {"class": kind, "mode": "static"})
    for field in _own(fields):
        if field in first:
            form = {bool: "boolean", int: "integer", float: "double"}.get(type(first[field]), "string")
            ET.SubElement(declared, "attribute", id=field, title=field, type=form)


def _describe(element: ET.Element, data: dict[str, Any], fields: Iterable[str]) -> None:
    values = ET.SubElement(element, "attvalues")
    for field in _own(fields):
        if field in data:
            ET.SubElement(values, "attvalue", {"for": field, "value": _word(data[field])})


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dot(scene: Scene) -> str:
    graph = plain(scene, lists=False)
    colours = palettes()[0]
    lines = ["digraph {", f"  graph [{_attributes(graph.graph | {'label': graph.graph['title']})}, rankdir=LR];", "  node [shape=box];"]  # fmt: skip
    lines += [f"  {_quoted(one)} [{_attributes(data)}];" for one, data in graph.nodes(data=True)]
    for source, target, key, data in graph.edges(keys=True, data=True):
        look = {"id": key, "color": colours.get(data["level"], colours["line"]), "style": "dashed" if data["ended"] else "solid"}  # fmt: skip
        lines.append(f"  {_quoted(source)} -> {_quoted(target)} [{_attributes(data | look)}];")
    return "\n".join([*lines, "}", ""])


def _attributes(data: dict[str, Any]) -> str:
    return ", ".join(f"{field}={_quoted(_word(value))}" for field, value in data.items())


def _quoted(text: str) -> str:
    """A text in quotes that Graphviz shows as it is: no line break of its own, no entity, no field code."""
    shown = _ENTITY.sub("&amp;", text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _BREAK.sub(r"\\n", shown) + '"'


def _mermaid(scene: Scene) -> str:
    """A flow chart; what Mermaid has no place for stands in a comment above each node and edge."""
    graph = plain(scene, lists=False)
    number = {one: f"n{place}" for place, one in enumerate(graph)}
    lines = [f"%% {_remark(graph.graph)}", "flowchart LR"]
    for one, data in graph.nodes(data=True):
        lines += [f"  %% {number[one]} {_remark({'id': one, **data})}", f'  {number[one]}["{_coded(data["label"])}"]:::{data["type"]}']  # fmt: skip
    for source, target, key, data in graph.edges(keys=True, data=True):
        arrow = "-.->" if data["ended"] or data["level"] == "law" else "-->"
        lines += [f"  %% {key} {_remark(data)}", f'  {number[source]} {arrow}|"{_coded(data["label"])}"| {number[target]}']  # fmt: skip
    kinds = dict.fromkeys(data["type"] for _, data in graph.nodes(data=True))
    lines += [f"  classDef {kind} stroke:{palettes()[0][kind]},stroke-width:2px;" for kind in kinds]
    return "\n".join([*lines, ""])


def _coded(text: str) -> str:
    """A label in which every sign that could mean something is given by its number."""
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};", " ".join(text.split()))


def _remark(data: dict[str, Any]) -> str:
    """Fields for a comment; the label stands in the line below, and braces would begin a directive."""
    told = (f"{field}={' '.join(_word(value).split())}" for field, value in data.items() if field != "label")
    return re.sub(r"[{}%]", " ", "; ".join(told))


def _cytoscape(scene: Scene) -> str:
    import networkx as nx

    graph = plain(scene, lists=True)
    data = nx.cytoscape_data(graph, name="label")
    data["data"] = dict(graph.graph) | {"name": graph.graph["title"]}
    middles = _middles(scene)
    for node in data["elements"]["nodes"]:
        node["position"] = dict(zip("xy", middles[node["data"]["id"]], strict=True))
    for edge in data["elements"]["edges"]:
        edge["data"]["id"] = edge["data"]["key"]
    return _json(data)


def _node_link(scene: Scene) -> str:
    import networkx as nx

    return _json(nx.node_link_data(plain(scene, lists=True), edges="edges"))


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _svg(scene: Scene) -> str:
    from markupsafe import Markup

    layout = scene.layout
    width = max(layout.width, 640)
    said = [("title", "none", scene.heading)]
    for verdict in scene.verdicts:
        said += [("verdict", verdict["level"], verdict["word"]), ("lead", "none", verdict["rest"])]
    head, y = _lines(
        [*said, ("lead", "none", f"{scene.lead}."), *(("lead", "none", f"{one}.") for one in scene.left_out)], width, 12
    )
    keys, below = _keys(scene, width, y + layout.height + 16)
    foot, bottom = _lines([("lead", "none", CAUTION)], width, below)
    words = scene.words() | {
        "title": NO_XML.sub("\ufffd", scene.heading),
        "width": width,
        "height": bottom + MARGIN,
        "margin": MARGIN,
    }
    style = Markup(written_out("drawing.css", "still.css"))  # noqa: S704  a file of ours
    text = template("still.svg").render(**words, style=style, head=head, top=y, keys=keys, foot=foot)
    return NO_XML.sub("\ufffd", text) + "\n"


def _lines(said: list[tuple[str, str, str]], width: float, y: float) -> tuple[list[dict[str, Any]], float]:
    """Texts broken to the width of the picture, and where the next one would begin."""
    lines = []
    for kind, level, text in said:
        size, step = {"title": (22, 28), "verdict": (15, 22)}.get(kind, (13, 19))
        for line in wrap(text, width - 2 * MARGIN, size, bold=kind != "lead", most=12):
            y += step
            lines.append({"kind": kind, "level": level, "text": line, "y": y})
    return lines, y


def _keys(scene: Scene, width: float, y: float) -> tuple[list[dict[str, Any]], float]:
    """The legend, in rows from the left."""
    keys: list[dict[str, Any]] = []
    x = float(MARGIN)
    for sign, entries in ((14, scene.legend["kinds"]), (48, scene.legend["levels"])):
        for name, text in entries:
            need = sign + wide(text, 12, bold=False)
            if x > MARGIN and x + need > width - MARGIN:
                x, y = float(MARGIN), y + 22
            keys.append({"name": name, "text": text, "sign": sign, "x": round(x, 1), "y": y})
            x += need + 22
    return keys, y + 8


def palettes() -> tuple[dict[str, str], dict[str, str]]:
    """The colours on a light and on a dark ground."""
    light, dark = (dict(_VARIABLE.findall(block)) for block in read("colours.css").split("@media"))
    return light, light | dark


def written_out(*files: str) -> str:
    """Style sheets with every variable replaced, because few programs but browsers know them."""
    rules = "".join(map(read, files)).splitlines()
    light, dark = (
        "\n".join(filled(rule, colours) for rule in some)
        for colours, some in zip(palettes(), (rules, [one for one in rules if "var(" in one]), strict=True)
    )
    return f"\n{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def filled(rule: str, colours: dict[str, str]) -> str:
    """A style sheet in which every variable is replaced by its colour."""
    return re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], rule)


FORMATS: dict[str, Callable[[Scene], str]] = {
    ".svg": _svg, ".graphml": _graphml, ".gexf": _gexf, ".dot": _dot, ".mmd": _mermaid, ".cyjs": _cytoscape, ".json": _node_link,
}  # fmt: skip
"""What writes a file, by its ending."""
