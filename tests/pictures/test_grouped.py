from __future__ import annotations

import html
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import kg
from kg import KnowledgeGraph
from kg.cli import picture
from kg.errors import UnknownName, UsageError
from kg.pictures.grouped import WAYS, Group, draw_groups, group

ON = "2026-11-22"
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return kg.open()


@cache
def by_id(graph: KnowledgeGraph, way: str, place: str | None = None) -> dict[str, Group]:
    return {one.id: one for one in group(graph, way, place, DAY, DAY)}


def acts_of(one: Group) -> set[str]:
    return set().union(one.of_day, one.over, *one.running.values(), *one.narrow.values())


@pytest.mark.parametrize("way", WAYS)
def test_parts_hold_what_their_group_holds(graph: KnowledgeGraph, way: str) -> None:
    """No act of a group is lost in its parts, and none is added."""
    for one in by_id(graph, way).values():
        assert one.parts
        assert set().union(*map(acts_of, one.parts.values())) == acts_of(one)


def test_both_ways_hold_the_same_acts(graph: KnowledgeGraph) -> None:
    """What nobody is on record to own is a group too."""
    company, place = by_id(graph, "company"), by_id(graph, "jurisdiction")
    assert set().union(*map(acts_of, company.values())) == set().union(*map(acts_of, place.values()))
    assert company[""].label == "No owner on record"


def test_derived_acts_do_not_count(graph: KnowledgeGraph) -> None:
    """What rules derive from a recorded act is the same act again."""
    for one in sorted(acts_of(by_id(graph, "jurisdiction")["RU"])):
        assert not graph.query(f"ASK {{ prki:{one} prk:derivedBy ?rule }}").truth, one


def test_what_holds_for_some_is_counted_apart(graph: KnowledgeGraph) -> None:
    """A ban on the devices of officials is no block of a country."""
    canada = by_id(graph, "jurisdiction")["CA"]
    assert any("blocked for government devices" in words for words in canada.narrow)
    assert "blocked" not in canada.running


def test_a_share_does_not_make_an_owner(graph: KnowledgeGraph) -> None:
    """Who holds a part of a company is not named as the one behind its platforms; who owns it in the end is."""
    company = by_id(graph, "company")
    assert "bytedance" in company
    assert "tiktok/RU" in company["bytedance"].parts
    assert not {"oracle", "silver-lake", "mgx"} & set(company)
    assert "whatsapp/RU" in company["meta"].parts


def test_regions_count_for_their_country(graph: KnowledgeGraph) -> None:
    """A measure in four regions stands with the country, as one for a part."""
    russia = by_id(graph, "jurisdiction")["RU"]
    assert "RU-whatsapp-south" in acts_of(russia)
    assert "RU-KDA" not in by_id(graph, "jurisdiction")


def test_a_place_narrows_the_groups(graph: KnowledgeGraph) -> None:
    """Within a country only its acts are grouped."""
    company = by_id(graph, "company", "RU")
    assert {key.split("/")[1] for one in company.values() for key in one.parts} == {"RU"}


@pytest.mark.parametrize("way", WAYS)
def test_the_page_needs_no_script_and_asks_for_nothing(graph: KnowledgeGraph, way: str) -> None:
    """A table of all groups and elements that open by themselves; every part names the command that draws it."""
    page = draw_groups(graph, way, on=ON, known=ON)
    assert "<script" not in page
    assert not re.search(r"\b(?:src|action)=|url\(|@import|<a ", page)
    groups = by_id(graph, way)
    assert page.count("<details>") == page.count('<th scope="row"') == len(groups)
    assert page.count("<li>") == sum(len(one.parts) for one in groups.values())
    commands = re.findall(r"<code>(kg graph [^<]+)</code>", page)
    assert len(commands) == page.count("<li>")
    assert all(re.fullmatch(r"kg graph prki:\S+ --in \S+ -o \S+\.html", html.unescape(one)) for one in commands)
    assert "Nothing recorded does not mean not restricted." in page


def test_nothing_recorded_is_said(graph: KnowledgeGraph) -> None:
    """A day before everything was known gives a page that says so, and no empty table."""
    page = draw_groups(graph, "company", on="1900-01-01", known="1900-01-01")
    assert "Nothing is recorded here." in page
    assert "<table" not in page


def test_what_cannot_be_grouped_is_refused(graph: KnowledgeGraph) -> None:
    """One sentence for a way that there is not, a place that there is not and a day that is none."""
    with pytest.raises(UsageError, match="--group law is none; there are company, jurisdiction"):
        draw_groups(graph, "law")
    with pytest.raises(UnknownName):
        draw_groups(graph, "company", "Atlantis")
    with pytest.raises(UsageError):
        draw_groups(graph, "company", on="yesterday")


@pytest.mark.parametrize(
    ("names", "file", "whole", "way", "message"),
    [
        ([], "x.html", False, None, "name what is to be drawn"),
        (["TikTok"], "x.html", True, None, "leave out TikTok or --all"),
        ([], "x.svg", True, None, "too much for one drawing"),
        ([], "x.json", True, "company", "--group says how the page of --all is grouped"),
        (["TikTok"], "x.html", False, "company", "--group says how the page of --all is grouped"),
    ],
)
def test_choices_that_do_not_fit_are_refused(
    names: list[str], file: str, whole: bool, way: str | None, message: str, tmp_path: Path
) -> None:
    """One sentence that says what to do, and no file."""
    with pytest.raises(UsageError, match=message):
        picture.graph(tmp_path / file, names, whole=whole, group=way)
    assert not list(tmp_path.iterdir())


def test_the_whole_record_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page of groups, and every thing by itself for programs; one line tells name and size."""
    for name in ("all.html", "all.json"):
        picture.graph(tmp_path / name, None, on=ON, known=ON, whole=True)
        assert re.fullmatch(rf"{tmp_path / name}: \d+ kB\n", capsys.readouterr().out)
    assert "The record by jurisdiction" in (tmp_path / "all.html").read_text(encoding="utf-8")
    assert '"folded-' not in (tmp_path / "all.json").read_text(encoding="utf-8")
