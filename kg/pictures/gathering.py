"""What stands behind a picture, numbered as the table of its page has it: facts, sources, names in every script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg import catalogue, names
from kg.answers.facts import ask, describe
from kg.answers.model import Fact, sources_of, to_plain
from kg.build.lookup import fold
from kg.pictures.scene import Scene
from kg.pictures.telling import tell

if TYPE_CHECKING:
    import networkx as nx

    from kg.store import Store


@dataclass(frozen=True, slots=True)
class Found:
    """Facts and sources behind a picture, and what its things are called."""

    facts: dict[str, Fact]
    """By IRI."""
    told: list[dict[str, Any]]
    """The rows of the table."""
    sources: list[dict[str, Any]]
    """In the order of their numbers; ``link`` says whether an address may be followed."""
    number: dict[str, int]
    """Fact to row."""
    begins: list[str]
    """Row to the first day on which its fact may have begun."""
    names: dict[str, list[tuple[str, str]]]
    """Thing to its names in other languages than English, with the language."""
    keys: dict[str, list[str]]
    """Thing to everything else that finds it."""

    def numbers_of(self, scene: Scene, one: str) -> list[int]:
        """The rows about a thing: its own facts and those of its edges."""
        network = scene.network
        touching = [*network.in_edges(one, data="facts"), *network.out_edges(one, data="facts")]
        own = {*network.nodes[one]["facts"], *(fact for _, _, facts in touching for fact in facts)}
        return sorted(self.number[fact] for fact in own)


def gather(store: Store, scene: Scene, *, links: bool = False) -> Found:
    """Read what stands behind a picture."""
    days = scene.network.graph["days"]
    ids = _fact_ids(scene.network)
    facts = describe(store, (names.THING + one for one in ids), scene.known)
    ordered = [facts[names.THING + one] for one in ids]
    sources = {source: number for number, source in enumerate(sources_of(ordered), start=1)}
    named = _names(store, scene)
    return Found(
        facts=facts,
        told=[tell(fact, sources, days[fact.id][1]) for fact in ordered],
        sources=[source | {"link": links and followable(source["url"])} for source in map(to_plain, sources)],
        number={fact.id: place for place, fact in enumerate(ordered)},
        begins=[days[one][0] for one in ids],
        names=named,
        keys=_keys(store, scene, named),
    )


def opaque_ids(scene: Scene) -> dict[str, str]:
    """Ids for elements and keys of a page, so that no name of the record becomes one."""
    return {one: f"n{place}" for place, one in enumerate(scene.layout.boxes)}


def followable(url: str) -> bool:
    """Whether an address may become a link: one of the web with a host, and nothing that runs."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _fact_ids(network: nx.MultiDiGraph) -> list[str]:
    """Every fact of the picture once, oldest first; ownership, which has no first day, last."""
    drawn = [data for _, _, data in network.edges(data=True) if data["level"] != "law"]
    kinds = {one: data["kind"] for data in drawn for one in data["facts"]}
    loose = [one for _, data in network.nodes(data=True) for one in data["facts"]]
    days = network.graph["days"]
    return sorted({*kinds, *loose}, key=lambda one: (kinds.get(one) == "Ownership", days[one][0], one))


def _names(store: Store, scene: Scene) -> dict[str, list[tuple[str, str]]]:
    nodes = [{"node": ox.NamedNode(names.THING + one)} for one in scene.layout.boxes]
    rows = store.select(catalogue.load("labels-in-languages").bind(nodes)) if nodes else []
    found: dict[str, set[tuple[str, str]]] = {}
    for row in rows:
        one, label, language = (row[column].value for column in ("node", "label", "language"))
        local = names.local_name(one)
        if label != scene.network.nodes[local]["label"] and language != "en":
            found.setdefault(local, set()).add((label, language))
    return {one: sorted(some, key=lambda pair: (pair[1], pair[0])) for one, some in found.items()}


def _keys(store: Store, scene: Scene, named: dict[str, list[tuple[str, str]]]) -> dict[str, list[str]]:
    """The look-up keys that the shown names do not give already: other spellings, former names, domains."""
    found: dict[str, list[str]] = {}
    for row in ask(store, "look-up-keys"):
        one = names.local_name(row["thing"].value)
        if one in scene.layout.boxes:
            found.setdefault(one, []).append(row["key"].value)
    shown = {one: {fold(scene.network.nodes[one]["label"]), *(fold(name) for name, _ in named.get(one, ()))} for one in found}  # fmt: skip
    return {one: list(dict.fromkeys(key for key in keys if key not in shown[one])) for one, keys in found.items()}
