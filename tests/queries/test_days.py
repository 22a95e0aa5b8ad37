"""The arithmetic by which questions count days: SPARQL 1.1 has no difference of dates, so a date becomes a number."""

from __future__ import annotations

import re
from datetime import date

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg import catalogue

LINES = """BIND(xsd:integer(SUBSTR(STR(?x), 6, 2)) AS ?m)
BIND(xsd:integer(SUBSTR(STR(?x), 1, 4)) - IF(?m < 3, 1, 0) AS ?y)
BIND(365 * ?y + FLOOR(?y / 4) - FLOOR(?y / 100) + FLOOR(?y / 400) + FLOOR((153 * (?m + IF(?m < 3, 9, -3)) + 2) / 5) + xsd:integer(SUBSTR(STR(?x), 9, 2)) AS ?n)"""
QUERY = """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT (xsd:integer(?n) AS ?number) { VALUES ?x { "%s"^^xsd:date } """
COUNTING = sorted(name for name in catalogue.query_files() if "153 *" in catalogue.load(name).text)
DAYS = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


def query(day: date) -> str:
    return QUERY % day.isoformat() + LINES + " }"


@given(DAYS)
def test_numbers_follow_the_calendar(day: date) -> None:
    """The number of a day is its number in the Gregorian calendar, leap years and centuries included."""
    found = ox.Store().query(query(day))
    assert isinstance(found, ox.QuerySolutions)
    numbers = [int(row["number"].value) for row in found]
    assert numbers == [day.toordinal() + 306]


@pytest.mark.parametrize(
    "day",
    [date(1, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(2000, 2, 29), date(2024, 2, 29), date(2026, 12, 31)],
)
def test_numbers_in_rdflib(day: date) -> None:
    """The other engine counts alike."""
    assert [row[0].toPython() for row in rdflib.Graph().query(query(day))] == [day.toordinal() + 306]  # type: ignore[index,union-attr]


@pytest.mark.parametrize("name", COUNTING)
def test_every_question_counts_alike(name: str) -> None:
    """Each question that counts days does it with these lines and no others."""
    lines = [line.strip() for line in catalogue.load(name).text.splitlines()]
    starts = [number for number, line in enumerate(lines) if "153 *" in line]
    assert starts
    for number in starts:
        some = "\n".join(lines[number - 2 : number + 1])
        month, year, days = re.findall(r" AS \?(\w+)\)(?:\n|$)", some)
        value = re.search(r"STR\(\?(\w+)\)", some)
        assert value is not None
        plain = some
        for old, new in ((value[1], "x"), (month, "m"), (year, "y"), (days, "n")):
            plain = re.sub(rf"\?{old}\b", f"?{new}", plain)
        assert plain == LINES
