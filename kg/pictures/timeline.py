"""A timeline as a drawing and as a page: lanes of bars and marks, with what stands behind each of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kg import names
from kg.answers.model import Source, to_plain
from kg.pictures.exports import written_out
from kg.pictures.lanes import SHAPES, Lanes
from kg.pictures.layout import MARGIN, wide, wrap
from kg.pictures.scene import read, template
from kg.pictures.swim import HATCHED, LEFT, WIDTH, Drawing, place_lanes, told
from kg.pictures.telling import policy, printed_day, script_json, tell

if TYPE_CHECKING:
    from kg.pictures.acts import Act

CAUTION = (
    "Nothing recorded does not mean not restricted. Paler: no end is on record, but nothing later confirms it. Palest: it may have begun"
    " or ended on any of these days. A thin bar holds for a region or a group. A designation is worded as the state words it."
)
_LEVELS = {"blocked": "blocked", "withdrawn": "withdrawn by the company", "limited": "limited", "designated": "designated by the state",
           "pressure": "under a duty", "promoted": "promoted by the state", "exempted": "left out of a ban"}  # fmt: skip
_MARKS = {"fine": ("fine", "fines"), "demand": ("demand or warning", "demands and warnings"), "ruling": ("ruling or order", "rulings and orders"),
          "words": ("statement", "statements")}  # fmt: skip


def draw_svg(lanes: Lanes) -> str:
    """The timeline as one SVG file, for light and dark screens and for print."""
    from markupsafe import Markup

    drawing = place_lanes(lanes)
    head, y = _lines([("title", lanes.title), ("lead", _lead(lanes))], 14)
    keys, below = _keys(lanes, y + drawing.bottom + 44)
    foot, bottom = _lines([("lead", CAUTION)], below)
    return template("timeline-still.svg").render(
        **_words(lanes, drawing),
        title=lanes.title,
        lead=_lead(lanes),
        caution=CAUTION,
        head=head,
        top=y + 6,
        keys=keys,
        foot=foot,
        margin=MARGIN,
        height=bottom + MARGIN,
        style=Markup(written_out("drawing.css", "still.css", "timeline.css")),  # noqa: S704  files of ours
    ) + "\n"  # fmt: skip


def draw_page(lanes: Lanes) -> str:
    """The timeline as one page that fetches nothing: the drawing, a panel that tells what was chosen, a table, the sources."""
    from markupsafe import Markup

    drawing = place_lanes(lanes)
    chosen = [act for line in drawing.lines for act in _acts_of(line)]
    ids = list(dict.fromkeys(act.id for act in chosen))
    facts = [lanes.facts[names.THING + one] for one in ids]
    sources: dict[Source, int] = {}
    for fact in facts:
        for account in fact.accounts:
            for one in account.evidence:
                sources.setdefault(one.source, len(sources) + 1)
    when = {act.id: act.when for act in chosen}
    rows = [tell(fact, sources, when[fact.id]) for fact in facts]
    order = sorted(
        range(len(ids)), key=lambda number: (next(act.span[0] for act in chosen if act.id == ids[number]), ids[number])
    )
    plain = [to_plain(one) for one in sources]
    data = {"facts": {_opaque(ids)[one]: row for one, row in zip(ids, rows, strict=True)}, "sources": plain}
    script = read("timeline.js")
    styles = [
        read("colours.css") + read("page.css"),
        read("drawing.css") + read("timeline.css"),
    ]
    return template("timeline.html").render(
        **_words(lanes, drawing),
        title=lanes.title,
        lead=_lead(lanes),
        caution=CAUTION,
        keys=_legend(lanes),
        height=drawing.bottom + 24,
        facts=[rows[number] for number in order],
        sources=plain,
        policy=policy([script], styles),
        styles=[Markup(style) for style in styles],  # noqa: S704  files of ours
        script=Markup(script),  # noqa: S704  a file of ours
        data=Markup(script_json(data)),  # noqa: S704  escaped for a script element
    )


def _acts_of(line: Any) -> list[Act]:
    return [*(bar.act for bar in line.bars), *(act for mark in line.marks for act in mark.acts)]


def _opaque(ids: list[str]) -> dict[str, str]:
    """Numbers in place of ids, so that nothing of the record stands in an attribute that means something."""
    return {one: f"f{number}" for number, one in enumerate(ids)}


def _words(lanes: Lanes, drawing: Drawing) -> dict[str, Any]:
    acts = [act for line in drawing.lines for act in _acts_of(line)]
    ids = list(dict.fromkeys(act.id for act in acts))
    return {
        "drawing": drawing,
        "told": {act.id: told(act, lanes) for act in acts},
        "opaque": _opaque(ids),
        "width": WIDTH,
        "left": LEFT,
        "hatched": HATCHED,
    }


def _lead(lanes: Lanes) -> str:
    on, known = printed_day(lanes.on.isoformat()), printed_day(lanes.known.isoformat())
    public = f", as publicly known on {known}" if known != on else ""
    verdicts = f" The words at the left are the verdicts of {on}." if any(lane.status for lane in lanes.lanes) else ""
    cuts = (
        " Cuts of all access are drawn where something else is recorded too."
        if any(not lane.heading for lane in lanes.lanes)
        else ""
    )
    return f"What began up to {on}{public}, by the dates of the sources.{verdicts}{cuts}"


def _legend(lanes: Lanes) -> list[tuple[str, str, str]]:
    """Sort of sign, its name, its words with how many there are."""
    levels = Counter(level for lane in lanes.lanes for level in {(act.id, act.level) for act in lane.states})
    counted = Counter(level for _, level in levels)
    marks = Counter(SHAPES[act.type] for act in {act.id: act for lane in lanes.lanes for act in lane.acts}.values())
    found = [("bar", one, f"{word} ({counted[one]})") for one, word in _LEVELS.items() if counted[one]]
    found += [("mark", one, f"{words[marks[one] > 1]} ({marks[one]})") for one, words in _MARKS.items() if marks[one]]
    return found + ([("flag", "law", "law in force")] if lanes.laws else []) + [("arrow", "open", "no end on record")]


def _keys(lanes: Lanes, y: float) -> tuple[list[dict[str, Any]], float]:
    """The legend in rows from the left."""
    keys: list[dict[str, Any]] = []
    x = float(MARGIN)
    for sort, name, text in _legend(lanes):
        need = 34 + wide(text, 12, bold=False)
        if x > MARGIN and x + need > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 24
        keys.append({"sort": sort, "name": name, "text": text, "x": round(x, 1), "y": y})
        x += need + 20
    return keys, y + 12


def _lines(said: list[tuple[str, str]], y: float) -> tuple[list[dict[str, Any]], float]:
    lines = []
    for kind, text in said:
        size, step = (22, 28) if kind == "title" else (13, 19)
        for line in wrap(text, WIDTH - 2 * MARGIN, size, bold=kind == "title", most=6):
            y += step
            lines.append({"kind": kind, "text": line, "y": y})
    return lines, y
