"""Cards that stand for several things, so that a large picture can still be read.

Nothing is lost: the edges of a folded card keep all facts, and what was folded is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable
from typing import TYPE_CHECKING, Any

from kg.pictures.acts import RANKS

if TYPE_CHECKING:
    import networkx as nx

MOST = 80
"""How many cards a picture has before it folds."""
_WORDS = {"authority": "authorities", "law": "laws", "platform": "platforms", "act": "acts"}
_VERDICT = ("verdict", "level", "certainty", "since", "derived")
"""What a platform shows of its status; a card shows it only when all that it stands for share it."""
Key = Callable[["nx.MultiDiGraph", str], Hashable]


def fold(graph: nx.MultiDiGraph, focus: Collection[str], most: int = MOST) -> nx.MultiDiGraph:
    """The network with things of a kind on one card where there are more cards than can be read; else the network itself.

    What does the same to the same stands together first, then what does something of the same sort, then all authorities
    of a jurisdiction. What the picture is drawn around never folds.
    """
    if len(graph) <= most:
        return graph
    folded = graph.copy()
    folded.graph["card_of"] = {}
    of_acts = any(data["type"] == "act" for _, data in graph.nodes(data=True))
    for kind, key in _STEPS:
        if len(folded) > most and not (of_acts and key is _anything):
            _fold_kind(folded, kind, key, set(focus))
    cards = [data for _, data in folded.nodes(data=True) if "members" in data]
    if cards:
        most_of = max(cards, key=lambda data: len(data["members"]))
        number = sum(len(data["members"]) for data in cards)
        sentence = (
            f"{len(graph)} cards would be too many: {number} stand together on {len(cards)}, such as “{most_of['label']}”."
            " Every act is in the table; --in CODE draws one jurisdiction in full"
        )
        folded.graph["left_out"] = [sentence, *graph.graph["left_out"]]
    return folded


def _same(graph: nx.MultiDiGraph, one: str) -> Hashable:
    """What does the same, in the same manner, to the same."""
    return frozenset((target, key, data["level"], data["ended"]) for _, target, key, data in graph.out_edges(one, keys=True, data=True))  # fmt: skip


def _alike(graph: nx.MultiDiGraph, one: str) -> Hashable:
    """What does something of the same sort to the same."""
    return frozenset((target, key) for _, target, key in graph.out_edges(one, keys=True))


def _felt(graph: nx.MultiDiGraph, one: str) -> Hashable:
    """What the same things do the same to, and what does nothing itself."""
    if graph.out_degree(one):
        return one
    return frozenset((source, key, data["level"], data["ended"]) for source, _, key, data in graph.in_edges(one, keys=True, data=True))  # fmt: skip


def _acted(graph: nx.MultiDiGraph, one: str) -> Hashable:
    """Acts of a class by the same against the same."""
    data = graph.nodes[one]
    return frozenset(graph.predecessors(one)), frozenset(graph.successors(one)), data["kind"], data["level"], data["ended"]  # fmt: skip


def _anything(_graph: nx.MultiDiGraph, _one: str) -> Hashable:
    return None


_STEPS: tuple[tuple[str, Key], ...] = (
    ("act", _acted), ("authority", _same), ("law", _alike), ("authority", _alike), ("law", _alike), ("platform", _felt),
    ("authority", _anything), ("law", _alike),
)  # fmt: skip


def _fold_kind(graph: nx.MultiDiGraph, kind: str, key: Key, focus: set[str]) -> None:
    groups: dict[Hashable, list[str]] = defaultdict(list)
    for one, data in graph.nodes(data=True):
        if data["type"] == kind and one not in focus and (kind != "authority" or data.get("place")):
            groups[data.get("place"), key(graph, one)].append(one)
    for some in groups.values():
        if len(some) > 1:
            _merge(graph, some)


def _merge(graph: nx.MultiDiGraph, some: list[str]) -> None:
    """Put some things on one card, with all that joins them to others."""
    first = graph.nodes[some[0]]
    members = [name for one in some for name in graph.nodes[one].get("members", [graph.nodes[one]["label"]])]
    where = f"{first['place']}: " if first.get("place") else ""
    what = _WORDS[first["type"]] if first["type"] != "act" else f"acts ({first['sort']})"
    card = f"folded-{some[0]}"
    facts = [fact for one in some for fact in graph.nodes[one]["facts"]]
    unlike = {name for name in _VERDICT if len({graph.nodes[one].get(name) for one in some}) > 1}
    shared = {name: value for name, value in first.items() if not (unlike and name in _VERDICT)}
    about = {**shared, "id": card, "label": f"{where}{len(members)} {what}", "facts": facts, "members": members}
    if first["type"] == "act":
        days = sorted(graph.nodes[one]["date"] for one in some if graph.nodes[one]["date"])
        about |= {
            "date": ", ".join(days),
            "sources": [source for one in some for source in graph.nodes[one]["sources"]],
        }
    edges = [(card if one in some else one, card if other in some else other, key, data)
             for one, other, key, data in (*graph.in_edges(some, keys=True, data=True), *graph.out_edges(some, keys=True, data=True))]  # fmt: skip
    merged: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for one, other, key, data in edges:
        merged[one, other, key].append(data)
    card_of = graph.graph["card_of"]
    things = [one for one in some if "members" not in graph.nodes[one]]
    card_of.update({one: card for one, held in card_of.items() if held in some} | dict.fromkeys(things, card))
    graph.remove_nodes_from(some)
    graph.add_node(card, **about)
    for (one, other, key), group in merged.items():
        graph.add_edge(one, other, key=key, **(together(group, graph.graph["days"]) if len(group) > 1 else group[0]))


def together(group: list[dict[str, Any]], days: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """One edge for several: named after what still runs, for everyone, severest; it keeps all facts, laws and sources."""

    def weight(data: dict[str, Any]) -> tuple[bool, bool, int, str]:
        return not data["ended"], not data["scope"], RANKS.get(data["level"], 0), data.get("start", "")

    top, *others = sorted(group, key=weight, reverse=True)
    severest = max(others, key=lambda data: RANKS.get(data["level"], 0))
    kept = {field: list(dict.fromkeys(one for data in group for one in data[field])) for field in ("facts", "sources", "laws")}  # fmt: skip
    rest = [days[one][0] for one in kept["facts"] if one not in top["facts"]]
    label = top["label"]
    if top["level"] not in {"law", "act"}:
        words = [top["verb"], top["scope"], top["date"], f"(+{len(kept['facts']) - 1} more)"]
        if RANKS.get(severest["level"], 0) > RANKS.get(top["level"], 0):
            words[-1] += f", also {' '.join(filter(None, [severest['level'], severest['scope'], severest['date']]))}"
        label = " ".join(filter(None, words))
    earlier = top["earlier"] + sum(day <= top.get("start", "") for day in rest)
    return {**top, **kept, "label": label, "earlier": earlier}
