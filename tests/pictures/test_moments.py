"""What the slider of the page shows on a day is what the record answers for that day."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest
from test_page import RECORD

import kg
from kg.graph import KnowledgeGraph
from kg.pictures.gathering import gather
from kg.pictures.moments import Moments, moments
from kg.pictures.scene import Scene, badges, level_of, set_scene

ON = "2026-11-22"


def drawn(
    graph: KnowledgeGraph, name: str, place: str | None, on: str = ON, known: str = ON, view: str = "acts"
) -> tuple[Scene, Moments]:
    scene = set_scene(graph, [name], place, on=on, known=known, view=view)
    return scene, moments(graph.store, scene, gather(graph.store, scene).facts)


def holds(entries: list[list[object]], number: int) -> list[object]:
    """What holds on the day of a number."""
    return next((entry[1:] for entry in reversed(entries) if entry[0] <= number), [])


@pytest.fixture(scope="module")
def case() -> tuple[Scene, Moments]:
    return drawn(kg.open(), "WhatsApp", "RU")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The made-up world, in which a measure is lifted and others are held off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_HOME", str(tmp_path_factory.mktemp("home")))
        return kg.open(data=[RECORD])


def differences(graph: KnowledgeGraph, scene: Scene, found: Moments, days: dict[str, int]) -> list[str]:
    """Where a platform of a picture has another level on some days than a picture drawn for that day."""
    wrong = []
    for day, number in days.items():
        for one, kind in scene.network.nodes(data="type"):
            if kind != "platform":
                continue
            answer = graph.status(f"prki:{one}", scene.place, on=day, known=scene.known)
            level, notes = holds(found.things[one], number)
            told = answer.verdict + (", its owner is designated" if answer.derived else "")
            if level != answer.level or " ".join(notes).lower() not in {told, f"{told} for everyone"}:
                wrong.append(f"{day} {one}: {level} {notes}, not {answer.level} {told}")
    return wrong


def numbered(found: Moments, *days: str) -> dict[str, int]:
    """Some days with the number of the last step up to each."""
    return {day: max(number for number, one in enumerate(found.days) if one <= day) for day in days}


def test_badges_are_the_verdicts_of_the_day(case: tuple[Scene, Moments]) -> None:
    """On every step, and on days between steps, each platform has the verdict that kg status gives for the day."""
    scene, found = case
    days = numbered(found, *found.days, "2022-03-20", "2024-06-01", "2025-08-12", "2026-02-14", "2026-06-01")
    assert differences(kg.open(), scene, found, days) == []


def test_badges_follow_lifts_and_what_holds_off(small: KnowledgeGraph) -> None:
    """What is lifted, ends that day, or is held off by an exemption or a stay changes on its days, too."""
    for name in ("chirp", "peep", "vpn-services"):
        scene, found = drawn(small, name, "ZZ")
        days = numbered(found, *found.days, "2024-05-30", "2024-05-31", "2024-06-02", "2025-01-02")
        assert differences(small, scene, found, days) == []
        assert len(found.days) > 2


def test_stays_have_their_days() -> None:
    """The American ban on TikTok is held off for stretches, and each of them shows."""
    scene, found = drawn(kg.open(), "TikTok", "US")
    days = numbered(found, *found.days, "2025-01-18", "2025-01-19", "2025-01-20", "2025-04-10", "2025-07-01")
    assert differences(kg.open(), scene, found, days) == []


@cache
def whatsapp(view: str) -> tuple[Scene, Moments]:
    return drawn(kg.open(), "WhatsApp", "RU", view=view)


def lines_on(scene: Scene, found: Moments, number: int) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """Level, whether it is over, and label of each line that a picture shows on the day of a number."""
    lines = {}
    for wire in scene.layout.wires:
        if said := holds(found.wires[wire.id], number):
            lines[wire.source, wire.target, wire.key] = (said[0], said[1], said[3])
    return lines


@pytest.mark.parametrize("day", ["2022-03-14", "2023-05-02", "2025-08-13", "2026-02-11"])
@pytest.mark.parametrize("view", ["acts", "law", "events"])
def test_lines_are_those_of_a_picture_of_that_day(view: str, day: str) -> None:
    """Which lines there are, their labels, levels and whether they are over, are as if the picture were drawn for the day."""
    scene, found = whatsapp(view)
    network = kg.open().to_networkx("WhatsApp", "RU", on=day, known=ON, view=view)
    theirs = {
        (source, target, key): (data["level"], data["ended"], data["label"])
        for source, target, key, data in network.edges(keys=True, data=True)
    }
    assert lines_on(scene, found, numbered(found, day)[day]) == theirs


def test_owners_come_and_go() -> None:
    """In the view of ownership a former owner has its line before its end, and a later one only from its day on."""
    scene, found = drawn(kg.open(), "X", None, view="ownership")
    network = scene.network
    joined = {
        one: said for *ends, said in network.edges(data=True) for one in said["facts"] if said["kind"] == "Ownership"
    }
    started = [said["start"] for said in joined.values() if said.get("start")]
    assert started
    for day in started:
        number = numbered(found, day)[day]
        shown = lines_on(scene, found, number)
        for wire in scene.layout.wires:
            edge = network.edges[wire.source, wire.target, wire.key]
            first = min(network.graph["days"][one][0] for one in edge["facts"])
            assert ((wire.source, wire.target, wire.key) in shown) == (first <= day)


def test_cards_of_several_keep_what_had_begun() -> None:
    """On a picture with folded cards no line is older than the first of its acts, and each says no more than had begun."""
    scene, found = drawn(kg.open(), "TikTok", None)
    assert scene.network is not scene.whole
    days = scene.network.graph["days"]
    for wire in scene.layout.wires:
        edge = scene.network.edges[wire.source, wire.target, wire.key]
        starts = sorted(days[one][0] for one in edge["facts"])
        entries = found.wires[wire.id]
        first = next((found.days[entry[0]] for entry in entries if len(entry) > 1), None)
        assert first is not None
        assert first >= starts[0]
        for entry in entries:
            if (more := re.search(r"\(\+(\d+) ", str(entry[4]))) and edge["level"] not in {"law", "act"}:
                assert int(more[1]) + 1 <= sum(one <= found.days[entry[0]] for one in starts)


def test_the_last_day_is_the_picture_itself(case: tuple[Scene, Moments]) -> None:
    """On its own day the slider changes nothing: lines, labels, badges and verdicts are those of the still drawing."""
    scene, found = case
    last = len(found.days) - 1
    assert found.days[last] == ON
    assert found.days == sorted(set(found.days))
    for wire in scene.layout.wires:
        edge = scene.network.edges[wire.source, wire.target, wire.key]
        assert holds(found.wires[wire.id], last) == [edge["level"], edge["ended"], list(wire.lines), edge["label"]]
    for one, box in scene.layout.boxes.items():
        assert holds(found.things[one], last) == [level_of(scene.network, one), list(box.notes)]
    assert holds(found.verdicts, last) == [list(scene.verdicts)]


def test_without_a_place_designations_still_change() -> None:
    """A picture of the whole world has no verdicts; what is designated shows from its day on."""
    scene, found = drawn(kg.open(), "Meta", None)
    assert holds(found.verdicts, len(found.days) - 1) == [[]]
    first = next(entry for entry in found.things["meta"] if entry[1] == "designated")
    assert date.fromisoformat(found.days[first[0]]) <= date(2022, 3, 21)
    assert badges(scene.network, None)["meta"] == "Designated by a state"


def test_the_day_of_knowledge_stays() -> None:
    """Earlier days are told by what was known on the day of knowledge of the picture and never by later news."""
    scene, found = drawn(kg.open(), "WhatsApp", "RU", on="2025-12-31", known="2025-12-31")
    assert found.days[-1] == "2025-12-31"
    assert differences(kg.open(), scene, found, numbered(found, *found.days)) == []


def test_a_picture_without_acts_has_one_day() -> None:
    """Where nothing is recorded there is nothing to slide over."""
    scene, found = drawn(kg.open(), "Roskomnadzor", "EU", on="1990-01-01")
    assert found.days == ["1990-01-01"]
    assert list(scene.layout.boxes) == ["roskomnadzor"]


def test_a_label_keeps_to_its_room(case: tuple[Scene, Moments]) -> None:
    """A label of an earlier day has no more lines than the picture left room for."""
    scene, found = case
    for wire in scene.layout.wires:
        assert all(len(entry[3]) <= len(wire.lines) for entry in found.wires[wire.id] if len(entry) > 1)


def test_the_same_scene_gives_the_same_moments(case: tuple[Scene, Moments]) -> None:
    """Asked again, the days and all that holds on them are the same."""
    scene, found = case
    graph = kg.open()
    assert moments(graph.store, scene, gather(graph.store, scene).facts) == found
