"""What a picture is made of, whatever file it is written to: the network, where its parts stand, and the words around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import names as terms
from kg.answers import resolve
from kg.answers.facts import describe
from kg.answers.model import Status
from kg.dates import parse_day
from kg.errors import UsageError
from kg.formats.inside import inside
from kg.pictures.acts import RANKS
from kg.pictures.folding import fold
from kg.pictures.layout import Layout, arrange
from kg.pictures.projection import project
from kg.pictures.telling import printed_day

if TYPE_CHECKING:
    import jinja2
    import networkx as nx

    from kg.graph import Day, KnowledgeGraph

_HERE = Path(__file__).resolve().parent
KINDS = {"law": ("law", "laws"), "authority": ("authority", "authorities"), "platform": ("platform", "platforms"),
          "company": ("company", "companies"), "person": ("person", "persons"), "act": ("act", "acts")}  # fmt: skip
LEVEL_WORDS = {"blocked": "blocked", "designated": "designated by the state", "withdrawn": "withdrawn by the company", "limited": "limited",
           "pressure": "fined, warned, ruled on or put under a duty", "promoted": "promoted by the state", "exempted": "left out of a ban",
           "words": "announced or said", "owns": "owns, controls or heads", "law": "law applied", "act": "took the act"}  # fmt: skip
_LEADS = {
    "acts": "Acts that began up to {on}, by the authority that took them. Each line is named after the severest act that still runs, else after"
            " the severest; the others are counted",
    "events": "Every act that began up to {on} on a card of its own, between who took it and whom it reached",
    "ownership": "Who owned, controlled or headed what up to {on}, and who designated an owner",
    "law": "Acts that began up to {on} for which a law is on record, from the law by the authority that applied it to whom it reached",
}  # fmt: skip
CAUTION = "Nothing recorded does not mean not restricted. A designation is an act of the state that made it and is worded as that state words it. Faint lines are over."


@dataclass(frozen=True)
class Scene:
    """A network around some things, in a place or anywhere, on a day and as known on another."""

    network: nx.MultiDiGraph
    """What is drawn; where that would be too much, several things stand on one card."""
    title: str
    """As programs get it, with the bare name of the place."""
    focus: tuple[str, ...]
    place: str | None
    """Its id."""
    where: str | None
    """Its label."""
    on: date
    known: date
    verdicts: tuple[dict[str, str], ...]
    view: str = "acts"
    unfolded: nx.MultiDiGraph | None = None
    """The network with every thing for itself, where that is another."""

    @property
    def whole(self) -> nx.MultiDiGraph:
        """Every thing for itself: what programs get."""
        return self.network if self.unfolded is None else self.unfolded

    @property
    def left_out(self) -> list[str]:
        """What the drawing does not show, and how to see it; sentences without a full stop."""
        return list(self.network.graph.get("left_out", ()))

    @property
    def heading(self) -> str:
        """The title as people read it: in *the* United States."""
        about = self.title.removesuffix(f" in {self.where}") if self.where else self.title
        return f"{about} in {inside(self.where)}" if self.where and about != self.title else self.title

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is told of the things that stand there: no line, and no act in the table."""
        return not self.whole.number_of_edges() and not any(facts for _, facts in self.whole.nodes(data="facts"))

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands."""
        return arrange(self.network, badges(self.network, self.where))

    @property
    def lead(self) -> str:
        """What is drawn and what its lines are named after; without a full stop, so that more can be said."""
        on = printed_day(self.on.isoformat())
        known = f", as publicly known on {printed_day(self.known.isoformat())}" if self.known != self.on else ""
        return _LEADS[self.view].format(on=on + known)

    @property
    def legend(self) -> dict[str, list[tuple[str, str]]]:
        """What the colours stand for, with how many there are."""
        kinds = Counter(self.network.nodes[one]["type"] for one in self.layout.boxes)
        levels = Counter(self.network.edges[wire.source, wire.target, wire.key]["level"] for wire in self.layout.wires)
        return {
            "kinds": [(one, f"{words[kinds[one] > 1]} ({kinds[one]})") for one, words in KINDS.items() if kinds[one]],
            "levels": [(one, f"{word} ({levels[one]})") for one, word in LEVEL_WORDS.items() if levels[one]],
        }

    def words(self) -> dict[str, Any]:
        """What the templates of pictures need."""
        layout, network = self.layout, self.network
        return {
            "title": self.heading,
            "lead": self.lead,
            "verdicts": self.verdicts,
            "left_out": self.left_out,
            "caution": CAUTION,
            "legend": self.legend,
            "layout": layout,
            "nodes": dict(network.nodes(data=True)),
            "edges": {wire.id: network.edges[wire.source, wire.target, wire.key] for wire in layout.wires},
            "focus": self.focus,
            "levels": {one: level_of(network, one) for one in layout.boxes},
        }


def set_scene(
    graph: KnowledgeGraph, names: Sequence[str], place: str | None, *, on: Day = None, known: Day = None, depth: int = 1, view: str = "acts",
) -> Scene:  # fmt: skip
    """Gather what a picture shows; without names that is the whole record.

    Raises:
        UnknownName: when a name means nothing in the record.
        AmbiguousName: when it means several things.
        UsageError: when a day is none, or a name is that of a place.
    """
    day, public = parse_day(on), parse_day(known)
    found = [resolve.resolve(graph.store, name) for name in names]
    for name, (_, kind) in zip(names, found, strict=True):
        if kind == "Jurisdiction":
            raise UsageError(f"{name} is a place: name what is to be drawn there, as in kg graph TikTok --in {name}")
    where = graph.place(place) if place else None
    things = dict.fromkeys(thing for thing, _ in found)
    whole = project(graph.store, things, where, on=day, known=public, depth=depth, view=view)
    focus = tuple(terms.local_name(thing.value) for thing in things)
    network = fold(whole, focus)
    labels = describe(graph.store, [one.value for one in (*things, where) if one], public)
    heading = ", ".join(labels[thing.value].label for thing in things) or "The whole record"
    answers = [
        graph.status(terms.local_name(thing.value), terms.local_name(where.value), on=day, known=public)
        for thing, kind in dict(found).items()
        if where and kind in resolve.TARGETS
    ]
    return Scene(
        network,
        title=f"{heading} in {labels[where.value].label}" if where else heading,
        focus=focus,
        place=terms.local_name(where.value) if where else None,
        where=labels[where.value].label if where else None,
        on=day,
        known=public,
        verdicts=tuple(headline(answer, alone=len(answers) == 1) for answer in answers),
        view=view,
        unfolded=None if network is whole else whole,
    )


def template(name: str) -> jinja2.Template:
    """A template of pictures; it escapes every value."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_HERE)
    environment = Environment(
        autoescape=True, loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)


