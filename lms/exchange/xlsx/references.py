"""What cells of one sheet say of another: ranges to choose from, and what the rows there are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell

from lms.core.words import current_language
from lms.exchange.xlsx.layout import Sheet
from lms.exchange.xlsx.places import FIRST_ROW


def formula_of(title: str, row: int, key_at: int, titles_at: int | None) -> str:
    """Return what a row is called: its title with its key behind it, or its key alone while it has no title."""
    sheet = quote_sheetname(title)
    key = f"{sheet}!{xl_rowcol_to_cell(row, key_at)}"
    if titles_at is None:
        return f'=IF({key}="","",{key}&"")'
    name = f"{sheet}!{xl_rowcol_to_cell(row, titles_at)}"
    return f'=IF({key}="","",IF({name}="",{key}&"",{name}&" ("&{key}&")"))'


@dataclass(frozen=True, slots=True)
class Keys:
    """Where the keys of a sheet stand that are chosen elsewhere."""

    sheet: Sheet
    rows: Sequence[Sequence[str | float]]
    at: int
    keys: str

    @property
    def titles_at(self) -> int | None:
        """The column of what the rows are called, in the reader's language where there is such a column."""
        names = self.sheet.names
        return next((names.index(one) for one in (f"title.{current_language()}", "title.nl") if one in names), None)


def range_of(title: str, column: int, last_row: int) -> str:
    """Return the range of a column from the first row that people fill in."""
    return f"{quote_sheetname(title)}!{xl_range_abs(FIRST_ROW, column, last_row, column)}"
