"""The conditions of the record after a change: only what could break by it is asked again.

The store that was changed was sound. So a condition can fail only where a changed statement has a part in it, and is asked
around such statements (:mod:`kg.build.focus`). It is asked of what is stated and of what reading adds, as in a full build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from typing import Any

import pyoxigraph as ox

from kg import names, places
from kg.build.check import QUESTION
from kg.build.focus import Focused, Index

_DEFAULT = ox.DefaultGraph()
_DERIVED_BY = ox.NamedNode(names.ONTOLOGY + "derivedBy")
_FROM_READING = frozenset(
    {
        *(names.FROM_EARLIEST, names.FROM_LATEST, names.UNTIL_EARLIEST, names.UNTIL_LATEST),
        *(names.LAST_CONFIRMED, names.KNOWN_FROM, names.LOOKUP_KEY, names.LOOKUP_PART),
    }
)
"""What reading adds to what is stated; versions and derived facts have these properties, too."""


def broken_by(new: ox.Store, changed: Iterable[ox.Triple], is_stated: Callable[[ox.Triple], bool]) -> str | None:
    """The name of a condition that a store does not meet after some statements came or went; nothing when it meets all."""
    ground, index = _Ground(new, is_stated), Index(changed)
    for file in places.check_files():
        text = file.read_text(encoding="utf-8")
        if QUESTION not in text and any(_rows(_focused(file.stem, text), ground, index)):
            return file.stem
    return None


@cache
def _focused(name: str, text: str) -> Focused:
    """Taking all conditions apart takes most of a second; once is enough."""
    return Focused(name, text)


def _rows(check: Focused, ground: _Ground, index: Index) -> Iterator[ox.QuerySolution]:
    values = check.touched(index, ground)
    if values is not None:
        return check.rows(ground, values)
    found = ground.whole.query(check.text, prefixes=names.PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return found


class _Ground:
    """A store without what rules and versions put into it."""

    def __init__(self, store: ox.Store, is_stated: Callable[[ox.Triple], bool]) -> None:
        self._store, self._is_stated = store, is_stated

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any) -> Iterator[ox.Quad]:  # noqa: A002  as the engine calls it
        """What matches, of what a full build checks."""
        for quad in self._store.quads_for_pattern(subject, predicate, object, graph_name):
            if self._is_read(quad) if quad.predicate in _FROM_READING else self._is_stated(quad.triple):
                yield quad

    def _is_read(self, quad: ox.Quad) -> bool:
        subject = quad.subject
        if not isinstance(subject, ox.NamedNode) or "/version/" in subject.value:
            return False
        return next(self._store.quads_for_pattern(subject, _DERIVED_BY, None, _DEFAULT), None) is None

    @cached_property
    def whole(self) -> ox.Store:
        """All of it, in memory: for a condition that cannot be asked in parts, such as one along a path."""
        found = ox.Store()
        found.bulk_extend(self.quads_for_pattern(None, None, None, _DEFAULT))
        return found
