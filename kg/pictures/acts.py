"""The acts of the record, each with what it joins and how it is drawn.

Which classes are acts, which property leads to either end, and how their edges are grouped, ranked and coloured stands
in the ontology (``prk:edgeSource`` and its neighbours), so that a new class of acts is drawn without a change here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kg import names
from kg.answers.facts import ask, span_of
from kg.dates import FIRST_DAY, LAST_DAY, SOME_DAY
from kg.store import Row, Store

RANKS = {"blocked": 6, "designated": 5, "withdrawn": 4, "limited": 3, "pressure": 2, "promoted": 1}
"""How severe an edge is; words, laws and ownership have no rank."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class EdgeClass:
    """How a class of acts is drawn, by the annotations on it."""

    type: str
    family: str
    """Acts of one family between the same two things share an edge."""
    level: str
    weight: int
    of_day: bool
    """Whether it happens on a day; the others go on."""


@dataclass(slots=True)
class Act:
    """One act between two things, whatever number of areas, laws and rows it has."""

    id: str
    drawn: EdgeClass
    verb: str
    source: str | None
    target: str
    span: tuple[date, date, date, date]
    level: str
    kind: str | None
    areas: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)
    laws: set[str] = field(default_factory=set)
    scope: str = ""
    """For whom or where alone it holds, in words, when that is not everybody in the place."""

    @property
    def type(self) -> str:
        """The local name of its class."""
        return self.drawn.type

    @property
    def family(self) -> str:
        """Acts of one family between the same two things share an edge."""
        return self.drawn.family

    @property
    def owning(self) -> bool:
        """Whether it joins an owner with what is owned."""
        return self.drawn.level == "owns"

    @property
    def ends(self) -> list[str]:
        """All things that it touches."""
        return [one for one in (self.source, self.target, *self.laws) if one]

    def ended(self, on: date) -> bool:
        """Whether it was a state and is over."""
        return not self.drawn.of_day and self.span[3] <= on

    @property
    def when(self) -> str:
        """Its dates in short; an act of one day has no end worth telling."""
        return in_short(self.span, states_end=not self.drawn.of_day)

    def certainty(self, on: date) -> str | None:
        """How sure it is that it runs on a day, by the same bounds as a status; nothing for what happened on a day or is over."""
        from0, from1, until0, until1 = self.span
        if self.drawn.of_day or on > until1 or on < from0:
            return None
        if on == until1:
            return "ended that day" if until0 == until1 else None
        if from1 <= on < until0:
            return "definite"
        return "presumed" if from1 <= on and until1 == LAST_DAY else "possible"

    def weight(self, on: date) -> tuple[bool, bool, int, int, int]:
        """What the edge is named after: what still runs, what is for everyone, the severest; of these the first state or the latest act."""
        first = self.span[0].toordinal()
        latest = first if self.drawn.of_day else -first
        return not self.ended(on), not self.scope, RANKS.get(self.level, 0), self.drawn.weight, latest


def read_acts(store: Store, on: date, known: date) -> list[Act]:
    """All acts that began up to a day, as publicly known on another, oldest first."""
    classes = {one.type: one for one in map(_edge_class, ask(store, "edge-classes"))}
    found: dict[tuple[str, str | None, str], Act] = {}
    for row in ask(store, "projection", on=names.day_literal(on), known=names.day_literal(known)):
        event, target = _local(row, "event") or "", _local(row, "target") or ""
        source = _local(row, "source")
        key = (event, source, target)
        act = found.get(key)
        if act is None:
            act = found[key] = _act(row, classes[_local(row, "type") or ""], event, source, target)
        for name, values in (("area", act.areas), ("within", act.within), ("law", act.laws)):
            values.update(filter(None, [_local(row, name)]))
    return sorted(found.values(), key=lambda act: (act.span[0], act.id, act.source or "", act.target))


def _edge_class(row: Row) -> EdgeClass:
    name = names.local_name(row["type"].value)
    text = {one: row[one].value for one in ("family", "level", "weight", "ofDay") if one in row}
    return EdgeClass(name, text.get("family", name), text.get("level", "words"), int(text.get("weight", 0)), text.get("ofDay") == "true")  # fmt: skip


def _act(row: Row, drawn: EdgeClass, event: str, source: str | None, target: str) -> Act:
    level = _local(row, "level") or drawn.level
    if "reaching" in row and row["reaching"].value == "true":
        level = "designated"
    return Act(event, drawn, row["verb"].value, source, target, span_of(row), level, _local(row, "kind"))


def _local(row: Row, name: str) -> str | None:
    return names.local_name(row[name].value) if name in row else None


def in_short(span: tuple[date, date, date, date], *, states_end: bool = True) -> str:
    """When an act began, as short as its bounds allow, and until when it ran where that is on record.

    An end that may lie in one of several years is told as the year by which it was over.
    """
    from0, from1, until0, until1 = span
    begin = _short(from0, from1)
    if not (states_end and from1 < until1 < SOME_DAY):
        return begin
    if until0.year != until1.year:
        return f"{begin}, over by {until1.year}".removeprefix(", ")
    return f"{begin} – {_short(until0, until1)}".removeprefix(" – ")


def scoped(word: str, scope: str) -> str:
    """A word with its scope; ``ban on devices`` and ``for government devices`` need not say devices twice."""
    begin, _, last = word.rpartition(" ")
    group, apart, area = scope.removeprefix("for ").partition(" in ")
    if begin and scope.startswith("for ") and group.endswith(f" {last}"):
        return f"{begin} {group}{apart}{area}"
    return f"{word} {scope}".rstrip()


def _short(low: date, high: date) -> str:
    if low <= FIRST_DAY:
        return "" if high >= LAST_DAY else f"by {high.year}"
    month = f"{_MONTHS[low.month - 1]} {low.year}"
    if low == high:
        return f"{low.day} {month}"
    if (low.year, low.month) != (high.year, high.month):
        later = f"{low.year}–{high.year}" if high < LAST_DAY else f"from {low.year}"
        return str(low.year) if low.year == high.year else later
    return f"{low.day}–{high.day} {month}" if (high - low).days < 8 else month
