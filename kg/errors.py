"""Everything that can go wrong, as one small tree.

::

    KgError               parent of all; carries the exit code that the command line returns
    ├── UsageError        2: a parameter, format or file name that cannot be used
    │   ├── UnknownName   2: no thing of that name; carries suggestions
    │   ├── AmbiguousName 2: several things of that name; carries the candidates
    │   └── QueryError    2: a query that does not parse or names an undeclared term
    │       └── LimitError 2: a query that took longer or needed more memory than it may
    ├── DataError         1: the record itself is broken; carries file and line
    └── StoreError        2: the compiled store cannot be read or written
"""

from __future__ import annotations

from collections.abc import Sequence


class KgError(Exception):
    """Parent of every error that this package raises on purpose."""

    exit_code = 2


class UsageError(KgError):
    """A request that cannot be carried out as it was put."""


class UnknownName(UsageError):
    """No thing in the record answers to the name; ``suggestions`` holds the nearest ones."""

    def __init__(self, message: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)


class AmbiguousName(UsageError):
    """Several things answer to the name; ``candidates`` holds them."""

    def __init__(self, message: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.candidates = tuple(candidates)


class QueryError(UsageError):
    """A SPARQL text that cannot be run; the message gives line and column where they are known."""


class LimitError(QueryError):
    """A query that was stopped because it took longer or needed more memory than it may."""


class DataError(KgError):
    """Broken data: a file that does not parse, a date that is none, a claim without a source."""

    exit_code = 1

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems) or (message,)


class StoreError(KgError):
    """The compiled store cannot be opened or written."""
