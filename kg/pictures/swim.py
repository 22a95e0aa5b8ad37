"""Where the lanes, bars and marks of a timeline stand, and which of their words find room beside them.

Widths and heights are in pixels of CSS. Words of one row never lie on each other: a word goes on its bar, else beside it where
nothing else stands, else nowhere; it is then in the title of the bar and in the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kg import names
from kg.pictures.acts import RANKS, Act, scoped
from kg.pictures.lanes import SHAPES, Lane, Lanes, ends, goes_on
from kg.pictures.layout import wide, wrap

WIDTH = 1200.0
LEFT = 214.0
"""Where time begins; names and verdicts stand before it."""
HATCHED = ("limited", "withdrawn", "pressure", "promoted")
"""Levels that are told by a pattern beside their colour."""
RIGHT = 1172.0
_HEIGHTS = {"blocked": 18.0, "withdrawn": 14.0, "limited": 13.0, "designated": 6.0, "pressure": 6.0, "promoted": 8.0, "exempted": 6.0}  # fmt: skip
_NARROW = 7.0
"""The most that a bar is high that holds for a group or a region only."""
_ROW = 22.0
_NEAR = 18.0
"""Marks nearer than this are drawn as one with their number."""
_SIZE = 11.0
_WORDS = {"blocked": "blocked", "withdrawn": "withdrawn", "limited": "limited", "designated": "designated", "pressure": "under a duty",
          "promoted": "promoted", "exempted": "left out of a ban"}  # fmt: skip


@dataclass
class Bar:
    """A state: ``x0`` to ``x1`` may have begun, ``x1`` to ``x2`` sure, ``x2`` to ``x3`` presumed or perhaps over."""

    act: Act
    key: str
    x0: float
    x1: float
    x2: float
    x3: float
    sure: bool
    """Whether it began at all for certain."""
    open: bool
    narrow: bool
    height: float
    y: float = 0.0
    word: str = ""
    word_x: float = 0.0
    inside: bool = False


@dataclass
class Mark:
    """One act of a day, or several that stand too near to be told apart."""

    acts: list[Act]
    key: str
    shape: str
    x: float
    y: float = 0.0


@dataclass
class Line:
    """A lane with its place."""

    lane: Lane
    y: float
    height: float
    names: list[str]
    verdict: str
    level: str
    beside: bool
    """Whether the verdict stands behind the name and not below it."""
    bars: list[Bar] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass
class Drawing:
    """The whole picture below its title."""

    lines: list[Line]
    headings: list[tuple[float, str]]
    ticks: list[tuple[float, str]]
    flags: list[tuple[float, float, str, str]]
    """x of the line, y of the words, anchor, words."""
    top: float
    bottom: float
    now: float


def place_lanes(lanes: Lanes) -> Drawing:
    """Give everything its place."""
    axis = _Axis(min(*(lane.first for lane in lanes.lanes), lanes.on), lanes.on)
    flags, y = _flags(lanes, axis)
    top = y
    lines: list[Line] = []
    headings: list[tuple[float, str]] = []
    several = len({lane.heading for lane in lanes.lanes if lane.heading}) > 1
    for number, lane in enumerate(lanes.lanes):
        if several and (not lines or lines[-1].lane.heading != lane.heading):
            y += 26
            headings.append((y - 8, lane.heading))
        line = _line(lanes, lane, number, axis, y)
        lines.append(line)
        y += line.height
    return Drawing(lines, headings, axis.ticks(), flags, top, y, axis.x(lanes.on))


class _Axis:
    def __init__(self, first: date, last: date) -> None:
        self.first = date(first.year, 1, 1) if (last - first).days > 400 else first.replace(day=1)
        self.last = last
        self.days = max((last - self.first).days, 1)

    def x(self, day: date) -> float:
        """The place of a day; what lies outside is drawn at the edge."""
        share = (min(max(day, self.first), self.last) - self.first).days / self.days
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def ticks(self) -> list[tuple[float, str]]:
        """Years, or months of a short stretch, as many as can be read."""
        years = self.days / 365.25
        if years <= 2:
            months = [
                date(year, month, 1) for year in range(self.first.year, self.last.year + 1) for month in range(1, 13)
            ]
            return [(self.x(day), f"{day:%b} {day.year}") for day in months if self.first <= day <= self.last][
                :: max(1, round(years * 1.5))
            ]
        step = next(one for one in (1, 2, 5, 10, 25) if years / one <= 20)
        return [
            (self.x(date(year, 1, 1)), str(year))
            for year in range(self.first.year, self.last.year + 1)
            if year % step == 0 and self.x(date(year, 1, 1)) < RIGHT - 20
        ]


def _line(lanes: Lanes, lane: Lane, number: int, axis: _Axis, y: float) -> Line:
    label = list(wrap(lane.label, LEFT - 40, 13, bold=True, most=2))
    verdict, level = _verdict(lane)
    bars = [_bar(act, f"b{number}-{place}", axis, lanes.on) for place, act in enumerate(lane.states)]
    marks = list(_marks(lane, number, axis))
    rows = _stack(bars)
    if marks:
        rows.append([])
    beside = len(label) == 1 and wide(lane.label, 13, bold=True) + wide(verdict, _SIZE, bold=True) + 14 < LEFT - 36
    named = 17.0 * len(label) + (15.0 if verdict and not beside else 0.0)
    height = max(_ROW * len(rows) + 8, named + 10)
    for row, several in enumerate(rows):
        middle = y + 4 + _ROW * (row + 0.5)
        for bar in several:
            bar.y = round(middle, 1)
        _put_words(several, lanes)
    for mark in marks:
        mark.y = round(y + 4 + _ROW * (len(rows) - 0.5), 1)
    return Line(lane, y, height, label, verdict, level, beside, bars, marks)


def _verdict(lane: Lane) -> tuple[str, str]:
    found = lane.status
    if found is None:
        return "", "none"
    if found.level == "none":
        return "nothing recorded" + (" for everyone" if found.narrower or found.held_off else ""), "none"
    return found.verdict, found.level


def _bar(act: Act, key: str, axis: _Axis, on: date) -> Bar:
    x0, x1, x2, x3 = (axis.x(day) for day in ends(act, on))
    narrow = bool(act.scope)
    height = min(_HEIGHTS[act.level], _NARROW) if narrow else _HEIGHTS[act.level]
    # What lasted a day or two is still seen.
    sure = act.span[1] < min(act.span[3], on) or act.span[1] == act.span[3]
    return Bar(act, key, x0, x1, max(x2, x1), max(x3, x1 + 3), sure, goes_on(act, on), narrow, height)


def _stack(bars: list[Bar]) -> list[list[Bar]]:
    """Bars in rows on which none lies on another, the severest and first ones on top."""
    rows: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda one: (one.narrow, -RANKS.get(one.act.level, 0), one.x0, one.act.id)):
        free = next((row for row in rows if all(bar.x0 > one.x3 + 2 or bar.x3 + 2 < one.x0 for one in row)), None)
        if free is None:
            rows.append([bar])
        else:
            free.append(bar)
    return rows


def _put_words(row: list[Bar], lanes: Lanes) -> None:
    """The word of each bar: on it (but for a pattern), before it or behind it, where nothing else stands; the short one where the long finds no room."""
    taken = [_extent(bar) for bar in row]
    for bar in sorted(row, key=lambda one: one.x3 - one.x0, reverse=True):
        others = [one for one in taken if one != _extent(bar)]
        for word in dict.fromkeys(_words(bar.act, lanes)):
            if (room := _room(bar, wide(word, _SIZE, bold=False) + 8, others)) is not None:
                bar.word, (bar.word_x, bar.inside, extent) = word, room
                taken.append(extent)
                break


def _room(bar: Bar, need: float, others: list[tuple[float, float]]) -> tuple[float, bool, tuple[float, float]] | None:
    """Where a word of some width begins, whether that is on the bar, and what it takes up; nothing when there is no room.

    A word that finds room on neither side may lie on the stretch in which the bar may have begun.
    """
    # White words need a full or paler bar; on the palest stretch nobody could read them.
    dark = bar.x1 if not bar.sure else bar.x3 if bar.open else bar.x2
    on_it = (bar.x1 + 5, True, _extent(bar)) if bar.height >= 13 and need <= dark - bar.x1 else None
    if on_it and bar.act.level not in HATCHED:
        return on_it
    low, high = _extent(bar)
    for start in (low - need, high + 2, bar.x1 - need):
        if (
            start >= LEFT
            and start + need <= RIGHT + 20
            and all(start + need < one[0] or start > one[1] for one in others)
        ):
            return start + 3, False, (start, start + need)
    return on_it


def _words(act: Act, lanes: Lanes) -> tuple[str, str]:
    """What a bar is called, by its kind and by its level, with what it hits and for whom alone it holds."""
    fact = lanes.facts[names.THING + act.id]
    kinds = [ref.label for ref in fact.refs("kind", "designatedAs")]
    features = [ref.label for ref in fact.refs("feature")]
    what = f"{kinds[0]}: {', '.join(features)}" if kinds and 0 < len(features) <= 2 else "".join(kinds[:1])
    if what and act.id in lanes.restated:
        what = f"{what} ({_WORDS[act.level]})"
    through = f"{lanes.through[act.id]}: " if act.id in lanes.through else ""
    short = _WORDS[act.level]
    long, brief = (through + scoped(word, act.scope) for word in (what or short, short))
    return long, brief


def _extent(bar: Bar) -> tuple[float, float]:
    """From where to where a bar is drawn, with its arrow and the diamond of a designation."""
    return bar.x0 - (9 if bar.act.level == "designated" else 2), bar.x3 + (10 if bar.open else 2)


def _marks(lane: Lane, number: int, axis: _Axis) -> Iterator[Mark]:
    """Acts of a day from left to right; those that stand too near share a mark of the weightiest shape, in their middle."""
    order = list(dict.fromkeys(SHAPES.values()))
    placed = sorted(
        ((axis.x(max(act.span[0], axis.first)), act) for act in lane.acts), key=lambda one: (one[0], one[1].id)
    )
    groups: list[list[tuple[float, Act]]] = []
    for one in placed:
        groups.append([one])
        while len(groups) > 1 and _middle(groups[-1]) - _middle(groups[-2]) < _NEAR:
            groups[-2:] = [groups[-2] + groups[-1]]
    for group in groups:
        acts = [act for _, act in group]
        shape = min((SHAPES[one.type] for one in acts), key=order.index)
        yield Mark(acts, f"m{number}-{acts[0].id}", shape, round(_middle(group), 1))


def _middle(group: list[tuple[float, Act]]) -> float:
    return (group[0][0] + group[-1][0]) / 2


def _flags(lanes: Lanes, axis: _Axis) -> tuple[list[tuple[float, float, str, str]], float]:
    """Laws as flags above the lanes, each on the first of some rows where its words find room."""
    rows: list[float] = []
    flags = []
    for day, label in lanes.laws:
        x = axis.x(day)
        if day < axis.first:
            continue
        text = wrap(label, 330, _SIZE, bold=False, most=1)[0]
        need = wide(text, _SIZE, bold=False) + 14
        turned = x + need > RIGHT + 20
        low, high = (x - need, x + 4) if turned else (x - 4, x + need)
        row = next((place for place, end in enumerate(rows) if end < low), len(rows))
        if row == len(rows):
            rows.append(high)
        rows[row] = high
        flags.append((x, 16.0 + 17 * row, "end" if turned else "start", text))
    return flags, 26.0 + 17 * len(rows)


def told(act: Act, lanes: Lanes) -> str:
    """An act in a line: its words, its days, for whom."""
    fact = lanes.facts[names.THING + act.id]
    return ", ".join(part for part in (fact.label, act.when, act.scope) if part)
