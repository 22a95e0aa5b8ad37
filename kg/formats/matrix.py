"""A matrix of jurisdictions and platforms as a table of short words, and as rows for spreadsheets."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg.answers.model import Ref, Status
from kg.answers.records import Matrix
from kg.formats import output
from kg.formats.headline import STYLE
from kg.formats.inside import inside
from kg.formats.own import counts_here

NOTHING, ENDED, BESIDE = "·", "ended", "*"
MARKS = {"presumed": "~", "possible": "?"}
LEGEND = {
    "blocked": "people do not reach it by ordinary means",
    "withdrawn": "the company itself stopped or narrowed the service",
    "limited": "people reach it, but lose calls, speed, features, content or the app store",
    "pressure": "under pressure: something hangs over it, but users notice nothing from it",
    ENDED: "a measure ended on that day, and nothing else is recorded",
    NOTHING: "nothing recorded: this record holds no act that ran that day. It does not mean: not restricted",
    BESIDE: "nothing for everyone there, but something for a part of the place or for a group, or held off (kg status NAME --in CODE)",
    "~": "presumed: it began and no end is on record, but nothing after its last confirmation says that it still runs",
    "?": "possible: dates or accounts leave it open",
}
"""What each word and mark of the table means, in the order in which they are told."""
_WIDEST_HEAD = 12
"""The name of a platform is folded at blanks when it is longer."""
_GAP = 2
Segment = tuple[str, str]
"""A style and a text."""


def kind(one: Status) -> str:
    """What a cell shows without its mark: a level, or that something ended, or nothing."""
    if one.level != "none":
        return one.level
    return ENDED if one.certainty == "ended that day" else NOTHING


def mark(one: Status) -> str:
    """The mark behind the word of a cell: how sure it is, or that something is recorded beside the verdict."""
    return (BESIDE if beside(one) else "") if one.certainty is None else MARKS.get(one.certainty, "")


def beside(one: Status) -> bool:
    """Whether something is recorded that gives no verdict for everyone: for a part, for a group, or held off."""
    return one.certainty is None and bool(one.narrower or one.held_off)


def words(one: Status) -> str:
    """The verdict in the words of ``kg status``, with its certainty: ``blocked (presumed)``, ``possibly limited``."""
    return f"{one.verdict} ({one.certainty})" if one.certainty in {"definite", "presumed"} else one.verdict


def is_empty(answer: Matrix) -> bool:
    """Whether nothing at all is recorded in any cell."""
    return all(_blank(one) for row in answer.cells for one in row)


def _blank(one: Status) -> bool:
    return one.certainty is None and not beside(one)


def columns(answer: Matrix) -> tuple[str, ...]:
    """The columns of a spreadsheet: code and name of the place, then the id of each platform."""
    return ("jurisdiction", "name", *(one.id for one in answer.platforms))


def rows(answer: Matrix) -> Iterator[tuple[str, ...]]:
    """A row a jurisdiction."""
    for place, row in zip(answer.jurisdictions, answer.cells, strict=True):
        yield (place.id, place.label, *map(words, row))


@dataclass(frozen=True)
class View:
    """What is worth showing: rows and columns with nothing in them are told in a line, unless they were named."""

    shown: Matrix
    places: tuple[Ref, ...]
    platforms: tuple[Ref, ...]

    def lines(self) -> list[str]:
        """The lines about what is left out."""
        told = (
            ("On record, but nothing that ran that day", self.places),
            ("Nothing recorded that day in any of these places", self.platforms),
        )
        return [f"{what}: {', '.join(sorted(one.label for one in refs))}" for what, refs in told if refs]


def view(answer: Matrix) -> View:
    """A matrix without the rows and columns that nobody named and that show nothing."""
    if is_empty(answer):
        return View(answer, (), ())
    keep_rows = [
        place
        for place, (ref, row) in enumerate(zip(answer.jurisdictions, answer.cells, strict=True))
        if ref.id in answer.named or not all(map(_blank, row))
    ]
    keep_columns = [
        place
        for place, ref in enumerate(answer.platforms)
        if ref.id in answer.named or not all(_blank(row[place]) for row in answer.cells)
    ]
    shown = replace(
        answer,
        jurisdictions=tuple(answer.jurisdictions[place] for place in keep_rows),
        platforms=tuple(answer.platforms[place] for place in keep_columns),
        cells=tuple(tuple(answer.cells[row][column] for column in keep_columns) for row in keep_rows),
    )
    return View(
        shown,
        tuple(one for one in answer.jurisdictions if one not in shown.jurisdictions),
        tuple(one for one in answer.platforms if one not in shown.platforms),
    )


def title(answer: Matrix) -> str:
    """What the matrix shows: platforms by name while they are few, else counted."""
    few = [one.label for one in answer.platforms]
    what = f"{len(few)} platforms" if len(few) > 4 else " and ".join([", ".join(few[:-1]), few[-1]] if few[1:] else few)
    places = answer.jurisdictions
    return f"{what} in {inside(places[0].label) if len(places) == 1 else f'{len(places)} jurisdictions'}"


def graphs(answer: Matrix) -> set[str]:
    """The named graphs that hold what makes the cells."""
    return {graph for row in answer.cells for one in row for graph in one.graphs()}


def print_table(answer: Matrix) -> None:
    """Print the table with its legend, folded into several where it is wider than the terminal."""
    seen = view(answer)
    known = "" if answer.known == answer.on else f", as publicly known on {answer.known}"
    own = [[("", f"  {told}")]] if (told := counts_here(graphs(answer))) else []
    _print([[("bold", f"{title(seen.shown)} on {answer.on}{known}")], *own, []])
    for block in _blocks(seen.shown, _width()):
        _print([*block, []])
    used = {text for row in seen.shown.cells for one in row for text in (kind(one), mark(one))}
    _print([[("", f"{sign:<9}  {meaning}")] for sign, meaning in LEGEND.items() if sign in used])
    if left_out := seen.lines():
        _print([[], *([("", line)] for line in left_out)])


def _width() -> int:
    """The width of the terminal; in a pipe there is none, unless COLUMNS says so."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return sys.maxsize
    return shutil.get_terminal_size().columns


