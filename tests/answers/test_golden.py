"""Answers over the whole record, written down from its facts before the program was run.

Each row of ``golden.csv`` asks about a platform in a place on a day, as publicly known on a day. ``expected`` is the
level for everyone with its certainty, then what is held off, what runs in a narrower place and what hits a narrower
group of people. ``reason`` names the facts from which the answer follows.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import kg
from kg import KnowledgeGraph
from kg.answers.model import Status
from kg.dates import parse_edtf

TABLE = Path(__file__).with_name("golden.csv")


@dataclass(frozen=True)
class Golden:
    """One row of the table."""

    platform: str
    jurisdiction: str
    on: str
    known: str
    expected: str
    since: str
    reason: str

    def __str__(self) -> str:
        return f"{self.platform}-{self.jurisdiction}-{self.on}-known-{self.known}"


def read_table() -> list[Golden]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return [Golden(**row) for row in csv.DictReader(table)]


ROWS = read_table()


@cache
def opened() -> KnowledgeGraph:
    return kg.open()


def in_short(answer: Status) -> str:
    """An answer in the notation of the table."""
    flags = {f"+held-off:{one.level.id}" for one in answer.held_off}
    if answer.certainty == "ended that day":
        flags.add("+ended-that-day")
    for one in answer.narrower:
        if not one.held_off_by:
            flags.add(f"+{'in-part' if one.audience.id == 'everyone' else one.audience.id}:{one.level.id}")
    head = "none" if answer.level == "none" else f"{answer.level}/{answer.certainty}"
    return " ".join([head, *sorted(flags)])


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_golden_answer(row: Golden) -> None:
    """The program answers what follows from the facts."""
    answer = opened().status(row.platform, row.jurisdiction, on=row.on, known=row.known)
    assert in_short(answer) == row.expected, row.reason
    if row.since:
        assert answer.since == row.since, row.reason


def test_table_is_broad() -> None:
    """The table covers many places, and asks what was known earlier as well."""
    assert len(ROWS) >= 40
    assert len({row.jurisdiction for row in ROWS}) >= 25
    assert sum(row.known < "2026-11-22" for row in ROWS) >= 12


def test_many_at_once_answer_like_one_by_one() -> None:
    """A platform asked about everywhere gets in each place the answer that it gets there alone."""
    graph = opened()
    together = graph.statuses("tiktok", on="2025-02-01", known="2026-11-22")
    assert len(together) >= 25
    alone = [graph.status("tiktok", one.jurisdiction.id, on="2025-02-01", known="2026-11-22") for one in together]
    assert together == alone


@pytest.mark.parametrize(
    ("place", "on", "level"),
    [
        ("DE-BY", "2022-05-01", "blocked"),
        ("DE", "2022-05-01", "blocked"),
        ("DE", "2022-03-01", "none"),
        ("GB", "2022-05-01", "none"),
        ("NC", "2022-05-01", "none"),
        ("FR", "2022-05-01", "blocked"),
        ("NO", "2022-05-01", "none"),
    ],
)
def test_reach_of_a_union(place: str, on: str, level: str) -> None:
    """A ban of the European Union counts in Bavaria, and neither in New Caledonia nor in the United Kingdom of 2022."""
    assert opened().status("rt", place, on=on, known="2026-11-22").level == level


@pytest.mark.parametrize(("day", "bound"), [("2020-12-30", True), ("2021-01-01", False), ("1972-12-31", False)])
def test_law_of_the_union_in_the_united_kingdom(day: str, bound: bool) -> None:
    """European law bound the United Kingdom until the end of 2020, eleven months longer than its membership."""
    rows = (
        opened()
        .query(
            "SELECT ?version { prki:EU-member-gb prk:version ?version . ?version prk:knownFrom ?k0 ; prk:knownUntil ?k1 ; "
            "prk:validFromLatest ?from ; prk:validUntilEarliest ?until . "
            f'FILTER(?k0 <= "2026-11-22"^^xsd:date && "2026-11-22"^^xsd:date < ?k1 && ?from <= "{day}"^^xsd:date && "{day}"^^xsd:date < ?until) }}'
        )
        .rows
    )
    assert bool(rows) is bound


def test_newest_confirmation_is_found_by_day() -> None:
    """A vague date of 2025 is older than a day of 2026, whatever its first letter."""
    for answer in (
        one for name in ("signal", "tiktok", "whatsapp") for one in opened().statuses(name, on="2026-11-22")
    ):
        stated = [
            text
            for standing in answer.measures
            if standing.level.id == answer.level and not standing.derived and standing.last_confirmed
            for account in standing.fact.accounts
            for field, text in account.dates
            if field == "inForceOn"
        ]
        if stated and not any(standing.derived for standing in answer.measures):
            assert answer.last_confirmed is not None
            assert parse_edtf(answer.last_confirmed).earliest == max(parse_edtf(one).earliest for one in stated)
