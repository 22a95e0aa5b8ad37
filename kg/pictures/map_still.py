"""A map as one drawing for paper and other programs: fixed colours on a light ground, no script, nothing fetched.

What the table of the page says stands below the map: which countries have which level, and what runs beside it.
"""

from __future__ import annotations

from typing import Any

from kg.answers.spread import Spread
from kg.formats.own import sentence
from kg.pictures import map_scene as scene
from kg.pictures.exports import NO_XML, filled, palettes
from kg.pictures.layout import wide, wrap
from kg.pictures.map_shapes import world
from kg.pictures.scene import read, template
from kg.pictures.telling import printed_day

_MARGIN = 24
_SIZES = {"title": (42, 54), "count": (28, 38), "names": (22, 31), "lead": (22, 31)}
"""Size of letters and distance of lines, by the kind of a text."""
_SWATCH = 64


def draw_map_svg(found: Spread) -> str:
    """Write the drawing of a map."""
    from markupsafe import Markup

    width, height = world()["size"]
    known = "" if found.known == found.on else f" As publicly known on {printed_day(found.known)}."
    several = len(found.platforms) > 1
    shown = f" Each country shows the severest level of any of {len(found.platforms)} platforms." if several else ""
    said = [("title", f"{scene.title(found)} on {printed_day(found.on)}"), ("count", scene.count(found))]
    lead = f"{known}{shown} {sentence(found.graphs)}".strip()
    said += [("lead", lead)] if lead else []
    head, top = _lines(said, width, 4)
    marks = scene.marks(found, history=False)
    keys, below = _keys(found, width, top + height + 44, marked=bool(marks))
    foot, bottom = _lines([*(("names", one) for one in _names(found)), ("lead", f"{scene.POINTS} {scene.BORDERS}")], width, below + 10)  # fmt: skip
    text = template("map_still.svg").render(
        title=scene.title(found),
        lead=scene.count(found),
        style=Markup(_style()),  # noqa: S704  a file of ours
        width=width,
        height=bottom + _MARGIN,
        margin=_MARGIN,
        top=top + 14,
        head=head,
        figures=[
            one if one["look"] != scene.UNSEEN else {**one, "told": ""} for one in scene.figures(found, history=False)
        ],
        marks=marks,
        control=world()["lines"],
        keys=keys,
        foot=foot,
    )
    return NO_XML.sub("\ufffd", text) + "\n"


def _names(found: Spread) -> list[str]:
    """Which countries have which level, and what runs in a part, for a group, or is held off."""
    order = [*scene.LOOKS, scene.NOTHING]
    places = sorted(scene.drawn(found), key=lambda one: (order.index(scene.look(one, one.now)), scene.words(one.now)))
    levels: dict[str, list[str]] = {}
    for one in places:
        if scene.look(one, one.now) in scene.LOOKS:
            by = f" ({scene.platforms(one.now)})" if len(found.platforms) > 1 else ""
            levels.setdefault(scene.words(one.now), []).append(one.ref.label + by)
    lines = [f"{words[:1].upper()}{words[1:]}: {', '.join(labels)}." for words, labels in levels.items()]
    aside = [(one.ref.label, scene.beside(found, one.now)) for one in places]
    beside = "; ".join(f"{name}: {what}" for name, what in aside if what)
    return [*lines, *([f"In a part, for a group, or held off: {beside}."] if beside else [])]


def _lines(said: list[tuple[str, str]], width: float, y: float) -> tuple[list[dict[str, Any]], float]:
    """Texts broken to the width of the drawing, and where the next one would begin."""
    lines = []
    for kind, text in said:
        size, step = _SIZES[kind]
        for line in wrap(text, width - 3 * _MARGIN, size, bold=kind in {"title", "count"}, most=60):
            y += step
            lines.append({"kind": kind, "text": line, "y": y})
    return lines, y


def _keys(found: Spread, width: float, y: float, *, marked: bool) -> tuple[list[dict[str, Any]], float]:
    """The legend, in rows from the left."""
    keys: list[dict[str, Any]] = []
    x = float(_MARGIN)
    for look, text in [*scene.legend(found, history=False), *([("mark", scene.MARK)] if marked else [])]:
        need = _SWATCH + wide(text, 22, bold=False)
        if x > _MARGIN and x + need > width - _MARGIN:
            x, y = float(_MARGIN), y + 40
        keys.append({"look": look, "text": text, "x": round(x, 1), "y": y})
        x += need + 36
    return keys, y + 8


def _style() -> str:
    """The style sheet with every variable replaced, because few programs but browsers know them."""
    rules = read("map_drawing.css") + read("map_still.css")
    return filled(rules, palettes()[0])
