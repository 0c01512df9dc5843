"""A table as a CSV file that a Dutch spreadsheet opens well: semicolons, UTF-8 with a mark, CRLF (RFC 4180).

Days are ISO 8601, which every spreadsheet reads as a day whatever its language. After the rows comes an empty line and
then what the report says about itself, so the first line always is the header.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date
from io import TextIOWrapper
from typing import BinaryIO

from lms.core.formula_guard import neutralised
from lms.reports.origin import origin_of
from lms.reports.tables import Cell, Table

ENCODING = "utf-8-sig"


def write(table: Table, file: BinaryIO, *, advance: Callable[[], None]) -> None:
    """Write the table to the file; `advance` is called after every row."""
    text = TextIOWrapper(file, encoding=ENCODING, newline="", write_through=True)
    lines = csv.writer(text, delimiter=";", lineterminator="\r\n")
    lines.writerow(_harmless(column.title for column in table.columns))
    for row in table.rows:
        lines.writerow(_harmless(row))
        advance()
    lines.writerow(())
    lines.writerows(_harmless(pair) for pair in origin_of(table))
    text.detach()


def _harmless(cells: Iterable[Cell]) -> list[str]:
    return [_text(cell) for cell in cells]


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutralised(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
