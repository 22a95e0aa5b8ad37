"""Labels beside IRIs: after each column of things a column with their names, in the languages asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import pyoxigraph as ox

from kg import catalogue, names
from kg.sparql.answer import Results, Term
from kg.store import Store

_AT_ONCE = 500
"""Rows whose labels are asked for together."""


def with_labels(store: Store, results: Results, languages: Sequence[str]) -> Results:
    """Rows with a column ``NAMELabel`` behind each column that holds IRIs in the first rows.

    The first of the languages that a thing has a label in wins, then English, then any, then the end of its IRI. A
    column that the query labels itself gets none.
    """
    if results.rows is None:
        return results
    running = iter(results.rows)
    first = list(islice(running, _AT_ONCE))
    chosen = [
        place
        for place in range(len(results.columns))
        if not _has_label(results.columns, place) and any(isinstance(row[place], ox.NamedNode) for row in first)
    ]
    columns = [(name, f"{name}Label") if place in chosen else (name,) for place, name in enumerate(results.columns)]
    book = LabelBook(store, languages)
    batches = chain([first], iter(lambda: list(islice(running, _AT_ONCE)), []))
    return Results(
        tuple(chain.from_iterable(columns)),
        rows=_labelled(batches, chosen, book),
        notices=results.notices,
        hints=results.hints,
        close=results.close,
    )


def _has_label(columns: Sequence[str], place: int) -> bool:
    """Whether the query labels a column itself: by a column of that name, or by ``label`` right behind it."""
    return f"{columns[place]}Label" in columns or columns[place + 1 : place + 2] == ("label",)


def _labelled(
    batches: Iterable[list[tuple[Term, ...]]], chosen: Sequence[int], book: LabelBook
) -> Iterator[tuple[Term, ...]]:
    for batch in batches:
        book.read(row[place] for row in batch for place in chosen)
        for row in batch:
            cells = [(term, book.label(term)) if place in chosen else (term,) for place, term in enumerate(row)]
            yield tuple(chain.from_iterable(cells))


class LabelBook:
    """Labels that were read once are kept."""

    def __init__(self, store: Store, languages: Sequence[str]) -> None:
        self.store = store
        self.order = [*languages, "en", ""]
        self.found: dict[str, ox.Literal] = {}

    def read(self, terms: Iterable[Term]) -> None:
        """Read the labels of those terms that are IRIs not met before."""
        wanted = dict.fromkeys(one for one in terms if isinstance(one, ox.NamedNode) and one.value not in self.found)
        if not wanted:
            return
        known: dict[str, dict[str, str]] = {}
        rows = self.store.select(catalogue.load("labels-in-languages").bind([{"node": node} for node in wanted]))
        for row in rows:
            known.setdefault(row["node"].value, {}).setdefault(row["language"].value, row["label"].value)
        for node in wanted:
            labels = known.get(node.value, {})
            best = next((one for one in [*self.order, *sorted(labels)] if one in labels), None)
            text = labels[best] if best is not None else names.local_name(node.value)
            self.found[node.value] = ox.Literal(text)

    def label(self, term: Term) -> Term:
        """The label of an IRI; nothing for anything else."""
        return self.found.get(term.value) if isinstance(term, ox.NamedNode) else None
