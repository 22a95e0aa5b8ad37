from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import day

from kg.dates import FIRST_DAY, LAST_DAY, Bounds, combine, day_before, in_words, next_day, parse_day, parse_edtf
from kg.errors import DataError, UsageError

LAW = settings(deadline=None, max_examples=150)

READ = [
    ("2026", "2026-01-01", "2026-12-31"),
    ("2026-02", "2026-02-01", "2026-02-28"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("1900-02", "1900-02-01", "1900-02-28"),
    ("2000-02", "2000-02-01", "2000-02-29"),
    ("2026-04", "2026-04-01", "2026-04-30"),
    ("2026-12", "2026-12-01", "2026-12-31"),
    ("2026-02-12", "2026-02-12", "2026-02-12"),
    ("2024-02-29", "2024-02-29", "2024-02-29"),
    ("2025-XX", "2025-01-01", "2025-12-31"),
    ("2025-XX-XX", "2025-01-01", "2025-12-31"),
    ("2025-08-XX", "2025-08-01", "2025-08-31"),
    ("2026?", "2026-01-01", "2026-12-31"),
    ("2026-02~", "2026-02-01", "2026-02-28"),
    ("2026-02-12%", "2026-02-12", "2026-02-12"),
    ("2025-08-XX?", "2025-08-01", "2025-08-31"),
    ("[2026-02-11..2026-02-12]", "2026-02-11", "2026-02-12"),
    ("[2026-02-11..2026-02-11]", "2026-02-11", "2026-02-11"),
    ("[2025..2026]", "2025-01-01", "2026-12-31"),
    ("[2025-11..2026-02-03]", "2025-11-01", "2026-02-03"),
    ("[2025-XX..2026-02-XX]", "2025-01-01", "2026-02-28"),
    ("[2026..2026-03]", "2026-01-01", "2026-03-31"),
    ("[..2021-06-08]", "0001-01-01", "2021-06-08"),
    ("[2021-06-08..]", "2021-06-08", "9999-12-31"),
    ("[2021..]", "2021-01-01", "9999-12-31"),
]
REFUSED = [
    "", " ", "?", "XX", "20XX", "202X", "XXXX", "XXXX-02", "XXXX-XX-12", "26", "026", "02026",
    "2025-13", "2025-00", "2025-02-30", "2025-02-29", "2025-04-31", "2025-01-00", "2025-01-32", "1900-02-29", "0000",
    "2026-2-1", "2026-2", "2026-02-1", "20260212", "2026-0212", "2026/02/12", "12.02.2026", "2026-02-12-01",
    "2025-XX-05", "2025-xx", "2025-X", "2025-1X", "2025-08-1X", "2025-08-X5",
    "2025/2026", "2025/..", "2025..2026", "[2025", "2025]", "[]", "[..]", "[2025]", "[2025,2026]", "{2025..2026}",
    "[2026..2025]", "[2026-02-12..2026-02-11]", "[2026-03..2026-02]", "[2025...2026]", "[2025..2026..2027]",
    "[2026-02-11?..2026-02-12]", "[2026-02-11..2026-02-12]?", "[2026-02-11..2026-02-12]~", "[..2021-06-08]%",
    "[2025-13..2026]", "[2025..2026-02-30]", "[XXXX..2026]",
    "2026??", "2026~?", "?2026", "2026-02?-12", "2026?-02", "-2026", "+2026", "Y12026", "2026-02-12T10:00", "2026-21",
    " 2026", "2026 ", "2026\n", "2026-02-12\n", "２０２６", "٢٠٢٦-٠١", "today", "summer 2026",
]  # fmt: skip


def edtf_days(year: int, month: int, number: int) -> tuple[str, str, str]:
    """A year, a month in it and a day in that, as texts."""
    return f"{year:04}", f"{year:04}-{month:02}", f"{year:04}-{month:02}-{min(number, monthrange(year, month)[1]):02}"


nested = st.builds(edtf_days, st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31))
texts = nested.flatmap(st.sampled_from)
doubts = st.sampled_from("?~%")
days = st.dates(date(2020, 1, 1), date(2020, 3, 31))
spans = st.tuples(days, days).map(lambda pair: Bounds(min(pair), max(pair)))
accounts = st.lists(spans, min_size=1, max_size=6)


