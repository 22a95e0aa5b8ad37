"""Answers as plain lines of text. A line is text with a style; styles are used on a terminal only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kg.answers.model import Account, Fact, Source, Standing, Status
from kg.formats.headline import Line, exposure, headline
from kg.formats.own import own_data

CAUTION = "Nothing recorded does not mean not restricted: it means that this record holds no act that ran that day."
UNDATED = "Undated sources count as public from the day on which they were read; what rests on them alone is not shown for earlier days."
_FIELD = {
    "validFrom": "began",
    "validUntil": "ended",
    "inForceOn": "in force on",
    "decided": "decided",
    "announced": "announced",
    "published": "published",
    "said": "said",
}
_ACTS = {"Fine": "fines", "Demand": "demands", "Warning": "warnings", "Statement": "statements", "Announcement": "announcements",
         "Ruling": "rulings", "Designation": "designations", "Promotion": "promotions"}  # fmt: skip


class Numbered:
    """Gives each source its number from 1, in order of first use."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = {source: number for number, source in enumerate(sources, start=1)}

    def marks(self, *accounts: Account) -> str:
        """The marks of the sources of some accounts, such as ``[1][3]``, each once."""
        numbers = dict.fromkeys(
            self.sources.setdefault(one.source, len(self.sources) + 1)
            for account in accounts
            for one in account.evidence
        )
        return "".join(f"[{number}]" for number in sorted(numbers))

    def lines(self, facts: Iterable[Fact]) -> list[Line]:
        """The list of sources with their locators, publisher, date and address."""
        places: dict[Source, list[str]] = {}
        for fact in facts:
            for account in fact.accounts:
                for one in account.evidence:
                    if one.locator:
                        places.setdefault(one.source, []).append(one.locator)
        lines: list[Line] = []
        for source, number in self.sources.items():
            parts = [
                source.publisher,
                source.issued or "undated",
                *([f"“{source.title}”"] if source.title else []),
                "; ".join(dict.fromkeys(places.get(source, []))),
            ]
            lines.append(("", f"  [{number}] {', '.join(part for part in parts if part)}"))
            lines.append(("dim", f"      {source.url}"))
        return lines


def status_lines(answer: Status) -> list[Line]:
    """The answer to ``kg status``: the verdict word first."""
    numbers = Numbered(answer.sources)
    lines = [*headline(answer), ("", "")]
    lines += _section("In force", answer.measures, numbers)
    lines += _section("Held off", answer.held_off, numbers)
    lines += _section("Narrower (listed, not counted in the verdict)", answer.narrower, numbers)
    lines += _section("Ended that day", answer.ended, numbers)
    if answer.state_backing:
        lines.append(("bold", "Backed by the state"))
        for fact in (*answer.state_backing, *answer.operators):
            lines += _fact(fact, numbers)
        lines.append(("", ""))
    if answer.upcoming:
        lines.append(("bold", "Later on record"))
        lines += [
            ("", line)
            for line in dict.fromkeys(
                f"  {one.span.begin}  {one.fact.label if not one.derived else exposure(one)}"
                for one in _by_begin(answer.upcoming)
            )
        ]
        lines.append(("", ""))
    if answer.acts:
        told = ", ".join(
            f"{number} {_ACTS[name] if number > 1 else _ACTS[name][:-1]}" for name, number in answer.acts.items()
        )
        lines += [
            (
                "",
                f"Acts up to that day: {told} (kg timeline {_quoted(answer.platform.label)} --in {answer.jurisdiction.id})",
            ),
            ("", ""),
        ]
    if answer.level == "none" and answer.certainty is None:
        lines += [("", CAUTION), ("", "")]
    if answer.known < date.today().isoformat():  # noqa: DTZ011  the reader's own calendar day
        lines += [("dim", UNDATED), ("", "")]
    if numbers.sources:
        lines += [("bold", "Sources"), *numbers.lines(answer.facts())]
    return lines


def _quoted(label: str) -> str:
    return f'"{label}"' if " " in label else label