def read(name: str) -> str:
    """A script or style sheet of pictures."""
    return (_HERE / name).read_text(encoding="utf-8")


def level_of(network: nx.MultiDiGraph, one: str) -> str:
    """What the border of a thing shows: its verdict, or that it is designated."""
    data = network.nodes[one]
    if "level" in data:
        return str(data["level"])
    if data["type"] == "authority" or "members" in data:
        return "none"
    running = [edge["level"] for _, _, edge in network.in_edges(one, data=True) if not edge["ended"]]
    return "designated" if "designated" in running else "none"


def badges(network: nx.MultiDiGraph, place: str | None) -> dict[str, str]:
    """What stands under a name: the verdict, that a state has designated the thing, the day of an act, or who stands on the card."""
    notes = {}
    for one, data in network.nodes(data=True):
        if "members" in data:
            notes[one] = ", ".join(data["members"])
        elif data["type"] == "act":
            notes[one] = ", ".join(filter(None, [data["date"] or "on a day not recorded", data["sort"]]))
        elif "verdict" in data:
            notes[one] = _badge(data, [edge for _, _, edge in network.in_edges(one, data=True)])
        elif level_of(network, one) == "designated":
            notes[one] = f"Designated in {inside(place)}" if place else "Designated by a state"
    return notes


def _badge(data: dict[str, Any], edges: list[dict[str, Any]]) -> str:
    """The verdict; where it is none although something runs for a group or in a part, that it is for everyone."""
    narrow = data["level"] == "none" and any(
        edge["scope"] and not edge["ended"] and edge["level"] in RANKS for edge in edges
    )
    return _first_upper(data["verdict"]) + (", its owner is designated" if data["derived"] else " for everyone" if narrow else "")  # fmt: skip


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def headline(answer: Status, *, alone: bool) -> dict[str, str]:
    """The verdict word with its level, and what stands behind it in a sentence."""
    word = _first_upper(answer.verdict)
    about = "" if alone else f"{answer.platform.label}: "
    if answer.level == "none" and answer.certainty is None:
        beside = (
            "; something holds for a group, in a part of the place, or is held off"
            if answer.narrower or answer.held_off
            else ""
        )
        whole = f"{about}{word} for everyone" if beside else f"{about}{word}"
        return {"level": "none", "word": whole, "rest": f"Nothing recorded does not mean not restricted{beside}."}
    parts = [f"since {printed_day(answer.since)}"] if answer.since else []
    if answer.certainty == "presumed":
        confirmed = (
            f": last confirmed {printed_day(answer.last_confirmed)}, no end on record" if answer.last_confirmed else ""
        )
        parts.append(f"presumed to go on{confirmed}")
    elif answer.certainty:
        parts.append(answer.certainty)
    if answer.derived:
        parts.append("derived from the designation of its owner")
    return {"level": answer.level, "word": f"{about}{word}", "rest": "; ".join(parts)}
