"""A map of the world as one page that fetches nothing: the recorded level by jurisdiction, and how it changed.

The page is whole before any script runs: the map and the table of the day asked about, and what stands behind each
verdict. The script goes to earlier days by what the page holds for the days on which something changed, and opens what
stands behind one jurisdiction. Nothing from the record is ever markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kg.answers.model import Standing, Status, to_plain
from kg.answers.spread import Moment, Place, Spread
from kg.formats.text import CAUTION
from kg.pictures import map_scene as scene
from kg.pictures.map_shapes import world
from kg.pictures.matrix import _Behind, _parts, _rest
from kg.pictures.scene import read, template
from kg.pictures.telling import policy, printed_day, script_json

_VIEWS = {"World": None, "Europe": (900, 110, 330, 215), "Middle East and Central Asia": (1090, 190, 400, 260), "Africa": (780, 230, 640, 520),
          "South and East Asia": (1290, 160, 560, 420), "Americas": (190, 20, 640, 840), "Oceania": (1440, 430, 560, 440)}  # fmt: skip
"""Parts of the map to look at, in units of the drawing."""


@dataclass
class _Told:
    """What the page tells behind its verdicts, each thing once: acts and sources, and lines about a measure."""

    several: bool
    behind: _Behind = field(default_factory=_Behind)
    lines: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def of(self, answers: Iterable[Status]) -> list[int]:
        """The numbers of the lines about some answers, from 0."""
        found = []
        for one in answers:
            for word, standings in _sections(one):
                for part in _parts(word, standings, self.behind):
                    label = f"{one.platform.label}: {part['label']}" if self.several else part["label"]
                    found.append(self.lines.setdefault((label, part["told"], tuple(part["acts"])), len(self.lines)))
        return found


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
    acts = told.behind.tell()
    lines = [list(one) for one in told.lines]
    size = world()["size"]
    data = {
        "places": {row["code"]: row["moments"] for row in rows},
        "names": {row["code"]: row["name"] for row in rows},
        "on": found.on,
        "drawn": [place.ref.id for place in scene.drawn(found)],
        "looks": scene.LOOKS,
        "lines": lines,
        "sources": [sorted({number for account in act["accounts"] for number, _ in account["from"]}) for act in acts],
        "several": told.several,
    }
    script, style = read("map.js"), read("colours.css") + read("map_drawing.css") + read("map.css")
    return template("map.html").render(
        title=scene.title(found),
        on=printed_day(found.on),
        known=printed_day(found.known),
        platforms=found.platforms if told.several else (),
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
        rows=rows,
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


def _row(found: Spread, place: Place, told: _Told) -> dict[str, Any]:
    """A row of the table, with what held in the place before. The last moment comes first: its acts get low numbers."""
    last = _moment(found, place, place.now, told, whole=True)
    earlier = [_moment(found, place, one, told, whole=not told.several) for one in place.moments[:-1]]
    moments: list[list[Any]] = []
    for one in (*earlier, last):
        if not moments or moments[-1][1:] != one[1:]:
            moments.append(one)
    now = place.now
    return {
        "code": place.ref.id,
        "name": place.ref.label,
        "look": scene.look(place, now),
        "words": last[2],
        "since": last[3],
        "platforms": last[4],
        "beside": last[5],
        "rest": last[6],
        "lines": last[7],
        "note": "" if place.covered == "own" else "only through acts of a union, or of the country that it lies in",
        "moments": moments,
    }


def _moment(found: Spread, place: Place, moment: Moment, told: _Told, *, whole: bool) -> list[Any]:
    """What the page holds for a day: day, look, verdict, since, platforms, what is beside, the rest, lines, word of the mark.

    Of several platforms only those that share the level are told about on earlier days.
    """
    shared = {one.id for one in moment.same}
    answers = [one for one in moment.answers if whole or one.platform.id in shared]
    since = moment.head.since if moment.head else None
    return [
        moment.day,
        scene.look(place, moment),
        scene.words(moment),
        printed_day(since) if since else "",
        scene.platforms(moment) if told.several else "",
        scene.beside(found, moment),
        "; ".join(_rest(moment.head)) if moment.head else "",
        told.of(answers),
        scene.mark(moment),
    ]