@pytest.mark.parametrize(("text", "earliest", "latest"), READ)
def test_date_becomes_its_first_and_last_day(text: str, earliest: str, latest: str) -> None:
    """Each form of the subset gives the first and the last day that it allows."""
    assert parse_edtf(text) == Bounds(day(earliest), day(latest))


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_with_its_text(text: str) -> None:
    """What is outside the subset is refused in a sentence that quotes it."""
    with pytest.raises(DataError) as refusal:
        parse_edtf(text)
    assert f"'{text}' is no date: " in str(refusal.value)


@LAW
@given(text=st.text(alphabet="0123456789X-[].?~% /", max_size=24))
def test_any_text_is_read_in_order_or_refused(text: str) -> None:
    """No text whatever makes the reader stumble: it gives ordered bounds or says that this is no date."""
    try:
        bounds = parse_edtf(text)
    except DataError:
        return
    assert bounds.earliest <= bounds.latest


@LAW
@given(texts=nested)
def test_narrower_text_lies_within_the_wider(texts: tuple[str, str, str]) -> None:
    """A day lies within its month and a month within its year."""
    year, month, only = map(parse_edtf, texts)
    assert month.within(year)
    assert only.within(month)
    assert only.earliest == only.latest


@LAW
@given(text=texts, doubt=doubts)
def test_doubt_does_not_change_the_bounds(text: str, doubt: str) -> None:
    """A mark of doubt is kept in the record and does not widen the bounds."""
    assert parse_edtf(text + doubt) == parse_edtf(text)


@LAW
@given(low=texts, high=texts)
def test_range_runs_from_the_first_day_of_one_to_the_last_of_the_other(low: str, high: str) -> None:
    """A range takes the earliest day of its low end and the latest of its high end, or is refused as reversed."""
    first, last = parse_edtf(low).earliest, parse_edtf(high).latest
    if first <= last:
        assert parse_edtf(f"[{low}..{high}]") == Bounds(first, last)
    else:
        with pytest.raises(DataError, match="ends before it begins"):
            parse_edtf(f"[{low}..{high}]")
    assert parse_edtf(f"[..{high}]") == Bounds(FIRST_DAY, last)
    assert parse_edtf(f"[{low}..]") == Bounds(first, LAST_DAY)


@LAW
@given(texts=nested)
def test_unspecified_parts_read_like_absent_ones(texts: tuple[str, str, str]) -> None:
    """An unspecified month or day says as much as one left out."""
    year, month, _ = texts
    assert parse_edtf(f"{year}-XX") == parse_edtf(f"{year}-XX-XX") == parse_edtf(year)
    assert parse_edtf(f"{month}-XX") == parse_edtf(month)


@settings(LAW, max_examples=25)
@given(texts=nested)
def test_an_independent_reader_of_the_format_agrees(texts: tuple[str, str, str]) -> None:
    """The library edtf, where it is installed, gives the same first and last day."""
    edtf = pytest.importorskip("edtf", reason="the library edtf is not installed")
    for text in (*texts, f"{texts[0]}-XX", f"{texts[1]}-XX"):
        other = edtf.parse_edtf(text)
        low, high = other.lower_strict(), other.upper_strict()
        ours = parse_edtf(text)
        assert ours == Bounds(date(*low[:3]), date(*high[:3]))


COMBINED = [
    ("one account stays", ["2026-02-12"], "2026-02-12", "2026-02-12"),
    ("two neighbouring days leave both possible", ["2026-02-11", "2026-02-12"], "2026-02-11", "2026-02-12"),
    ("two far days leave all between possible", ["2026-02-01", "2026-02-20"], "2026-02-01", "2026-02-20"),
    ("a vaguer account gives way", ["2026-02-12", "2026"], "2026-02-12", "2026-02-12"),
    ("a vague account does not bridge two days", ["2026-02-01", "2026-02-20", "2026-02"], "2026-02-01", "2026-02-20"),
    ("overlaps narrow", ["[2026-02-01..2026-02-15]", "[2026-02-10..2026-02-28]"], "2026-02-10", "2026-02-15"),
    ("a touching day is an overlap", ["[2026-02-01..2026-02-10]", "[2026-02-10..2026-02-28]"], "2026-02-10", "2026-02-10"),
    ("a chain without a common day widens", ["[2026-02-01..2026-02-10]", "[2026-02-08..2026-02-20]", "[2026-02-18..2026-02-28]"], "2026-02-01", "2026-02-28"),
    ("open ranges narrow each other", ["[..2026-02-12]", "[2026-02-10..]"], "2026-02-10", "2026-02-12"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "earliest", "latest"), [case[1:] for case in COMBINED], ids=[case[0] for case in COMBINED]
)
def test_accounts_of_one_date_combine(texts: list[str], earliest: str, latest: str) -> None:
    """Accounts that overlap narrow, others widen, and a vaguer one gives way."""
    assert combine([parse_edtf(text) for text in texts]) == Bounds(day(earliest), day(latest))


