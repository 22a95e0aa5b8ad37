"""Where things stand in a network picture: columns, rows, and a way for every edge.

Everything is computed here, so that the drawing on the canvas and the still drawing are the same and nothing moves
when a page opens. Each edge has a port of its own at either end and runs level into its target, with its label on that
level stretch; so labels cannot meet. An edge that passes a column gets a lane through it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx

COLUMNS = ("law", "authority", "platform", "owner")
TITLES = ("Law applied", "Authority", "Platform", "Owner")
_WIDTHS = (176, 190, 190, 180)
_GAPS = (104, 356, 350)
"""Room between the columns: a bend, and the level stretch with the labels."""
_LEVEL = (16, 236, 236)
"""How much of a gap is level before the target."""
MARGIN, TOP, LINE, SLOT, PAD, SPACE = 24, 56, 14, 8, 11, 16
_TITLE_LINE, _NOTE_LINE = 17, 15
_SWEEPS = 12


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
    ports: dict[str, list[tuple[str, float]]] = field(default_factory=lambda: {"left": [], "right": []})

    @property
    def lane(self) -> bool:
        """Whether only an edge passes here."""
        return not self.lines


@dataclass(slots=True)
class Wire:
    """An edge: the points that it runs through, and its label above the level stretch before the target."""

    id: str
    source: str
    target: str
    key: str
    lines: tuple[str, ...]
    via: list[str] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    label_at: tuple[float, float] = (0, 0)
    anchor: str = "end"

    @property
    def slot(self) -> float:
        """The height that the port at the target takes."""
        return SLOT + LINE * max(1, len(self.lines))


@dataclass(slots=True)
class Layout:
    """A picture ready to be drawn."""

    boxes: dict[str, Box]
    wires: list[Wire]
    width: float
    height: float
    heads: list[tuple[float, str]]


def wide(text: str, size: float = 13, *, bold: bool = True) -> float:
    """About how wide a text is, on the safe side; ideographs take a whole square."""
    narrow = sum(text.count(letter) for letter in "iljtfrI.,:;'|()[] ")
    square = sum(1 for letter in text if "\u2e80" <= letter <= "\uffdc")
    return size * ((0.64 if bold else 0.57) * (len(text) - narrow - square) + 0.36 * narrow + square)


def wrap(text: str, width: float, size: float = 13, *, bold: bool = True, most: int = 4) -> tuple[str, ...]:
    """Break a text into lines that fit; what does not fit in the last line is cut with an ellipsis."""
    lines: list[str] = []
    for word in text.split() or ["?"]:
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


def arrange(graph: networkx.MultiDiGraph, notes: dict[str, str]) -> Layout:
    """Place the things of a projection, with a note under the names of some."""
    columns = _columns(graph)
    boxes = {one: _box(one, column, data["label"], notes.get(one, "")) for one, data in graph.nodes(data=True) for column in (columns[one],)}
    used = sorted({box.column for box in boxes.values()})
    wires = [_wire(number, edge, boxes) for number, edge in enumerate(graph.edges(keys=True, data=True))]
    wires = [wire for wire in wires if boxes[wire.source].column != boxes[wire.target].column]
    for wire in wires:
        _add_lanes(wire, boxes)
    order = _order(boxes, wires, used)
    _dock(boxes, wires, order)
    width, heads = _place_columns(boxes, used)
    _place_rows(boxes, wires, order)
    _route(boxes, wires)
    bottom = max((box.y + box.height for box in boxes.values()), default=TOP)
    return Layout({one: box for one, box in boxes.items() if not box.lane}, wires, width, bottom + MARGIN, heads)


def _columns(graph: networkx.MultiDiGraph) -> dict[str, int]:
    """Companies and persons stand with the owners, except persons who only act or speak."""
    owners = {end for source, target, key in graph.edges(keys=True) if key == "Ownership" for end in (source, target)}
    fixed = {"law": 0, "authority": 1, "platform": 2, "company": 3}
    found = {one: fixed.get(data["type"], 3) for one, data in graph.nodes(data=True)}
    for one, data in graph.nodes(data=True):
        if data["type"] == "person" and one not in owners and graph.out_degree(one) and not graph.in_degree(one):
            found[one] = 1
    return found


def _box(one: str, column: int, label: str, note: str) -> Box:
    width = _WIDTHS[column]
    lines = wrap(label, width - 28)
    notes = wrap(note, width - 28, 11) if note else ()
    return Box(one, column, lines, notes, width=width, height=2 * PAD + _TITLE_LINE * len(lines) + _NOTE_LINE * len(notes))


def _wire(number: int, edge: tuple[str, str, str, dict[str, Any]], boxes: dict[str, Box]) -> Wire:
    source, target, key, data = edge
    told = key not in {"law"}
    return Wire(f"e{number}", source, target, key, wrap(data["label"], 222, 12) if told and source in boxes else ())


def _add_lanes(wire: Wire, boxes: dict[str, Box]) -> None:
    start, end = boxes[wire.source].column, boxes[wire.target].column
    step = 1 if end > start else -1
    for column in range(start + step, end, step):
        lane = Box(f"{wire.id}/{column}", column, width=_WIDTHS[column])
        boxes[lane.id] = lane
        wire.via.append(lane.id)


def _links(wires: list[Wire]) -> dict[str, list[str]]:
    links: dict[str, list[str]] = defaultdict(list)
    for wire in wires:
        chain = [wire.source, *wire.via, wire.target]
        for one, other in zip(chain, chain[1:], strict=False):
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
    total = 0
    for column in order:
        ends = sorted((place[one][1], place[other][1]) for one in order[column] for other in links[one] if place[other][0] == column + 1)
        total += sum(1 for number, (_, far) in enumerate(ends) for _, near in ends[:number] if near > far)
    return total


def _dock(boxes: dict[str, Box], wires: list[Wire], order: dict[int, list[str]]) -> None:
    """Give every edge a port at both ends, sorted so that edges of one box do not cross, and make the boxes high enough."""
    row = {one: number for rows in order.values() for number, one in enumerate(rows)}
    sides: dict[tuple[str, str], list[tuple[int, int, str, float]]] = defaultdict(list)
    for number, wire in enumerate(wires):
        chain = [wire.source, *wire.via, wire.target]
        rightward = boxes[wire.target].column > boxes[wire.source].column
        for end, other, side, slot in ((chain[0], chain[1], "right" if rightward else "left", 16.0), (chain[-1], chain[-2], "left" if rightward else "right", wire.slot)):
            sides[end, side].append((row[other], number, wire.id, slot if wire.lines else 14.0))
    for (one, side), ends in sides.items():
        ports, at = [], 0.0
        for _, _, wire_id, slot in sorted(ends):
            at += slot
            ports.append((wire_id, at))
        box = boxes[one]
        box.height = max(box.height, at + 10)
        box.ports[side] = [(wire_id, offset - at / 2) for wire_id, offset in ports]


def _place_columns(boxes: dict[str, Box], used: list[int]) -> tuple[float, list[tuple[float, str]]]:
    x, heads = float(MARGIN), []
    for column in range(used[0], used[-1] + 1) if used else []:
        heads.append((x, TITLES[column] if column in used else ""))
        for box in boxes.values():
            if box.column == column:
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
                middles = [boxes[other].y + boxes[other].height / 2 for other in links[box.id]] or [box.y + box.height / 2]
                wanted.append(sum(middles) / len(middles) - box.height / 2)
            _settle(row, wanted)
    top = min((box.y for box in boxes.values()), default=0)
    for box in boxes.values():
        box.y += TOP - top


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
    for wire in wires:
        source, target = boxes[wire.source], boxes[wire.target]
        rightward = target.column > source.column
        start, end = ("right", "left") if rightward else ("left", "right")
        edge_of = {"right": lambda box: box.x + box.width, "left": lambda box: box.x}
        y0 = source.y + source.height / 2 + dict(source.ports[start])[wire.id]
        y1 = target.y + target.height / 2 + dict(target.ports[end])[wire.id]
        x1 = edge_of[end](target)
        level = _LEVEL[min(target.column, max(source.column, target.column) - 1) - (1 if rightward else 0)] if wire.lines else 16
        if not rightward:
            level = min(level, 90)
        points = [(edge_of[start](source), y0)]
        for lane in (boxes[one] for one in wire.via):
            y = lane.y + lane.height / 2
            points += [(edge_of[end](lane), y), (edge_of[start](lane), y)]
        wire.points = [*points, (x1 - level if rightward else x1 + level, y1), (x1, y1)]
        wire.anchor = "end" if rightward else "start"
        wire.label_at = (x1 - 13 if rightward else x1 + 13, y1 - 5 - LINE * (len(wire.lines) - 1))