def _by_begin(standings: Iterable[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda one: (one.span.from_earliest or "", one.fact.label))


def _section(title: str, standings: tuple[Standing, ...], numbers: Numbered) -> list[Line]:
    if not standings:
        return []
    lines: list[Line] = [("bold", title)]
    for group in _one_fact_each(standings):
        lines += _standing(group[0], numbers, [one.area.label for one in group])
    return [*lines, ("", "")]


def _one_fact_each(standings: Iterable[Standing]) -> list[list[Standing]]:
    """A measure that applies in several places is told once."""
    groups: dict[str, list[Standing]] = {}
    for one in standings:
        groups.setdefault(one.fact.id, []).append(one)
    return list(groups.values())


def _standing(one: Standing, numbers: Numbered, areas: list[str]) -> list[Line]:
    name = exposure(one) if one.derived else one.fact.label
    span = f"since {one.span.begin}" + (f", ended {one.span.end}" if one.span.ended else "")
    area = "" if one.reach == "here" else f" [{', '.join(areas)}]"
    group = "" if one.audience.id == "everyone" else f" [{one.audience.label}]"
    lines: list[Line] = [
        ("bold", f"- {name}{area}{group}"),
        (
            "",
            f"    {'held off: ' if one.held_off_by else ''}{one.level.label} ({one.certainty}): {one.kind.label}, {span}",
        ),
    ]
    if one.derived:
        lines.append(("", f"    derived ({one.fact.first('derivedBy')}), from:"))
        for premise in one.premises:
            lines += _fact(premise, numbers, indent=6)
    else:
        lines += _details(one.fact, numbers, 4)
    for holder in one.held_off_by:
        lines.append(("", "    held off by:"))
        lines += _fact(holder, numbers, indent=6)
    return lines


def _fact(fact: Fact, numbers: Numbered, indent: int = 2) -> list[Line]:
    pad = " " * indent
    return [("", f"{pad}- {named(fact)}"), *_details(fact, numbers, indent + 2)]


def named(fact: Fact) -> str:
    """What a fact is called; derived control has no label of its own."""
    if fact.type == "Control":
        held, holder = fact.first("held"), fact.first("holder")
        return f"{holder} controls {held}"
    return fact.label


def _details(fact: Fact, numbers: Numbered, indent: int) -> list[Line]:
    pad = " " * indent
    lines: list[Line] = []
    for word, names in (
        ("features", ("feature",)),
        ("where", ("areaNote",)),
        ("imposed by", ("imposedBy",)),
        ("carried out by", ("carriedOutBy",)),
        ("decided by", ("decidedBy",)),
        ("said by", ("speaker",)),
        ("designated as", ("designatedAs",)),
        ("limited to", ("limitedTo",)),
        ("under", ("basedOn", "ofLaw")),
        ("grounds", ("ground",)),
        ("how", ("mechanism",)),
        ("follows", ("follows",)),
        ("support", ("confidence",)),
    ):
        refs = fact.refs(*names)
        if refs:
            lines.append(("", f"{pad}{word:<14} {', '.join(ref.label for ref in refs)}"))
        elif word == "under" and fact.type == "RestrictionMeasure":
            lines.append(("", f"{pad}{word:<14} no legal basis on record"))
    amount = fact.first("amount")
    if amount:
        lines.append(("", f"{pad}{'sum':<14} {amount.label} {fact.first('currency') or ''}".rstrip()))
    told = dict.fromkeys(_account(account, numbers) for account in fact.accounts)
    lines += [("", f"{pad}{one}") for one in told]
    if fact.note:
        lines.append(("dim", f"{pad}{'note':<14} {fact.note}"))
    return lines


def _account(account: Account, numbers: Numbered) -> str:
    told = ", ".join(f"{_FIELD.get(name, name)} {date}" for name, date in account.dates)
    extra = " (correction)" if account.stance == "correction" else ""
    extra += " (scheduled)" if account.scheduled else ""
    extra += f" (says {', '.join(account.restates)})" if account.restates else ""
    extra += f" (according to {account.according_to})" if account.according_to else ""
    return f"{'account':<14} {told}{extra} {numbers.marks(account)}{own_data(account)}"


def why_lines(answer: Status) -> list[Line]:
    """The proof tree of ``kg why``: verdict, measures, reasons, premises, accounts with their sources."""
    numbers = Numbered(answer.sources)
    lines = headline(answer)
    branches: list[tuple[str, tuple[Standing, ...]]] = [("because", answer.measures), ("beside it, held off", answer.held_off),
                                                         ("beside it, narrower", answer.narrower), ("ended that day", answer.ended)]  # fmt: skip
    standings = [(word, same) for word, group in branches for same in _one_fact_each(group)]
    for place, (word, same) in enumerate(standings):
        last = place == len(standings) - 1
        stem, rest = ("└─ ", "   ") if last else ("├─ ", "│  ")
        body = _standing(same[0], numbers, [one.area.label for one in same])
        lines.append((body[0][0], f"{stem}{word}: {body[0][1].removeprefix('- ')}"))
        lines += [(style, f"{rest}{text[2:]}") for style, text in body[1:]]
    if not standings:
        lines += [("", CAUTION)]
    if numbers.sources:
        lines += [("", ""), ("bold", "Sources"), *numbers.lines(answer.facts())]
    return lines