@LAW
@given(accounts=accounts, data=st.data())
def test_order_and_repeats_of_accounts_never_matter(accounts: list[Bounds], data: st.DataObject) -> None:
    """Accounts combine to the same bounds in any order and however often each is told."""
    repeats = data.draw(st.lists(st.sampled_from(accounts), max_size=4))
    assert combine(data.draw(st.permutations(accounts + repeats))) == combine(accounts)


@LAW
@given(accounts=accounts)
def test_combination_stays_within_the_hull(accounts: list[Bounds]) -> None:
    """Nothing outside all accounts becomes possible, and the bounds stay in order."""
    result = combine(accounts)
    hull = Bounds(min(one.earliest for one in accounts), max(one.latest for one in accounts))
    assert result.earliest <= result.latest
    assert result.within(hull)


@LAW
@given(middle=days, accounts=accounts)
def test_accounts_that_share_a_day_narrow_to_their_intersection(middle: date, accounts: list[Bounds]) -> None:
    """When all accounts overlap, what is left is exactly what all of them allow."""
    sharing = [Bounds(min(one.earliest, middle), max(one.latest, middle)) for one in accounts]
    assert combine(sharing) == Bounds(max(one.earliest for one in sharing), min(one.latest for one in sharing))


@LAW
@given(accounts=accounts)
def test_combination_takes_no_account_for_false_outright(accounts: list[Bounds]) -> None:
    """The result has a day in common with every account, so that none is silently overruled."""
    result = combine(accounts)
    assert all(result.overlaps(one) for one in accounts)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13-01", "12.02.2026", "", "yesterday", "2026", "2026-02", 20260301]
)
def test_a_day_that_is_none_is_refused_with_the_way_to_write_it(text: Any) -> None:
    """A person who writes something else than a day is told how days are written."""
    with pytest.raises(UsageError, match="is not a day; write it as 2026-03-01") as refusal:
        parse_day(text)
    assert f"'{text}'" in str(refusal.value)


def test_a_day_is_read_in_each_allowed_form() -> None:
    """A day may be given as text, as a date, as the word today, or left to the default."""
    default = date(2026, 11, 22)
    assert parse_day("2026-03-01") == parse_day(date(2026, 3, 1)) == date(2026, 3, 1)
    assert parse_day(datetime(2026, 3, 1, 23, 59)) == date(2026, 3, 1)  # noqa: DTZ001  of a moment its day counts
    assert type(parse_day(datetime(2026, 3, 1))) is date  # noqa: DTZ001  a moment compares with no day
    assert parse_day("today", default) == parse_day(None, default) == default
    assert parse_day("today") <= datetime.now().astimezone().date()


def test_days_next_to_the_sentinels_stay() -> None:
    """The sentinels of an open interval have no neighbour beyond them."""
    assert next_day(LAST_DAY) == LAST_DAY
    assert day_before(FIRST_DAY) == FIRST_DAY
    assert next_day(date(2024, 2, 28)) == date(2024, 2, 29)
    assert day_before(date(2024, 3, 1)) == date(2024, 2, 29)


@LAW
@given(bounds=st.builds(lambda low, high: Bounds(min(low, high), max(low, high)), st.sampled_from([FIRST_DAY, date(2026, 1, 1)]), st.sampled_from([date(2026, 2, 1), LAST_DAY])))  # fmt: skip
def test_sentinels_never_reach_a_reader(bounds: Bounds) -> None:
    """Words for bounds never show the days that stand for an open end."""
    assert not {"0001-01-01", "9999-12-31"} & set(in_words(bounds).split())
