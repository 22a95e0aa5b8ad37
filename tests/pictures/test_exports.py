from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import command
import networkx as nx
import pytest
from lxml import etree

import kg
from kg.cli import picture
from kg.errors import UsageError
from kg.pictures import printed
from kg.pictures.exports import FORMATS
from kg.pictures.page import draw_scene
from kg.pictures.scene import Scene, set_scene

ON = "2026-11-22"
ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "tests" / "fixtures" / "valid" / "base.ttl"
HOSTILE = (
    '</text></svg><script>alert(1)</script>"q" \'a\' \\" ]]> ] --> {a|b} %%{init}%% end; `c` #35; &lt; &amp;'
    " -->|y| _u_ *b* 1. \N{ARABIC LETTER SEEN}\N{ARABIC LETTER LAM}\N{RIGHT-TO-LEFT OVERRIDE} \U0001f600"
    " line\nline \\N \\"
)
GEXF = "{http://gexf.net/1.3}"
LISTS = ("facts", "sources", "laws")
NODE_FIELDS = ("label", "type", "jurisdiction", "kind", "verdict", "level", "certainty", "since", "start", "start_latest", "end", "ended", "derived", "laws", "facts", "sources")  # fmt: skip
EDGE_FIELDS = ("label", "kind", "verb", "level", "scope", "certainty", "start", "start_latest", "end", "ended", "earlier", "laws", "facts", "sources")  # fmt: skip

Fields = dict[str, Any]
Network = tuple[dict[str, Fields], dict[str, tuple[str, str, Fields]]]
"""Nodes by id; edges by number with source, target and fields."""


