"""In which order the things of a column stand, so that few edges cross."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

_SWEEPS, _ROUNDS = 12, 4
Order = dict[int, list[str]]
Links = dict[str, list[str]]


class Chain(Protocol):
    """An edge with the lanes that it passes."""

    source: str
    target: str
    via: list[str]


def links_of(wires: Sequence[Chain]) -> Links:
    """What stands next to what along the edges, as often as edges run there."""
    links: Links = defaultdict(list)
    for wire in wires:
        for one, other in pairwise([wire.source, *wire.via, wire.target]):
            links[one].append(other)
            links[other].append(one)
    return links


def in_order(first: Order, links: Links, groups: dict[str, str]) -> Order:
    """Barycentre sweeps from both sides, then swaps of neighbours; the order with the fewest crossings wins.

    Members of a group stay together. Columns are named by numbers from left to right, and links lead to the next only.
    """
    order = {column: list(row) for column, row in first.items()}
    used = sorted(order)
    best, fewest = {column: list(row) for column, row in order.items()}, crossings(order, links)
    for sweep in range(_SWEEPS):
        if not fewest:
            return best
        for column in used if sweep % 2 else reversed(used):
            _sweep(order, column, links, groups)
        found = crossings(order, links)
        if found < fewest:
            best, fewest = {column: list(row) for column, row in order.items()}, found
    _swap(best, links, groups)
    return best


def _sweep(order: Order, column: int, links: Links, groups: dict[str, str]) -> None:
    """Sort a column by the mean place of what each is joined to; groups by the mean of their members."""
    rank = {one: (place + 0.5) / len(row) for row in order.values() for place, one in enumerate(row)}
    row = order[column]
    wanted = {one: _mean([rank[other] for other in links[one]] or [rank[one]]) for one in row}
    members: dict[str, list[str]] = defaultdict(list)
    for one in row:
        members[groups.get(one) or one].append(one)
    middle = {name: _mean([wanted[one] for one in some]) for name, some in members.items()}
    units = sorted(members, key=lambda name: middle[name])
    order[column] = [one for name in units for one in sorted(members[name], key=lambda one: wanted[one])]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def crossings(order: Order, links: Links) -> int:
    """How often edges cross between neighbouring columns."""
    used = sorted(order)
    place = {one: (number, row) for number, column in enumerate(used) for row, one in enumerate(order[column])}
    total = 0
    for number in range(len(used) - 1):
        seen: list[int] = []
        for one in order[used[number]]:
            ends = sorted(place[other][1] for other in links[one] if place[other][0] == number + 1)
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def _swap(order: Order, links: Links, groups: dict[str, str]) -> None:
    """Swap neighbours of a column as long as that saves crossings, counting only the crossings between the two."""
    used = sorted(order)
    column_of = {one: column for column in used for one in order[column]}
    place = {one: row for column in used for row, one in enumerate(order[column])}
    for _ in range(_ROUNDS):
        saved = 0
        for column in used:
            row = order[column]
            near = {one: _sides(one, column_of, place, links) for one in row}
            for at in range(len(row) - 1):
                upper, lower = row[at], row[at + 1]
                if groups.get(upper, "") != groups.get(lower, ""):
                    continue
                gain = _between(near[upper], near[lower]) - _between(near[lower], near[upper])
                if gain > 0:
                    row[at], row[at + 1] = lower, upper
                    place[upper], place[lower] = at + 1, at
                    saved += gain
        if not saved:
            return


def _sides(one: str, column_of: dict[str, int], place: dict[str, int], links: Links) -> tuple[list[int], list[int]]:
    """The rows of what a thing is joined to on its left and on its right."""
    left = sorted(place[other] for other in links[one] if column_of[other] < column_of[one])
    return left, sorted(place[other] for other in links[one] if column_of[other] > column_of[one])


def _between(upper: tuple[list[int], list[int]], lower: tuple[list[int], list[int]]) -> int:
    """How often the edges of two neighbours cross when one stands above the other."""
    return sum(bisect_left(below, end) for above, below in zip(upper, lower, strict=True) for end in above)
