"""Timelines and profiles as plain lines of text."""

from __future__ import annotations

from collections.abc import Iterable

from kg.answers.model import Fact, Span, graphs_of
from kg.answers.records import Changes, Event, Profile, Timeline
from kg.formats.headline import Line
from kg.formats.inside import inside
from kg.formats.own import counts_here, own_data
from kg.formats.text import Numbered, named

_TYPES = {
    "RestrictionMeasure": "restriction",
    "LegalPhase": "law",
    "DomainUse": "domain",
    "Naming": "name",
    "JurisdictionMembership": "membership",
}
_LASTING = frozenset(
    {"RestrictionMeasure", "Withdrawal", "Designation", "Exemption", "Suspension", "Ownership", "Promotion"}
)
_PROFILE_WORDS = {"jurisdiction": "jurisdiction", "category": "category", "feature": "features", "coveredBy": "counts as", "within": "lies in",
                  "partOf": "part of", "notation": "code", "is_part_of": "part of"}  # fmt: skip


def timeline_lines(answer: Timeline) -> list[Line]:
    """One line an event, with its sources at the foot."""
    numbers = Numbered(answer.sources)
    lines: list[Line] = [
        (
            "bold",
            f"{answer.thing.label}: {_count(len(answer.events), 'dated fact')}, as publicly known on {answer.known}",
        )
    ]
    lines += _own_line(event.fact for event in answer.events)
    for event in answer.events:
        marks = numbers.marks(*event.fact.accounts) + own_data(*event.fact.accounts)
        lines.append(
            (
                "",
                f"  {_when(event):<12} {_TYPES.get(event.fact.type, event.fact.type.lower()):<12} {named(event.fact)}{_until(event)}{_held(event.fact)} {marks}",
            )
        )
    facts = [event.fact for event in answer.events]
    return [*lines, ("", ""), ("bold", "Sources"), *numbers.lines(facts)] if numbers.sources else lines


def _own_line(facts: Iterable[Fact]) -> list[Line]:
    """Under the first line: which files of the user's own count."""
    told = counts_here(graphs_of(facts))
    return [("", f"  {told}")] if told else []


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _held(fact: Fact) -> str:
    """A mark for what something held off: an exemption, a stay, an order not to enforce."""
    holders = fact.refs("heldOffBy")
    more = f" and {len(holders) - 1} more" if len(holders) > 1 else ""
    return f" [held off by: {holders[0].label}{more}]" if holders else ""


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


def changes_lines(answer: Changes) -> list[Line]:
    """One line a change, oldest first, with the sources at the foot."""
    numbers = Numbered(answer.sources)
    where = f" in {inside(answer.place.label)} ({answer.place.id})" if answer.place else ""
    lines: list[Line] = [
        (
            "bold",
            f"{_count(len(answer.changes), 'change')}{where} from {answer.first} to {answer.last}, as publicly known on {answer.known}",
        )
    ]
    lines += _own_line(one.event.fact for one in answer.changes)
    doubtful = False
    for one in sorted(answer.changes, key=lambda one: not one.certain):
        if not one.certain and not doubtful:
            doubtful = True
            lines += [("", ""), ("bold", "Perhaps in that time: the sources leave the day open")]
        fact = one.event.fact
        areas = "" if answer.place else f" [{', '.join(ref.id for ref in fact.refs('appliesIn'))}]"
        kind = _TYPES.get(fact.type, fact.type.lower())
        lines.append(
            (
                "",
                f"  {_short(one.event.span, one.change):<12} {one.change:<6} {kind:<12} {named(fact)}{areas}{_held(fact)} {numbers.marks(*fact.accounts)}{own_data(*fact.accounts)}",
            )
        )
    facts = [one.event.fact for one in answer.changes]
    return [*lines, ("", ""), ("bold", "Sources"), *numbers.lines(facts)] if numbers.sources else lines


def _short(span: Span, change: str) -> str:
    """When, in few letters: a day, or the two days between which it lies."""
    first, last = (
        (span.until_earliest, span.until_latest) if change == "ended" else (span.from_earliest, span.from_latest)
    )
    return f"{last}" if first == last else f"{first or ''}..{last or ''}"


_CLASS_WORDS = {
    "http://data.europa.eu/eli/ontology#LegalResource": "law",
    "http://data.europa.eu/eli/ontology#LegalResourceSubdivision": "provision of a law",
}


def profile_lines(answer: Profile) -> list[Line]:
    """The answer to ``kg show``."""
    numbers = Numbered(answer.sources)
    lines: list[Line] = [
        (
            "bold",
            f"{answer.thing.label} ({', '.join(_CLASS_WORDS.get(one, one) for one in answer.types)}, id {answer.thing.id})",
        )
    ]
    if answer.names:
        lines.append(("", f"  also            {', '.join(answer.names)}"))
    lines += [
        ("", f"  {_PROFILE_WORDS[name]:<15} {', '.join(ref.label for ref in refs)}")
        for name, refs in answer.values.items()
        if name in _PROFILE_WORDS
    ]
    if answer.note:
        lines.append(("", f"  note            {answer.note}"))
    lines += _belonging_lines(answer)
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
                    f"  {_first_date(fact):<12} {fact.label}{_ended(answer, fact)}{_held(fact)} {numbers.marks(*fact.accounts)}{own_data(*fact.accounts)}",
                )
                for fact in facts
            ]
    if numbers.sources:
        facts = (*answer.owners, *answer.owns, *answer.domains, *answer.designations, *answer.measures, *answer.other)
        lines += [("", ""), ("bold", "Sources"), *numbers.lines(facts)]
    return lines


_BELONGINGS = (
    ("Authorities", ("Authority", "Regulator", "Ministry", "Court", "Legislature")),
    ("Laws", ("LegalResource", "LegalResourceSubdivision")),
    ("Companies", ("Company",)),
    ("Regions on record", ("Jurisdiction",)),
)


def _belonging_lines(answer: Profile) -> list[Line]:
    lines: list[Line] = []
    for title, kinds in _BELONGINGS:
        refs = dict.fromkeys(ref for kind in kinds for ref in answer.belongings.get(kind, ()))
        if refs:
            lines += [("", ""), ("bold", title), *(("", f"  {ref.label} ({ref.id})") for ref in sorted(refs, key=str))]
    return lines


def _ended(answer: Profile, fact: Fact) -> str:
    span = answer.spans.get(fact.id)
    return f" (until {span.end})" if span and span.ended and fact.type in _LASTING else ""


def _first_date(fact: Fact) -> str:
    order = ("validFrom", "decided", "announced", "said", "published")
    dates = [date for name in order for account in fact.accounts for key, date in account.dates if key == name]
    return dates[0] if dates else ""
