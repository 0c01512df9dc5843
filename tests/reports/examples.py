"""A table with everything that can stand in a cell, and its files read back the way their readers do."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from lms.reports.formats import Format, write
from lms.reports.tables import About, Cell, Column, ColumnKind, Remark, Row, Table

ASKED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

COLUMNS = (
    Column("trainee", "Trainee"),
    Column("count", "Count", ColumnKind.NUMBER),
    Column("decided_on", "Decided on", ColumnKind.DATE),
    Column("level", "Level", ColumnKind.LEVEL),
)


def table_of(*rows: Row, columns: tuple[Column, ...] = COLUMNS, title: str = "Cohort report") -> Table:
    """Return a table of these rows."""
    about = About(
        asked_by="Lotte Lead",
        asked_at=ASKED_AT,
        on=date(2026, 11, 20),
        filters=(Remark("department", "Department", "Oncology"),),
        legend=(Remark("4", "Level 4", "Independent"),),
    )
    return Table("cohort-report", 1, title, columns, rows, about)


def written(table: Table, to: Format) -> bytes:
    """Return the table as a file of that format."""
    file = BytesIO()
    write(table, to, file)
    return file.getvalue()


def csv_lines(content: bytes) -> list[list[str]]:
    """Return every line of a CSV file as its cells."""
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def rows_of_csv(content: bytes, columns: tuple[Column, ...]) -> list[Row]:
    """Return the rows of a CSV file, typed as their columns say; the header must be that of the columns."""
    header, *lines = csv_lines(content)
    assert header == [column.title for column in columns]
    rows = lines[: lines.index([])]
    return [tuple(_typed(text, column) for text, column in zip(line, columns, strict=True)) for line in rows]


def _typed(text: str, column: Column) -> Cell:
    if not text:
        return None
    if column.kind is ColumnKind.NUMBER:
        return int(text)
    return date.fromisoformat(text) if column.kind is ColumnKind.DATE else text


def rows_of_xlsx(content: bytes, columns: tuple[Column, ...]) -> list[Row]:
    """Return the rows of the first sheet of a workbook; the header must be that of the columns."""
    header, *rows = load_workbook(BytesIO(content)).worksheets[0].iter_rows()
    assert [unescape(str(cell.value)) for cell in header] == [column.title for column in columns]
    return [tuple(_plain(cell.value) for cell in row) for row in rows]


def _plain(value: Any) -> Cell:
    if isinstance(value, datetime):
        assert value == datetime(value.year, value.month, value.day), "a day without a time of day"  # noqa: DTZ001
        return value.date()
    assert value is None or isinstance(value, str | int)
    # The library leaves it to its caller to read a sign that XML cannot hold, written as _x0007_.
    return unescape(value) if isinstance(value, str) else value


def rows_of_json(content: bytes, columns: tuple[Column, ...]) -> list[Row]:
    """Return the rows of a JSON file with their days as days; its columns must be those columns."""
    document = json.loads(content)
    assert [(column["key"], column["title"], column["kind"]) for column in document["columns"]] == [
        (column.key, column.title, column.kind.value) for column in columns
    ]
    return [tuple(_day_or_same(row[column.key], column) for column in columns) for row in document["rows"]]


def _day_or_same(value: Any, column: Column) -> Cell:
    is_day = column.kind is ColumnKind.DATE and value is not None
    cell: Cell = date.fromisoformat(value) if is_day else value
    return cell
