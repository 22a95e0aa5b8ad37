"""The first lines of an answer: the verdict word, since when, on whose word, and for whom."""

from __future__ import annotations

from datetime import date

from kg.answers.model import Standing, Status, graphs_of
from kg.dates import parse_edtf
from kg.formats.inside import inside
from kg.formats.own import counts_here

Line = tuple[str, str]
"""Style (a rich style name, or empty) and text."""
STYLE = {
    "none": "bold green",
    "pressure": "bold yellow",
    "limited": "bold yellow",
    "withdrawn": "bold magenta",
    "blocked": "bold red",
}
_MOST_AREAS = 3
"""Areas that are named in a headline; the rest are counted."""


def headline(answer: Status) -> list[Line]:
    """Verdict, place and day; since when, on whose word, whom it hits; what runs for narrower groups."""
    marks = [answer.certainty] if answer.certainty in {"definite", "presumed"} else []
    marks += [told] if (told := _long_unconfirmed(answer)) else []
    marks += ["derived from its owner's designation"] if answer.derived else []
    mark = f" ({', '.join(str(one) for one in marks)})" if marks else ""
    place = f"{inside(answer.jurisdiction.label)} ({answer.jurisdiction.id})"
    itself = " against" if answer.level == "none" and answer.certainty is None else ":"
    lines: list[Line] = [
        (
            STYLE[answer.level],
            f"{answer.verdict.upper()}{mark}{itself} {answer.platform.label} in {place} on {answer.on}",
        )
    ]
    if answer.known != answer.on:
        lines.append(("", f"  as publicly known on {answer.known}"))
    if answer.since:
        ends = any(one.span.ended for one in answer.measures if one.level.id == answer.level) or answer.ended
        confirmed = (
            f"; last confirmed {answer.last_confirmed}" if answer.last_confirmed else "; nothing later confirms it"
        )
        tail = "" if ends else f"{confirmed}, no end on record"
        lines.append(("", f"  since {answer.since}{tail}"))
    if answer.publishers:
        weak = "; low confidence: weak sources only" if answer.low_confidence else ""
        told = "1 publisher" if answer.publishers == 1 else f"{answer.publishers} independent publishers"
        differ = "; their accounts differ on a date" if answer.accounts_differ else ""
        lines.append(("", f"  on the word of {told}{differ}{weak}"))
    lines += _own_lines(answer)
    affected = dict.fromkeys(
        what for one in answer.measures if one.level.id == answer.level for what in (_affected(one),)
    )
    if affected:
        lines.append(("", f"  affects {'; '.join(affected)}"))
    if answer.level == "none" and answer.narrower:
        told = _narrower_words(answer)
        lines += [("", f"  that is for everyone; otherwise {told}")] if told else []
    if answer.at_least:
        lines.append(("", f"  for certain: {answer.at_least}"))
    if answer.level == "none" and answer.held_off:
        held = answer.held_off[0]
        holder = held.held_off_by[0].label
        if held.derived:
            told = f"nothing against {answer.platform.label} itself; {exposure(held)}, held off by: {holder}"
        else:
            told = f"a measure is on the books but held off: {held.fact.label}, held off by: {holder}"
        lines.append(("", f"  {told}"))
    return lines


def _own_lines(answer: Status) -> list[Line]:
    """Which files of the user's own count, and what they say had ended before the day."""
    shown = [*answer.facts(), *(fact for one in answer.upcoming for fact in (one.fact, *one.premises))]
    told = counts_here(answer.graphs() | graphs_of(shown))
    ended = "; ".join(one.label for one in answer.ended_by_own)
    return [("", f"  {told}")] * bool(told) + [("", f"  your own data say that it had ended: {ended}")] * bool(ended)


def _long_unconfirmed(answer: Status) -> str:
    """A word of caution in the first line when nobody confirmed it for a year or more before the day asked about."""
    years = years_unconfirmed(answer)
    return f"unconfirmed for {years} year{'s' if years > 1 else ''}" if years else ""


def years_unconfirmed(answer: Status) -> int:
    """Whole years between the last word that it ran and the day asked about, while presumed."""
    last = last_word(answer) if answer.certainty == "presumed" else None
    return (date.fromisoformat(answer.on) - last).days // 365 if last else 0


def last_word(answer: Status) -> date | None:
    """The last day on which the headline is known to have run: the last confirmation, else its latest start."""
    head = [one for one in answer.measures if one.level.id == answer.level]
    days = [date.fromisoformat(one.span.from_latest) for one in head if one.span.from_latest]
    days += [parse_edtf(answer.last_confirmed).latest] if answer.last_confirmed else []
    return max(days, default=None)


def _narrower_words(answer: Status) -> str:
    """For whom or where something does run: `blocked for minors (presumed); limited in Texas (presumed)`."""
    groups: dict[tuple[str, bool], list[Standing]] = {}
    for one in sorted(answer.narrower, key=lambda one: -one.rank):
        if not one.held_off_by:
            groups.setdefault((one.audience.id, one.area.id == answer.jurisdiction.id), []).append(one)
    told = []
    for (audience, here), group in groups.items():
        first = group[0]
        areas = [] if here else list(dict.fromkeys(inside(one.area.label) for one in group))
        more = f" and {len(areas) - _MOST_AREAS} more" if len(areas) > _MOST_AREAS else ""
        where = f" in {', '.join(areas[:_MOST_AREAS])}{more}" if areas else ""
        whom = "" if audience == "everyone" else f" for {first.audience.label}"
        told.append(f"{first.level.label}{whom}{where} ({first.certainty})")
    return "; ".join(told)


def _affected(one: Standing) -> str:
    what = ", ".join(ref.label for ref in one.fact.refs("feature")) or (
        "the whole service" if one.kind.id != "designated-owner" else "no part of the service by itself"
    )
    return f"{what} ({one.kind.label}) for {one.audience.label}"


def exposure(one: Standing) -> str:
    """What a standing is called; a derived one by what it rests on."""
    if not one.derived or not one.premises:
        return one.fact.label
    for kind in ("Designation", "RestrictionMeasure", "Withdrawal"):
        for fact in one.premises:
            if fact.type == kind:
                return fact.label
    return one.premises[0].label[:1].lower() + one.premises[0].label[1:]
