"""The statements that the solutions of a query around some nodes can be made of, as a small store of their own.

The engine has no statistics, so a query narrowed to one node may still read every date of a large store. Here the
patterns are followed from that node outward, one look-up after the other; the query then runs on what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

import pyoxigraph as ox

from kg.names import text_of

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


@dataclass(frozen=True)
class Step:
    """A pattern to follow: its predicates (``None`` for any), its ends, and the part of the query in which it stands.

    Ends are names of variables, or terms. Variables of a part have names of their own unless the part around it knows
    them. Along a path of several steps every statement with its predicates is taken.
    """

    pattern: Pattern
    predicates: tuple[ox.NamedNode | None, ...]
    subject: str | ox.NamedNode
    object: str | ox.NamedNode | None
    part: tuple[int, ...]
    """Numbers of the optional, negated or alternative parts around it; outside of all it must match for there to be a solution."""
    alone: bool
    is_optional: bool
    variable: str | None = None
    """The variable in the place of the predicate, if one is."""

    @property
    def ends(self) -> Iterator[str]:
        """Its variables at either end."""
        return (one for one in (self.subject, self.object) if isinstance(one, str))


@dataclass(frozen=True)
class _Place:
    """Where in a query a pattern stands."""

    part: tuple[int, ...] = ()
    is_optional: bool = False


def steps_of(part: Any, required: Iterable[str]) -> list[Step]:
    """The steps of the pattern part of a query; ``required`` variables are the same ones everywhere."""
    return list(_walk(part, {one: one for one in required}, _Place(), count(1)))


class Statements(Protocol):
    """Where statements are looked up."""

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any) -> Iterator[ox.Quad]:  # noqa: A002  as the engine calls it
        """Those that match; ``None`` stands for anything."""


def gather(
    store: Statements, steps: Sequence[Step], variable: str, values: set[Any], listed: Mapping[str, set[str]]
) -> ox.Store | None:
    """The statements around the values of a variable; nothing when no solution can have any of them.

    ``listed`` are variables for which the query itself lists what they may be.
    """
    found = ox.Store()
    known: dict[str, set[Any]] = {variable: values}
    for depth in sorted({len(step.part) for step in steps}):
        pending = [step for step in steps if len(step.part) == depth]
        while pending:
            step = min(pending, key=lambda one: _cost(one, known))
            pending.remove(step)
            quads = [quad for quad in _matches(store, step, known) if _is_listed(step, quad, listed)]
            if not quads and depth == 0:
                return None
            found.extend(quads)
            if step.alone:
                _learn(step, quads, known)
    return found


def _is_listed(step: Step, quad: ox.Quad, listed: Mapping[str, set[str]]) -> bool:
    return not (
        isinstance(step.object, str) and step.object in listed and text_of(quad.object) not in listed[step.object]
    )


def _cost(step: Step, known: dict[str, set[Any]]) -> tuple[int, int]:
    """From a known subject is best, then from a known object, the fewest first; then all with a fixed object, then all."""
    subject = known.get(step.subject) if isinstance(step.subject, str) else {step.subject}
    if subject is not None:
        return 0, len(subject)
    value = known.get(step.object) if isinstance(step.object, str) else None
    if value is not None:
        return 1, len(value)
    if step.variable in known:
        return 2, 0
    return (4, 0) if isinstance(step.object, str) or step.object is None else (3, 0)


def _matches(store: Statements, step: Step, known: dict[str, set[Any]]) -> Iterator[ox.Quad]:
    subjects: Any = known.get(step.subject) if isinstance(step.subject, str) else {step.subject}
    objects: Any = known.get(step.object) if isinstance(step.object, str) else {step.object}
    default = ox.DefaultGraph()
    predicates: Any = known.get(step.variable or "", step.predicates)
    for predicate in predicates:
        if not step.alone:
            yield from store.quads_for_pattern(None, predicate, None, default)
        elif subjects is not None:
            fixed = step.object if isinstance(step.object, ox.NamedNode) else None
            for one in subjects:
                if not isinstance(one, ox.Literal):
                    yield from store.quads_for_pattern(one, predicate, fixed, default)
        else:
            for one in objects if objects is not None else (None,):
                yield from store.quads_for_pattern(None, predicate, one, default)


def _learn(step: Step, quads: list[ox.Quad], known: dict[str, set[Any]]) -> None:
    if isinstance(step.subject, str):
        known.setdefault(step.subject, {quad.subject for quad in quads})
    if isinstance(step.object, str):
        known.setdefault(step.object, {quad.object for quad in quads})
    if step.variable is not None:
        known.setdefault(step.variable, {quad.predicate for quad in quads})


def _walk(part: Any, scope: dict[str, str], place: _Place, numbers: Iterator[int]) -> Iterator[Step]:
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
            if is_variable(one):
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


def _step(pattern: Pattern, scope: dict[str, str], place: _Place) -> Step:
    subject, predicate, value = pattern
    predicates, alone = predicates_of(predicate)
    return Step(
        pattern,
        (None,) if predicates is None else tuple(ox.NamedNode(one) for one in sorted(predicates)),
        scope[str(subject)] if is_variable(subject) else ox.NamedNode(str(subject)),
        scope[str(value)] if is_variable(value) else _fixed(value),
        place.part,
        alone,
        place.is_optional,
        scope[str(predicate)] if is_variable(predicate) else None,
    )


def _fixed(value: Any) -> ox.NamedNode | None:
    """A fixed object to look up; of a literal nothing is fixed, since it may be written in several ways."""
    from rdflib.term import URIRef

    return ox.NamedNode(str(value)) if isinstance(value, URIRef) else None


def is_variable(term: Any) -> bool:
    """Whether a term of the algebra is a variable."""
    from rdflib.term import Variable

    return isinstance(term, Variable)


def predicates_of(predicate: Any) -> tuple[frozenset[str] | None, bool]:
    """The predicates that a pattern reads, and whether one statement alone can match it (no path of several steps)."""
    from rdflib.paths import AlternativePath
    from rdflib.term import URIRef

    if is_variable(predicate):
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
