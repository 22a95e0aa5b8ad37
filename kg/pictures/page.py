"""A network picture as one page that fetches nothing.

pyvis builds nodes, edges and options; the page around them is ours, because the pages that pyvis writes load scripts
from elsewhere and escape too little. Nothing from the record is ever markup: Jinja escapes every value, the data for
the script is JSON with the dangerous characters escaped, and the script sets text only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names as terms
from kg.answers import resolve
from kg.answers.facts import describe
from kg.answers.model import Fact, Source, Status, sources_of
from kg.dates import parse_day
from kg.pictures.layout import Layout, Wire, arrange
from kg.pictures.projection import project

if TYPE_CHECKING:
    import networkx

    from kg.graph import Day, KnowledgeGraph

_HERE = Path(__file__).resolve().parent
_VIS = "vis-9.1.2"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_RULE = re.compile(r"[^{}]*\.vis-(?:network|tooltip)[^{}]*\{[^{}]*\}")
"""Rules of the library's style sheet for the drawing itself; the others dress panels and buttons that this page does not show."""
LEVELS = {
    "blocked": "blocked",
    "designated": "designated by the state",
    "withdrawn": "withdrawn by the company",
    "limited": "limited",
    "pressure": "fined, warned, ruled on or put under a duty",
    "promoted": "promoted by the state",
    "exempted": "left out of a ban",
    "words": "announced or said",
    "owns": "owns or controls",
    "law": "law applied by the authority",
}
_BEND = {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5}
_TYPES = {"law": ("law", "laws"), "authority": ("authority", "authorities"), "platform": ("platform", "platforms"), "company": ("company", "companies"),
          "person": ("person", "persons")}  # fmt: skip
_FIELDS = {"validFrom": "began", "validUntil": "ended", "inForceOn": "in force on"}
_DETAILS = (("Kind", ("kind",)), ("Imposed by", ("imposedBy",)), ("Decided by", ("decidedBy",)), ("Said by", ("speaker",)), ("Owner", ("owner",)),
            ("Designated as", ("designatedAs",)), ("Against", ("target",)), ("For", ("beneficiary",)), ("Concerns", ("concerns",)), ("Owned", ("asset",)),
            ("Where", ("appliesIn", "areaNote")), ("Affects", ("feature", "affects")), ("Under", ("basedOn",)), ("Grounds", ("ground",)))  # fmt: skip


def draw_page(graph: KnowledgeGraph, names: Sequence[str], place: str | None, *, on: Day = None, known: Day = None, depth: int = 1) -> str:
    """Write the page of the network around some things.

    Raises:
        UnknownName: when a name means nothing in the record.
        AmbiguousName: when it means several things.
        UsageError: when a day is none.
    """
    day, public = parse_day(on), parse_day(known)
    found = [resolve.resolve(graph.store, name) for name in names]
    where = graph.place(place) if place else None
    network = _merge([project(graph.store, thing, where, on=day, known=public, depth=depth) for thing, _ in found])
    ids = [terms.local_name(thing.value) for thing, _ in found]
    labels = describe(graph.store, [*(thing.value for thing, _ in found), *([where.value] if where else [])], public)
    facts = describe(graph.store, (terms.THING + one for one in _fact_ids(network)), public)
    heading = ", ".join(labels[thing.value].label for thing, _ in found)
    layout = arrange(network, _notes(network, labels[where.value].label if where else None))
    answers = [graph.status(one, terms.local_name(where.value), on=day, known=public) for one, (_, kind) in zip(ids, found, strict=True) if where and kind in resolve.TARGETS]
    return _render(
        layout,
        network,
        [facts[terms.THING + one] for one in _fact_ids(network)],
        title=f"{heading} in {labels[where.value].label}" if where else heading,
        verdicts=[_verdict(answer, alone=len(answers) == 1) for answer in answers],
        on=_day(day.isoformat()),
        known=_day(public.isoformat()) if public != day else "",
        focus=set(ids),
    )


def _merge(graphs: list[networkx.MultiDiGraph]) -> networkx.MultiDiGraph:
    import networkx

    whole = graphs[0]
    for one in graphs[1:]:
        days = whole.graph["days"] | one.graph["days"]
        whole = networkx.compose(whole, one)
        whole.graph["days"] = days
    return whole