@pytest.fixture(scope="module")
def whatsapp() -> Scene:
    return set_scene(kg.open(), ["WhatsApp"], "RU", on=ON, known=ON)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A small record in which the labels of things say all that could hurt a format."""
    folder = tmp_path_factory.mktemp("hostile")
    record = RECORD.read_text(encoding="utf-8")
    for label in ("Chirp", "Example Holding", "Communications Office", "Data Act, section 7", "Block of Chirp"):
        record = record.replace(f'"{label}"@en', f"{json.dumps(label + HOSTILE)}@en")
    file = folder / "record.ttl"
    file.write_text(record.replace("\\ud83d\\ude00", "\U0001f600"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(folder / "home"))
        return set_scene(kg.open(data=[file]), ["chirp", "holding"], "ZZ", on=ON, known=ON)


@pytest.fixture(scope="module")
def events() -> Scene:
    return set_scene(kg.open(), ["WhatsApp"], "RU", on=ON, known=ON, view="events")


@pytest.fixture(scope="module")
def folded() -> Scene:
    """A picture in which several things stand on one card; the files for programs hold each for itself."""
    return set_scene(kg.open(), ["TikTok"], None, on=ON, known=ON)


@pytest.fixture(params=["whatsapp", "hostile", "events", "folded"])
def scene(request: pytest.FixtureRequest) -> Scene:
    return request.getfixturevalue(request.param)


def told(data: Fields, fields: tuple[str, ...], *, lists: bool) -> Fields:
    """What a file should say of a thing or edge of the projection."""
    found = {}
    for name in fields:
        value = data.get(name)
        if name in LISTS and not lists:
            value = " ".join(value or ())
        if value is not None and value not in ("", []):
            found[name] = value
    return found


def expected(scene: Scene, *, lists: bool = False) -> Network:
    nodes = {one: told(data, NODE_FIELDS, lists=lists) for one, data in scene.whole.nodes(data=True)}
    edges = {
        f"e{number}": (source, target, told(data, EDGE_FIELDS, lists=lists))
        for number, (source, target, data) in enumerate(scene.whole.edges(data=True))
    }
    return nodes, edges


def pick(data: Fields, fields: tuple[str, ...]) -> Fields:
    return {name: data[name] for name in fields if name in data}


def of_graph(graph: nx.MultiDiGraph) -> Network:
    assert graph.is_directed()
    nodes = {one: pick(data, NODE_FIELDS) for one, data in graph.nodes(data=True)}
    edges = {key: (one, other, pick(data, EDGE_FIELDS)) for one, other, key, data in graph.edges(keys=True, data=True)}
    return nodes, edges


def of_graphml(text: str) -> Network:
    return of_graph(nx.parse_graphml(text, force_multigraph=True))


def of_gexf(text: str, folder: Path) -> Network:
    file = folder / "x.gexf"
    file.write_text(text, encoding="utf-8")
    graph = nx.read_gexf(file)
    if not graph.is_multigraph():  # networkx makes a graph without parallel edges simple
        whole = nx.MultiDiGraph([(one, other, data["id"], data) for one, other, data in graph.edges(data=True)])
        whole.add_nodes_from(graph.nodes(data=True))
        return of_graph(whole)
    return of_graph(graph)


QUOTED = r'"((?:[^"\\]|\\.)*)"'


def of_dot(text: str) -> Network:
    """The lines that we write of DOT: a node or an edge each, all values in quotes but those of the drawing."""
    nodes: dict[str, Fields] = {}
    edges: dict[str, tuple[str, str, Fields]] = {}
    lines = text.splitlines()
    assert (lines[0], lines[-1]) == ("digraph {", "}")
    for line in lines[3:-1]:
        found = re.fullmatch(rf"  {QUOTED}(?: -> {QUOTED})? \[(.*)\];", line)
        assert found, line
        pairs = re.findall(rf"(\w+)={QUOTED}(?:, |$)", found[3])
        assert ", ".join(f'{name}="{value}"' for name, value in pairs) == found[3]
        data = {name: value.replace("&amp;", "&") for name, value in pairs}
        data = {name: re.sub(r"\\(.)", lambda sign: {"n": "\n"}.get(sign[1], sign[1]), value) for name, value in data.items()}  # fmt: skip
        if found[2] is None:
            nodes[found[1]] = pick(data, NODE_FIELDS)
        else:
            edges[data["id"]] = (found[1], found[2], pick(data, EDGE_FIELDS))
    return nodes, edges


def uncoded(text: str) -> str:
    assert not re.search(r"[\"`<>{}|\[\]\\&_]", text), text
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)


def of_mermaid(text: str) -> Network:
    """The lines that we write of Mermaid: a comment with fields, then the node or edge that they belong to."""
    nodes: dict[str, Fields] = {}
    edges: dict[str, tuple[str, str, Fields]] = {}
    ids: dict[str, str] = {}
    lines = text.splitlines()
    assert lines[0].startswith("%% title=")
    assert lines[1] == "flowchart LR"
    body = [line for line in lines[2:] if not line.startswith("  classDef ")]
    for remark, line in zip(body[::2], body[1::2], strict=True):
        name, _, rest = remark.removeprefix("  %% ").partition(" ")
        data = dict(part.split("=", 1) for part in rest.split("; "))
        if node := re.fullmatch(r'  (n\d+)\["(.*)"\]:::(\w+)', line):
            assert (node[1], node[3]) == (name, data["type"])
            ids[name] = data["id"]
            nodes[data["id"]] = pick({**data, "label": uncoded(node[2])}, NODE_FIELDS)
        else:
            edge = re.fullmatch(r'  (n\d+) (?:-->|-\.->)\|"(.*)"\| (n\d+)', line)
            assert edge, line
            edges[name] = (ids[edge[1]], ids[edge[3]], pick({**data, "label": uncoded(edge[2])}, EDGE_FIELDS))
    return nodes, edges


def as_text(network: Network, *, one_line: bool = False) -> Network:
    """The same network in a format in which all values are text."""

    def word(value: Any) -> str:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return " ".join(text.split()) if one_line else text

    nodes, edges = network
    return (
        {one: {name: word(value) for name, value in data.items()} for one, data in nodes.items()},
        {key: (*ends, {name: word(value) for name, value in data.items()}) for key, (*ends, data) in edges.items()},
    )


def inclusive(network: Network) -> Network:
    """The same network with the last day of every act where the record has the first day without it."""
    nodes, edges = network
    for data in (*nodes.values(), *(data for _, _, data in edges.values())):
        if "end" in data:
            last = (date.fromisoformat(data["end"]) - timedelta(days=1)).isoformat()
            data["end"] = max(last, data.get("start", last))
    return nodes, edges


def test_the_command_line_knows_all_formats() -> None:
    """Every ending that the help names can be written, and no other can."""
    assert set(picture.ENDINGS) == {".html", *FORMATS, *printed.ENDINGS}


def test_edges_carry_bounds_certainty_and_laws(whatsapp: Scene) -> None:
    """An edge has the days of the act that it is named after, how sure that one is, the laws, and how many acts came before."""
    network = whatsapp.network
    block = network.edges["roskomnadzor", "whatsapp", "measure"]
    assert (block["start"], block["start_latest"]) == ("2026-02-11", "2026-02-12")
    assert "end" not in block
    assert (block["certainty"], block["earlier"], len(block["facts"])) == ("presumed", 4, 5)
    ruling = network.edges["tverskoy", "meta", "Designation"]
    assert (ruling["start"], ruling["laws"]) == ("2022-03-21", ["law-114fz"])
    fine = network.edges["tagansky-422", "whatsapp", "pressure"]
    assert "certainty" not in fine
    assert fine["end"] > fine["start"]
    for _, _, key, data in network.edges(keys=True, data=True):
        assert 0 <= data["earlier"] < len(data["facts"])
        assert all(
            date.fromisoformat(data[name]).year < 3000 for name in ("start", "start_latest", "end") if name in data
        )
        assert key != "law" or data["laws"]


def test_certainty_of_an_edge_is_that_of_the_status() -> None:
    """Where one measure makes a status, its edge is as certain as the status."""
    graph = kg.open()
    compared = set()
    russia = [("2024-07-31", "YouTube", "RU"), ("2025-08-12", "WhatsApp", "RU"), ("2025-08-14", "WhatsApp", "RU")]
    for day, name, place in [*russia, (ON, "TikTok", "KG"), (ON, "TikTok", "TZ"), (ON, "TikTok", "IN")]:
        network = set_scene(graph, [name], place, on=day, known=ON).network
        drawn = [data for _, _, key, data in network.edges(keys=True, data=True) if key != "law"]
        for measure in graph.status(name, place, on=day, known=ON).measures:
            for data in (one for one in drawn if one["facts"] == [measure.fact.id]):
                assert data["certainty"] == measure.certainty, (day, name, measure.fact.id)
                compared.add(measure.certainty)
    assert compared >= {"definite", "presumed", "possible"}


def test_several_things_lose_nothing() -> None:
    """The picture of two things holds every thing, edge and fact of the pictures of each."""
    graph = kg.open()
    both = set_scene(graph, ["WhatsApp", "Telegram"], "RU", on=ON, known=ON).network
    for name in ("WhatsApp", "Telegram"):
        alone = set_scene(graph, [name], "RU", on=ON, known=ON).network
        assert set(alone) <= set(both)
        for source, target, key, data in alone.edges(keys=True, data=True):
            assert set(data["facts"]) <= set(both.edges[source, target, key]["facts"])


def test_graphml_is_read_by_networkx(scene: Scene) -> None:
    """All things, edges, typed fields and places of the drawing come back, and each key is declared once."""
    text = FORMATS[".graphml"](scene)
    assert of_graphml(text) == expected(scene)
    keys = re.findall(r'<key id="(\w+)"', text)
    assert len(keys) == len(set(keys))
    assert all(isinstance(data["x"], float) for _, data in nx.parse_graphml(text).nodes(data=True))


def test_graphml_is_read_by_igraph(scene: Scene, tmp_path: Path) -> None:
    """A library with a reader of its own finds the same; what is absent is an empty text there."""
    igraph = pytest.importorskip("igraph", reason="igraph is not installed; the extra 'test' has it")
    file = tmp_path / "x.graphml"
    file.write_text(FORMATS[".graphml"](scene), encoding="utf-8")
    read = igraph.Graph.Read_GraphML(str(file))
    nodes, edges = expected(scene)
    names = read.vs["id"]
    assert read.is_directed()
    assert [{name: vertex[name] or "" for name in ("label", "type")} for vertex in read.vs] == [
        {name: data[name] for name in ("label", "type")} for data in nodes.values()
    ]
    assert [(names[edge.source], names[edge.target]) for edge in read.es] == [ends[:2] for ends in edges.values()]
    for edge, (_, _, data) in zip(read.es, edges.values(), strict=True):
        for name in set(EDGE_FIELDS) & set(read.es.attributes()):
            assert (edge[name] or "") == (data.get(name) or ""), name


def test_gexf_is_read_by_networkx(scene: Scene, tmp_path: Path) -> None:
    """All things, edges and typed fields come back; an end is the last day there, as GEXF counts it."""
    assert of_gexf(FORMATS[".gexf"](scene), tmp_path) == inclusive(expected(scene))


def test_gexf_keeps_the_rules_of_its_version(scene: Scene) -> None:
    """The structure that GEXF 1.3 prescribes.

    Root of version 1.3 with meta and graph; attributes, nodes, edges in that order; unique ids; edges between nodes that
    are there; only declared fields, once each, of their type; whole days with the end not before the start; no two
    edges of one kind between the same two things, because Gephi would make one of them.
    """
    root = ET.fromstring(FORMATS[".gexf"](scene))  # noqa: S314  written by ourselves
    assert (root.tag, root.attrib) == (f"{GEXF}gexf", {"version": "1.3"})
    assert [one.tag for one in root] == [f"{GEXF}meta", f"{GEXF}graph"]
    assert date.fromisoformat(root[0].attrib["lastmodifieddate"])
    graph = root[1]
    assert graph.attrib == {"mode": "dynamic", "timeformat": "date", "timerepresentation": "interval", "defaultedgetype": "directed", "idtype": "string"}  # fmt: skip
    assert [one.tag.removeprefix(GEXF) for one in graph] == ["attributes", "attributes", "nodes", "edges"]
    types = {}
    for declared in graph[:2]:
        types[declared.attrib["class"]] = {one.attrib["id"]: one.attrib["type"] for one in declared}
        assert len(types[declared.attrib["class"]]) == len(declared)
        assert set(types[declared.attrib["class"]].values()) <= {"string", "boolean", "integer"}
    ids = [one.attrib["id"] for one in graph[2]]
    assert len(ids) == len(set(ids))
    seen = set()
    for one in graph[3]:
        assert {one.attrib["source"], one.attrib["target"]} <= set(ids)
        days = [date.fromisoformat(one.attrib[name]) for name in ("start", "end") if name in one.attrib]
        assert days == sorted(days)
        seen.add((one.attrib["source"], one.attrib["target"], one.attrib["kind"]))
    assert len(seen) == len(graph[3]) == len({one.attrib["id"] for one in graph[3]})
    for kind, items in (("node", graph[2]), ("edge", graph[3])):
        for one in items:
            assert one.attrib["label"]
            values = one.findall(f"{GEXF}attvalues/{GEXF}attvalue")
            fields = [value.attrib["for"] for value in values]
            assert len(fields) == len(set(fields))
            for value in values:
                form = types[kind][value.attrib["for"]]
                assert re.fullmatch(
                    {"boolean": "true|false", "integer": r"\d+"}.get(form, r"(?s).+"), value.attrib["value"]
                )


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(ROOT / "tests" / "fixtures" / "gexf" / "gexf.rng"))


def test_gexf_is_valid_by_its_schema(scene: Scene, schema: etree.RelaxNG) -> None:
    """The schema that the makers of the format publish finds nothing to object to."""
    schema.assertValid(etree.fromstring(FORMATS[".gexf"](scene).encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [('version="1.3"', 'version="1.2"'), ('timeformat="date"', 'timeformat="day"'), ("<edge ", "<link ")],
)
def test_the_schema_of_gexf_catches_faults(whatsapp: Scene, schema: etree.RelaxNG, old: str, new: str) -> None:
    """A wrong version, a wrong format of days or an unknown element is not valid, so the test above can fail."""
    text = FORMATS[".gexf"](whatsapp)
    assert old in text
    broken = text.replace(old, new, 1).replace("</edge>", "</link>" if new == "<link " else "</edge>", 1)
    assert not schema.validate(etree.fromstring(broken.encode()))


def test_open_ends_are_absent(whatsapp: Scene) -> None:
    """What runs on has no end, what began on an unknown day no start, and nothing is called None."""
    for _, _, key, data in whatsapp.network.edges(keys=True, data=True):
        assert not {"start", "end"} & set(data) or key != "law"
    root = ET.fromstring(FORMATS[".gexf"](whatsapp))  # noqa: S314  written by ourselves
    open_ended = [one for one in root.iter(f"{GEXF}edge") if "start" in one.attrib and "end" not in one.attrib]
    assert open_ended
    for ending in FORMATS:
        text = FORMATS[ending](whatsapp)
        assert "None" not in text
        assert "9999-12" not in text
        assert "0001-01-01" not in text


def test_json_is_read_by_networkx(scene: Scene) -> None:
    """Node-link data, with lists as lists and the days of the picture on the graph."""
    data = json.loads(FORMATS[".json"](scene))
    graph = nx.node_link_graph(data, edges="edges")
    assert of_graph(graph) == expected(scene, lists=True)
    about = {"title": scene.title, "place": scene.place, "view": scene.view, "on": ON, "known": ON}
    assert graph.graph == {name: value for name, value in about.items() if value is not None}


def test_cytoscape_json_is_read_by_networkx(scene: Scene) -> None:
    """Elements with unique ids, names, and the places of the drawing."""
    data = json.loads(FORMATS[".cyjs"](scene))
    assert of_graph(nx.cytoscape_graph(data, name="label")) == expected(scene, lists=True)
    elements = [one["data"] for kind in ("nodes", "edges") for one in data["elements"][kind]]
    assert len({one["id"] for one in elements}) == len(elements)
    for node in data["elements"]["nodes"]:
        one = node["data"]["id"]
        box = scene.layout.boxes[scene.network.graph.get("card_of", {}).get(one, one)]
        assert node["data"]["name"] == node["data"]["label"]
        assert abs(node["position"]["x"] - box.x - box.width / 2) < 0.1
        assert abs(node["position"]["y"] - box.middle) < 0.1


def test_dot_says_everything(scene: Scene) -> None:
    """Every line is a node or an edge with its fields in quotes."""
    assert of_dot(FORMATS[".dot"](scene)) == as_text(expected(scene))


def test_dot_is_read_by_graphviz(scene: Scene) -> None:
    """Graphviz parses the file and keeps names, ends and facts; what it says of missing fonts does not matter."""
    program = shutil.which("dot")
    if program is None:
        pytest.skip("Graphviz is not installed")
    done = subprocess.run(
        [program, "-Tdot_json"], input=FORMATS[".dot"](scene), capture_output=True, encoding="utf-8", timeout=60, check=True
    )  # fmt: skip
    read = json.loads(done.stdout)
    nodes, edges = as_text(expected(scene))
    assert "Error" not in done.stderr
    assert [one["name"] for one in read["objects"]] == list(nodes)
    assert {one["id"]: one["facts"] for one in read["edges"]} == {
        key: data["facts"] for key, (_, _, data) in edges.items()
    }


def test_mermaid_says_everything(scene: Scene) -> None:
    """Labels hold no sign that Mermaid could read as its own; the other fields stand in comments."""
    assert of_mermaid(FORMATS[".mmd"](scene)) == as_text(expected(scene), one_line=True)


def test_entities_in_labels_of_dot_stay_as_written(hostile: Scene) -> None:
    """Graphviz would show &lt; as <, so such an ampersand is written as one; breaks and backslashes are escaped."""
    text = FORMATS[".dot"](hostile)
    assert "&amp;lt; &amp;amp;" in text
    assert 'line\\nline \\\\N \\\\"' in text


def test_what_xml_cannot_hold_is_replaced(hostile: Scene) -> None:
    """A control character in a label does not break a file."""
    broken = hostile.network.copy()
    broken.nodes["chirp"]["label"] = "Chirp\x07\ud800\ufffe"
    sick = Scene(broken, "Chirp\x07", hostile.focus, None, None, hostile.on, hostile.known, ())
    for ending, write in FORMATS.items():
        text = write(sick)
        assert text.encode()
        assert "\x07" not in text
        if ending in {".svg", ".graphml", ".gexf"}:
            assert "Chirp\ufffd" in ET.tostring(ET.fromstring(text), encoding="unicode")  # noqa: S314  written by ourselves


def test_the_drawing_is_that_of_the_page(whatsapp: Scene) -> None:
    """The file and the page hold the same drawing, to the byte."""
    page = draw_scene(kg.open(), whatsapp)
    drawn = page[page.index('<text class="head"') : page.index("</svg>\n</figure>")]
    assert drawn.count("<path") > 50
    assert drawn in FORMATS[".svg"](whatsapp)


def test_the_drawing_stands_alone(scene: Scene) -> None:
    """Well-formed; no script, handler, link, image, address or variable; a ground, a title and colours for light and dark."""
    text = FORMATS[".svg"](scene)
    root = ET.fromstring(text)  # noqa: S314  written by ourselves
    names = {one.tag.removeprefix("{http://www.w3.org/2000/svg}") for one in root.iter()}
    assert names <= {"svg", "title", "desc", "style", "g", "rect", "path", "text", "tspan"}
    attributes = {name for one in root.iter() for name in one.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name or name in {"src", "style"}]
    style = root.findtext("{http://www.w3.org/2000/svg}style") or ""
    assert not re.search(r"var\(|url\(|@import|@font-face|http", style)
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    assert ".ground { fill: #fff; }" in light
    assert ".ground { fill: #14171a; }" in dark
    assert "sans-serif" in light
    assert root.findtext("{http://www.w3.org/2000/svg}title") == scene.title
    assert "Nothing recorded does not mean not restricted." in text


def test_nothing_of_the_drawing_lies_outside(scene: Scene) -> None:
    """Title, legend and caution fit the picture, whose size is stated."""
    root = ET.fromstring(FORMATS[".svg"](scene))  # noqa: S314  written by ourselves
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    for one in root.iter("{http://www.w3.org/2000/svg}text"):
        assert float(one.attrib.get("x", 0)) < width
        assert float(one.attrib.get("y", 0)) < height
    legend = [one.text or "" for one in root.iter() if one.attrib.get("class") == "key"]
    assert any(text.startswith("law") for text in legend)


def test_the_same_record_gives_the_same_files(whatsapp: Scene) -> None:
    """Written again, every file is the same to the byte."""
    again = set_scene(kg.open(), ["WhatsApp"], "RU", on=ON, known=ON)
    for write in FORMATS.values():
        assert write(again) == write(whatsapp)


def test_a_thing_alone_is_written() -> None:
    """A thing that nothing touches gives files with one node and no edge."""
    alone = set_scene(kg.open(), ["Roskomnadzor"], "EU", on="1990-01-01", known=ON)
    assert of_graphml(FORMATS[".graphml"](alone)) == expected(alone)
    assert of_dot(FORMATS[".dot"](alone)) == as_text(expected(alone))
    assert of_mermaid(FORMATS[".mmd"](alone)) == as_text(expected(alone))
    for ending in (".svg", ".gexf"):
        assert ET.fromstring(FORMATS[ending](alone))  # noqa: S314  written by ourselves
    assert len(json.loads(FORMATS[".json"](alone))["nodes"]) == 1


def run(*words: str) -> command.Result:
    return command.run("graph", *words)


def test_the_command_writes_what_the_ending_says(whatsapp: Scene, tmp_path: Path) -> None:
    """The file, in any case of its ending, holds the format; one line tells name and size."""
    for ending in (".svg", ".GEXF", ".json"):
        file = tmp_path / f"x{ending}"
        done = run("WhatsApp", "--in", "RU", "--on", ON, "--known", ON, "-o", str(file))
        size = -(-file.stat().st_size // 1000)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{file}: {size} kB\n", "")
        assert file.read_text(encoding="utf-8") == FORMATS[ending.lower()](whatsapp)


def test_the_help_names_the_endings() -> None:
    """What can be written is known before it is tried."""
    told_words = run("--help").stdout.replace("│", " ").split()
    assert {word.strip(".,") for word in told_words} >= {ending.strip(".") for ending in picture.ENDINGS}


@pytest.mark.parametrize("name", ["x.jpeg", "x", "x.graphml.gz", ".svg"])
def test_an_unknown_ending_is_refused_with_those_there_are(name: str, tmp_path: Path) -> None:
    """One sentence, exit code 2, and no file."""
    done = run("WhatsApp", "-o", str(tmp_path / name))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"kg: the ending of '{name}' says no format; end it in {', '.join(picture.ENDINGS)}\n"
    assert not list(tmp_path.iterdir())


def test_a_path_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A missing folder and a folder of that name are one sentence each."""
    folder = tmp_path / "x.svg"
    folder.mkdir()
    missing = run("WhatsApp", "-o", str(tmp_path / "none" / "x.svg"))
    taken = run("WhatsApp", "-o", str(folder))
    assert (missing.returncode, missing.stderr) == (2, f"kg: there is no folder {tmp_path / 'none'}\n")
    assert (taken.returncode, taken.stderr) == (2, f"kg: {folder} cannot be written (it is a folder)\n")


def test_a_file_appears_only_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full half way, the old file stays as it was and nothing lies beside it."""
    file = tmp_path / "x.svg"
    file.write_text("old", encoding="utf-8")

    def half(path: Path, data: bytes) -> int:
        with path.open("wb") as out:
            out.write(data[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(UsageError, match=r"x\.svg cannot be written \(No space left on device\)"):
        picture.graph(file, ["WhatsApp"], "RU", ON, ON, 1)
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed; .ci/run installs it")
@pytest.mark.parametrize("name", ["whatsapp", "hostile"])
def test_a_browser_shows_the_drawing(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Opened by itself it is one picture: no error of parsing, nothing said, nothing that was not in the file."""
    scene = request.getfixturevalue(name)
    file = tmp_path / "x.svg"
    file.write_text(FORMATS[".svg"](scene), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update", "--enable-logging=stderr"]  # fmt: skip
    done = subprocess.run(
        ["chromium", *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", file.as_uri()],
        capture_output=True, encoding="utf-8", timeout=120, check=True, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert "parsererror" not in done.stdout
    assert "<script" not in done.stdout
    assert done.stdout.count("<text") == file.read_text(encoding="utf-8").count("<text")
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
