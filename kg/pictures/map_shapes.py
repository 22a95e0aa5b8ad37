"""The countries as the map draws them: outlines, hatching and dots in whole units of one drawing.

Hatching and dots are lines of their own, cut to the outline here: a pattern would have to be referred to by an address,
which pages of this project never hold, and not every program that reads SVG knows patterns.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from math import ceil, floor
from typing import Any

from kg.pictures.scene import read

_STEP = 14
"""How far hatching lines and dots lie apart."""
_NUMBER = re.compile(r"-?\d+")
Point = tuple[int, int]


@cache
def world() -> dict[str, Any]:
    """The file of shapes: ``size``, ``lines`` (of control, to be dashed) and ``shapes`` by ISO 3166-1 code.

    A shape has an outline ``d`` (unless it is too small), a point ``at`` inside it, and ``small`` where the point is drawn.
    """
    found: dict[str, Any] = json.loads(read("world.json"))
    return found


def rings(path: str) -> list[list[Point]]:
    """The closed rings of an outline; every step but the first is told from the point before."""
    found = []
    x = y = 0
    for part in path.split("z")[:-1]:
        numbers = [int(one) for one in _NUMBER.findall(part)]
        ring = []
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + across, y + down
            ring.append((x, y))
        x, y = ring[0]
        found.append([*ring, ring[0]])
    return found


def inside(point: tuple[float, float], path: str) -> bool:
    """Whether a point of the drawing lies in an outline."""
    x, y = point
    crossed = sum(
        (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in _edges(path)
    )
    return crossed % 2 == 1


def _edges(path: str) -> Iterator[tuple[Point, Point]]:
    for ring in rings(path):
        yield from pairwise(ring)


def _stretches(edges: list[tuple[Point, Point]]) -> Iterator[tuple[int, int, int]]:
    """Where level lines run inside an outline: how high, from where, to where. Lines lie half a unit off the points."""
    crossings: dict[int, list[float]] = defaultdict(list)
    for (x1, y1), (x2, y2) in edges:
        low, high = sorted((y1, y2))
        for line in range(ceil((low - 0.5) / _STEP), ceil((high - 0.5) / _STEP)):
            y = line * _STEP + 0.5
            crossings[line].append(x1 + (x2 - x1) * (y - y1) / (y2 - y1))
    for line in sorted(crossings):
        several = sorted(crossings[line])
        for left, right in zip(several[::2], several[1::2], strict=True):
            if right - left >= 2:
                yield line * _STEP, ceil(left), floor(right)


@lru_cache(maxsize=512)
def hatching(path: str) -> str:
    """Diagonal lines inside an outline: level lines of the drawing turned by an eighth."""
    turned = [((x1 - y1, x1 + y1), (x2 - y2, x2 + y2)) for (x1, y1), (x2, y2) in _edges(path)]
    text = ""
    x = y = 0
    for along, left, right in _stretches(turned):
        length = (right - left) // 2
        if length:
            across, down = (left + along) // 2, (along - left) // 2
            text += f"{'m' if text else 'M'}{across - x} {down - y}l{length}-{length}"
            x, y = across + length, down - length
    return text


@lru_cache(maxsize=512)
def dots(path: str) -> str:
    """Dots inside an outline, in rows that are set off against each other; each is a line of no length with round ends."""
    text = ""
    x = y = 0
    for down, left, right in _stretches(list(_edges(path))):
        shift = _STEP // 2 * (down // _STEP % 2)
        for across in range(ceil((left - shift) / _STEP) * _STEP + shift, right, _STEP):
            text += f"{'m' if text else 'M'}{across - x} {down - y}h0"
            x, y = across, down
    return text
