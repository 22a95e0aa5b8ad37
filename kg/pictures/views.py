"""The four ways in which some acts become a network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from kg.pictures.acts import Act
from kg.pictures.edges import Told, edge, event, joint, thing

if TYPE_CHECKING:
    import networkx as nx


def draw_acts(acts: list[Act], told: Told) -> nx.MultiDiGraph:
    """Each act an edge; all acts of one family between the same two things are one."""
    graph = _things(told.nodes, acts, told)
    joined = _join(graph, acts, told)
    _join_laws(graph, joined, told)
    _drop_loose_laws(graph, told)
    if lonely := {one for _, data in graph.nodes(data=True) for one in data["facts"]}:
        _leave_out(graph, f"No line for {_acts(len(lonely))}, because no author is on record or it is the target itself: in the table, and drawn with --view events")  # fmt: skip
    return graph


def draw_events(acts: list[Act], told: Told) -> nx.MultiDiGraph:
    """Each act a node between who took it, whom it reached and what it rests on; ownership stays an edge."""
    graph = _things(told.nodes, acts, told)
    _join(graph, [act for act in acts if act.owning], told)
    groups: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        if not act.owning and act.target in graph:
            groups[act.id].append(act)
    for one, group in groups.items():
        graph.add_node(one, **event(told, group))
        ended = group[0].ended(told.on)
        for source in sorted({act.source for act in group if act.source and act.source in graph}):
            graph.add_edge(source, one, key="by", **joint(told, group, "acted", "act", ended=ended))
        for act in group:
            about = edge(told, [act])
            graph.add_edge(one, act.target, key="on", **about | {"label": about["verb"], "date": ""})
        for law in sorted({law for act in group for law in act.laws if law in graph}):
            graph.add_edge(law, one, key="law", **joint(told, group, "basis of", "law", ended=ended) | {"laws": [law]})
    _drop_loose_laws(graph, told)
    return graph


def draw_ownership(acts: list[Act], told: Told) -> nx.MultiDiGraph:
    """Who owned, controlled or led what and since when, past owners too, and who designated an owner."""
    owned = [act for act in acts if act.owning]
    family = told.centre.union(*({act.source, act.target} for act in owned))
    kept = [*owned, *(act for act in acts if act.family == "Designation" and act.target in family)]
    graph = _things(told.centre.union(*({act.source, act.target} for act in kept)), kept, told)
    for ended in (False, True):
        _join(graph, [act for act in kept if act.ended(told.on) == ended], told, suffix="-ended" if ended else "", dated=True)  # fmt: skip
    _say_left_out(graph, acts, kept, "that are neither ownership nor designation")
    if not owned:
        _leave_out(graph, "No owner is on record")
    return graph


def draw_law(acts: list[Act], told: Told) -> nx.MultiDiGraph:
    """Which provisions were applied, by whom, to what."""
    kept = [act for act in acts if act.laws and not act.owning]
    graph = _things(told.centre.union(*(act.ends for act in kept)), kept, told)
    joined = _join(graph, kept, told)
    _join_laws(graph, joined, told)
    direct: dict[tuple[str, str, str], list[Act]] = defaultdict(list)
    for act in kept:
        if act.target in graph and not (act.source in graph and graph.nodes[act.source]["type"] == "authority"):
            for law in sorted(act.laws & set(graph)):
                direct[law, act.target, act.family].append(act)
    for (law, target, family), group in direct.items():
        graph.add_edge(law, target, key=family, **edge(told, group))
    _say_left_out(graph, [act for act in acts if not act.owning], kept, "for which no law is on record")
    return graph


def _things(nodes: Iterable[str | None], acts: list[Act], told: Told) -> nx.MultiDiGraph:
    import networkx as nx

    graph = nx.MultiDiGraph(days={act.id: (act.span[0].isoformat(), act.when) for act in acts}, left_out=[])
    for one in sorted(filter(None, nodes)):
        if told.type_of(one):
            graph.add_node(one, **thing(told, one))
    return graph


def _join(graph: nx.MultiDiGraph, acts: list[Act], told: Told, *, suffix: str = "", dated: bool = False) -> list[Act]:
    """Add acts as edges, and those that have no other end to the facts of their target; give those that were joined."""
    groups: dict[tuple[str, str, str], list[Act]] = defaultdict(list)
    for act in acts:
        if act.source in graph and act.target in graph and act.source != act.target:
            groups[act.source or "", act.target, act.family].append(act)
        elif act.target in graph:
            graph.nodes[act.target]["facts"].append(act.id)
    for (source, target, family), group in groups.items():
        graph.add_edge(source, target, key=family + suffix, **edge(told, group, dated=dated))
    return [act for group in groups.values() for act in group]


def _join_laws(graph: nx.MultiDiGraph, acts: list[Act], told: Told) -> None:
    """A law leads to the authority that applied it: to the target it would cross the whole picture."""
    applied: dict[tuple[str, str], list[Act]] = defaultdict(list)
    for act in acts:
        for law in sorted(act.laws):
            if law in graph and act.source is not None and graph.nodes[act.source]["type"] == "authority":
                applied[law, act.source].append(act)
    for (law, authority), group in applied.items():
        graph.add_edge(law, authority, key="law", **joint(told, group, "applied by", "law") | {"laws": [law]})


def _drop_loose_laws(graph: nx.MultiDiGraph, told: Told) -> None:
    laws = [one for one, data in graph.nodes(data=True) if data["type"] == "law"]
    graph.remove_nodes_from([one for one in laws if not graph.degree(one) and one not in told.centre])


def _say_left_out(graph: nx.MultiDiGraph, acts: list[Act], kept: list[Act], why: str) -> None:
    if number := len({act.id for act in acts} - {act.id for act in kept}):
        _leave_out(graph, f"{_acts(number)} {why}: drawn with --view acts")


def _acts(number: int) -> str:
    return "one act" if number == 1 else f"{number} acts"


def _leave_out(graph: nx.MultiDiGraph, sentence: str) -> None:
    graph.graph["left_out"].append(sentence)


VIEWS: dict[str, Callable[[list[Act], Told], nx.MultiDiGraph]] = {
    "acts": draw_acts, "events": draw_events, "ownership": draw_ownership, "law": draw_law,
}  # fmt: skip
"""What draws a view, by its name."""
