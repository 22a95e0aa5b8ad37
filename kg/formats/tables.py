"""Rows as files for other programs: Parquet and Excel, with typed columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kg.errors import UsageError
from kg.formats.output import cell
from kg.sparql.answer import data_frame

_EXCEL_ROWS = 1_048_575
"""Rows of a sheet below its heading."""
_EXCEL_TEXT = 32_767
"""Letters that a cell of Excel holds."""
_EXCEL_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel counts a day that never was; such days are written as text."""


def write_parquet(columns: Sequence[str], rows: Iterable[tuple[Any, ...]], file: Path) -> None:
    """Write a Parquet file.

    Raises:
        UsageError: when polars is not installed.
    """
    data_frame(columns, rows).write_parquet(file)


def write_excel(columns: Sequence[str], rows: Iterable[Sequence[Any]], file: Path) -> None:
    """Write an Excel workbook of one sheet, row by row. No cell is ever a formula.

    Raises:
        UsageError: when XlsxWriter is not installed, or there are more rows than a sheet holds.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError("this needs XlsxWriter: pip install 'platform-restriction-kg[tables]'") from None
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True})
    try:
        _fill(book, columns, rows)
    finally:
        book.close()


def _fill(book: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet("answer")
    sheet.freeze_panes(1, 0)
    head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name, head)
    last = 0
    for last, row in enumerate(rows, start=1):
        if last > _EXCEL_ROWS:
            raise UsageError(
                f"an Excel sheet holds {_EXCEL_ROWS} rows and there are more; csv and parquet hold any number"
            )
        for place, value in enumerate(row):
            _write(sheet, last, place, value, day)
    sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))


def _write(sheet: Any, line: int, place: int, value: Any, day: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(line, place, value)
    elif isinstance(value, date) and value >= _EXCEL_FIRST_DAY:
        sheet.write_datetime(line, place, value, day)
    elif value is not None:
        text = cell(value)
        sheet.write_string(line, place, text if len(text) <= _EXCEL_TEXT else text[: _EXCEL_TEXT - 1] + "…")
