"""What a query gives: a stream of terms while it runs, and an answer of plain typed values when it is whole."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg import names
from kg.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
"""One cell as the engine gives it; ``None`` where the variable is unbound."""
_SORTED_UP_TO = 100_000
"""So many triples are held to put them in order; more stream as they come."""


@dataclass
class Results:
    """A running query. Exactly one of three forms: rows, a yes or no, or triples; rows and triples can be read once."""

    columns: tuple[str, ...] = ()
    rows: Iterable[tuple[Term, ...]] | None = None
    truth: bool | None = None
    triples: Iterable[ox.Triple] | None = None
    prefixes: dict[str, str] = field(default_factory=dict)
    """The prefixes that the query declares itself."""
    notices: list[str] = field(default_factory=list)
    """What the query names that the record does not know."""
    hints: Callable[[], list[str]] = field(default=list)
    """Why there may be nothing: sentences that are worked out when somebody asks."""
    close: Callable[[], None] = lambda: None
    """Ends the query; for who does not read it to its end."""

    @property
    def form(self) -> str:
        """``rows``, ``truth`` or ``triples``."""
        return "truth" if self.truth is not None else "triples" if self.triples is not None else "rows"

    def whole(self) -> Answer:
        """Read everything."""
        if self.triples is not None:
            return Answer((), (), triples=tuple(in_order(self.triples)))
        return Answer(self.columns, tuple(self.rows or ()), truth=self.truth)


class QueryWarning(UserWarning):
    """A query found nothing, perhaps because of a slip."""


def warn_of_slips(results: Results, answer: Answer) -> None:
    """Warn of ids that the record does not know and, where nothing was found, of conditions that nothing meets."""
    noughts = len(answer.terms) == 1 and all(one in {None, 0} for one in answer.rows[0])
    nothing = not answer or noughts
    for sentence in [*results.notices, *(results.hints() if nothing else [])]:
        warnings.warn(sentence, QueryWarning, stacklevel=3)


def in_order(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Triples without doubles and in a stable order, as long as they are few enough to be held."""
    running = iter(triples)
    held = list(islice(running, _SORTED_UP_TO))
    rest = list(islice(running, 1))
    if rest:
        return chain(held, rest, running)
    return iter(sorted(set(held), key=str))


@dataclass(frozen=True, repr=False)
class Answer:
    """A whole answer: columns and rows of plain values, a yes or no, or triples."""

    columns: tuple[str, ...]
    terms: tuple[tuple[Term, ...], ...]
    """The rows as terms of the engine, with their datatypes and languages."""
    truth: bool | None = None
    triples: tuple[ox.Triple, ...] | None = None

    @cached_property
    def rows(self) -> tuple[tuple[Any, ...], ...]:
        """The rows as plain values: shortened IRIs, text, numbers, booleans, days; ``None`` where nothing is."""
        return tuple(tuple(map(plain, row)) for row in self.terms)

    def __repr__(self) -> str:
        if self.truth is not None:
            return f"Answer({self.truth})"
        if self.triples is not None:
            return f"Answer({len(self.triples)} triples)"
        return f"Answer({len(self.terms)} rows of {', '.join(self.columns)})"

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """The rows, one after the other."""
        return iter(self.rows)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.terms)

    def __bool__(self) -> bool:
        """The yes or no; for other forms whether anything was found."""
        return self.truth if self.truth is not None else bool(self.terms or self.triples)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas data frame; columns of days become ``datetime64``.

        Raises:
            UsageError: when pandas is not installed, or the query gave no rows and columns but a yes, a no or triples.
        """
        self._require_rows()
        try:
            import pandas as pd
        except ImportError:
            raise UsageError("to_pandas needs pandas: pip install pandas") from None
        frame = pd.DataFrame(self.rows, columns=list(self.columns))
        for place, name in enumerate(self.columns):
            if days(row[place] for row in self.rows):
                frame[name] = pd.to_datetime(frame[name])
        return frame

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars data frame.

        Raises:
            UsageError: when polars is not installed, or the query gave no rows and columns but a yes, a no or triples.
        """
        self._require_rows()
        return data_frame(self.columns, self.rows)

    def _require_rows(self) -> None:
        if self.truth is not None or self.triples is not None:
            raise UsageError("only a SELECT gives rows and columns for a data frame")

    def _repr_html_(self) -> str:
        """The answer as a notebook shows it."""
        from kg.sparql import notebook

        if self.truth is not None:
            return notebook.table(("answer",), [(self.truth,)])
        if self.triples is not None:
            parts = [(triple.subject, triple.predicate, triple.object) for triple in self.triples]
            return notebook.table(("subject", "predicate", "object"), [tuple(map(plain, one)) for one in parts])
        return notebook.table(self.columns, self.rows)


def data_frame(columns: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows as a polars data frame; a column with values of several types becomes text.

    Raises:
        UsageError: when polars is not installed.
    """
    try:
        import polars as pl
    except ImportError:
        raise UsageError("this needs polars: pip install 'platform-restriction-kg[tables]'") from None
    held = list(rows)
    series = []
    for place, name in enumerate(columns):
        values = [row[place] for row in held]
        kinds = {type(one) for one in values if one is not None}
        mixed = len(kinds) > 1 and not kinds <= {int, float}
        series.append(
            pl.Series(
                name,
                [None if one is None or not mixed else str(one) for one in values] if mixed else values,
                strict=False,
            )
        )
    return pl.DataFrame(series)


def days(values: Iterable[Any]) -> bool:
    """Whether all values that there are, and at least one, are days."""
    found = [one for one in values if one is not None]
    return bool(found) and all(isinstance(one, date) and not isinstance(one, datetime) for one in found)


def plain(term: Any) -> Any:
    """A term as a plain value: IRIs shortened to our prefixes, numbers, booleans and days typed.

    A literal whose text does not fit its datatype comes out as text.
    """
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return names.shorten(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    try:
        return _TYPED.get(term.datatype.value, str)(term.value)
    except ValueError:
        return term.value


def _day(text: str) -> date | None:
    """A day; the sentinels that stand for open bounds inside the store are no days and come out as nothing."""
    return None if text in _OPEN else date.fromisoformat(text)


_OPEN = frozenset({"0001-01-01", "9999-12-30", "9999-12-31"})
_XSD = names.PREFIXES["xsd"]
_TYPED: dict[str, Callable[[str], Any]] = {
    **{_XSD + name: int for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")},
    **{_XSD + name: float for name in ("decimal", "double", "float")},
    _XSD + "boolean": lambda text: text in {"true", "1"},
    _XSD + "date": _day,
}
