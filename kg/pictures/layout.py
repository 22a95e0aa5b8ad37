"""Where things stand in a network picture: columns, rows, and a way for every edge.

Everything is computed here, so that the drawing on the canvas and the still drawing are the same and nothing moves
when a page opens. Each edge has a port of its own at either end and runs level into its target, with its label on that
level stretch; so labels cannot meet. An edge that passes a column gets a lane through it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.pictures.acts import RANKS
from kg.pictures.columns import ACT, AUTHORITY, OWNER, TITLES, WIDTHS, columns_of
from kg.pictures.order import in_order, links_of

if TYPE_CHECKING:
    import networkx as nx

_BEND = 84
"""Room for bends between two columns; level stretches beside it carry the labels."""
_LONGEST, _SHORT = 214, 30
"""How wide a label may be, and how long an edge runs level where it has none."""
MARGIN, TOP, LINE, SLOT, PAD, SPACE = 24, 56, 14, 8, 8, 14
HEADING, _CLOSE = 22, 5
"""Room above a card for the heading of its group, and between the cards of one."""
_EMS = (("mwMW@%—", 0.96), ("iljI.,:;'|! \u00a0", 0.31), ("rtf()[]-–/", 0.45), ("csz", 0.53))
_TOGETHER = re.compile(r"\(\+\d+ \w+\)|\d+ [A-Z][a-z]{2} \d{4}")
"""Parts of a label that stay on one line."""
_TITLE_LINE, _NOTE_LINE, _SWEEPS = 17, 15, 12


@dataclass(slots=True)
class Box:
    """A thing in its column; or a lane for an edge that passes, with nothing to draw."""

    id: str
    column: int
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = LINE
    ports: dict[str, dict[str, float]] = field(default_factory=dict)
    group: str = ""
    """What it stands together with."""
    above: float = 0
    """Room for a heading."""

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2

    @property
    def lane(self) -> bool:
        """Whether only an edge passes here."""
        return not self.lines


@dataclass(slots=True)
class Wire:
    """An edge: the points that it runs through, and its label above the level stretch at the end on the right."""

    id: str
    source: str
    target: str
    key: str
    lines: tuple[str, ...]
    via: list[str] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    label_at: tuple[float, float] = (0, 0)

    @property
    def slot(self) -> float:
        """The height that the port below the label takes."""
        return SLOT + LINE * len(self.lines) if self.lines else LINE


@dataclass(slots=True)
class Layout:
    """A picture ready to be drawn."""

    boxes: dict[str, Box]
    wires: list[Wire]
    width: float
    height: float
    heads: list[tuple[float, str]]
    groups: list[tuple[float, float, str]] = field(default_factory=list)
    """Headings inside a column: left, base line and text."""


def wide(text: str, size: float = 13, *, bold: bool = True) -> float:
    """About how wide a text is in a common sans serif, on the safe side; ideographs take a whole square."""
    return size * sum(map(_em, text)) * (0.95 if bold else 0.89)


def _em(letter: str) -> float:
    for letters, em in _EMS:
        if letter in letters:
            return em
    if "\u2e80" <= letter <= "\uffdc":
        return 1
    return 0.7 if letter.isupper() else 0.57 if letter.isdigit() else 0.64


def wrap(text: str, width: float, size: float = 13, *, bold: bool = True, most: int = 4) -> tuple[str, ...]:
    """Break a text into lines that fit; what does not fit in the last line is cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and wide(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] += f" {word}"
            continue
        rest = word
        while wide(rest, size, bold=bold) > width:
            end = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or wide(rest[:n], size, bold=bold) <= width)
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]
    return tuple(lines)


def arrange(graph: nx.MultiDiGraph, notes: dict[str, str]) -> Layout:
    """Place the things of a projection, with a note under the names of some."""
    columns = columns_of(graph)
    boxes = {one: _box(one, columns[one], data, notes.get(one, "")) for one, data in graph.nodes(data=True)}
    wires = [_wire(number, edge) for number, edge in enumerate(graph.edges(keys=True, data=True))]
    wires = [wire for wire in wires if boxes[wire.source].column != boxes[wire.target].column]
    used = sorted({box.column for box in boxes.values()})
    for wire in wires:
        _add_lanes(wire, boxes, used)
    order = in_order(_first_order(graph, boxes, used), links_of(wires), {one: box.group for one, box in boxes.items()})
    heads_of = _name_groups(graph, boxes, order.get(AUTHORITY, []))
    _dock(boxes, wires, order)
    levels = _levels(boxes, wires, used)
    width, heads = _place_columns(boxes, used, levels)
    _place_rows(boxes, wires, order)
    _route(boxes, wires, levels)
    owners = {source for source, _, level in graph.edges(data="level") if level == "owns"}
    if owners.issuperset(one for one, box in boxes.items() if box.column == OWNER and not box.lane):
        heads = [(x, "Owner" if head == TITLES[OWNER] else head) for x, head in heads]
    bottom = max((box.y + box.height for box in boxes.values()), default=TOP)
    groups = [(boxes[one].x, round(boxes[one].y - 7, 1), text) for one, text in heads_of.items()]
    return Layout(
        {one: box for one, box in boxes.items() if not box.lane}, wires, width, bottom + MARGIN, heads, groups
    )


