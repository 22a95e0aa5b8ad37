"""Timelines and profiles as plain lines of text."""

from __future__ import annotations

from kg.answers.model import Fact
from kg.answers.records import Event, Profile, Timeline
from kg.formats.text import Line, Numbered, named

_TYPES = {
    "RestrictionMeasure": "restriction",
    "LegalPhase": "law",
    "DomainUse": "domain",
    "Naming": "name",
    "JurisdictionMembership": "membership",
}
_PROFILE_WORDS = {"jurisdiction": "jurisdiction", "category": "category", "feature": "features", "coveredBy": "counts as", "within": "lies in",
                  "partOf": "part of", "notation": "code", "is_part_of": "part of"}  # fmt: skip


def timeline_lines(answer: Timeline) -> list[Line]:
    """One line an event, with its sources at the foot."""
    numbers = Numbered(answer.sources)
    lines: list[Line] = [
        ("bold", f"{answer.thing.label}: {len(answer.events)} dated facts, as publicly known on {answer.known}")
    ]
    for event in answer.events:
        marks = numbers.marks(*event.fact.accounts)
        lines.append(
            (
                "",
                f"  {_when(event):<12} {_TYPES.get(event.fact.type, event.fact.type.lower()):<12} {named(event.fact)}{_until(event)} {marks}",
            )
        )
    facts = [event.fact for event in answer.events]
    return [*lines, ("", ""), ("bold", "Sources"), *numbers.lines(facts)] if numbers.sources else lines


def _when(event: Event) -> str:
    span = event.span
    if span.from_earliest and span.from_earliest == span.from_latest:
        return span.from_earliest
    if span.from_earliest is None:
        return f"..{span.from_latest or ''}"
    return (
        f"{span.from_earliest[:7]}~"
        if (span.from_latest or "")[:7] == span.from_earliest[:7]
        else f"{span.from_earliest[:4]}~"
    )


def _until(event: Event) -> str:
    return f" (until {event.span.end})" if event.state and event.span.ended else ""


def profile_lines(answer: Profile) -> list[Line]:
    """The answer to ``kg show``."""
    numbers = Numbered(answer.sources)
    lines: list[Line] = [("bold", f"{answer.thing.label} ({', '.join(answer.types)}, id {answer.thing.id})")]
    if answer.names:
        lines.append(("", f"  also            {', '.join(answer.names)}"))
    lines += [
        ("", f"  {_PROFILE_WORDS[name]:<15} {', '.join(ref.label for ref in refs)}")
        for name, refs in answer.values.items()
        if name in _PROFILE_WORDS
    ]
    if answer.note:
        lines.append(("", f"  note            {answer.note}"))
    for title, facts in (
        ("Owners, operators, heads", answer.owners),
        ("Holdings and roles", answer.owns),
        ("Domains", answer.domains),
        ("Designations and exemptions", answer.designations),
        ("Restrictions", answer.measures),
        ("Everything else that is dated", answer.other),
    ):
        if facts:
            lines += [("", ""), ("bold", title)]
            lines += [
                (
                    "",
                    f"  {_first_date(fact):<12} {fact.label} {numbers.marks(*fact.accounts)}",
                )
                for fact in facts
            ]
    if numbers.sources:
        facts = (*answer.owners, *answer.owns, *answer.domains, *answer.designations, *answer.measures, *answer.other)
        lines += [("", ""), ("bold", "Sources"), *numbers.lines(facts)]
    return lines


def _first_date(fact: Fact) -> str:
    order = ("validFrom", "decided", "announced", "said", "published")
    dates = [date for name in order for account in fact.accounts for key, date in account.dates if key == name]
    return dates[0] if dates else ""
