"""The statements that the solutions of a query around some nodes can be made of, as a small store of their own.

The engine has no statistics, so a query narrowed to one node may still read every date of a large store. Here the
patterns are followed from that node outward, one look-up after the other; the query then runs on what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyoxigraph as ox

from kg.names import text_of


@dataclass(frozen=True)
class Step:
    """A triple pattern to follow: its predicates (``None`` for any), its ends, and the part of the query in which it stands.

    Ends are names of variables, or terms. Variables of a part have names of their own unless the part around it knows
    them. Along a path of several steps every statement with its predicates is taken.
    """

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
