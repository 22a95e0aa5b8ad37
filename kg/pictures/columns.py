"""In which column of a network picture each thing stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

TITLES = ("Law applied", "Authority", "Act", "Platform", "Company or person", "Owner of the owner", "Further up")
LAW, AUTHORITY, ACT, PLATFORM, OWNER = range(5)
WIDTHS = (196, 226, 226, 190, 180, 180, 180)


def columns_of(graph: nx.MultiDiGraph) -> dict[str, int]:
    """Companies and persons stand with the owners, each right of what it owns; persons who only act or speak, with the authorities."""
    owned = [(source, target) for source, target, level in graph.edges(data="level") if level == "owns"]
    fixed = {"law": LAW, "authority": AUTHORITY, "act": ACT, "platform": PLATFORM}
    found = {one: fixed.get(data["type"], OWNER) for one, data in graph.nodes(data=True)}
    for _ in TITLES[OWNER + 1 :]:
        for owner, asset in owned:
            if found[owner] == found[asset] >= OWNER:
                found[owner] = min(found[owner] + 1, len(TITLES) - 1)
    in_chains = {one for pair in owned for one in pair}
    for one, data in graph.nodes(data=True):
        if data["type"] == "person" and graph.out_degree(one) and not graph.in_degree(one) and one not in in_chains:
            found[one] = AUTHORITY
    return found
