"""A map of the world as one page that fetches nothing: the recorded level by jurisdiction, and how it changed.

The page is whole before any script runs: the map and the table of the day asked about, and what stands behind each
verdict. The script goes to earlier days by what the page holds for the days on which something changed, and opens what
stands behind one jurisdiction. Nothing from the record is ever markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from kg.answers.model import Standing, Status, to_plain
from kg.answers.spread import Moment, Place, Spread
from kg.formats.own import sentence
from kg.formats.text import CAUTION
from kg.pictures import map_scene as scene
from kg.pictures.map_shapes import world
from kg.pictures.matrix import Behind, circumstances, measure_lines
from kg.pictures.scene import read, template
from kg.pictures.telling import policy, printed_day, script_json

_VIEWS = {"World": None, "Europe": (885, 48, 340, 205), "Middle East and Central Asia": (1090, 190, 400, 260), "Africa": (780, 230, 640, 520),
          "South and East Asia": (1290, 160, 560, 420), "Americas": (190, 20, 640, 840), "Oceania": (1440, 430, 560, 440)}  # fmt: skip
"""Parts of the map to look at, in units of the drawing."""


_KEPT = {"Imposed by", "Decided by", "Under"}
"""What is told of acts that stand behind no verdict of the day asked about."""


@dataclass
class _Told:
    """What the page tells, each thing once: acts and sources behind its verdicts, lines about a measure, and short texts."""

    several: bool
    behind: Behind = field(default_factory=Behind)
    lines: dict[tuple[Any, ...], int] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)

    def of(self, answers: Iterable[Status]) -> list[int]:
        """The numbers of the lines about some answers, from 0."""
        found = []
        for one in answers:
            for word, standings in _sections(one):
                for part in measure_lines(word, standings, self.behind):
                    label = f"{one.platform.label}: {part['label']}" if self.several else part["label"]
                    found.append(self.lines.setdefault((label, part["told"], tuple(part["acts"])), len(self.lines)))
        return found

    def text(self, text: str) -> int:
        """The number of a text, from 0."""
        return self.texts.setdefault(text, len(self.texts))

    def acts(self, whole: int) -> list[dict[str, Any]]:
        """The acts, so many of them whole, the others with who took them and under which law."""
        acts = self.behind.tell()
        for act in acts[whole:]:
            act["details"] = [one for one in act["details"] if one[0] in _KEPT]
            act["note"] = ""
        return acts


def _sections(one: Status) -> tuple[tuple[str, tuple[Standing, ...]], ...]:
    return (
        ("", one.measures),
        ("held off: ", one.held_off),
        ("beside the verdict: ", one.narrower),
        ("ended that day: ", one.ended),
    )


def draw_map(found: Spread) -> str:
    """Write the page of a map."""
    from markupsafe import Markup

    told = _Told(several=len(found.platforms) > 1)
    rows = [_row(found, place, told) for place in found.places if place.covered]
    whole = len(told.behind.facts)
    places = {place.ref.id: _moments(found, place, told) for place in found.places if place.covered}
    acts = told.acts(whole)
    lines = list(told.lines)
    short = [_short(one, acts, told) for one in lines]
    size = world()["size"]
    data = {
        "places": places,
        "texts": list(told.texts),
        "names": {row["code"]: row["name"] for row in rows},
        "start": found.start,
        "on": found.on,
        "drawn": [place.ref.id for place in scene.drawn(found)],
        "looks": scene.LOOKS,
        "lines": short,
        "sources": [sorted({number for account in act["accounts"] for number, _ in account["from"]}) for act in acts],
        "several": told.several,
    }
    script, style = read("map.js"), read("colours.css") + read("map_drawing.css") + read("map.css")
    return template("map.html").render(
        title=scene.title(found),
        on=printed_day(found.on),
        known=printed_day(found.known),
        platforms=found.platforms if told.several else (),
        own=sentence(found.graphs),
        count=scene.count(found),
        figures=scene.figures(found, history=True),
        marks=scene.marks(found, history=True),
        control=world()["lines"],
        size=size,
        legend=scene.legend(found, history=True),
        mark=scene.MARK,
        borders=scene.BORDERS,
        points=scene.POINTS,
        views={name: " ".join(map(str, box or (0, 0, *size))) for name, box in _VIEWS.items()},
        rows=sorted(rows, key=_order),
        lines=lines,
        acts=acts,
        sources=[to_plain(source) for source in told.behind.sources],
        caution=CAUTION,
        data_hash=found.data_hash,
        policy=policy([script], [style]),
        script=Markup(script),  # noqa: S704  a file of ours, nothing from the record
        style=Markup(style),  # noqa: S704  same
        data=Markup(script_json(data)),  # noqa: S704  escaped for a script element
    )


def _short(line: tuple[Any, ...], acts: list[dict[str, Any]], told: _Told) -> list[Any]:
    """A line for the script: its label, or the number of what stands before that of its first act, two more texts, its acts."""
    label, said, numbers = line
    level, _, rest = said.partition(", ")
    own = acts[numbers[0] - 1]["label"] if numbers else None
    begin = told.text(label.removesuffix(own)) if own and label.endswith(own) else label
    return [begin, told.text(level), told.text(rest), numbers]


def _row(found: Spread, place: Place, told: _Told) -> dict[str, Any]:
    """A row of the table, and what stands behind it on the day asked about."""
    now = place.now
    return {
        "code": place.ref.id,
        "name": place.ref.label,
        "look": scene.look(place, now),
        "words": scene.words(now),
        "since": scene.since(now),
        "platforms": scene.platforms(now) if told.several else "",
        "beside": scene.beside(found, now),
        "rest": _behind_since(now),
        "lines": told.of(now.answers),
        "note": "" if place.covered == "own" else "only by acts of a union or of a wider country",
    }


def _order(row: dict[str, Any]) -> tuple[int, bool, str]:
    """Rows by level, the severest first, then those with something beside the verdict, then by name."""
    return [*scene.LOOKS, scene.NOTHING].index(row["look"]), not row["beside"], row["name"]


def _moments(found: Spread, place: Place, told: _Told) -> list[list[Any]]:
    """What held from which day on: day, then numbers of texts and lines; days on which nothing changed are left out.

    Look, verdict, since, platforms, what is beside, the rest behind since, lines, word of the mark. What stands behind several
    platforms is told for the day asked about alone, since it would be too much.
    """
    moments: list[list[Any]] = []
    for one in place.moments:
        texts = [
            scene.look(place, one),
            scene.words(one),
            scene.since(one),
            scene.platforms(one) if told.several else "",
            scene.beside(found, one),
            _behind_since(one),
        ]
        lines = told.of(one.answers) if one is place.now or not told.several else []
        moment = [one.day, *map(told.text, texts), lines, told.text(scene.mark(one))]
        if not moments or moments[-1][1:] != moment[1:]:
            moments.append(moment)
    return moments


def _behind_since(moment: Moment) -> str:
    """What is told of a verdict behind since when it holds; of several platforms that share it each has its own lines."""
    if moment.head is None or len(moment.same) > 1:
        return ""
    return "; ".join(islice(circumstances(moment.head), bool(moment.head.since), None))
