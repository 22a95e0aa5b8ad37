from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import OPEN_END, OPEN_START, day

from kg.build.versions import Claim, Version, versions_of
from kg.dates import FIRST_DAY, LAST_DAY, Bounds, parse_edtf

LAW = settings(deadline=None, max_examples=200)
LATE = "2026-11-22"


def said(public: str, *, correction: bool = False, **dates: str) -> Claim:
    """A claim public from a day, with its dates as the record writes them."""
    told = tuple(sorted((name, parse_edtf(text)) for name, text in dates.items()))
    return Claim(f"{public} {dates} {correction}", day(public), correction, told)


@dataclass(frozen=True, slots=True)
class Answer:
    """Start, end and last confirmation as public on a day."""

    start: tuple[str, str]
    end: tuple[str, str]
    confirmed: str | None = None


def answer(claims: list[Claim], public: str) -> Answer | None:
    """What is public on a day; none or exactly one version may hold."""
    found = [one for one in versions_of(claims) if one.known[0] <= day(public) < one.known[1]]
    assert len(found) <= 1
    if not found:
        return None
    (one,) = found
    confirmed = one.confirmed.isoformat() if one.confirmed else None
    return Answer(_pair(one.start), _pair(one.end), confirmed)


def _pair(bounds: Bounds) -> tuple[str, str]:
    return bounds.earliest.isoformat(), bounds.latest.isoformat()


def exactly(text: str) -> tuple[str, str]:
    """Bounds of one single day."""
    return text, text


