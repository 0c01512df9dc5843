"""A table as plain text for a terminal: columns under each other, a line a row however wide."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import BinaryIO

from rich.cells import cell_len, set_cell_size

from lms.reports.origin import origin_of
from lms.reports.tables import Cell, Table

_UNPRINTABLE = re.compile("[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What could move the cursor, colour the screen or turn the line round."""


def write(table: Table, file: BinaryIO, *, advance: Callable[[], None]) -> None:
    """Write the table to the file as UTF-8; `advance` is called after every row."""
    header = [_text(column.title) for column in table.columns]
    rows = [[_text(cell) for cell in row] for row in table.rows]
    widths = [max(map(cell_len, column)) for column in zip(header, *rows, strict=True)]
    file.write(_line(header, widths) + _line(["-" * width for width in widths], widths))
    for row in rows:
        file.write(_line(row, widths))
        advance()
    file.write(b"\n")
    file.writelines(f"{_text(name)}: {_text(value)}\n".encode() for name, value in origin_of(table))


def _line(cells: Sequence[str], widths: Sequence[int]) -> bytes:
    padded = (set_cell_size(cell, width) for cell, width in zip(cells, widths, strict=True))
    return f"{'  '.join(padded).rstrip()}\n".encode()


def _text(cell: Cell) -> str:
    return _UNPRINTABLE.sub("\ufffd", "" if cell is None else str(cell))
