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
from kg.build.read import locate_node
from kg.errors import DataError

_QUESTION = "#+ severity: question\n"


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


def find_problems(store: ox.Store, files: Sequence[Path]) -> list[Problem]:
    """Run every check on a store that was read; the result is sorted and free of duplicates."""
    found: set[Problem] = set()
    for file in places.check_files():
        text = file.read_text(encoding="utf-8")
        rows = store.query(text, prefixes=names.PREFIXES)
        assert isinstance(rows, ox.QuerySolutions)
        for row in rows:
            node = row["node"].value
            found.add(Problem(locate_node(files, node), file.stem, node, row["message"].value, _QUESTION in text))
    return sorted(found)


def require_sound(store: ox.Store, files: Sequence[Path]) -> None:
    """Stop the build at broken data.

    Raises:
        DataError: with one line a problem.
    """
    problems = [str(problem) for problem in find_problems(store, files) if not problem.question]
    if problems:
        raise DataError("\n".join(problems), problems)
