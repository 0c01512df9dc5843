"""A workbook read: its sheets as tables of plain cells, each thing that we cannot take refused at its cell.

The archive is looked at before anything of it is unpacked, entities in its XML are refused by defusedxml, and neither
formulas nor their last results are read: a result may be another one on another machine.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import DEFUSEDXML, load_workbook
from openpyxl.utils import get_column_letter

from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.exchange.guards import opened_zip, refused
from lms.exchange.xlsx.choices import choice_for, chosen
from lms.exchange.xlsx.layout import Sheet, sheets
from lms.exchange.xlsx.places import ABOUT_CODE, FIRST_ROW, LISTS_CODE, NAMES_ROW, VALUE
from lms.exchange.xlsx.tables import Table

if not DEFUSEDXML:
    raise ImportError("openpyxl must read XML with defusedxml: install it, and leave OPENPYXL_DEFUSEDXML alone.")

MOST_ROWS = 60_000
"""So many rows a workbook may have in all its sheets."""

WIDEST = 256
_RETURN = "_x000D_\n"
"""A line end of Windows as a workbook writes it."""

DAMAGED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What reading a damaged or dishonest workbook can end in, entities (a ValueError of defusedxml) among it."""

Line = tuple[int, list[Any]]
"""The number of a row and its cells."""


def tables_of(content: bytes, name: str) -> dict[str, Table]:
    """Return the tables of a workbook by the code of their sheet; raise CurriculumRefused with all that is wrong."""
    with opened_zip(content, name):
        pass
    try:
        found = _Reader(name)
        tables = found.tables(content)
    except DAMAGED as failure:
        raise refused(name, _("This is no workbook that can be read. Save it again as .xlsx.")) from failure
    if found.problems:
        raise CurriculumRefused(found.problems)
    return tables


class _Reader:
    """Reads one workbook and collects what is wrong with its cells."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.rows_left = MOST_ROWS

    def tables(self, content: bytes) -> dict[str, Table]:
        """Return the tables by the code of their sheet."""
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        known = {sheet.code: sheet for sheet in sheets()}
        tables: dict[str, Table] = {}
        for page in book.worksheets:
            if _says_nothing(page):
                continue
            lines = list(self._lines(page))
            code = _first_cell(lines)
            if code in tables:
                self._refuse(f"{page.title}!A1", _("Two sheets have this name in their first cell."))
            elif code in known:
                tables[code] = self._table(page.title, known[code], lines)
            elif any(any(cells) for _row, cells in lines):
                self._refuse(f"{page.title}!A1", _("This sheet is not known: its first cell has no name of a sheet."))
        if not tables and not self.problems:
            self._refuse("", _("This workbook has no sheet of a programme. Begin with the empty one from the page."))
        return tables

    def _refuse(self, cell: str, message: str) -> None:
        self.problems.append(Problem(self.name, None, cell, message))

    def _lines(self, page: Any) -> Iterator[Line]:
        """Yield the rows that hold something, their formulas and errors refused at their cell."""
        page.reset_dimensions()
        for row in page.iter_rows(max_row=MOST_ROWS, max_col=WIDEST):
            cells = [self._plain(page.title, cell) for cell in row]
            while cells and cells[-1] is None:
                cells.pop()
            if cells:
                self.rows_left -= 1
                yield next(cell.row for cell in row if cell.value is not None), cells
            if self.rows_left < 0:
                raise refused(self.name, _("This file holds more than %(most)s rows.", most=MOST_ROWS))

    def _plain(self, title: str, cell: Any) -> Any:
        value = cell.value
        if value is None or cell.data_type not in {"f", "e"}:
            return value.replace(_RETURN, "\n") if isinstance(value, str) else value
        place = f"{title}!{get_column_letter(cell.column)}{cell.row}"
        if cell.data_type == "f":
            self._refuse(place, _("This cell holds a formula. Put its outcome there as text or number."))
        else:
            self._refuse(place, _("This cell holds an error (%(error)s).", error=str(value)))
        return None

    def _table(self, title: str, sheet: Sheet, lines: list[Line]) -> Table:
        if not sheet.is_list:
            return self._form(title, sheet, lines)
        names = next((cells for row, cells in lines if row == NAMES_ROW + 1), [])
        places = self._places(title, sheet, {at: name for at, name in enumerate(names, start=1) if name})
        by_column = {at: name for name, at in places.items()}
        rows = tuple(
            (row, _with_choices(sheet, self._cells(title, row, cells, by_column)))
            for row, cells in lines
            if row > FIRST_ROW and any(not _is_empty(cell) for cell in cells)
        )
        return Table(title, places, rows)

    def _cells(self, title: str, row: int, cells: list[Any], names: Mapping[int, str]) -> dict[str, Any]:
        for at, cell in enumerate(cells, start=1):
            if not _is_empty(cell) and at not in names:
                place = f"{title}!{get_column_letter(at)}{row}"
                self._refuse(place, _("This column has no name in row %(row)s.", row=NAMES_ROW + 1))
        return {name: cells[at - 1] for at, name in names.items() if at <= len(cells) and not _is_empty(cells[at - 1])}

    def _places(self, title: str, sheet: Sheet, names: Mapping[int, Any]) -> dict[str, int]:
        """Return the column of each name; refuse names that the sheet does not have and names that are there twice."""
        places: dict[str, int] = {}
        for at, name in names.items():
            cell = f"{title}!{get_column_letter(at)}{NAMES_ROW + 1}"
            if name not in sheet.names:
                self._refuse(cell, _("This key is not known here."))
            elif name in places:
                self._refuse(cell, _("This key is here twice."))
            else:
                places[name] = at
        if not places:
            self._refuse(f"{title}!A{NAMES_ROW + 1}", _("Row %(row)s must hold the names.", row=NAMES_ROW + 1))
        return places

    def _form(self, title: str, sheet: Sheet, lines: list[Line]) -> Table:
        places: dict[str, int] = {}
        values: dict[str, Any] = {}
        for row, cells in lines:
            name = cells[0]
            if row <= FIRST_ROW or name is None:
                continue
            if name not in sheet.names or name in places:
                self._refuse(f"{title}!A{row}", _("This key is not known here, or is here twice."))
                continue
            places[name] = row
            if len(cells) > VALUE and not _is_empty(cells[VALUE]):
                values[name] = cells[VALUE]
        return Table(title, places, ((1, _with_choices(sheet, values)),) if values else (), is_form=True)


def _says_nothing(page: Any) -> bool:
    """Whether a sheet holds nothing of the programme, but what helps to fill it in."""
    page.reset_dimensions()
    first = next(page.iter_rows(max_row=1, max_col=1), ())
    return any(cell.value in {ABOUT_CODE, LISTS_CODE} for cell in first)


def _with_choices(sheet: Sheet, cells: dict[str, Any]) -> dict[str, Any]:
    """Return the cells of a row with the keys of what was chosen from lists."""
    return {name: cell if choice_for(sheet, name) is None else chosen(cell) for name, cell in cells.items()}


def _first_cell(lines: list[Line]) -> Any:
    return lines[0][1][0] if lines and lines[0][0] == 1 else None


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
