"""Taking a condition apart: its triple patterns as steps to follow, and for each the way to a variable to narrow by.

This is done once for each text, since rdflib takes a second to read all of them; :mod:`kg.build.plans` keeps what came of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pyoxigraph as ox

from kg import names
from kg.build.focus import Hop, Plan, Trigger, alike
from kg.build.gather import Step

Pattern = tuple[Any, Any, Any]
_INNER = ""
"""Marks a scope whose variables have names of their own; no variable is called so."""
_KNOWN = frozenset(
    {
        *("Filter", "Extend", "Join", "Distinct", "OrderBy", "Slice", "ToMultiSet", "AggregateJoin", "Group"),
        *("Bind", "InlineData", "values"),
    }
)
"""Parts of queries that only pass on what stands below them, or match nothing themselves."""


_FARTHEST = 5


@dataclass(frozen=True)
class _Found:
    """A step with the pattern that it came from."""

    pattern: Pattern
    step: Step


def dissect(text: str) -> Plan:
    """The plan of a condition.

    Raises:
        NotImplementedError: when it has a part that cannot be followed.
    """
    from rdflib.plugins.sparql import prepareQuery

    part = prepareQuery(text, initNs=names.PREFIXES).algebra.p
    while getattr(part, "name", "") in {"Slice", "Distinct", "Project", "OrderBy"}:
        part = part.p
    return _Dissected(text, part).plan()


class _Dissected:
    """A condition with its patterns."""

    def __init__(self, text: str, part: Any) -> None:
        self._text = text
        # Variables that every solution binds in its patterns: narrowing by one of them only leaves solutions out.
        self._required = frozenset(_required(part))
        self._alike = alike(text)
        found = list(_walk(part, {one: one for one in self._required}, _Place(), count(1)))
        patterns = {one.pattern for one in found}
        self._steps = [one.step for one in found if not any(self._repeats(one.pattern, other) for other in patterns)]

    def plan(self) -> Plan:
        """Every step, and a trigger for each that counts."""
        # A part that may be missing only adds to rows; so alone it brings none where there was none before.
        counts_optional = "BOUND" in self._text
        counting = [one for one in self._steps if counts_optional or not one.is_optional]
        return Plan(tuple(self._steps), tuple(self._trigger(one) for one in counting))

    def _repeats(self, one: Pattern, other: Pattern) -> bool:
        """Whether a pattern says again, with variables of which nothing else is said, what another says."""
        free = [self._is_free(term) for term in one]
        if not any(free) or any(_is_variable(term) and str(term) not in self._required for term in other):
            return False
        return all(loose or mine == theirs for loose, mine, theirs in zip(free, one, other, strict=True))

    def _is_free(self, term: Any) -> bool:
        if not _is_variable(term) or str(term) in self._required:
            return False
        return len(re.findall(rf"[?$]{term}\b", self._text)) == 1

    def _trigger(self, step: Step) -> Trigger:
        """The nearest variable to narrow by, along patterns that hold wherever this one does."""
        if not step.alone:
            return Trigger(step)
        around = [
            one for one in self._steps if one.alone and one.variable is None and one.part == step.part[: len(one.part)]
        ]
        ways = [
            (end, at_object, ()) for at_object, end in enumerate((step.subject, step.object)) if isinstance(end, str)
        ]
        front: list[tuple[str, int, tuple[Hop, ...]]] = list(ways)
        seen = {end for end, *_ in front}
        for _ in range(_FARTHEST):
            for end, at_object, hops in front:
                if (variable := self._narrows(end)) is not None:
                    return Trigger(step, variable, bool(at_object), hops)
            front = [
                (other, at_object, (*hops, Hop(one.predicates, other == one.object)))
                for end, at_object, hops in front
                for one in around
                if one is not step and end in one.ends
                for other in one.ends
                if other not in seen and not seen.add(other)  # type: ignore[func-returns-value]
            ]
        return Trigger(step)

    def _narrows(self, variable: str) -> str | None:
        return variable if variable in self._required else self._alike.get(variable.partition("@")[0])


def _required(part: Any) -> set[str]:
    name = getattr(part, "name", "")
    if name == "BGP":
        return {str(one) for pattern in part.triples for one in pattern if _is_variable(one)}
    if name in {"Join", "Union", "LeftJoin", "Minus"}:
        left, right = _required(part.p1), _required(part.p2)
        return {"Join": left | right, "Union": left & right}.get(name, left)
    if name in {"Project", "SelectQuery"}:
        return _required(part.p) & {str(one) for one in part.PV}
    return _required(part["p"]) if isinstance(part, dict) and "p" in part else set()


@dataclass(frozen=True)
class _Place:
    """Where in a query a pattern stands."""

    part: tuple[int, ...] = ()
    is_optional: bool = False


def _walk(part: Any, scope: dict[str, str], place: _Place, numbers: Iterator[int]) -> Iterator[_Found]:
    """Steps of a part: first what it requires, then its optional, negated and alternative parts, each a scope deeper."""
    blocks: list[tuple[Any, bool]] = []
    scope = dict(scope)
    for pattern, inner in _own(part, blocks, scope, numbers):
        yield _step(pattern, inner, place)
    for block, is_optional in blocks:
        inside = _Place((*place.part, next(numbers)), place.is_optional or is_optional)
        yield from _walk(block, {**scope, _INNER: "yes"}, inside, numbers)


def _own(
    part: Any, blocks: list[tuple[Any, bool]], scope: dict[str, str], numbers: Iterator[int]
) -> Iterator[tuple[Pattern, dict[str, str]]]:
    """The required patterns of a part with the names of their variables; other parts are put aside in ``blocks``."""
    name = getattr(part, "name", "")
    if name in {"BGP", "TriplesBlock"}:
        yield from _named(part, scope, numbers)
    elif name == "Project":
        # Variables that an inner query does not hand out are not those of the same name outside.
        inner = {one: scope.setdefault(one, one) for one in map(str, part.PV)}
        yield from _own(part.p, blocks, {**inner, _INNER: "yes"}, numbers)
    else:
        required, aside = _parts(name, part)
        blocks += [(one, name in {"LeftJoin", "OptionalGraphPattern"}) for one in aside]
        for one in required:
            yield from _own(one, blocks, scope, numbers)


def _named(part: Any, scope: dict[str, str], numbers: Iterator[int]) -> Iterator[tuple[Pattern, dict[str, str]]]:
    for pattern in _triples(part):
        for one in pattern:
            if _is_variable(one):
                scope.setdefault(str(one), f"{one}@{next(numbers)}" if _INNER in scope else str(one))
        yield pattern, scope


def _parts(name: str, part: Any) -> tuple[list[Any], list[Any]]:
    """The parts of a part that every solution needs, and those that are optional, negated or alternative.

    rdflib leaves what stands in NOT EXISTS of an inner query as it was written, so both forms are known here.
    """
    if name in {"LeftJoin", "Minus"}:
        return [part["p1"]], [part["p2"]]
    if name == "Union":
        return [], [part["p1"], part["p2"]]
    if name == "GroupGraphPatternSub":
        return list(part["part"]), []
    if name == "GroupOrUnionGraphPattern":
        return (list(part["graph"]), []) if len(part["graph"]) == 1 else ([], list(part["graph"]))
    if name in {"OptionalGraphPattern", "MinusGraphPattern"}:
        return [], [part["graph"]]
    if name not in _KNOWN:
        raise NotImplementedError(f"a rule or check has a part that cannot be followed: {name}")
    inside = [part[key] for key in ("p", "p1", "p2") if key in part]
    return inside, _graphs(part["expr"]) if name == "Filter" else []


def _graphs(expression: Any) -> list[Any]:
    """The patterns of EXISTS and NOT EXISTS in an expression."""
    if getattr(expression, "name", "") in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
        return [expression["graph"]]
    if isinstance(expression, dict):
        return [found for one in expression.values() for found in _graphs(one)]
    if isinstance(expression, (list, tuple, set)) and not isinstance(expression, str):
        return [found for one in expression for found in _graphs(one)]
    return []


def _triples(part: Any) -> Iterator[Pattern]:
    for one in part["triples"]:
        if part.name == "BGP":
            yield one
        else:
            yield from (tuple(one[start : start + 3]) for start in range(0, len(one), 3))


def _step(pattern: Pattern, scope: dict[str, str], place: _Place) -> _Found:
    subject, predicate, value = pattern
    predicates, alone = _predicates_of(predicate)
    step = Step(
        (None,) if predicates is None else tuple(ox.NamedNode(one) for one in sorted(predicates)),
        scope[str(subject)] if _is_variable(subject) else ox.NamedNode(str(subject)),
        scope[str(value)] if _is_variable(value) else _fixed(value),
        place.part,
        alone,
        place.is_optional,
        scope[str(predicate)] if _is_variable(predicate) else None,
    )
    return _Found(pattern, step)


def _fixed(value: Any) -> ox.NamedNode | None:
    """A fixed object to look up; of a literal nothing is fixed, since it may be written in several ways."""
    from rdflib.term import URIRef

    return ox.NamedNode(str(value)) if isinstance(value, URIRef) else None


def _is_variable(term: Any) -> bool:
    """Whether a term of the algebra is a variable."""
    from rdflib.term import Variable

    return isinstance(term, Variable)


def _predicates_of(predicate: Any) -> tuple[frozenset[str] | None, bool]:
    """The predicates that a pattern reads, and whether one statement alone can match it (no path of several steps)."""
    from rdflib.paths import AlternativePath
    from rdflib.term import URIRef

    if _is_variable(predicate):
        return None, True
    if isinstance(predicate, URIRef):
        return frozenset({str(predicate)}), True
    alone = isinstance(predicate, AlternativePath) and all(isinstance(one, URIRef) for one in predicate.args)
    return frozenset(_within(predicate)), alone


def _within(path: Any) -> Iterator[str]:
    from rdflib.term import URIRef

    if isinstance(path, URIRef):
        yield str(path)
        return
    parts = [*getattr(path, "args", ()), *(getattr(path, name) for name in ("path", "arg") if hasattr(path, name))]
    for one in parts:
        yield from _within(one)
