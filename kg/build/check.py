"""Second step of the build: the conditions of ``queries/checks``, each of which must return no row.

A check whose header says ``#+ severity: question`` asks the author something that may have a good answer; its rows are
shown and stop nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import names, places
from kg.build.locate import locate_nodes
from kg.build.progress import Report, told
from kg.errors import DataError

QUESTION = "#+ severity: question\n"
"""In the header of a check that only asks."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One broken condition: where, which check, which node, and what to do."""

    place: str
    check: str
    node: str
    message: str
    question: bool = False

    def __str__(self) -> str:
        mark = ", a question" if self.question else ""
        return f"{self.place}: {names.shorten(self.node)}: {self.message} [{self.check}{mark}]"


def find_problems(
    store: ox.Store, files: Sequence[Path], report: Report | None = None, *, questions: bool = True
) -> list[Problem]:
    """Run every check on a store that was read; the result is sorted and free of duplicates."""
    rows: dict[tuple[str, str, str, bool], None] = {}
    checks = places.check_files()
    for file in told(report, f"checking {len(checks)} conditions", checks, len(checks)):
        text = file.read_text(encoding="utf-8")
        asks = QUESTION in text
        if asks and not questions:
            continue
        found = store.query(text, prefixes=names.PREFIXES)
        assert isinstance(found, ox.QuerySolutions)
        for row in found:
            rows[row["node"].value, file.stem, row["message"].value, asks] = None
    where = locate_nodes(files, {node for node, *_ in rows})
    return sorted(Problem(where[node], check, node, message, asks) for node, check, message, asks in rows)


def require_sound(store: ox.Store, files: Sequence[Path], report: Report | None = None) -> None:
    """Stop the build at broken data; what a check only asks is left for ``kg check``.

    Raises:
        DataError: with one line a problem.
    """
    problems = [str(problem) for problem in find_problems(store, files, report, questions=False)]
    if problems:
        raise DataError("\n".join(problems), problems)
