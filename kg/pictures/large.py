"""A picture of more things than columns can hold: dots placed by springs, names for those with most lines, the rest on request.

Everything is placed here and nothing moves when the page opens. The script draws on a canvas without a library, because
it must stay quick with thousands of things: straight lines, hidden while the picture moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kg.pictures.scene import CAUTION, KINDS, LEVEL_WORDS, Scene, read, template
from kg.pictures.springs import Point, settle
from kg.pictures.telling import policy, script_json

if TYPE_CHECKING:
    import networkx as nx

FROM = 150
"""Pictures with more cards than this are drawn with springs."""
_ROUNDS, _ROWS = 60, 3000
"""A page with more rows than this would not open quickly; the other formats hold them."""


def is_large(scene: Scene) -> bool:
    """Whether columns would be too long, even with several things on one card."""
    return len(scene.network) > FROM


def draw_large(scene: Scene, command: str, tell: Callable[[int, int], None] | None = None) -> str:
    """Write the page of a large network; ``tell`` hears after each round of placing how many are done, and of how many."""
    network = scene.whole
    number = {one: place for place, one in enumerate(network)}
    ends = [(number[one], number[other]) for one, other in network.edges()]
    done = iter(range(1, _ROUNDS + 1))
    places = settle(len(number), ends, rounds=_ROUNDS, tell=(lambda: tell(next(done), _ROUNDS)) if tell else None)
    return page_of(network, places, scene.heading, [f"{scene.lead}.", *(f"{one}." for one in network.graph["left_out"])], scene.verdicts, set(scene.focus), command)  # fmt: skip


def page_of(
    network: nx.MultiDiGraph,
    places: list[Point],
    title: str,
    said: list[str],
    verdicts: Any,
    focus: set[str],
    command: str,
) -> str:
    """The page of a network whose things have their places."""
    from markupsafe import Markup

    data = _data(network, places, focus)
    scripts, styles = [read("large.js")], [read("colours.css") + read("large.css")]
    rows = [
        (network.nodes[one]["label"], edge["label"], network.nodes[other]["label"], edge["facts"])
        for one, other, edge in network.edges(data=True)
    ]
    rows += [
        ("", "no author on record, or the target itself", node["label"], node["facts"])
        for _, node in network.nodes(data=True)
        if node["facts"] and node["type"] != "act"
    ]
    used = {edge["level"] for _, _, edge in network.edges(data=True)}
    kinds = {data["type"] for _, data in network.nodes(data=True)}
    return template("large.html").render(
        title=title,
        said=said,
        verdicts=verdicts,
        caution=CAUTION,
        rows=rows if len(rows) <= _ROWS else [],
        number=network.size(),
        things=len(network),
        command=command,
        levels=[(level, word) for level, word in LEVEL_WORDS.items() if level in used],
        kinds=[(kind, words[1]) for kind, words in KINDS.items() if kind in kinds],
        policy=policy(scripts, styles),
        script=Markup(scripts[0]),  # noqa: S704  a file of ours, nothing from the record
        style=Markup(styles[0]),  # noqa: S704  same
        data=Markup(script_json(data)),  # noqa: S704  escaped for a script element
    )


def _data(network: nx.MultiDiGraph, places: list[Point], focus: set[str]) -> dict[str, Any]:
    """Things from those with most lines down, as lists of numbers, so that the file stays small."""
    at = dict(zip(network, places, strict=True))
    order = sorted(network, key=lambda one: (one not in focus, -network.degree(one), one))
    number = {one: place for place, one in enumerate(order)}
    kinds, levels = list(KINDS), list(LEVEL_WORDS)
    return {
        "kinds": kinds,
        "levels": levels,
        "focus": len(focus),
        "nodes": [[round(at[one][0], 2), round(at[one][1], 2), kinds.index(network.nodes[one]["type"]), network.degree(one), network.nodes[one]["label"], one] for one in order],
        "edges": [[number[one], number[other], levels.index(edge["level"]), int(edge["ended"]), edge["label"]] for one, other, edge in network.edges(data=True)],
    }  # fmt: skip
