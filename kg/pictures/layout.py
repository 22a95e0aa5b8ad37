"""Where things stand in a network picture: columns, rows, and a way for every edge.

Everything is computed here, so that the drawing on the canvas and the still drawing are the same and nothing moves
when a page opens. Each edge has a port of its own at either end and runs level into its target, with its label on that
level stretch; so labels cannot meet. An edge that passes a column gets a lane through it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

TITLES = ("Law applied", "Authority", "Platform", "Company or person", "Owner of the owner", "Further up")
_WIDTHS = (188, 190, 190, 180, 180, 180)
_GAPS = (84, 346, 370, 330, 330)
"""Room between the columns: a zone for bends, and level stretches beside it that carry the labels."""
_LEVEL, _SHORT = 236, 30
"""How long an edge runs level at the end with its label, and at the other end."""
MARGIN, TOP, LINE, SLOT, PAD, SPACE = 24, 56, 14, 8, 11, 16
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
    columns = _columns(graph)
    boxes = {one: _box(one, columns[one], label, notes.get(one, "")) for one, label in graph.nodes(data="label")}
    wires = [_wire(number, edge) for number, edge in enumerate(graph.edges(keys=True, data=True))]
    wires = [wire for wire in wires if boxes[wire.source].column != boxes[wire.target].column]
    for wire in wires:
        _add_lanes(wire, boxes)
    used = sorted({box.column for box in boxes.values()})
    order = _order(boxes, wires, used)
    _dock(boxes, wires, order)
    width, heads = _place_columns(boxes, used)
    _place_rows(boxes, wires, order)
    _route(boxes, wires)
    owners = {source for source, _, key in graph.edges(keys=True) if key == "Ownership"}
    if owners.issuperset(one for one, box in boxes.items() if box.column == 3 and not box.lane):
        heads = [(x, "Owner" if head == TITLES[3] else head) for x, head in heads]
    bottom = max((box.y + box.height for box in boxes.values()), default=TOP)
    return Layout({one: box for one, box in boxes.items() if not box.lane}, wires, width, bottom + MARGIN, heads)


def _columns(graph: nx.MultiDiGraph) -> dict[str, int]:
    """Companies and persons stand with the owners, each right of what it owns; persons who only act or speak, with the authorities."""
    owned = [(source, target) for source, target, key in graph.edges(keys=True) if key == "Ownership"]
    fixed = {"law": 0, "authority": 1, "platform": 2}
    found = {one: fixed.get(data["type"], 3) for one, data in graph.nodes(data=True)}
    for _ in TITLES[4:]:
        for owner, asset in owned:
            if found[owner] == found[asset] >= 3:
                found[owner] = min(found[owner] + 1, len(TITLES) - 1)
    for one, data in graph.nodes(data=True):
        loose = graph.out_degree(one) and not graph.in_degree(one) and not any(one in pair for pair in owned)
        if data["type"] == "person" and loose:
            found[one] = 1
    return found


def _box(one: str, column: int, label: str, note: str) -> Box:
    width = _WIDTHS[column]
    lines = wrap(label, width - 28)
    notes = wrap(note, width - 28, 11) if note else ()
    height = 2 * PAD + _TITLE_LINE * len(lines) + _NOTE_LINE * len(notes)
    return Box(one, column, lines, notes, width=width, height=height)


def _wire(number: int, edge: tuple[str, str, str, dict[str, Any]]) -> Wire:
    source, target, key, data = edge
    label = _TOGETHER.sub(lambda found: found[0].replace(" ", "\u00a0"), data["label"])
    lines = () if key == "law" else wrap(label, _LEVEL - 22, 12, bold=data["level"] in {"blocked", "designated"})
    return Wire(f"e{number}", source, target, key, lines)


def _add_lanes(wire: Wire, boxes: dict[str, Box]) -> None:
    start, end = boxes[wire.source].column, boxes[wire.target].column
    step = 1 if end > start else -1
    for column in range(start + step, end, step):
        wire.via.append(f"{wire.id}/{column}")
        boxes[wire.via[-1]] = Box(wire.via[-1], column, width=_WIDTHS[column])


def _links(wires: list[Wire]) -> dict[str, list[str]]:
    links: dict[str, list[str]] = defaultdict(list)
    for wire in wires:
        chain = [wire.source, *wire.via, wire.target]
        for one, other in pairwise(chain):
            links[one].append(other)
            links[other].append(one)
    return links


def _order(boxes: dict[str, Box], wires: list[Wire], used: list[int]) -> dict[int, list[str]]:
    """Barycentre sweeps from both sides; the order with the fewest crossings wins."""
    links = _links(wires)
    order = {column: [one for one, box in boxes.items() if box.column == column] for column in used}
    best, fewest = {column: list(row) for column, row in order.items()}, _crossings(order, links)
    for sweep in range(_SWEEPS):
        for column in used if sweep % 2 else reversed(used):
            rank = {one: (place + 0.5) / len(row) for row in order.values() for place, one in enumerate(row)}
            near = {one: [rank[other] for other in links[one]] or [rank[one]] for one in order[column]}
            order[column].sort(key=lambda one, near=near: sum(near[one]) / len(near[one]))  # type: ignore[misc]
        crossings = _crossings(order, links)
        if crossings < fewest:
            best, fewest = {column: list(row) for column, row in order.items()}, crossings
    return best


def _crossings(order: dict[int, list[str]], links: dict[str, list[str]]) -> int:
    place = {one: (column, row) for column, rows in order.items() for row, one in enumerate(rows)}
    pairs = [(place[one], place[other]) for one in place for other in links[one]]
    total = 0
    for column in order:
        ends = sorted((near[1], far[1]) for near, far in pairs if near[0] == column and far[0] == column + 1)
        total += sum(1 for number, (_, far) in enumerate(ends) for _, near in ends[:number] if near > far)
    return total


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


def _place_columns(boxes: dict[str, Box], used: list[int]) -> tuple[float, list[tuple[float, str]]]:
    x, heads = float(MARGIN), []
    for column in range(used[0], used[-1] + 1):
        inside = [box for box in boxes.values() if box.column == column]
        if not all(box.lane for box in inside):
            heads.append((x, TITLES[column]))
        for box in inside:
            box.x = x
        x += _WIDTHS[column] + (_GAPS[column] if column < used[-1] else MARGIN)
    return x, heads


def _place_rows(boxes: dict[str, Box], wires: list[Wire], order: dict[int, list[str]]) -> None:
    """Bring each box level with what it is joined to, as far as order and room allow."""
    links = _links(wires)
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
    top = min((box.y for box in boxes.values()), default=0)
    for box in boxes.values():
        box.y = round(box.y + TOP - top, 1)


def _settle(row: list[Box], wanted: list[float]) -> None:
    """The nearest places to those wanted that keep order and distance (pooled adjacent means)."""
    shifts, at = [], 0.0
    for number, box in enumerate(row):
        shifts.append(at)
        following = row[number + 1] if number + 1 < len(row) else box
        at += box.height + (SPACE if not (box.lane and following.lane) else 4)
    pools: list[tuple[float, int]] = []
    for want, shift in zip(wanted, shifts, strict=True):
        mean, size = want - shift, 1
        while pools and pools[-1][0] > mean:
            other, count = pools.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        pools.append((mean, size))
    means = [mean for mean, size in pools for _ in range(size)]
    for box, mean, shift in zip(row, means, shifts, strict=True):
        box.y = mean + shift


def _route(boxes: dict[str, Box], wires: list[Wire]) -> None:
    """Draw from the left end to the right one, level beside every column and bent only in the zones between; then turn round where needed."""
    for wire in wires:
        rightward = boxes[wire.target].column > boxes[wire.source].column
        chain = [boxes[one] for one in (wire.source, *wire.via, wire.target)]
        left, *lanes, right = chain if rightward else chain[::-1]
        y0 = round(left.middle + left.ports["right"][wire.id], 1)
        y1 = round(right.middle + right.ports["left"][wire.id], 1)
        level = _LEVEL if wire.lines else _SHORT
        points = [(left.x + left.width, y0), (left.x + left.width + (_SHORT if wire.lines else 0), y0)]
        for lane in lanes:
            y = round(lane.middle, 1)
            points += [(lane.x - level, y), (lane.x + lane.width + _SHORT, y)]
        points += [(right.x - level, y1), (right.x, y1)]
        wire.points = points if rightward else points[::-1]
        wire.label_at = (right.x - (13 if rightward else 8), round(y1 - 5 - LINE * (len(wire.lines) - 1), 1))