FIRST = said("2024-03-05", validFrom="2024-03-01")
CASES: list[tuple[str, list[Claim], str, Answer | None]] = [
    ("nothing is public before the first claim", [FIRST], "2024-03-04", None),
    ("a start alone leaves the end open", [FIRST], LATE, Answer(exactly("2024-03-01"), ("2024-03-02", OPEN_END))),
    ("it is public from the very day", [FIRST], "2024-03-05", Answer(exactly("2024-03-01"), ("2024-03-02", OPEN_END))),
    ("a vague start delays what is sure", [said("2024-03-05", validFrom="2024-02")], LATE, Answer(("2024-02-01", "2024-02-29"), ("2024-03-01", OPEN_END))),
    ("a confirmation moves the first possible end", [FIRST, said("2024-06-01", inForceOn="2024-05-20")], LATE, Answer(exactly("2024-03-01"), ("2024-05-21", OPEN_END), "2024-05-20")),
    ("not before it is public", [FIRST, said("2024-06-01", inForceOn="2024-05-20")], "2024-05-31", Answer(exactly("2024-03-01"), ("2024-03-02", OPEN_END))),
    ("the last of several confirmations counts", [said("2024-06-01", validFrom="2024-03-01", inForceOn="2024-05-20"), said("2024-07-01", inForceOn="2024-04-20")], LATE, Answer(exactly("2024-03-01"), ("2024-05-21", OPEN_END), "2024-05-20")),
    ("a confirmation of a month is sure of its first day", [FIRST, said("2024-06-01", inForceOn="2024-05")], LATE, Answer(exactly("2024-03-01"), ("2024-05-02", OPEN_END), "2024-05-01")),
    ("a confirmation alone bounds the start", [said("2024-06-01", inForceOn="2024-05-20")], LATE, Answer((OPEN_START, "2024-05-20"), ("2024-05-21", OPEN_END), "2024-05-20")),
    ("a vague confirmation alone bounds the start by its last day", [said("2024-06-01", inForceOn="2024-05")], LATE, Answer((OPEN_START, "2024-05-31"), ("2024-06-01", OPEN_END), "2024-05-01")),
    ("a confirmation up to some day says no exact start", [said("2024-06-01", inForceOn="[..2024-05-20]")], LATE, Answer((OPEN_START, "2024-05-20"), ("2024-05-21", OPEN_END), OPEN_START)),
    ("two disjoint accounts widen", [FIRST, said("2024-03-09", validFrom="2024-02-20")], LATE, Answer(("2024-02-20", "2024-03-01"), ("2024-03-02", OPEN_END))),
    ("and do not before the second is public", [FIRST, said("2024-03-09", validFrom="2024-02-20")], "2024-03-08", Answer(exactly("2024-03-01"), ("2024-03-02", OPEN_END))),
    ("overlapping accounts narrow", [said("2024-03-05", validFrom="[2024-02-01..2024-02-20]"), said("2024-03-09", validFrom="[2024-02-10..2024-03-01]")], LATE, Answer(("2024-02-10", "2024-02-20"), ("2024-02-21", OPEN_END))),
    ("a vague later account does not widen", [FIRST, said("2025-01-01", validFrom="2024")], LATE, Answer(exactly("2024-03-01"), ("2024-03-02", OPEN_END))),
    ("a later start and end add up", [FIRST, said("2024-09-01", validUntil="2024-08-31")], LATE, Answer(exactly("2024-03-01"), exactly("2024-08-31"))),
    ("an end leaks into no earlier day", [FIRST, said("2024-09-01", validUntil="2024-08-31")], "2024-08-31", Answer(exactly("2024-03-01"), ("2024-03-02", OPEN_END))),
    ("two ends widen too", [FIRST, said("2024-09-01", validUntil="2024-08-31"), said("2024-09-02", validUntil="2024-08-20")], LATE, Answer(exactly("2024-03-01"), ("2024-08-20", "2024-08-31"))),
    ("a correction withdraws the earlier start", [FIRST, said("2024-05-01", correction=True, validFrom="2024-02-20")], LATE, Answer(exactly("2024-02-20"), ("2024-02-21", OPEN_END))),
    ("from its own day only", [FIRST, said("2024-05-01", correction=True, validFrom="2024-02-20")], "2024-04-30", Answer(exactly("2024-03-01"), ("2024-03-02", OPEN_END))),
    ("also what others said that day", [said("2024-05-01", validFrom="2024-03-01"), said("2024-05-01", correction=True, validFrom="2024-02-20")], "2024-05-01", Answer(exactly("2024-02-20"), ("2024-02-21", OPEN_END))),
    ("and leaves other fields alone", [said("2024-03-05", validFrom="2024-03-01", validUntil="2024-03-04"), said("2024-05-01", correction=True, validFrom="2024-02-20")], LATE, Answer(exactly("2024-02-20"), exactly("2024-03-04"))),
    ("an account after a correction stands beside it", [FIRST, said("2024-05-01", correction=True, validFrom="2024-02-20"), said("2024-06-01", validFrom="2024-02-22")], LATE, Answer(("2024-02-20", "2024-02-22"), ("2024-02-23", OPEN_END))),
    ("the last correction counts", [FIRST, said("2024-05-01", correction=True, validFrom="2024-02-20"), said("2024-06-01", correction=True, validFrom="2024-02-22")], LATE, Answer(exactly("2024-02-22"), ("2024-02-23", OPEN_END))),
    ("two corrections of one day stand side by side", [FIRST, said("2024-05-01", correction=True, validFrom="2024-02-20"), said("2024-05-01", correction=True, validFrom="2024-02-22")], LATE, Answer(("2024-02-20", "2024-02-22"), ("2024-02-23", OPEN_END))),
    ("a correction of a confirmation withdraws it", [said("2024-05-01", validFrom="2024-03-01", inForceOn="2024-04-30"), said("2024-06-01", correction=True, inForceOn="2024-04-10")], LATE, Answer(exactly("2024-03-01"), ("2024-04-11", OPEN_END), "2024-04-10")),
    ("an end alone leaves the start open", [said("2024-09-01", validUntil="2024-08-31")], LATE, Answer((OPEN_START, "2024-08-31"), exactly("2024-08-31"))),
    ("an end alone with a confirmation", [said("2024-09-01", validUntil="2024-08-31", inForceOn="2024-05-01")], LATE, Answer((OPEN_START, "2024-05-01"), exactly("2024-08-31"), "2024-05-01")),
    ("a start before some day stays open", [said("2024-09-01", validFrom="[..2021-06-08]", validUntil="2021-06-09")], LATE, Answer((OPEN_START, "2021-06-08"), exactly("2021-06-09"))),
    ("a start after some day is never sure", [said("2024-09-01", validFrom="[2021-06-08..]")], LATE, Answer(("2021-06-08", OPEN_END), exactly(OPEN_END))),
    ("start and end on one day", [said("2024-09-01", validFrom="2024-08-31", validUntil="2024-08-31")], LATE, Answer(exactly("2024-08-31"), exactly("2024-08-31"))),
    ("an act lasts its day", [said("2024-09-01", decided="2024-08-31")], LATE, Answer(exactly("2024-08-31"), exactly("2024-09-01"))),
    ("a vague act lies on some day of its month", [said("2024-09-01", said="2024-08")], LATE, Answer(("2024-08-01", "2024-08-31"), exactly("2024-09-01"))),
    ("the date of the decision goes before others", [said("2024-09-01", decided="2024-08-20", announced="2024-08-25", published="2024-08-30")], LATE, Answer(exactly("2024-08-20"), exactly("2024-08-21"))),
    ("a start goes before the date of an act", [said("2024-09-01", decided="2024-08-20", validFrom="2024-08-25")], LATE, Answer(exactly("2024-08-25"), ("2024-08-26", OPEN_END))),
    ("a claim without dates says nothing", [said("2024-09-01", correction=True)], LATE, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("claims", "public", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_claims_add_up_to_what_is_known(claims: list[Claim], public: str, expected: Answer | None) -> None:
    """Claims give, for each day of public time, one answer: bounds of the start and of the end."""
    assert answer(claims, public) == expected


def test_no_claims_make_no_version() -> None:
    """A node of which nobody says anything has no version."""
    assert versions_of([]) == []


def test_version_names_the_claims_behind_it() -> None:
    """A version lists the claims that were public, so that an answer leads to its sources."""
    later = said("2024-09-01", validUntil="2024-08-31")
    before, after = versions_of([FIRST, later])
    assert before.claims == (FIRST.iri,)
    assert set(after.claims) == {FIRST.iri, later.iri}


def test_claim_that_changes_nothing_makes_no_new_version() -> None:
    """A confirming source of the same date does not cut public time."""
    (only,) = versions_of([FIRST, replace(FIRST, iri="again", known_from=day("2024-05-01"))])
    assert only.known == (day("2024-03-05"), LAST_DAY)


BASE = date(2024, 1, 1)
public_days = st.integers(0, 40).map(lambda number: BASE + timedelta(days=number))
near = st.integers(-30, 60).map(lambda number: BASE + timedelta(days=number))
spans = st.one_of(
    near.map(lambda one: Bounds(one, one)),
    st.tuples(near, near).map(lambda pair: Bounds(min(pair), max(pair))),
    near.map(lambda one: Bounds(FIRST_DAY, one)),
    near.map(lambda one: Bounds(one, LAST_DAY)),
)
fields = st.sampled_from(["validFrom", "validUntil", "inForceOn", "decided", "said"])
told = st.lists(st.tuples(fields, spans), max_size=3).map(lambda dates: tuple(sorted(dates)))
one_claim = st.builds(Claim, iri=st.uuids().map(str), known_from=public_days, correction=st.booleans(), dates=told)
some_claims = st.lists(one_claim, max_size=6)


def pieces(versions: list[Version], until: date) -> list[tuple[date, tuple[Bounds, Bounds, date | None] | None]]:
    """What is known on each day of public time up to a day."""
    found = []
    for number in range((until - BASE).days + 1):
        public = BASE + timedelta(days=number)
        holding = [one.content() for one in versions if one.known[0] <= public < one.known[1]]
        assert len(holding) <= 1
        found.append((public, holding[0] if holding else None))
    return found


@LAW
@given(claims=some_claims, data=st.data())
def test_order_of_claims_never_matters(claims: list[Claim], data: st.DataObject) -> None:
    """The same claims in any order make the same versions."""
    assert versions_of(data.draw(st.permutations(claims))) == versions_of(claims)


@LAW
@given(claims=some_claims, later=one_claim)
def test_later_claim_leaves_earlier_answers_alone(claims: list[Claim], later: Claim) -> None:
    """What was publicly known on a day never changes when a claim published after it is added."""
    until = later.known_from - timedelta(days=1)
    assert pieces(versions_of([*claims, later]), until) == pieces(versions_of(claims), until)


@LAW
@given(claims=some_claims)
def test_bounds_and_stretches_are_in_order(claims: list[Claim]) -> None:
    """Versions follow each other without overlap, and the earliest day never lies after the latest."""
    found = versions_of(claims)
    for one in found:
        assert one.known[0] < one.known[1]
        assert one.start.earliest <= one.start.latest
        assert one.end.earliest <= one.end.latest
    for one, following in itertools.pairwise(found):
        assert one.known[1] <= following.known[0]
        assert one.known[1] < following.known[0] or one.content() != following.content()


@LAW
@given(claims=some_claims)
def test_an_unknown_end_never_comes_before_what_is_sure(claims: list[Claim]) -> None:
    """Without an account of the end, the first possible end lies after the last possible start and confirmation."""
    dated = [replace(one, dates=tuple(pair for pair in one.dates if pair[0] != "validUntil")) for one in claims]
    for one in versions_of(dated):
        assert one.end.earliest > one.start.latest or one.start.latest == LAST_DAY
        assert one.confirmed is None or one.end.earliest > one.confirmed or one.confirmed == LAST_DAY


@LAW
@given(claims=some_claims, data=st.data())
def test_telling_a_claim_again_changes_nothing(claims: list[Claim], data: st.DataObject) -> None:
    """A claim repeated on the same day by somebody else leaves every answer as it was."""
    if claims:
        again = replace(data.draw(st.sampled_from(claims)), iri="again")
        until = BASE + timedelta(days=45)
        assert pieces(versions_of([*claims, again]), until) == pieces(versions_of(claims), until)