def _blocks(answer: Matrix, width: int) -> Iterator[list[list[Segment]]]:
    """The table in as many parts, side by side columns, as the width asks for; each begins with the jurisdictions."""
    names = [f"{one.label} ({one.id})" for one in answer.jurisdictions]
    first = max(map(len, ["jurisdiction", *names]))
    heads = [_folded(one.label) for one in answer.platforms]
    cells = [[kind(one) + mark(one) for one in row] for row in answer.cells]
    widths = [max(map(len, [*head, *(row[place] for row in cells)])) for place, head in enumerate(heads)]
    for part in _parts(widths, width - first):
        height = max(len(heads[place]) for place in part)
        head = [["", *(_line(heads[place], row, height) for place in part)] for row in range(height)]
        head[-1][0] = "jurisdiction"
        across = [first, *(widths[place] for place in part)]
        block = [[("bold", _row(line, across))] for line in head]
        for name, row, line in zip(names, answer.cells, cells, strict=True):
            segments = [("", name.ljust(first))]
            segments += [(_style(row[place]), " " * _GAP + line[place].ljust(widths[place])) for place in part]
            block.append(segments)
        yield block


def _parts(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """Columns that fit beside the first one, at least one at a time."""
    part: list[int] = []
    left = room
    for place, wide in enumerate(widths):
        if part and wide + _GAP > left:
            yield part
            part, left = [], room
        part.append(place)
        left -= wide + _GAP
    if part:
        yield part


def _folded(label: str) -> list[str]:
    return textwrap.wrap(label, _WIDEST_HEAD, break_long_words=False, break_on_hyphens=False) or [label]


def _line(head: list[str], row: int, height: int) -> str:
    """One line of a heading that stands on the foot of the head."""
    place = row - (height - len(head))
    return head[place] if place >= 0 else ""


def _row(texts: Sequence[str], across: Sequence[int]) -> str:
    return (" " * _GAP).join(text.ljust(wide) for text, wide in zip(texts, across, strict=True))


def _style(one: Status) -> str:
    """Colours say no more than the words; what is not recorded has none."""
    return STYLE[one.level] if one.level != "none" else ""


def _print(lines: Sequence[Sequence[Segment]]) -> None:
    if not output.on_terminal():
        sys.stdout.writelines("".join(text for _, text in line).rstrip() + "\n" for line in lines)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for line in lines:
        console.print(Text.assemble(*((text, style) for style, text in line)), highlight=False)
