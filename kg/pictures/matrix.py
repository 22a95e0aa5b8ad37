"""A matrix of jurisdictions and platforms as one page that fetches nothing: a heat table with what stands behind it.

The page is whole before any script runs: the table, each cell that holds something, its acts and their sources. The
script sorts, and shows one cell at a time by copying those parts. Nothing from the record is ever markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.answers.model import Fact, Source, Standing, Status, to_plain
from kg.answers.records import Matrix
from kg.formats import matrix as short
from kg.formats.headline import exposure
from kg.formats.inside import inside
from kg.formats.own import sentence
from kg.formats.text import CAUTION
from kg.pictures.scene import read, template
from kg.pictures.telling import policy, printed_day, script_json, tell

_MANY = 10
"""More platforms than these have letters instead of words in their cells, and upright names."""
_LETTERS = {"blocked": "B", "withdrawn": "W", "limited": "L", "pressure": "P", short.ENDED: "E", short.NOTHING: "·"}
_NAMES = {"blocked": "blocked", "withdrawn": "withdrawn by the company", "limited": "limited", "pressure": "under pressure",
          short.ENDED: "ended that day", short.NOTHING: "nothing recorded"}  # fmt: skip
_CLASSES = {short.ENDED: "ended", short.NOTHING: "none"}
_SURE = ("possible", "presumed", "definite")


@dataclass
class Behind:
    """What stands behind the verdicts of a page: acts and sources, each once, numbered from 1 in order of first use."""

    facts: dict[str, Fact] = field(default_factory=dict)
    spans: dict[str, str] = field(default_factory=dict)
    sources: dict[Source, int] = field(default_factory=dict)

    def numbers(self, facts: Iterable[Fact]) -> list[int]:
        """The numbers of some facts, those with accounts of their own."""
        told = dict.fromkeys(fact.id for fact in facts if fact.accounts and self.facts.setdefault(fact.id, fact))
        places = {one: number for number, one in enumerate(self.facts, start=1)}
        return [places[one] for one in told]

    def tell(self) -> list[dict[str, Any]]:
        """The acts as the page tells them."""
        for fact in self.facts.values():
            for account in fact.accounts:
                for one in account.evidence:
                    self.sources.setdefault(one.source, len(self.sources) + 1)
        return [tell(fact, self.sources, self.spans.get(fact.id, "")) for fact in self.facts.values()]


def draw_matrix(answer: Matrix) -> str:
    """Write the page of a matrix."""
    from markupsafe import Markup

    seen = short.view(answer)
    shown = seen.shown
    dense = len(shown.platforms) > _MANY
    behind = Behind()
    entries = [
        _entry(one, f"{row}-{column}", behind)
        for row, line in enumerate(shown.cells)
        for column, one in enumerate(line)
        if short.kind(one) != short.NOTHING or short.beside(one)
    ]
    acts = behind.tell()
    data = {
        "scores": [[_score(one) for one in line] for line in shown.cells],
        "acts": {entry["key"]: sorted({act for part in entry["parts"] for act in part["acts"]}) for entry in entries},
        "sources": [sorted({number for account in act["accounts"] for number, _ in account["from"]}) for act in acts],
    }
    script, style = read("matrix.js"), read("colours.css") + read("matrix.css")
    return template("matrix.html").render(
        title=short.title(shown),
        on=printed_day(answer.on),
        known=printed_day(answer.known),
        data_hash=answer.data_hash,
        own=sentence(short.graphs(answer)),
        caution=CAUTION,
        dense=dense,
        platforms=shown.platforms,
        rows=[
            (place, [_cell(one, dense=dense) for one in line])
            for place, line in zip(shown.jurisdictions, shown.cells, strict=True)
        ],
        legend=_legend([one for line in shown.cells for one in line], dense=dense),
        left_out=seen.lines(),
        entries=entries,
        acts=acts,
        sources=[to_plain(source) for source in behind.sources],
        policy=policy([script], [style]),
        script=Markup(script),  # noqa: S704  a file of ours, nothing from the record
        style=Markup(style),  # noqa: S704  same
        data=Markup(script_json(data)),  # noqa: S704  escaped for a script element
    )


def _cell(one: Status, *, dense: bool) -> dict[str, Any]:
    """A cell: its colour by classes, its word or letter, and the same in whole words."""
    kind = short.kind(one)
    told = [f"{one.platform.label} in {inside(one.jurisdiction.label)} ({one.jurisdiction.id}): {short.words(one)}"]
    told += [f"since {printed_day(one.since)}"] if one.since else []
    told += [f"last confirmed {printed_day(one.last_confirmed)}"] if one.last_confirmed else []
    told += (
        ["something is recorded for a part of the place or for a group, or is held off"] if short.beside(one) else []
    )
    return {
        "look": f"c-{_CLASSES.get(kind, kind)}" + (" possible" if one.certainty == "possible" else ""),
        "text": (_LETTERS[kind] if dense else kind) + short.mark(one),
        "words": short.words(one) + (", something beside it" if short.beside(one) else ""),
        "told": "; ".join(told),
        "something": kind != short.NOTHING or short.beside(one),
    }


def _score(one: Status) -> float:
    """What a cell sorts by: its level, then how sure it is; then what ended, and what is recorded beside."""
    if one.level == "none":
        return 0.5 if one.certainty else 0.2 if short.beside(one) else 0
    top = max(standing.rank for standing in one.measures)
    return 10 * top + _SURE.index(one.certainty or "possible")


def _legend(cells: list[Status], *, dense: bool) -> tuple[tuple[str, list[dict[str, Any]]], ...]:
    """The levels that occur with their numbers, and the marks; what is possible is hatched in any colour."""
    kinds = Counter(map(short.kind, cells))
    marks = Counter(map(short.mark, cells))
    signs = [
        {"look": f"c-{_CLASSES.get(kind, kind)}", "text": _LETTERS[kind] if dense else kind, "name": name, "number": kinds[kind]}
        for kind, name in _NAMES.items()
        if kinds[kind]
    ]  # fmt: skip
    told = (
        ("~", "c-plain", "presumed: no end is on record, but nothing later confirms it"),
        ("?", "c-any possible", "possible: dates or accounts leave it open"),
        (short.BESIDE, "c-plain", "nothing for everyone, but for a part of the place or for a group, or held off"),
    )
    marked = [
        {"look": look, "text": sign, "name": name, "number": marks[sign]} for sign, look, name in told if marks[sign]
    ]
    return ("Legend of levels", signs), ("Legend of marks", marked)


def _entry(one: Status, key: str, behind: Behind) -> dict[str, Any]:
    """What stands behind one cell: the verdict in a sentence, and each measure with the numbers of its acts."""
    sections = (
        ("", one.measures),
        ("held off: ", one.held_off),
        ("beside the verdict: ", one.narrower),
        ("ended that day: ", one.ended),
    )
    return {
        "key": key,
        "heading": f"{one.platform.label} in {inside(one.jurisdiction.label)} ({one.jurisdiction.id})",
        "level": one.level,
        "words": short.words(one) + (" for everyone" if short.beside(one) else ""),
        "rest": "; ".join(circumstances(one)),
        "parts": [part for word, standings in sections for part in measure_lines(word, standings, behind)],
    }


def circumstances(one: Status) -> Iterator[str]:
    """What is told of a verdict behind its word: since when, how sure, on how many publishers."""
    if one.since:
        yield f"since {printed_day(one.since)}"
    if one.last_confirmed:
        yield f"last confirmed {printed_day(one.last_confirmed)}"
    elif one.certainty == "presumed":
        yield "nothing later confirms it"
    if one.certainty == "presumed":
        yield "no end on record"
    if one.derived:
        yield "derived from the designation of its owner"
    if one.at_least:
        yield f"for certain {one.at_least}"
    if one.publishers:
        yield "1 publisher" if one.publishers == 1 else f"{one.publishers} independent publishers"
    if one.accounts_differ:
        yield "their accounts differ on a date"
    if one.low_confidence:
        yield "low confidence: weak sources only"


def measure_lines(word: str, standings: Iterable[Standing], behind: Behind) -> Iterator[dict[str, Any]]:
    """A line a measure, after a word on what they have in common; one that applies in several places is told once.

    Its acts are entered in what stands behind the page and named by their numbers there.
    """
    groups: dict[tuple[str, ...], list[Standing]] = {}
    for one in standings:
        which = exposure(one) if one.derived else one.fact.id
        groups.setdefault((which, one.audience.id, one.level.id, one.certainty), []).append(one)
    for same in groups.values():
        one = same[0]
        begin = printed_day(one.span.begin)
        stretch = f"since {begin}" + (f", ended {printed_day(one.span.end)}" if one.span.ended else "")
        if not one.derived:
            behind.spans[one.fact.id] = stretch
        where = dict.fromkeys(each.area.label for each in same if each.reach != "here")
        told = [f"{one.level.label} ({one.certainty})", one.kind.label]
        told += [f"in {', '.join(where)}"] if where else []
        told += [f"for {one.audience.label}"] if one.audience.id != "everyone" else []
        behind_each = ((each.premises if each.derived else (each.fact,), each.held_off_by) for each in same)
        yield {
            "label": word + (exposure(one) if one.derived else one.fact.label),
            "told": ", ".join([*told, stretch]) + ("; derived" if one.derived else ""),
            "acts": behind.numbers(fact for stated, holders in behind_each for fact in (*stated, *holders)),
        }
