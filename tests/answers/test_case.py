"""The Russian case on the packaged record: what is answered, how surely, and on whose word."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import pytest

import kg
from kg import KnowledgeGraph
from kg.answers.model import Fact, Standing, Status

NOW = "2026-11-22"
"""The day that stands for today, so that the answers do not move with the calendar."""


@pytest.fixture(scope="session")
def graph() -> KnowledgeGraph:
    return opened()


@cache
def opened() -> KnowledgeGraph:
    return kg.open()


@cache
def ask(platform: str, place: str, on: str, known: str = NOW) -> Status:
    return opened().status(platform, place, on=on, known=known)


def levels(standings: tuple[Standing, ...]) -> set[str]:
    return {one.level.id for one in standings}


def ids(standings: tuple[Standing, ...]) -> set[str]:
    return {one.fact.id for one in standings}


def dates(fact: Fact, name: str) -> set[str]:
    return {date for account in fact.accounts for key, date in account.dates if key == name}


def one(standings: tuple[Standing, ...], fact: str) -> Standing:
    return next(standing for standing in standings if standing.fact.id == fact)


@dataclass(frozen=True, slots=True)
class Row:
    """One question and what must come back; ``upcoming`` names levels that must be among those later on record."""

    platform: str
    place: str
    on: str
    known: str
    level: str
    certainty: str | None
    held_off: set[str] = field(default_factory=set)
    narrower: set[str] = field(default_factory=set)
    upcoming: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return f"{self.platform}-{self.place}-{self.on}-known-{self.known}"


P, L, B = {"pressure"}, {"limited"}, {"blocked"}

# Sources of 2026 confirm the blocks of Facebook and Instagram, so days before that are definite as known today.
QUESTIONS = [
    Row("facebook", "RU", "2022-03-01", NOW, "limited", "definite", upcoming=B),
    Row("facebook", "RU", "2022-03-10", NOW, "blocked", "definite", upcoming=P),
    Row("facebook", "RU", "2022-03-10", "2022-03-03", "limited", "presumed"),
    Row("instagram", "RU", "2022-03-13", NOW, "none", None, upcoming=B | P),
    Row("instagram", "RU", "2022-03-14", NOW, "blocked", "definite", upcoming=P),
    Row("whatsapp", "RU", "2022-06-01", NOW, "none", None, held_off=P, upcoming=B | L),
    Row("threads", "RU", "2023-08-01", NOW, "pressure", "presumed"),
    # Two accounts of the first day of the calls' limit, 2025-08-11 and 2025-08-13, leave the day between possible.
    Row("whatsapp", "RU", "2025-08-12", NOW, "limited", "possible", held_off=P, upcoming=B | L),
    Row("whatsapp", "RU", "2025-08-12", "2025-08-13", "none", None, held_off=P, upcoming=L),
    Row("whatsapp", "RU", "2025-10-25", "2025-11-01", "limited", "presumed", held_off=P, narrower=L),
    Row("whatsapp", "RU-ROS", "2025-10-25", "2025-11-01", "limited", "presumed", held_off=P),
    Row("whatsapp", "RU", "2025-12-15", NOW, "limited", "definite", held_off=P, narrower=L, upcoming=B),
    Row("whatsapp", "RU", "2025-12-15", "2025-12-20", "limited", "presumed", held_off=P, narrower=L),
    # The full block alone is only possible on the 11th; the removal from the domain system makes the level definite.
    Row("whatsapp", "RU", "2026-02-11", NOW, "blocked", "definite", held_off=P, narrower=L),
    Row("whatsapp", "RU", "2026-02-11", "2026-02-11", "blocked", "definite", held_off=P, narrower=L),
    Row("whatsapp", "RU", "2026-03-01", NOW, "blocked", "presumed", held_off=P, narrower=L),
    Row("telegram", "RU", "2019-01-01", NOW, "blocked", "definite", upcoming=B | L),
    Row("telegram", "RU", "2019-01-01", "2019-06-01", "blocked", "presumed"),
    Row("telegram", "RU", "2020-06-18", NOW, "none", "ended that day", upcoming=B | L),
    Row("telegram", "RU", "2021-01-01", "2020-06-01", "blocked", "presumed"),
    Row("telegram", "RU", "2025-05-01", "2025-07-01", "none", None, narrower=B),
    Row("telegram", "RU-CE", "2025-05-01", "2025-07-01", "blocked", "presumed"),
    # The rows below are not among the numbered questions; they complete the course of each platform.
    Row("facebook", "RU", "2022-06-01", NOW, "blocked", "definite"),
    Row("instagram", "RU", "2022-06-01", NOW, "blocked", "definite"),
    Row("whatsapp", "RU", "2025-09-01", NOW, "limited", "presumed", held_off=P, upcoming=B | L),
    Row("whatsapp", "RU", "2025-10-25", NOW, "limited", "presumed", held_off=P, narrower=L, upcoming=B | L),
    Row("whatsapp", "RU-ROS", "2025-10-25", NOW, "limited", "presumed", held_off=P, upcoming=B | L),
    Row("whatsapp", "RU", "2026-02-13", NOW, "blocked", "presumed", held_off=P, narrower=L),
    Row("whatsapp", "RU", "2026-03-01", "2026-01-01", "limited", "presumed", held_off=P, narrower=L),
    Row("whatsapp", "RU", NOW, NOW, "blocked", "presumed", held_off=P, narrower=L),
    Row("telegram", "RU", "2019-06-01", NOW, "blocked", "definite", upcoming=B | L),
    Row("telegram", "RU", "2019-06-01", "2019-06-01", "blocked", "presumed"),
    Row("telegram", "RU", "2021-02-01", NOW, "none", None, upcoming=B | L),
    Row("telegram", "RU", NOW, NOW, "limited", "presumed", narrower=B | L),
    # Slowed from 2024 on; the removal from the domain system in February 2026 is what makes it blocked.
    Row("youtube", "RU", NOW, NOW, "blocked", "presumed"),
    Row("max", "RU", NOW, NOW, "none", None),
]


@pytest.mark.parametrize("row", QUESTIONS, ids=str)
def test_question(row: Row) -> None:
    """Each question gets its level and certainty, and what is held off, narrower and still to come."""
    answer = ask(row.platform, row.place, row.on, row.known)
    assert (answer.level, answer.certainty) == (row.level, row.certainty)
    assert levels(answer.held_off) == row.held_off
    assert levels(answer.narrower) == row.narrower
    assert row.upcoming <= levels(answer.upcoming)


@pytest.mark.parametrize(
    ("platform", "on", "since"),
    [
        ("facebook", "2022-06-01", "2022-03-04"),
        ("instagram", "2022-06-01", "2022-03-14"),
        ("threads", "2023-08-01", "between 2022-03-21 and 2023-07-09"),
        ("whatsapp", "2025-09-01", "between 2025-08-11 and 2025-08-13"),
        ("whatsapp", "2026-02-13", "2026-02-11"),
        ("telegram", "2019-06-01", "2018-04-16"),
        ("telegram", "2020-06-18", "2018-04-16"),
        ("youtube", NOW, "2026-02-10"),
        ("max", NOW, None),
    ],
)
def test_since(platform: str, on: str, since: str | None) -> None:
    """The first day of the headline is as exact as its accounts, and no more."""
    assert ask(platform, "RU", on).since == since


def test_whatsapp_exempted() -> None:
    """In 2022 the ban on Meta reached WhatsApp only on paper: the exemption holds it off, both with their sources."""
    answer = ask("whatsapp", "RU", "2022-06-01")
    assert answer.verdict == "nothing recorded"
    assert [standing.fact.id for standing in answer.held_off] == ["RU-meta-extremist-ruling/reaches/whatsapp"]
    held = answer.held_off[0]
    ruling = next(fact for fact in held.premises if fact.id == "RU-meta-extremist-ruling")
    assert [fact.id for fact in held.held_off_by] == ["RU-whatsapp-exemption"]
    assert dates(ruling, "validFrom") == {"2022-03-21"}
    assert sources(ruling)
    assert sources(held.held_off_by[0])


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_block_precedes_ruling(platform: str) -> None:
    """Facebook and Instagram were blocked before the ruling, which is a fact of its own with grounds of its own."""
    answer = ask(platform, "RU", "2022-06-01")
    block = one(answer.measures, f"RU-{platform}-block")
    exposure = one(answer.measures, f"RU-meta-extremist-ruling/reaches/{platform}")
    ruling = next(fact for fact in exposure.premises if fact.id == "RU-meta-extremist-ruling")
    assert (block.level.id, exposure.level.id) == ("blocked", "pressure")
    assert block.span.from_latest is not None
    assert exposure.span.from_earliest == "2022-03-21"
    assert block.span.from_latest < exposure.span.from_earliest
    assert block.fact.refs("ground")
    assert ruling.refs("ground")
    assert block.fact.refs("ground") != ruling.refs("ground")
    assert "RU-meta-extremist-ruling" not in {ref.id for ref in block.fact.refs("follows", "wasDerivedFrom")}


def test_threads_derived() -> None:
    """Threads stands under pressure only because its owner is designated, and the answer says so."""
    answer = ask("threads", "RU", "2023-08-01")
    assert (answer.verdict, answer.derived) == ("under pressure", True)
    assert all(standing.derived and standing.premises for standing in answer.measures)


def test_calls_limited() -> None:
    """In September 2025 WhatsApp lacked voice calls, and the answer names the feature."""
    answer = ask("whatsapp", "RU", "2025-09-01")
    assert [standing.fact.id for standing in answer.measures] == ["RU-whatsapp-calls"]
    assert [ref.id for ref in answer.measures[0].fact.refs("feature")] == ["voice-calls"]


def test_regional_slow_down() -> None:
    """The slow-down in the south is narrower for the country and counts in the region itself."""
    country, region = ask("whatsapp", "RU", "2025-10-25"), ask("whatsapp", "RU-ROS", "2025-10-25")
    assert "RU-ROS" in {standing.area.id for standing in country.narrower if standing.fact.id == "RU-whatsapp-south"}
    assert "RU-whatsapp-south" not in ids(country.measures)
    assert ids(region.measures) == {"RU-whatsapp-south", "RU-whatsapp-calls"}
    assert one(region.measures, "RU-whatsapp-calls").reach == "wider"


def test_nationwide_slow_down() -> None:
    """In December 2025 the nationwide slow-down stood beside the limit on calls."""
    assert ids(ask("whatsapp", "RU", "2025-12-15").measures) == {"RU-whatsapp-phased", "RU-whatsapp-calls"}


@pytest.mark.parametrize("on", ["2026-02-11", "2026-02-13"])
def test_two_accounts_of_the_first_day(on: str) -> None:
    """Both accounts of the first day of the full block are shown, each with its sources."""
    block = one(ask("whatsapp", "RU", on).measures, "RU-whatsapp-full-block")
    assert dates(block.fact, "validFrom") == {"2026-02-11", "2026-02-12"}
    assert (block.span.from_earliest, block.span.from_latest) == ("2026-02-11", "2026-02-12")
    assert all(account.evidence for account in block.fact.accounts)


def test_later_news_unknown() -> None:
    """Seen from January 2026 nothing of the block of February can be in the answer."""
    answer = ask("whatsapp", "RU", "2026-03-01", "2026-01-01")
    assert "RU-whatsapp-full-block" not in ids(answer.measures) | ids(answer.upcoming)
    assert all(account.public_on <= "2026-01-01" for standing in answer.measures for account in standing.fact.accounts)


def test_last_confirmed() -> None:
    """Today's block is presumed from the newest day on which a source says that it was in force."""
    answer = ask("whatsapp", "RU", NOW)
    head = [standing.fact for standing in answer.measures if standing.level.id == "blocked"]
    assert answer.last_confirmed == "2026-02-12" == max(day for fact in head for day in dates(fact, "inForceOn"))


