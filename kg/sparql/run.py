"""Running a query: the project's own questions and anybody's text take one path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from kg import catalogue
from kg.errors import QueryError, UsageError
from kg.sparql import limited
from kg.sparql.answer import Answer, Results
from kg.sparql.guard import inspect, own_prefixes, syntax_message
from kg.sparql.limited import Limits
from kg.sparql.parameters import terms
from kg.store import ENGINE_FAULTS, Store


def run_text(store: Store, text: str) -> Answer:
    """Run any SPARQL query text and read its whole answer.

    Raises:
        QueryError: for a syntax error (line, column), an update, SERVICE, or a term of ours that is not declared.
    """
    return stream_text(store, text).whole()


def run_named(store: Store, name: str, given: Mapping[str, str]) -> Answer:
    """Run a named question; parameters come as a person writes them and are bound as terms.

    Raises:
        UsageError: when a parameter is unknown, missing, or not of its type.
    """
    return run_text(store, bound(store, name, given))


def bound(store: Store, name: str, given: Mapping[str, str]) -> str:
    """The text of a named question with its parameters in place.

    Raises:
        UsageError: when a parameter is unknown, missing, or not of its type.
    """
    query = catalogue.load(name)
    return query.bind(terms(store, query, given))


def bound_text(store: Store, text: str, given: Mapping[str, str]) -> str:
    """A text of one's own with the parameters of its header in place; without any given it stays as it stands.

    Raises:
        UsageError: when it has no header for parameters, or a parameter is unknown, missing or not of its type.
    """
    if not given:
        return text
    query = catalogue.parse_query("of your own", text)
    if not query.parameters:
        raise UsageError(
            f"there is no option --{next(iter(given))}; parameters go with a named question (kg queries lists them) "
            "or a query whose header declares them with '#+ param'"
        )
    return query.bind(terms(store, query, given))


def stream_text(store: Store, text: str, *, limits: Limits | None = None, allow_service: bool = False) -> Results:
    """Start any SPARQL query text. Without limits it runs in this process and cannot be interrupted.

    Raises:
        QueryError: for a syntax error (line, column), an update, SERVICE, or a term of ours that is not declared.
        LimitError: when it takes longer or needs more memory than it may, now or while it is read.
    """
    from kg.sparql.advice import advise, unknown_ids, unused_variables

    inspect(text, allow_service=allow_service)
    if limits is None or store.origin.address is not None:
        found = _here(store, text, limits.seconds if limits else None)
    else:
        found = limited.run(store, text, limits)
    found.notices = [*unknown_ids(store, text), *unused_variables(text)]
    found.prefixes = own_prefixes(text)
    found.hints = lambda: advise(store, text)
    return found


def _here(store: Store, text: str, seconds: float | None) -> Results:
    try:
        found = store.start(text, seconds or None)
    except SyntaxError as error:
        raise QueryError(syntax_message(text, error)) from None
    except ENGINE_FAULTS as error:
        raise store.fault(error) from None
    if isinstance(found, ox.QueryBoolean):
        return Results(truth=bool(found))
    if isinstance(found, Iterator) and not isinstance(found, ox.QuerySolutions):
        return Results(triples=_checked(store, found))
    columns = tuple(variable.value for variable in found.variables)
    return Results(columns, rows=_checked(store, (tuple(row) for row in found)))


def _checked(store: Store, items: Iterable[Any]) -> Iterator[Any]:
    """Items of the engine; what goes wrong on the way becomes an error of ours."""
    try:
        yield from items
    except (*ENGINE_FAULTS, SyntaxError) as error:
        raise store.fault(error) from None
