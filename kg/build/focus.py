"""What of a check depends on which statements, so that after a change only that part is asked again.

A query is taken apart once. Each of its triple patterns becomes a trigger: the predicates that it reads, and a way from a
changed statement to a variable by which the query can be narrowed to the solutions that the statement has a part in:
a variable of the pattern itself, or one that other patterns around it lead to. Where there is none (a path of any
length), the query is asked whole.

A header ``#+ alike: other node`` says that whoever stands for ``?other`` in a row also stands for ``?node`` in one: two
platforms of one name are a row each. So a change that concerns ``?other`` is looked for at ``?node``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from kg import names
from kg.build.gather import Pattern, Statements, Step, gather, is_variable, steps_of

_SELECT = re.compile(r"SELECT\b(?P<projection>[^{]*)\{", re.IGNORECASE)
_WHERE = re.compile(r"WHERE\s*\{", re.IGNORECASE)
_LISTED = re.compile(r"VALUES \?(?P<name>\w+) \{(?P<terms>(?: [a-z]+:\w+)+) \}")
_ALIKE = re.compile(r"^#\+ alike: (\w+) (\w+)$", re.MULTILINE)
_FARTHEST = 5
_DEFAULT = ox.DefaultGraph()
_Statement = ox.Quad | ox.Triple
Values = dict[str, set[names.Term]]
"""Variables, each with the values to which it is narrowed."""


@dataclass(frozen=True)
class _Hop:
    """From one node to others along a property, or against it."""

    predicates: tuple[ox.NamedNode | None, ...]
    is_forward: bool

    def follow(self, store: Statements, nodes: Iterable[Any]) -> set[Any]:
        found: set[Any] = set()
        for node in nodes:
            for predicate in self.predicates:
                if not self.is_forward:
                    found.update(quad.subject for quad in store.quads_for_pattern(None, predicate, node, _DEFAULT))
                elif not isinstance(node, ox.Literal):
                    found.update(quad.object for quad in store.quads_for_pattern(node, predicate, None, _DEFAULT))
        return found


@dataclass(frozen=True)
class Trigger:
    """A pattern that changed statements may match, and the way from them to the variable to narrow by, if there is one."""

    step: Step
    variable: str | None = None
    at_object: bool = False
    hops: tuple[_Hop, ...] = ()

    def values(self, store: Statements, statement: _Statement) -> set[Any]:
        """What the variable may be in solutions with that statement."""
        nodes: set[Any] = {statement.object if self.at_object else statement.subject}
        for hop in self.hops:
            nodes = hop.follow(store, nodes)
        return nodes


class Focused:
    """A check that can be asked for the part of its answer that depends on some statements."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        # A part that may be missing only adds to rows; so alone it brings none where there was none before.
        self._counts_optional = "BOUND" in text
        self.alike = dict(_ALIKE.findall(text))

    @cached_property
    def _pattern(self) -> Any:
        from rdflib.plugins.sparql import prepareQuery

        part = prepareQuery(self.text, initNs=names.PREFIXES).algebra.p
        while getattr(part, "name", "") in {"Slice", "Distinct", "Project", "OrderBy"}:
            part = part.p
        return part

    @cached_property
    def required(self) -> frozenset[str]:
        """Variables that every solution binds in its patterns: narrowing by one of them only leaves solutions out."""
        return frozenset(_required(self._pattern))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every pattern, but for those inside that say again, with variables of which nothing else is said, what another says."""
        found = steps_of(self._pattern, self.required)
        patterns = {one.pattern for one in found}
        return tuple(one for one in found if not any(self._repeats(one.pattern, other) for other in patterns))

    def _repeats(self, one: Pattern, other: Pattern) -> bool:
        free = [self._is_free(term) for term in one]
        if not any(free) or any(is_variable(term) and str(term) not in self.required for term in other):
            return False
        return all(loose or mine == theirs for loose, mine, theirs in zip(free, one, other, strict=True))

    def _is_free(self, term: Any) -> bool:
        if not is_variable(term) or str(term) in self.required:
            return False
        return len(re.findall(rf"[?$]{term}\b", self.text)) == 1

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """One for every step."""
        return tuple(self._trigger(one) for one in self.steps if self._counts_optional or not one.is_optional)

    def _trigger(self, step: Step) -> Trigger:
        """The nearest variable to narrow by, along patterns that hold wherever this one does."""
        if not step.alone:
            return Trigger(step)
        around = [
            one for one in self.steps if one.alone and one.variable is None and one.part == step.part[: len(one.part)]
        ]
        ways = [
            (end, at_object, ()) for at_object, end in enumerate((step.subject, step.object)) if isinstance(end, str)
        ]
        front: list[tuple[str, int, tuple[_Hop, ...]]] = list(ways)
        seen = {end for end, *_ in front}
        for _ in range(_FARTHEST):
            for end, at_object, hops in front:
                if (variable := self._narrows(end)) is not None:
                    return Trigger(step, variable, bool(at_object), hops)
            front = [
                (other, at_object, (*hops, _Hop(one.predicates, other == one.object)))
                for end, at_object, hops in front
                for one in around
                if one is not step and end in one.ends
                for other in one.ends
                if other not in seen and not seen.add(other)  # type: ignore[func-returns-value]
            ]
        return Trigger(step)

    def _narrows(self, variable: str) -> str | None:
        return variable if variable in self.required else self.alike.get(variable.partition("@")[0])

    def touched(self, changed: Index, store: Statements) -> Values | None:
        """To which values the query is to be narrowed for the changed statements; ``None`` when it must be asked whole."""
        values: Values = defaultdict(set)
        for trigger in self.triggers:
            for statement in changed.matching(trigger.step):
                if trigger.variable is None:
                    return None
                listed = self._listed.get(trigger.variable)
                values[trigger.variable].update(
                    one for one in trigger.values(store, statement) if listed is None or names.text_of(one) in listed
                )
        return values

    @cached_property
    def _listed(self) -> dict[str, set[str]]:
        """The values that the query itself lists for a variable."""
        found = {}
        for block in _LISTED.finditer(self.text):
            pairs = [one.partition(":") for one in block["terms"].split()]
            found[block["name"]] = {names.PREFIXES[prefix] + local for prefix, _, local in pairs}
        return found

    def rows(self, store: Statements, values: Values) -> Iterator[ox.QuerySolution]:
        """The solutions for which a variable has one of its values."""
        for variable, several in values.items():
            small = gather(store, self.steps, variable, several, self._listed) if several else None
            if small is not None:
                text = self._narrowed(variable, sorted(map(str, several)))
                found = small.query(text, prefixes=names.PREFIXES)
                assert isinstance(found, ox.QuerySolutions)
                yield from found

    def _narrowed(self, variable: str, terms: list[str]) -> str:
        """The query with the values put at its beginning, and into every inner query that hands the variable out."""
        block = f" VALUES ?{variable} {{ {' '.join(terms)} }} "
        places = {found.end() for found in _SELECT.finditer(self.text) if _hands_out(found["projection"], variable)}
        outer = _WHERE.search(self.text)
        assert outer is not None, self.name
        text = self.text
        for place in sorted({outer.end(), *places}, reverse=True):
            text = text[:place] + block + text[place:]
        return text


def _hands_out(projection: str, variable: str) -> bool:
    plain = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", projection)
    return re.search(rf"\?{variable}\b", plain) is not None


class Index:
    """Changed statements by predicate."""

    def __init__(self, statements: Iterable[_Statement]) -> None:
        self._all = list(statements)
        self._by: dict[ox.NamedNode, list[_Statement]] = defaultdict(list)
        for one in self._all:
            self._by[one.predicate].append(one)

    def matching(self, step: Step) -> Iterator[_Statement]:
        """The statements that a pattern could match; along a path, all with its predicates."""
        ends = [end if step.alone and isinstance(end, ox.NamedNode) else None for end in (step.subject, step.object)]
        for predicate in step.predicates:
            for one in self._all if predicate is None else self._by[predicate]:
                if ends[0] in {None, one.subject} and ends[1] in {None, one.object}:
                    yield one


def _required(part: Any) -> set[str]:
    name = getattr(part, "name", "")
    if name == "BGP":
        return {str(one) for pattern in part.triples for one in pattern if is_variable(one)}
    if name in {"Join", "Union", "LeftJoin", "Minus"}:
        left, right = _required(part.p1), _required(part.p2)
        return {"Join": left | right, "Union": left & right}.get(name, left)
    if name in {"Project", "SelectQuery"}:
        return _required(part.p) & {str(one) for one in part.PV}
    return _required(part["p"]) if isinstance(part, dict) and "p" in part else set()
