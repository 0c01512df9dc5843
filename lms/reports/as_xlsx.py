"""A table as an Excel workbook: typed cells, a header that stays in sight, and a sheet about the report itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date
from itertools import islice
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lms.core.formula_guard import is_risky
from lms.core.words import _
from lms.reports.origin import origin_of
from lms.reports.tables import Cell, Column, ColumnKind, Table

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MEASURED_ROWS = 200
"""Column widths follow from the titles and the first rows: measuring all of a long table would take its time again."""
NARROWEST, WIDEST = 7, 40


def write(table: Table, file: BinaryIO, *, advance: Callable[[], None]) -> None:
    """Write the table to the file; `advance` is called after every row.

    The same table gives the same bytes: the workbook is dated when the report was asked for.
    """
    with Workbook(file, OPTIONS) as book:
        asked_at = table.about.asked_at.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": table.title, "author": table.about.asked_by, "created": asked_at})
        formats = _formats(book)
        _write_rows(book.add_worksheet(_("Report")), table, formats, advance)
        _write_origin(book.add_worksheet(_("About this report")), table, formats)


def _formats(book: Workbook) -> dict[str, Format]:
    shapes: dict[str, dict[str, Any]] = {
        "header": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
        "date": {"num_format": "yyyy-mm-dd", "align": "left"},
        # Typed over in Excel, such a cell stays a text as well.
        "risky": {"quote_prefix": True},
        "wrapped": {"text_wrap": True, "valign": "top"},
    }
    return {name: book.add_format(shape) for name, shape in shapes.items()}


def _write_rows(sheet: Worksheet, table: Table, formats: dict[str, Format], advance: Callable[[], None]) -> None:
    for at, width in enumerate(_widths(table)):
        sheet.set_column(at, at, width)
    for at, column in enumerate(table.columns):
        _put(sheet.write_string(0, at, column.title, formats["header"]))
    for number, row in enumerate(table.rows, 1):
        for at, cell in enumerate(row):
            _write_cell(sheet, number, at, cell, formats)
        advance()
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)


def _write_cell(sheet: Worksheet, row: int, at: int, cell: Cell, formats: dict[str, Format]) -> None:
    if isinstance(cell, str):
        _put(sheet.write_string(row, at, cell, formats["risky"] if is_risky(cell) else None))
    elif isinstance(cell, date):
        _put(sheet.write_datetime(row, at, cell, formats["date"]))
    elif cell is not None:
        _put(sheet.write_number(row, at, cell))


def _put(refusal: int) -> None:
    """Refuse to lose what a workbook cannot hold: the library would leave it out and only say so."""
    if refusal:
        raise ValueError("A workbook holds 1,048,576 rows, 16,384 columns and 32,767 characters a cell at most.")


def _widths(table: Table) -> list[float]:
    rows = list(islice(table.rows, MEASURED_ROWS))
    return [_width(column, [row[at] for row in rows]) for at, column in enumerate(table.columns)]


def _width(column: Column, cells: Sequence[Cell]) -> float:
    """Return a width in characters: of the longest cell, and enough for the words of the title under each other."""
    if column.kind is ColumnKind.DATE:
        return 12
    longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    word = max((len(word) for word in column.title.split()), default=0)
    # Room for the filter button beside the title.
    return min(max(longest, word + 3, NARROWEST), WIDEST)


def _write_origin(sheet: Worksheet, table: Table, formats: dict[str, Format]) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 80)
    for number, (name, value) in enumerate(origin_of(table)):
        _put(sheet.write_string(number, 0, name, formats["header"]))
        _put(sheet.write_string(number, 1, value, formats["risky"] if is_risky(value) else formats["wrapped"]))