def _box(one: str, column: int, data: dict[str, Any], note: str) -> Box:
    width = WIDTHS[column]
    lines = wrap(data["label"], width - 28)
    notes = wrap(note, width - 28, 11) if note else ()
    height = 2 * PAD + _TITLE_LINE * len(lines) + _NOTE_LINE * len(notes)
    group = (data.get("place") or ("Persons" if data["type"] == "person" else "")) if column == AUTHORITY else ""
    return Box(one, column, lines, notes, width=width, height=height, group=group)


def _first_order(graph: nx.MultiDiGraph, boxes: dict[str, Box], used: list[int]) -> dict[int, list[str]]:
    """Groups of authorities by the severest that they do now, acts by their day; the rest as it comes."""

    def severity(one: str) -> int:
        ranks = (
            RANKS.get(edge["level"], 0) * (1 if edge["ended"] else 10) for _, _, edge in graph.out_edges(one, data=True)
        )
        return max(ranks, default=0) if one in graph else 0

    severest: dict[str, int] = defaultdict(int)
    for one, box in boxes.items():
        if box.group:
            severest[box.group] = max(severest[box.group], severity(one))

    def place(one: str) -> tuple[int, str, int, str]:
        box = boxes[one]
        start = graph.nodes[one].get("start", "") if box.column == ACT and not box.lane else ""
        return -severest[box.group], box.group, -severity(one) if box.group else 0, start

    return {column: sorted((one for one, box in boxes.items() if box.column == column), key=place) for column in used}


def _name_groups(graph: nx.MultiDiGraph, boxes: dict[str, Box], rows: list[str]) -> dict[str, str]:
    """Headings by the first card of each group, when there are several; none where the only card bears the name of the place."""
    groups: dict[str, list[str]] = defaultdict(list)
    for one in rows:
        if boxes[one].group:
            groups[boxes[one].group].append(one)
    if len(groups) < 2:
        return {}
    named = {some[0]: group for group, some in groups.items() if len(some) > 1 or group not in graph.nodes[some[0]]["label"]}  # fmt: skip
    for one in named:
        boxes[one].above = HEADING
    return named


def _wire(number: int, edge: tuple[str, str, str, dict[str, Any]]) -> Wire:
    source, target, key, data = edge
    label = _TOGETHER.sub(lambda found: found[0].replace(" ", "\u00a0"), data["label"])
    mute = data["level"] in {"law", "act"}
    lines = () if mute else wrap(label, _LONGEST, 12, bold=data["level"] in {"blocked", "designated"})
    return Wire(f"e{number}", source, target, key, lines)


def _add_lanes(wire: Wire, boxes: dict[str, Box], used: list[int]) -> None:
    start, end = boxes[wire.source].column, boxes[wire.target].column
    between = [column for column in used if min(start, end) < column < max(start, end)]
    for column in between if end > start else between[::-1]:
        wire.via.append(f"{wire.id}/{column}")
        boxes[wire.via[-1]] = Box(wire.via[-1], column, width=WIDTHS[column])


def _dock(boxes: dict[str, Box], wires: list[Wire], order: dict[int, list[str]]) -> None:
    """Give every edge a port at both ends, sorted so that edges of one box do not cross, and make the boxes high enough."""
    row = {one: number for rows in order.values() for number, one in enumerate(rows)}
    sides: dict[tuple[str, str], list[tuple[int, int, str, float]]] = defaultdict(list)
    for number, wire in enumerate(wires):
        chain = [wire.source, *wire.via, wire.target]
        rightward = boxes[wire.target].column > boxes[wire.source].column
        for end, other in ((chain[0], chain[1]), (chain[-1], chain[-2])):
            side = "right" if rightward == (end == wire.source) else "left"
            sides[end, side].append((row[other], number, wire.id, wire.slot if side == "left" else LINE))
    for (one, side), ends in sides.items():
        ports, at = [], 0.0
        for _, _, wire_id, slot in sorted(ends):
            at += slot
            ports.append((wire_id, at))
        box = boxes[one]
        box.height = max(box.height, at + 10)
        box.ports[side] = {wire_id: offset - at / 2 for wire_id, offset in ports}


