"""Dates as the record writes them, turned into bounds.

The record uses a stated subset of EDTF (Library of Congress, Extended Date/Time Format, ISO 8601-2:2019):
``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, unspecified months or days (``2025-XX``, ``2025-08-XX``), one mark of doubt at
the end (``?`` uncertain, ``~`` approximate, ``%`` both) and one-of-a-set ranges (``[A..B]``, ``[..B]``, ``[A..]``).
A mark of doubt does not widen the bounds: whoever means a range writes one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kg.errors import DataError, UsageError

FIRST_DAY = date.min
"""Sentinel inside the store for "no earliest day"; never printed."""
LAST_DAY = date.max
"""Sentinel inside the store for "no latest day"; never printed."""
SOME_DAY = date(9999, 12, 30)
"""Sentinel inside the store for the latest end of what is said to have ended on a day that nobody knows; never printed.

It keeps such an end apart from no end at all: a measure that ended some time after March is *possible* in June, one
without an end on record is *presumed*.
"""

_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2}|XX)(?:-(?P<day>\d{2}|XX))?)?", re.ASCII)
_RANGE = re.compile(r"\[(?P<low>[0-9X-]*)\.\.(?P<high>[0-9X-]*)\]")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Bounds:
    """The earliest and the latest day that an account allows, both inclusive."""

    earliest: date
    latest: date

    def overlaps(self, other: Bounds) -> bool:
        """Say whether some day lies in both."""
        return self.earliest <= other.latest and other.earliest <= self.latest

    def within(self, other: Bounds) -> bool:
        """Say whether every day of this one lies in the other."""
        return other.earliest <= self.earliest and self.latest <= other.latest


def parse_edtf(text: str) -> Bounds:
    """Turn a date of the record into bounds.

    Raises:
        DataError: when the text is outside the subset or names a day that does not exist.
    """
    span = _RANGE.fullmatch(text)
    if span is not None:
        return _parse_range(text, span["low"], span["high"])
    return _parse_single(text[:-1] if text[-1:] in {"?", "~", "%"} else text, text)


def _parse_range(text: str, low: str, high: str) -> Bounds:
    if not low and not high:
        raise DataError(f"'{text}' is no date: a range needs at least one end, such as [..2021-06-08]")
    earliest = _parse_single(low, text).earliest if low else FIRST_DAY
    latest = _parse_single(high, text).latest if high else LAST_DAY
    if latest < earliest:
        raise DataError(f"'{text}' is no date: the range ends before it begins")
    return Bounds(earliest, latest)


def _parse_single(part: str, whole: str) -> Bounds:
    found = _DATE.fullmatch(part)
    if found is None:
        raise DataError(
            f"'{whole}' is no date: write 2026-02-12, 2026-02, 2026, 2026-02-XX, 2026-02~ or [2026-02-11..2026-02-12]"
        )
    month, day = found["month"], found["day"]
    if month == "XX" and day not in {None, "XX"}:
        raise DataError(f"'{whole}' is no date: a day needs a known month")
    try:
        return _bounds_of(int(found["year"]), month, day)
    except ValueError as error:
        raise DataError(f"'{whole}' is no date: there is no such day ({error})") from None


def _bounds_of(year: int, month: str | None, day: str | None) -> Bounds:
    if month in {None, "XX"}:
        return Bounds(date(year, 1, 1), date(year, 12, 31))
    assert month is not None
    if day in {None, "XX"}:
        # With its module for languages, and most look-ups meet no date that must be worked out.
        from calendar import monthrange

        first = date(year, int(month), 1)
        return Bounds(first, first.replace(day=monthrange(year, int(month))[1]))
    assert day is not None
    only = date(year, int(month), int(day))
    return Bounds(only, only)


def next_day(day: date) -> date:
    """The day after, except that the last sentinel stays where it is."""
    return day if day >= LAST_DAY else day + _ONE_DAY


def day_before(day: date) -> date:
    """The day before, except that the first sentinel stays where it is."""
    return day if day <= FIRST_DAY else day - _ONE_DAY


def parse_day(text: str | date | None, default: date | None = None) -> date:
    """Read one exact day given by a user (``2026-03-01``, ``today``).

    Raises:
        UsageError: when it is not one.
    """
    if isinstance(text, datetime):  # which is a date to Python, and compares with none
        return text.date()
    if isinstance(text, date):
        return text
    if text is None or text == "today":
        return default or date.today()  # noqa: DTZ011  the user's own calendar day is what "today" means
    try:
        day = date.fromisoformat(text)
    except (ValueError, TypeError):
        raise UsageError(f"'{text}' is not a day; write it as 2026-03-01") from None
    if day in {FIRST_DAY, LAST_DAY}:
        raise UsageError(f"'{text}' is outside the days that can be asked about; leave the option out for today")
    return day


def combine(accounts: list[Bounds]) -> Bounds:
    """Bring several accounts of one date together; the order of the accounts does not matter.

    An account that contains another one is vaguer and gives way to it. What then overlaps is narrowed to its
    intersection; what does not overlap widens to the hull, so that the days between stay possible.
    """
    exact = sorted({one for one in accounts if not any(other != one and other.within(one) for other in accounts)})
    groups: list[list[Bounds]] = []
    for one in exact:
        if groups and any(one.overlaps(other) for other in groups[-1]):
            groups[-1].append(one)
        else:
            groups.append([one])
    narrowed = [_narrow(group) for group in groups]
    return Bounds(min(one.earliest for one in narrowed), max(one.latest for one in narrowed))


def _narrow(group: list[Bounds]) -> Bounds:
    earliest, latest = max(one.earliest for one in group), min(one.latest for one in group)
    if earliest <= latest:
        return Bounds(earliest, latest)
    return Bounds(min(one.earliest for one in group), max(one.latest for one in group))


def in_words(bounds: Bounds) -> str:
    """Bounds as a person reads them: ``2026-02-12``, ``between … and …``, ``by …``, ``unknown``."""
    if bounds.earliest == bounds.latest:
        return bounds.earliest.isoformat()
    if bounds.earliest <= FIRST_DAY:
        return "an unknown day" if bounds.latest >= LAST_DAY else f"{bounds.latest.isoformat()} or earlier"
    if bounds.latest >= SOME_DAY:
        return f"{bounds.earliest.isoformat()} or later"
    return f"between {bounds.earliest.isoformat()} and {bounds.latest.isoformat()}"
