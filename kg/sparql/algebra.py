"""The algebra of a query, by rdflib's parser, for what the engine does not tell: its patterns and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg import names


def parse(text: str) -> Any:
    """The algebra of a query; ``None`` for what only the embedded engine understands."""
    from rdflib.plugins.sparql import prepareQuery

    try:
        return prepareQuery(text, initNs=names.PREFIXES).algebra
    except Exception:  # noqa: BLE001  whatever another parser stumbles over: there is just nothing to say
        return None


def nodes(part: Any, *wanted: str) -> Iterator[Any]:
    """Every node of the tree that has one of the names."""
    if isinstance(part, dict):
        if getattr(part, "name", "") in wanted:
            yield part
        for inner in part.values():
            yield from nodes(inner, *wanted)
    elif isinstance(part, (list, tuple, set)):
        for inner in part:
            yield from nodes(inner, *wanted)
