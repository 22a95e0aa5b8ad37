"""What of a check depends on which statements, so that after a change only that part is asked again.

A query is taken apart once. Each of its triple patterns becomes a trigger: the predicates that it reads, and a variable
by which the query can be narrowed to the solutions that a changed statement has a part in. Where no such variable is at
hand (a path of any length, a count over everything) the query is asked whole.
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
from kg.build.gather import Pattern, Statements, Step, gather, predicates_of, steps_of

_SELECT = re.compile(r"SELECT\b(?P<projection>[^{]*)\{", re.IGNORECASE)
_WHERE = re.compile(r"WHERE\s*\{", re.IGNORECASE)
_LISTED = re.compile(r"VALUES \?(?P<name>\w+) \{(?P<terms>(?: [a-z]+:\w+)+) \}")
_Statement = ox.Quad | ox.Triple
Values = dict[str, set[names.Term]]
"""Variables, each with the values to which it is narrowed."""


@dataclass(frozen=True)
class Trigger:
    """A triple pattern: its predicates (``None`` for any), its fixed ends, and the variable to narrow by, if any."""

    predicates: frozenset[str] | None
    subject: str | None
    object: str | None
    variable: str | None
    at_object: bool = False


class Focused:
    """A check that can be asked for the part of its answer that depends on some statements."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        # A part that may be missing only adds to rows; so alone it brings none where there was none before.
        self._optional = "BOUND" in text

    @cached_property
    def _algebra(self) -> Any:
        from rdflib.plugins.sparql import prepareQuery

        return prepareQuery(self.text, initNs=names.PREFIXES).algebra

    @cached_property
    def required(self) -> frozenset[str]:
        """Variables that every solution binds in its patterns: narrowing by one of them only leaves solutions out."""
        return frozenset(_required(self._pattern))

    @cached_property
    def _repeated(self) -> frozenset[Pattern]:
        """Patterns inside that say again, with variables of which nothing else is said, what a required pattern says."""
        patterns = list(_patterns(self._algebra.p, optional=True))
        return frozenset(one for one in patterns if any(self._repeats(one, other) for other in patterns))

    def _repeats(self, one: Pattern, other: Pattern) -> bool:
        free = [self._is_free(term) for term in one]
        if not any(free) or any(_is_variable(term) and str(term) not in self.required for term in other):
            return False
        return all(loose or mine == theirs for loose, mine, theirs in zip(free, one, other, strict=True))

    def _is_free(self, term: Any) -> bool:
        if not _is_variable(term) or str(term) in self.required:
            return False
        return len(re.findall(rf"[?$]{term}\b", self.text)) == 1

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """Every pattern of the query, wherever it stands."""
        patterns = (one for one in _patterns(self._algebra.p, self._optional) if one not in self._repeated)
        return tuple(dict.fromkeys(_trigger(one, self.required) for one in patterns))

    def touched(self, changed: Index) -> Values | None:
        """To which values the query is to be narrowed for the changed statements; ``None`` when it must be asked whole."""
        values: Values = defaultdict(set)
        for trigger in self.triggers:
            for quad in changed.matching(trigger):
                if trigger.variable is None:
                    return None
                value = quad.object if trigger.at_object else quad.subject
                listed = self._listed.get(trigger.variable)
                if listed is None or names.text_of(value) in listed:
                    values[trigger.variable].add(value)
        return values

    @cached_property
    def _listed(self) -> dict[str, set[str]]:
        """The values that the query itself lists for a variable."""
        found = {}
        for block in _LISTED.finditer(self.text):
            pairs = [one.partition(":") for one in block["terms"].split()]
            found[block["name"]] = {names.PREFIXES[prefix] + local for prefix, _, local in pairs}
        return found

    @cached_property
    def _steps(self) -> list[Step]:
        return steps_of(self._pattern, self._repeated)

    @cached_property
    def _pattern(self) -> Any:
        part = self._algebra.p
        while getattr(part, "name", "") in {"Slice", "Distinct", "Project", "OrderBy"}:
            part = part.p
        return part

    def rows(self, store: Statements, values: Values) -> Iterator[ox.QuerySolution]:
        """The solutions for which a variable has one of its values."""
        for variable, several in values.items():
            small = gather(store, self._steps, variable, several)
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

    def __init__(self, quads: Iterable[_Statement]) -> None:
        self._all = list(quads)
        self._by: dict[str, list[_Statement]] = defaultdict(list)
        for quad in self._all:
            self._by[quad.predicate.value].append(quad)

    def matching(self, trigger: Trigger) -> Iterator[_Statement]:
        """The statements that a pattern could match."""
        some = self._all if trigger.predicates is None else [q for one in trigger.predicates for q in self._by[one]]
        for quad in some:
            if trigger.subject in {None, str(quad.subject)} and trigger.object in {None, str(quad.object)}:
                yield quad


def _patterns(part: Any, optional: bool) -> Iterator[Pattern]:
    """Every triple pattern below a node of the algebra, those in filters too; those in OPTIONAL if wanted."""
    if isinstance(part, dict):
        name = getattr(part, "name", "")
        if name == "BGP":
            yield from part["triples"]
        elif name == "TriplesBlock":
            for flat in part["triples"]:
                yield from (tuple(flat[start : start + 3]) for start in range(0, len(flat), 3))
        else:
            for key, one in part.items():
                if key not in {"triples", "_vars", "PV"} and (optional or (name, key) != ("LeftJoin", "p2")):
                    yield from _patterns(one, optional)
    elif isinstance(part, (list, set, tuple)):
        for one in part:
            yield from _patterns(one, optional)


def _is_variable(term: Any) -> bool:
    from rdflib.term import Variable

    return isinstance(term, Variable)


def _required(part: Any) -> set[str]:
    from rdflib.term import Variable

    name = getattr(part, "name", "")
    if name == "BGP":
        return {str(one) for pattern in part.triples for one in pattern if isinstance(one, Variable)}
    if name in {"Join", "Union", "LeftJoin", "Minus"}:
        left, right = _required(part.p1), _required(part.p2)
        return {"Join": left | right, "Union": left & right}.get(name, left)
    if name in {"Project", "SelectQuery"}:
        return _required(part.p) & {str(one) for one in part.PV}
    return _required(part["p"]) if isinstance(part, dict) and "p" in part else set()


def _trigger(pattern: Pattern, required: frozenset[str]) -> Trigger:
    from rdflib.term import Variable

    subject, predicate, value = pattern
    predicates, alone = predicates_of(predicate)
    variable, at_object = None, False
    if alone and isinstance(subject, Variable) and str(subject) in required:
        variable = str(subject)
    elif alone and isinstance(value, Variable) and str(value) in required:
        variable, at_object = str(value), True
    fixed = alone
    return Trigger(
        predicates,
        None if isinstance(subject, Variable) or not fixed else subject.n3(),
        None if isinstance(value, Variable) or not fixed else _term(value),
        variable,
        at_object,
    )


def _term(value: Any) -> str:
    """A fixed term as the engine writes it; of a literal nothing is fixed, since it may be written in several ways."""
    from rdflib.term import URIRef

    return value.n3() if isinstance(value, URIRef) else None  # type: ignore[return-value]
