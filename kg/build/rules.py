"""Third and fifth step of the build: the derivation rules of ``queries/rules``, run to a fixpoint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import names
from kg.build.progress import Bar, Report, told
from kg.errors import DataError

_MOST_ROUNDS = 50
"""Chains join one direct link to one derived, so the rounds needed grow with the longest chain, not with its cycles."""


def run_rules(store: ox.Store, files: Sequence[Path], report: Report | None = None) -> int:
    """Apply CONSTRUCT rules until none adds a triple; give the number of triples added.

    Raises:
        DataError: when the rules do not settle, which a rule that mints endless identities would cause.
    """
    texts = [(file.stem, file.read_text(encoding="utf-8")) for file in files]
    added = 0
    for number in range(1, _MOST_ROUNDS + 1):
        fresh = 0
        for name, text in told(
            report if isinstance(report, Bar) else None, f"deriving, round {number}", texts, len(texts)
        ):
            derived = store.query(text, prefixes=names.PREFIXES)
            assert isinstance(derived, ox.QueryTriples), name
            new = [quad for triple in derived if (quad := ox.Quad(*triple)) not in store]
            store.extend(new)
            fresh += len(set(new))
        if report is not None:
            report(f"round {number}: {fresh} derived")
        added += fresh
        if not fresh:
            return added
    raise DataError(
        f"the derivation rules did not settle within {_MOST_ROUNDS} rounds; one of them mints endless identities"
    )