@pytest.mark.parametrize("row", QUESTIONS, ids=str)
def test_confirmed_within_the_measure(row: Row) -> None:
    """Nothing is said to be confirmed before it began."""
    answer = ask(row.platform, row.place, row.on, row.known)
    for standing in (*answer.measures, *answer.held_off, *answer.narrower):
        assert standing.last_confirmed is None or standing.last_confirmed >= (standing.span.from_earliest or "")


def test_meta_platforms(graph: KnowledgeGraph) -> None:
    """Asked for Meta, the answer holds one status for each platform that it controls."""
    answers = graph.statuses("Meta", ["RU"], on=NOW, known=NOW)
    assert {answer.platform.id: answer.level for answer in answers} == {
        "facebook": "blocked",
        "facebook-messenger": "blocked",
        "instagram": "blocked",
        "threads": "pressure",
        "whatsapp": "blocked",
    }
    assert len(answers) == 5


def test_max_backed_by_the_state() -> None:
    """Nothing restricts MAX; the acts that back it and the company that operates it are shown."""
    answer = ask("max", "RU", NOW)
    operators = {
        owner.id
        for fact in answer.operators
        for owner in fact.refs("owner")
        if "operates" in {ref.id for ref in fact.refs("ownershipKind")}
    }
    assert answer.state_backing
    assert operators == {"communication-platform"}


def sources(fact: Fact) -> list[tuple[str, str]]:
    return [(found.source.publisher, found.source.url) for account in fact.accounts for found in account.evidence]


def shown(answer: Status) -> list[Fact]:
    standings = (*answer.measures, *answer.held_off, *answer.narrower, *answer.ended)
    return [
        *(fact for each in standings for fact in (each.fact, *each.premises, *each.held_off_by)),
        *answer.state_backing,
        *answer.operators,
    ]


@pytest.mark.parametrize("row", QUESTIONS, ids=str)
def test_every_fact_has_a_source(row: Row) -> None:
    """Each fact shown names a publisher and an address, or is derived from facts that do."""
    answer = ask(row.platform, row.place, row.on, row.known)
    facts = {fact.id: fact for fact in shown(answer)}
    for fact in facts.values():
        if fact.derived_by is None:
            assert sources(fact), fact.id
        else:
            premises = [facts[ref.id] for ref in fact.refs("wasDerivedFrom")]
            assert premises, fact.id
        assert all(publisher and url.startswith(("http://", "https://")) for publisher, url in sources(fact)), fact.id
    listed = {(source.publisher, source.url) for source in answer.sources}
    assert {pair for fact in facts.values() for pair in sources(fact)} <= listed