def _fact_ids(network: networkx.MultiDiGraph) -> list[str]:
    """Every fact of the picture once, oldest first; ownership, which has no first day, last."""
    kinds = {one: data["kind"] for _, _, data in network.edges(data=True) if data["level"] != "law" for one in data["facts"]}
    loose = [one for _, data in network.nodes(data=True) for one in data["facts"]]
    days = network.graph["days"]
    return sorted({*kinds, *loose}, key=lambda one: (kinds.get(one) == "Ownership", days[one][0], one))


def _notes(network: networkx.MultiDiGraph, place: str | None) -> dict[str, str]:
    """The badge under a name: the verdict, or that a state has designated the thing."""
    notes = {}
    for one, data in network.nodes(data=True):
        if "verdict" in data:
            notes[one] = _first_upper(data["verdict"]) + (", its owner is designated" if data["derived"] else "")
        elif any(edge["level"] == "designated" and not edge["ended"] for _, _, edge in network.in_edges(one, data=True)):
            notes[one] = f"Designated in {place}" if place else "Designated by a state"
    return notes


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(text: str) -> str:
    """Days in a text as they are printed: 12 February 2026."""
    return _ISO.sub(lambda found: f"{date.fromisoformat(found[0]).day} {date.fromisoformat(found[0]):%B %Y}", text)


def _verdict(answer: Status, *, alone: bool) -> dict[str, str]:
    """The verdict word with its level, and what stands behind it in a sentence."""
    word = _first_upper(answer.verdict)
    about = "" if alone else f"{answer.platform.label}: "
    if answer.level == "none" and answer.certainty is None:
        return {"level": "none", "word": f"{about}{word}", "rest": "Nothing recorded does not mean not restricted."}
    parts = [f"since {_day(answer.since)}"] if answer.since else []
    if answer.certainty == "presumed":
        parts.append(f"presumed to go on: last confirmed {_day(answer.last_confirmed)}, no end on record" if answer.last_confirmed else "presumed to go on")
    elif answer.certainty:
        parts.append(answer.certainty)
    if answer.derived:
        parts.append("derived from the designation of its owner")
    return {"level": answer.level, "word": f"{about}{word}", "rest": "; ".join(parts)}


