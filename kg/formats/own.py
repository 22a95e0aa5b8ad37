"""That data of the user's own stand in an answer, and which files hold it."""

from __future__ import annotations

from collections.abc import Iterable

from kg.answers.model import Account
from kg.names import RECORD_GRAPH

_MOST_FILES = 3
"""Files that are named in a line; the rest are counted."""


def counts_here(graphs: Iterable[str]) -> str:
    """One line that names the files of the user's own among some graphs; empty where there are none."""
    found = set(graphs) - {RECORD_GRAPH}
    if not found:
        return ""
    from kg.build.own import spoken

    files = sorted(map(spoken, found))
    more = f" and {len(files) - _MOST_FILES} more" if len(files) > _MOST_FILES else ""
    return f"your own data count here: {', '.join(files[:_MOST_FILES])}{more}"


def sentence(graphs: Iterable[str]) -> str:
    """The same as a sentence for pages and drawings."""
    told = counts_here(graphs)
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def own_data(*accounts: Account) -> str:
    """That accounts come from data of the user's own, in which files, and whether the record holds them, too."""
    graphs = sorted({graph for one in accounts for graph in one.graphs} - {RECORD_GRAPH})
    if not graphs:
        return ""
    from kg.build.own import spoken

    beside = any(RECORD_GRAPH in one.graphs or not one.graphs for one in accounts)
    return f" ({'also in' if beside else 'from'} your data: {', '.join(map(spoken, graphs))})"
