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
from kg.build.gather import Statements, Step, gather

_SELECT = re.compile(r"SELECT\b(?P<projection>[^{]*)\{", re.IGNORECASE)
_WHERE = re.compile(r"WHERE\s*\{", re.IGNORECASE)
_LISTED = re.compile(r"VALUES \?(?P<name>\w+) \{(?P<terms>(?: [a-z]+:\w+)+) \}")
_ALIKE = re.compile(r"^#\+ alike: (\w+) (\w+)$", re.MULTILINE)
_DEFAULT = ox.DefaultGraph()
_Statement = ox.Quad | ox.Triple
Values = dict[str, set[names.Term]]
"""Variables, each with the values to which it is narrowed."""


@dataclass(frozen=True)
class Hop:
    """From one node to others along a property, or against it."""

    predicates: tuple[ox.NamedNode | None, ...]
    is_forward: bool

    def follow(self, store: Statements, nodes: Iterable[Any]) -> set[Any]:
        """Where it leads from some nodes."""
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
    hops: tuple[Hop, ...] = ()

    def values(self, store: Statements, statement: _Statement) -> set[Any]:
        """What the variable may be in solutions with that statement."""
        nodes: set[Any] = {statement.object if self.at_object else statement.subject}
        for hop in self.hops:
            nodes = hop.follow(store, nodes)
        return nodes


@dataclass(frozen=True)
class Plan:
    """The patterns of a check, and those that changed statements may match."""

    steps: tuple[Step, ...]
    triggers: tuple[Trigger, ...]


def alike(text: str) -> dict[str, str]:
    """The variables of which a header says that they stand for another, too."""
    return dict(_ALIKE.findall(text))


class Focused:
    """A check that can be asked for the part of its answer that depends on some statements."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.alike = alike(text)

    @cached_property
    def plan(self) -> Plan:
        """What came of taking it apart."""
        from kg.build.plans import plan_of

        return plan_of(self.name, self.text)

    def touched(self, changed: Index, store: Statements) -> Values | None:
        """To which values the query is to be narrowed for the changed statements; ``None`` when it must be asked whole."""
        values: Values = defaultdict(set)
        for trigger in self.plan.triggers:
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
            small = gather(store, self.plan.steps, variable, several, self._listed) if several else None
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
