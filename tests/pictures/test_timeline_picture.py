"""Timelines as pictures: what is drawn agrees with the answers, nothing lies on anything else, and pages keep to themselves."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import kg
from kg import KnowledgeGraph
from kg.dates import LAST_DAY
from kg.errors import UnknownName, UsageError
from kg.pictures.acts import scoped
from kg.pictures.lanes import Lanes, set_lanes
from kg.pictures.layout import wide
from kg.pictures.swim import RIGHT, place_lanes
from kg.pictures.timeline import draw_page, draw_svg

ON = "2026-11-22"
SVG = "{http://www.w3.org/2000/svg}"
VIEWS = [
    ("WhatsApp", "RU"),
    (None, "RU"),
    ("WhatsApp", None),
    ("Meta", "RU"),
    ("Meta", None),
    ("TikTok", None),
    (None, "ID"),
]


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return kg.open()


@pytest.fixture(scope="module", params=VIEWS, ids=lambda one: "-".join(map(str, one)))
def lanes(graph: KnowledgeGraph, request: pytest.FixtureRequest) -> Lanes:
    """Timelines of a platform in a place, a place, a platform everywhere, a company in a place and everywhere."""
    name, place = request.param
    return set_lanes(graph, name, place, on=ON, known=ON)


@pytest.mark.parametrize("on", ["2022-03-20", "2024-08-01", "2025-09-01", "2026-02-20", ON])
@pytest.mark.parametrize(("name", "place"), [(None, "RU"), ("WhatsApp", None), ("Telegram", None), (None, "IR")])
def test_bars_agree_with_the_verdicts(graph: KnowledgeGraph, name: str | None, place: str | None, on: str) -> None:
    """What runs that day in a lane by its bars is what the status of that day rests on, lane by lane and both ways."""
    for lane in set_lanes(graph, name, place, on=on, known=ON).lanes:
        if lane.status is None:
            continue
        found = lane.status
        stated = {
            one.fact.id
            for one in (*found.measures, *found.held_off)
            if not one.derived and one.reach == "here" and one.audience.id == "everyone"
        }
        whole = {
            act.id: act
            for act in lane.states
            if not act.scope and act.type in {"RestrictionMeasure", "Withdrawal"} and "/" not in act.id
        }
        own = (
            {one.fact.id for one in found.measures if {ref.id for ref in one.fact.refs("target")} & {lane.id}}
            if place
            else stated
        )
        assert {one for one in stated & own if "/" not in one} <= {act.id for act in lane.states}, lane.label
        running = {
            one for one, act in whole.items() if act.certainty(date.fromisoformat(on)) in {"definite", "presumed"}
        }
        assert running <= stated | {one.fact.id for one in (*found.narrower, *found.ended)}, lane.label


def test_words_and_bars_do_not_lie_on_each_other(lanes: Lanes) -> None:
    """No bar covers another, no word another word or a bar that is not its own, and nothing leaves the picture."""
    for line in place_lanes(lanes).lines:
        boxes = [(bar.x0, bar.x3, bar.y, bar) for bar in line.bars]
        for left, right, y, bar in boxes:
            assert left <= right <= RIGHT + 3
            for other_left, other_right, other_y, other in boxes:
                assert other is bar or other_y != y or right < other_left or other_right < left
        words = [(bar.word_x, bar.word_x + wide(bar.word, 11, bold=False), bar.y, bar) for bar in line.bars if bar.word]
        for left, right, y, bar in words:
            for other_left, other_right, other_y, other in words:
                assert other is bar or other_y != y or right < other_left or other_right < left
            if bar.inside:
                assert bar.sure
                assert right <= (bar.x3 if bar.open else bar.x2)
            else:
                assert all(one is bar or row != y or right < low or high < left for low, high, row, one in boxes)


def test_marks_do_not_touch(lanes: Lanes) -> None:
    """Marks of a lane stand from left to right and apart by more than the widest of them, so that numbers in them can be read."""
    for line in place_lanes(lanes).lines:
        places = [mark.x for mark in line.marks]
        assert all(later - earlier >= 18 for earlier, later in pairwise(places))


@pytest.mark.parametrize(
    ("word", "scope", "told"),
    [
        ("ban on devices", "for government devices", "ban on government devices"),
        ("ban on devices", "for government devices in Montana", "ban on government devices in Montana"),
        ("ban for an age group", "for minors", "ban for an age group for minors"),
        ("slow-down", "in 4 regions", "slow-down in 4 regions"),
        ("full block", "", "full block"),
    ],
)
def test_a_word_says_its_scope_once(word: str, scope: str, told: str) -> None:
    """For whom and where alone something holds stands behind its word, without saying the same noun twice."""
    assert scoped(word, scope) == told


def test_a_verdict_for_a_group_alone_is_not_nothing(graph: KnowledgeGraph) -> None:
    """Where only something narrower runs the lane says: nothing recorded for everyone; where nothing does: nothing recorded."""
    lanes = set_lanes(graph, "TikTok", None, on=ON, known=ON)
    words = {line.lane.id: line.verdict for line in place_lanes(lanes).lines}
    assert words["US"] == words["TW"] == "nothing recorded for everyone"
    assert words["LK"] == "nothing recorded"
    for lane in lanes.lanes:
        if lane.status and lane.status.level == "none":
            assert words[lane.id].endswith("for everyone") == bool(lane.status.narrower or lane.status.held_off)


def test_everything_stands_in_its_lane(lanes: Lanes) -> None:
    """Bars and marks of a lane lie between its upper and lower border, and lanes follow each other."""
    end = 0.0
    for line in place_lanes(lanes).lines:
        assert line.y >= end
        end = line.y + line.height
        for y in [bar.y for bar in line.bars] + [mark.y for mark in line.marks]:
            assert line.y + 6 <= y <= end - 6


def test_every_act_is_drawn_once(lanes: Lanes) -> None:
    """Each act of a lane has exactly one bar or mark in it."""
    for line in place_lanes(lanes).lines:
        drawn = [bar.act.id for bar in line.bars] + [act.id for mark in line.marks for act in mark.acts]
        assert sorted(drawn) == sorted(act.id for act in (*line.lane.states, *line.lane.acts))


def test_a_drawing_is_a_file_of_its_own(lanes: Lanes) -> None:
    """Well formed, with a title, without scripts, without variables of style sheets, and with no address in it."""
    text = draw_svg(lanes)
    root = ET.fromstring(text.encode())  # noqa: S314  written by ourselves
    assert root.find(f"{SVG}title") is not None
    assert root.find(f".//{SVG}script") is None
    assert "var(--" not in text
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
    assert draw_svg(lanes) == text


class Reader(HTMLParser):
    """What a page would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what would be loaded or run."""
        self.found += [
            (tag, name, value)
            for name, value in attrs
            if name in {"src", "href", "action", "style"} or name.startswith("on")
        ]


def test_a_page_asks_for_nothing(lanes: Lanes) -> None:
    """No address is loaded, linked or sent to, no attribute runs anything; the table has every act and source."""
    text = draw_page(lanes)
    reader = Reader()
    reader.feed(text)
    assert reader.found == [("link", "href", "data:,")]
    assert "default-src 'none'" in unescape(text)
    data = json.loads(text.split('id="data">')[1].split("</script>")[0])
    ids = {act.id for lane in lanes.lanes for act in (*lane.states, *lane.acts)}
    assert len(data["facts"]) == len(ids)
    assert set(re.findall(r'data-fact="([^"]*)"', text)) <= {
        *data["facts"],
        *re.findall(r'data-fact="(f\d+(?: f\d+)+)"', text),
    }
    assert text.count('<li><span dir="auto">') == len(data["sources"])


def test_uncertain_ends_are_pale() -> None:
    """What may have begun earlier, what nothing confirms and what may be over is never drawn as certain."""
    lanes = set_lanes(kg.open(), "WhatsApp", None, on=ON, known=ON)
    drawn = {bar.act.id: bar for line in place_lanes(lanes).lines for bar in line.bars}
    early = drawn["TM-messengers-block-whatsapp"]
    assert early.x0 < early.x1 <= early.x2 < early.x3
    assert early.open
    restated = next(bar for one, bar in drawn.items() if one.startswith("GN-whatsapp-block-1/restated/"))
    assert not restated.sure
    over = drawn["GN-whatsapp-block-1"]
    assert over.sure
    assert not over.open
    assert over.x2 < over.x3 < RIGHT - 100


@pytest.mark.parametrize(("name", "place"), [("TikTok", "JO"), ("Epic Games", "ID")])
def test_an_end_on_a_day_that_nobody_knows_is_no_open_end(graph: KnowledgeGraph, name: str, place: str) -> None:
    """What ended, but nobody says when, is palest up to the last day, without the arrow of what has no end on record."""
    lanes = set_lanes(graph, name, place, on=ON, known=ON)
    assert [lane.status.certainty for lane in lanes.lanes if lane.status] == ["possible"]
    bar = next(bar for line in place_lanes(lanes).lines for bar in line.bars if bar.act.level == "blocked")
    assert bar.sure
    assert not bar.open
    assert bar.x2 < bar.x3 == RIGHT


def test_open_bars_are_what_the_acts_say(lanes: Lanes) -> None:
    """An arrow stands on what is definite or presumed on the last day, or would be had it surely begun; nowhere else."""
    for line in place_lanes(lanes).lines:
        for bar in line.bars:
            certainty = bar.act.certainty(lanes.on)
            assert bar.open or certainty not in {"definite", "presumed"}
            assert not bar.open or bar.act.span[3] == LAST_DAY or certainty == "definite"


def test_a_territory_with_a_lane_is_a_whole_place(graph: KnowledgeGraph) -> None:
    """What held in all of New Caledonia is drawn there as for everyone; what holds in a state of the USA is not."""
    drawn = {
        bar.act.id: bar
        for line in place_lanes(set_lanes(graph, "TikTok", None, on=ON, known=ON)).lines
        for bar in line.bars
    }
    assert (drawn["NC-tiktok-block"].narrow, drawn["NC-tiktok-block"].word) == (False, "full block")
    assert any(bar.narrow and bar.act.scope.endswith("in Montana") for bar in drawn.values())


def test_a_level_of_its_own_is_named(graph: KnowledgeGraph) -> None:
    """Where the record states another level than the kind of a measure gives, the word of the bar says it."""
    lanes = set_lanes(graph, "Telegram", "ID", on=ON, known=ON)
    assert [bar.word for line in place_lanes(lanes).lines for bar in line.bars] == ["full block (limited)"]


HOSTILE = '</text></svg><script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_nothing_of_the_record_is_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels that look like markup stay text in the drawing and on the page."""
    base = Path(__file__).resolve().parents[1] / "fixtures" / "valid" / "base.ttl"
    record = base.read_text(encoding="utf-8")
    for label in ("Chirp", "Block of Chirp"):
        record = record.replace(f'"{label}"@en', f"{json.dumps(label + HOSTILE)}@en")
    file = tmp_path / "record.ttl"
    file.write_text(record, encoding="utf-8")
    monkeypatch.setenv("KG_HOME", str(tmp_path / "home"))
    lanes = set_lanes(kg.open(data=[file]), "chirp", "ZZ", on=ON, known=ON)
    text = draw_page(lanes)
    assert "<img" not in text
    assert text.count("<script") == 2
    root = ET.fromstring(draw_svg(lanes).encode())  # noqa: S314  written by ourselves
    assert root.find(f".//{SVG}script") is None
    assert any("<script>" in (one.text or "") for one in root.iter(f"{SVG}title"))


@pytest.mark.parametrize(
    ("name", "place", "error", "says"),
    [
        (None, None, UsageError, "name a platform or company, or a place"),
        ("Watsap", None, UnknownName, "did you mean WhatsApp"),
        ("WhatsApp", "Atlantis", UnknownName, "Atlantis"),
        ("MAX", "CH", UsageError, "nothing dated is recorded about MAX in CH; that does not mean: not restricted"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(
    graph: KnowledgeGraph, name: str | None, place: str | None, error: type[Exception], says: str
) -> None:
    """An unknown name, nothing named, nothing recorded."""
    with pytest.raises(error, match=says):
        set_lanes(graph, name, place, on=ON, known=ON)


def test_laws_stand_at_the_day_they_came_into_force(graph: KnowledgeGraph) -> None:
    """Each flag of Russia is the first day of a phase that `laws-in-force` gives."""
    lanes = set_lanes(graph, None, "RU", on=ON, known=ON)
    rows = graph.query("laws-in-force", jurisdiction="RU", on=ON, known=ON).to_dicts()
    known = {(str(row["since"]), row["label"]) for row in rows}
    assert lanes.laws
    assert {(day.isoformat(), label) for day, label in lanes.laws} <= known
