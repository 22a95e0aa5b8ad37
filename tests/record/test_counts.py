"""The packaged record: it must not shrink unseen, and its places are those of ISO 3166."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

import pycountry
import pytest

import kg
from kg import KnowledgeGraph, places
from kg.build.check import find_problems
from kg.build.read import read_record

MINIMUM = Path(__file__).with_name("minimum.csv")


def least() -> list[tuple[str, int]]:
    with MINIMUM.open(encoding="utf-8", newline="") as table:
        return [(row["what"], int(row["least"])) for row in csv.DictReader(table)]


@cache
def opened() -> KnowledgeGraph:
    return kg.open()


@cache
def numbers() -> dict[str, Any]:
    found = opened().info()
    return {**found, **found["nodes"]}


@pytest.mark.parametrize(("what", "number"), least())
def test_record_has_not_shrunk(what: str, number: int) -> None:
    """Of each kind the record holds at least what it once held; who takes something out lowers the table on purpose."""
    assert numbers()[what] >= number


def test_facts_add_up() -> None:
    """The facts by number of sources are all the facts."""
    found = numbers()
    assert (
        found["facts_on_one_source"] + found["facts_on_two_sources"] + found["facts_on_more_sources"] == found["facts"]
    )


@cache
def countries() -> dict[str, str]:
    """The countries of the record: code and English label."""
    rows = (
        opened()
        .query(
            "SELECT ?code ?label { ?place a prk:Jurisdiction ; skos:notation ?code ; skos:prefLabel ?label FILTER(LANG(?label) = 'en') }"
        )
        .rows
    )
    return {code: label for code, label in rows if re.fullmatch("[A-Z]{2}", code) and code != "EU"}


def test_every_country_of_iso_3166_is_a_jurisdiction() -> None:
    """The two-letter codes of the record are exactly those of ISO 3166-1, as pycountry has them, and the European Union."""
    assert set(countries()) == {country.alpha_2 for country in pycountry.countries}


@pytest.mark.parametrize("country", list(pycountry.countries), ids=lambda country: country.alpha_2)
def test_country_is_found_by_code(country: Any) -> None:
    """A country answers to both its codes, whatever the case."""
    graph = opened()
    assert graph.place(country.alpha_2).value == graph.place(country.alpha_3.lower()).value
    assert graph.place(country.alpha_2).value.endswith(f"/{country.alpha_2}")


def test_regions_are_those_of_iso_3166() -> None:
    """A region has a code of ISO 3166-2 and lies in the country of that code."""
    rows = (
        opened()
        .query(
            "SELECT ?code ?whole { ?place a prk:Jurisdiction ; skos:notation ?code ; prk:within ?country . ?country skos:notation ?whole }"
        )
        .rows
    )
    regions = {code: whole for code, whole in rows if "-" in code}
    assert len(regions) >= 30
    assert [code for code in regions if pycountry.subdivisions.get(code=code) is None] == []
    assert [code for code, whole in regions.items() if not code.startswith(f"{whole}-")] == []


@pytest.mark.parametrize(
    "file", [file for file in places.record_files() if file.parent.name == "facts"], ids=lambda file: file.stem
)
def test_facts_lie_in_the_file_of_their_place(file: Path) -> None:
    """One file a jurisdiction: every id in it starts with its code."""
    ids = re.findall(r"(?m)^prki:(\S+) a ", file.read_text(encoding="utf-8"))
    assert ids
    if file.stem != "INT":
        assert [one for one in ids if not one.startswith(f"{file.stem}-")] == []


def test_no_source_is_unused() -> None:
    """Each source stands behind some claim."""
    rows = (
        opened()
        .query("SELECT ?source { ?source a prk:Source FILTER NOT EXISTS { ?evidence prk:source ?source } }")
        .rows
    )
    assert list(rows) == []


ALLOWED_QUESTIONS = {"accounts-far-apart", "too-exact", "gap-between-stays", "lift-of-ended"}
"""Questions that may have a good answer in single facts; an orphan never has."""


def test_only_questions_with_a_good_answer_are_open() -> None:
    """The record has no fault, nothing that is listed and never used, and few open questions."""
    files = [*places.vocabulary_files(), *places.record_files()]
    found = find_problems(read_record(files), files)
    assert [str(one) for one in found if one.check not in ALLOWED_QUESTIONS] == []
    assert all(one.question for one in found)
    assert len(found) <= 10