def _levels(boxes: dict[str, Box], wires: list[Wire], used: list[int]) -> dict[int, float]:
    """How long edges run level on the left of each column, by the longest label there."""
    found = dict.fromkeys(used, float(_SHORT))
    for wire in wires:
        column = max(boxes[wire.source].column, boxes[wire.target].column)
        longest = max((wide(line, 12) for line in wire.lines), default=0)
        found[column] = max(found[column], round(longest + 24) if longest else _SHORT)
    return found


def _place_columns(
    boxes: dict[str, Box], used: list[int], levels: dict[int, float]
) -> tuple[float, list[tuple[float, str]]]:
    x, heads = float(MARGIN), []
    for place, column in enumerate(used):
        if place:
            x += _BEND + levels[column]
        inside = [box for box in boxes.values() if box.column == column]
        heads.append((x, TITLES[column]))
        for box in inside:
            box.x = x
        x += WIDTHS[column]
    return x + MARGIN, heads


def _place_rows(boxes: dict[str, Box], wires: list[Wire], order: dict[int, list[str]]) -> None:
    """Bring each box level with what it is joined to, as far as order and room allow."""
    links = links_of(wires)
    for rows in order.values():
        _settle([boxes[one] for one in rows], [0.0] * len(rows))
    for sweep in range(_SWEEPS):
        for column in sorted(order, reverse=bool(sweep % 2)):
            row = [boxes[one] for one in order[column]]
            wanted = []
            for box in row:
                middles = [boxes[other].middle for other in links[box.id]] or [box.middle]
                wanted.append(sum(middles) / len(middles) - box.height / 2)
            _settle(row, wanted)
    top = min((box.y - box.above for box in boxes.values()), default=0)
    for box in boxes.values():
        box.y = round(box.y + TOP - top, 1)


def _settle(row: list[Box], wanted: list[float]) -> None:
    """The nearest places to those wanted that keep order and distance (pooled adjacent means); a group moves as one."""
    shifts, at = [], 0.0
    for number, box in enumerate(row):
        at += box.above
        shifts.append(at)
        following = row[number + 1] if number + 1 < len(row) else box
        together = _CLOSE if box.group and box.group == following.group else SPACE
        at += box.height + (together if not (box.lane and following.lane) else 4)
    pools: list[tuple[float, int]] = []
    for number, (want, shift) in enumerate(zip(wanted, shifts, strict=True)):
        mean, size = want - shift, 1
        joined = bool(number and row[number].group and row[number].group == row[number - 1].group)
        while pools and (joined or pools[-1][0] > mean):
            other, count = pools.pop()
            mean, size, joined = (mean * size + other * count) / (size + count), size + count, False
        pools.append((mean, size))
    means = [mean for mean, size in pools for _ in range(size)]
    for box, mean, shift in zip(row, means, shifts, strict=True):
        box.y = mean + shift


def _route(boxes: dict[str, Box], wires: list[Wire], levels: dict[int, float]) -> None:
    """Draw from the left end to the right one, level beside every column and bent only in the zones between; then turn round where needed."""
    for wire in wires:
        rightward = boxes[wire.target].column > boxes[wire.source].column
        chain = [boxes[one] for one in (wire.source, *wire.via, wire.target)]
        left, *lanes, right = chain if rightward else chain[::-1]
        y0 = round(left.middle + left.ports["right"][wire.id], 1)
        y1 = round(right.middle + right.ports["left"][wire.id], 1)
        points = [(left.x + left.width, y0)]
        for lane in lanes:
            y = round(lane.middle, 1)
            points += [(lane.x - levels[lane.column], y), (lane.x + lane.width, y)]
        points += [(right.x - levels[right.column], y1), (right.x, y1)]
        wire.points = points if rightward else points[::-1]
        wire.label_at = (right.x - (13 if rightward else 8), round(y1 - 5 - LINE * (len(wire.lines) - 1), 1))


def label_lines(label: str, level: str, most: int) -> tuple[str, ...]:
    """Another label for an edge, broken as that of the edge itself, into at most so many lines."""
    whole = _TOGETHER.sub(lambda found: found[0].replace(" ", "\u00a0"), label)
    return wrap(whole, _LONGEST, 12, bold=level in {"blocked", "designated"}, most=most)
