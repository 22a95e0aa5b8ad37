"""The rows of a server: read to their end or not at all, and in pages where it gives only so many at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from kg.errors import StoreError, UsageError

PAGE = "KG_ENDPOINT_PAGE"
_ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
_GROUPED = re.compile(r"\bGROUP\s+BY\b", re.IGNORECASE)
_LIMITED = re.compile(r"\b(LIMIT|OFFSET|VALUES)\b[^{}]*(\{[^{}]*\}\s*)?$", re.IGNORECASE)


class Rows:
    """Rows as they arrive; a server that cuts its answers short is not believed.

    Of a query with groups, rows without any value are left out: rdflib gives one where there is no group at all.
    """

    def __init__(self, found: ox.QuerySolutions, most: int | None, host: str, *, grouped: bool = False) -> None:
        self._found = found
        self._most = most
        self._host = host
        self._grouped = grouped
        self.variables = found.variables

    def __iter__(self) -> Iterator[ox.QuerySolution]:
        """The rows.

        Raises:
            StoreError: when the server gave as many as it ever gives, so that some may be missing.
            ValueError: when the answer breaks off.
        """
        number = 0
        try:
            for row in self._found:
                number += 1
                if not self._grouped or any(value is not None for value in row):
                    yield row
        except SyntaxError as error:
            del (
                self._found
            )  # it must die in this thread, and an exception may keep it alive until another one tidies up
            raise ValueError(str(error)) from None
        if self._most is not None and number >= self._most:
            advice = (
                "and this question cannot be asked in pages"
                if os.environ.get(PAGE)
                else f"set {PAGE}={self._most} to fetch them in pages"
            )
            raise StoreError(f"{self._host} gives at most {self._most} rows, so some may be missing; {advice}")


class Pages:
    """The rows of one query, asked for page by page."""

    def __init__(self, ask: Callable[[int], Rows], size: int) -> None:
        self._ask = ask
        self._size = size
        self._first = ask(0)
        self.variables = self._first.variables

    def __iter__(self) -> Iterator[ox.QuerySolution]:
        """The rows of all pages; a page that is not full is the last."""
        page, offset = self._first, 0
        while True:
            number = 0
            for row in page:
                number += 1
                yield row
            if number < self._size:
                return
            offset += self._size
            page = self._ask(offset)


def page_size() -> int | None:
    """How many rows are asked for at a time, if the person set that.

    Raises:
        UsageError: when what is set is no number of rows.
    """
    text = os.environ.get(PAGE)
    if not text:
        return None
    if not text.isdigit() or int(text) == 0:
        raise UsageError(f"{PAGE} is a number of rows, not '{text}'")
    return int(text)


def grouped(code: str) -> bool:
    """Whether a query makes groups."""
    return bool(_GROUPED.search(code))


def pageable(code: str) -> bool:
    """Whether a query has an order, without which pages could overlap, and no limit of its own."""
    return bool(_ORDERED.search(code)) and not _LIMITED.search(code)