def _render(layout: Layout, network: networkx.MultiDiGraph, facts: list[Fact], *, title: str, focus: set[str], **words: Any) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    sources = {source: number for number, source in enumerate(sources_of(facts), start=1)}
    told = [_tell(fact, sources, network.graph["days"][fact.id][1]) for fact in facts]
    number = {fact.id: place for place, fact in enumerate(facts)}
    opaque = {one: f"n{place}" for place, one in enumerate(layout.boxes)}
    data = {
        **_vis_data(layout, network, opaque, focus),
        "facts": told,
        "sources": [_cite(one) for one in sources],
        "things": {opaque[one]: _thing(network, one, number) for one in layout.boxes},
        "wires": {wire.id: {**_joint(network, wire, number), "ends": [opaque[wire.source], opaque[wire.target]]} for wire in layout.wires},
        "heads": [list(head) for head in layout.heads],
        "size": [layout.width, layout.height],
    }
    scripts = [_vis_script(), (_HERE / "page.js").read_text(encoding="utf-8")]
    styles = [_vis_style() + (_HERE / "page.css").read_text(encoding="utf-8")]
    environment = Environment(autoescape=True, loader=FileSystemLoader(_HERE), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("template.html").render(
        **words,
        title=title,
        policy=_policy(scripts, styles),
        scripts=[Markup(one) for one in scripts],  # noqa: S704  files of ours and of the library, nothing from the record
        styles=[Markup(one) for one in styles],  # noqa: S704  same
        data=Markup(_json(data)),  # noqa: S704  escaped for a script element
        layout=layout,
        nodes=dict(network.nodes(data=True)),
        edges={wire.id: network.edges[wire.source, wire.target, wire.key] for wire in layout.wires},
        focus=focus,
        opaque=opaque,
        facts=told,
        sources=data["sources"],
        legend=_legend(network, layout),
        levels={one: level_of(network, one) for one in layout.boxes},
    )


def _vis_data(layout: Layout, network: networkx.MultiDiGraph, opaque: dict[str, str], focus: set[str]) -> dict[str, Any]:
    """Nodes, edges and options as pyvis builds them; bends of edges are nodes without a size."""
    from pyvis.network import Network

    net = Network(directed=True, cdn_resources="in_line")
    for one, box in layout.boxes.items():
        data = network.nodes[one]
        net.add_node(opaque[one], label=data["label"], shape="custom", x=box.x + box.width / 2, y=box.y + box.height / 2, fixed=True, w=box.width, h=box.height,
                     lines=box.lines, notes=box.notes, kind=data["type"], level=level_of(network, one), focus=one in focus)  # fmt: skip
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
    labels = {wire.id: {"lines": wire.lines, "x": wire.label_at[0], "y": wire.label_at[1]} for wire in layout.wires if wire.lines}
    return {"nodes": nodes, "edges": edges, "options": json.loads(options), "labels": labels}


def level_of(network: networkx.MultiDiGraph, one: str) -> str:
    """What the border of a thing shows: its verdict, or that it is designated."""
    data = network.nodes[one]
    if "level" in data:
        return str(data["level"])
    running = [edge["level"] for _, _, edge in network.in_edges(one, data=True) if not edge["ended"]]
    return "designated" if "designated" in running else "none"


def _tell(fact: Fact, sources: dict[Source, int], when: str) -> dict[str, Any]:
    details = [(word, ", ".join(ref.label for ref in fact.refs(*fields))) for word, fields in _DETAILS if fact.refs(*fields)]
    by = ", ".join(ref.label for ref in fact.refs("decidedBy", "imposedBy"))
    details = [(word, f"{text}, by {by}" if word == "Designated as" and by else text) for word, text in details]
    if amount := fact.first("amount"):
        details.append(("Sum", f"{_money(amount.label)} {fact.first('currency') or ''}".rstrip()))
    accounts = [
        {
            "said": ", ".join(f"{_FIELDS.get(name, name)} {day}" for name, day in account.dates) + (" (correction)" if account.stance == "correction" else ""),
            "from": [[sources[one.source], one.locator or ""] for one in account.evidence],
        }
        for account in fact.accounts
    ]
    return {"id": fact.id, "label": fact.label, "type": _spaced(fact.type), "when": when, "details": details, "accounts": accounts, "note": fact.note or ""}


def _money(text: str) -> str:
    try:
        return f"{float(text):,.2f}".removesuffix(".00")
    except ValueError:
        return text


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _cite(source: Source) -> dict[str, str]:
    return {"publisher": source.publisher, "issued": source.issued or "undated", "title": source.title or "", "url": source.url}


def _thing(network: networkx.MultiDiGraph, one: str, number: dict[str, int]) -> dict[str, Any]:
    data = network.nodes[one]
    own = [*data["facts"], *(fact for _, _, edge in (*network.in_edges(one, data=True), *network.out_edges(one, data=True)) for fact in edge["facts"])]
    return {"label": data["label"], "type": data["type"], "facts": sorted({number[fact] for fact in own})}


def _joint(network: networkx.MultiDiGraph, wire: Wire, number: dict[str, int]) -> dict[str, Any]:
    edge, ends = network.edges[wire.source, wire.target, wire.key], [network.nodes[one]["label"] for one in (wire.source, wire.target)]
    return {"label": " → ".join(ends), "type": edge["label"], "facts": sorted({number[fact] for fact in edge["facts"]})}


def _legend(network: networkx.MultiDiGraph, layout: Layout) -> dict[str, list[tuple[str, str, int]]]:
    kinds = Counter(network.nodes[one]["type"] for one in layout.boxes)
    levels = Counter(network.edges[wire.source, wire.target, wire.key]["level"] for wire in layout.wires)
    return {
        "kinds": [(kind, one if kinds[kind] == 1 else many, kinds[kind]) for kind, (one, many) in _TYPES.items() if kinds[kind]],
        "levels": [(level, text, levels[level]) for level, text in LEVELS.items() if levels[level]],
    }


def _vis_folder() -> Path:
    import pyvis

    return Path(pyvis.__file__).resolve().parent / "lib" / _VIS


def _vis_script() -> str:
    text = (_vis_folder() / "vis-network.min.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=\S+", "", text).replace("</script", "<\\/script")


def _vis_style() -> str:
    rules = _RULE.findall((_vis_folder() / "vis-network.css").read_text(encoding="utf-8"))
    return "\n".join(rule for rule in rules if "url(" not in rule and "manipulation" not in rule) + "\n"


def _policy(scripts: list[str], styles: list[str]) -> str:
    def allow(texts: list[str]) -> str:
        return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts)

    return f"default-src 'none'; script-src {allow(scripts)}; style-src {allow(styles)}; img-src data:; base-uri 'none'; form-action 'none'"


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text
