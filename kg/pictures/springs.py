"""Where things stand in a picture that is too large for columns: joined things near each other, all others apart.

The springs of Fruchterman and Reingold with their grid: each thing is pushed only by those in the cells around it, so that
the work grows with the number of things and edges and not with the square. No library, no chance: the same network is
always drawn alike.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence

_TURN = math.pi * (3 - math.sqrt(5))
_CELL = 2.0
"""How far things push each other; one is the length of a spring."""
_GRAVITY = 0.012
Point = tuple[float, float]


def settle(
    number: int, edges: Sequence[tuple[int, int]], *, rounds: int = 60, tell: Callable[[], None] | None = None
) -> list[Point]:
    """Places for some things, joined by edges; ``tell`` is called after every round."""
    near: list[list[int]] = [[] for _ in range(number)]
    for one, other in edges:
        if one != other:
            near[one].append(other)
            near[other].append(one)
    xs, ys = _spiral(_by_neighbourhood(near))
    for turn in range(rounds):
        _round(xs, ys, near, 1.6 * (1 - turn / rounds) + 0.05)
        if tell is not None:
            tell()
    return list(zip(xs, ys, strict=True))


def _by_neighbourhood(near: list[list[int]]) -> list[int]:
    """All things, each soon after what it is joined to, from those with most neighbours on."""
    order: list[int] = []
    seen: set[int] = set()
    for start in sorted(range(len(near)), key=lambda one: (-len(near[one]), one)):
        queue = [] if start in seen else [start]
        seen.add(start)
        while queue:
            order += queue
            following = dict.fromkeys(other for one in queue for other in near[one] if other not in seen)
            seen.update(following)
            queue = list(following)
    return order


def _spiral(order: list[int]) -> tuple[list[float], list[float]]:
    """An even disc, filled from the middle."""
    xs, ys = [0.0] * len(order), [0.0] * len(order)
    for place, one in enumerate(order):
        radius = 0.8 * math.sqrt(place)
        xs[one], ys[one] = radius * math.cos(place * _TURN), radius * math.sin(place * _TURN)
    return xs, ys


def _round(xs: list[float], ys: list[float], near: list[list[int]], longest: float) -> None:
    """Move everything once, no farther than ``longest``."""
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for one, (x, y) in enumerate(zip(xs, ys, strict=True)):
        cells[int(x // _CELL), int(y // _CELL)].append(one)
    moves: list[Point] = []
    for one, (x, y) in enumerate(zip(xs, ys, strict=True)):
        dx, dy = -_GRAVITY * x, -_GRAVITY * y
        for other in near[one]:
            ax, ay = xs[other] - x, ys[other] - y
            pull = math.hypot(ax, ay) / max(1.0, math.sqrt(len(near[one])))
            dx, dy = dx + ax * pull, dy + ay * pull
        column, row = int(x // _CELL), int(y // _CELL)
        for across in (-1, 0, 1):
            for down in (-1, 0, 1):
                for other in cells.get((column + across, row + down), ())[:40]:
                    ax, ay = x - xs[other], y - ys[other]
                    distance = ax * ax + ay * ay
                    if other != one and distance < _CELL * _CELL:
                        push = 1.2 / max(distance, 0.01)
                        dx, dy = dx + ax * push, dy + ay * push
        length = math.hypot(dx, dy)
        share = min(length, longest) / length if length else 0
        moves.append((x + dx * share, y + dy * share))
    for one, (x, y) in enumerate(moves):
        xs[one], ys[one] = x, y
