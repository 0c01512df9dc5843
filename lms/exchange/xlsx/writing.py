"""A programme as a workbook, or an empty one to fill in: titles and hints that stay in sight, and lists to choose from.

Row 1 says what the sheet is, row 2 the titles, row 3 the names of the columns in the file, by which it is read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from lms.core.formula_guard import is_risky
from lms.core.words import _
from lms.exchange.xlsx.choices import Choice, FromList, FromSheet, Lists, Words, YesOrNo, choice_for, shown
from lms.exchange.xlsx.flattening import Data, rows_of
from lms.exchange.xlsx.hints import ABOUT, hint_for, is_long
from lms.exchange.xlsx.layout import NUMBER, Sheet, sheets
from lms.exchange.xlsx.looks import NARROW, PROTECTION, WIDE, formats_of
from lms.exchange.xlsx.places import ABOUT_CODE, FIRST_ROW, LISTS_CODE, NAMES_ROW, TITLES_ROW, VALUE
from lms.exchange.xlsx.references import Keys, formula_of, range_of
from lms.exchange.xlsx.words import sheet_title, title_of

Chosen = Sequence[tuple[Sheet, list[Any]]]
"""The sheets of a workbook, with their rows."""

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
ROOM = 1000
"""So many rows can be filled in with the help of the lists, beyond those that are there."""

LIST_COLUMNS = 3
"""The columns of a list: the keys, what they mean, and both together as they are chosen."""

ALWAYS = frozenset(
    {
        "completion",
        "entry_requirements",
        "epas",
        "epas.evidence",
        "epas.required_levels",
        "epas.scope",
        "epas.scope.options",
        "epas.scope.rules",
        "forms",
        "forms.items",
        "learning_activities",
        "modules",
        "modules.sessions",
        "placements",
        "placements.settings",
        "programme",
        "programme.tracks",
        "sources",
        "stages",
    }
)
"""The sheets that an empty workbook has; a programme has one more for everything else that it holds."""


def workbook_of(data: Data, lists: Lists, *, about: str, at: datetime) -> bytes:
    """Return the workbook of a programme file; the same file, lists and moment give the same bytes."""
    file = BytesIO()
    with Workbook(file, OPTIONS) as book:
        book.set_properties({"title": about, "created": at.astimezone(UTC).replace(tzinfo=None)})
        sheets_of_it = _chosen(data)
        writer = _Writer(
            book, formats_of(book), sheets_of_it, {**lists, **_few_words(sheets_of_it)}, _others(sheets_of_it)
        )
        writer.write_about(about)
        for sheet, rows in writer.chosen:
            writer.write(sheet, rows)
        writer.write_lists()
    return file.getvalue()


def _chosen(data: Data) -> list[tuple[Sheet, list[Any]]]:
    """Return the sheets that hold something or are always there, with their rows."""
    all_rows = [(sheet, rows_of(sheet, data)) for sheet in sheets()]
    return [(sheet, rows) for sheet, rows in all_rows if rows or sheet.code in ALWAYS]


def _choices(chosen: Chosen) -> Iterator[Choice]:
    return (choice for sheet, _rows in chosen for name in sheet.names if (choice := choice_for(sheet, name)))


def _few_words(chosen: Chosen) -> Lists:
    """Return the words that the product knows as lists, by a name that no other list has."""
    return {_name_of(choice): choice.titled for choice in _choices(chosen) if isinstance(choice, Words)}


def _name_of(words: Words) -> str:
    return f"{words.name}: {', '.join(words.words)}"


def _others(chosen: Chosen) -> tuple[FromSheet, ...]:
    """Return the sheets whose rows are chosen in other sheets, each once."""
    return tuple(dict.fromkeys(choice for choice in _choices(chosen) if isinstance(choice, FromSheet)))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the sheets of one workbook."""

    book: Workbook
    formats: dict[str, Format]
    chosen: Chosen
    lists: Lists
    others: tuple[FromSheet, ...]

    def write(self, sheet: Sheet, rows: list[Any]) -> None:
        """Write a sheet: a table, or for a single block a form."""
        page = self.book.add_worksheet(sheet_title(sheet.code))
        self._head(page, sheet.code, sheet_title(sheet.code))
        if sheet.is_list:
            self._table(page, sheet, rows)
        else:
            self._form(page, sheet, rows[0] if rows else [""] * len(sheet.names))
        page.protect(options=PROTECTION)

    def _head(self, page: Worksheet, code: str, title: str) -> None:
        _put(page.write_string(0, 0, code, self.formats["code"]))
        _put(page.write_string(0, 1, title, self.formats["title"]))

    def _table(self, page: Worksheet, sheet: Sheet, rows: list[Any]) -> None:
        for at, name in enumerate(sheet.names):
            long = is_long(sheet, name)
            page.set_column(at, at, WIDE if long else NARROW, self.formats["open"])
            _put(page.write_string(TITLES_ROW, at, title_of(sheet, name), self.formats["header"]))
            _put(page.write_string(NAMES_ROW, at, name, self.formats["code"]))
            self._help(page, sheet, name, (FIRST_ROW, at, FIRST_ROW + len(rows) + ROOM, at))
        identity = len(sheet.outers)
        for number, row in enumerate(rows, start=FIRST_ROW):
            for at, cell in enumerate(row):
                is_key = at < identity or sheet.names[at] in {sheet.identity, NUMBER}
                self._cell(page, number, at, cell, "key" if is_key else "open")
        page.freeze_panes(FIRST_ROW, identity + any(name in sheet.names for name in (sheet.identity, NUMBER)))

    def _form(self, page: Worksheet, sheet: Sheet, row: Sequence[str | float]) -> None:
        for at, width in enumerate((NARROW, NARROW * 2, WIDE * 2, WIDE)):
            page.set_column(at, at, width)
        for at, title in enumerate(("", _("Field"), _("Value"), _("Hint"))):
            _put(page.write_string(TITLES_ROW, at, title, self.formats["header"]))
        for number, (name, cell) in enumerate(zip(sheet.names, row, strict=True), start=FIRST_ROW):
            _put(page.write_string(number, 0, name, self.formats["code"]))
            _put(page.write_string(number, 1, title_of(sheet, name), self.formats["header"]))
            _put(page.write_string(number, VALUE + 1, hint_for(sheet, name), self.formats["words"]))
            known = name == sheet.identity and cell
            self._cell(page, number, VALUE, cell, "key" if known else "open")
            self._help(page, sheet, name, (number, VALUE, number, VALUE))
        page.freeze_panes(FIRST_ROW, VALUE)

    def _cell(self, page: Worksheet, row: int, at: int, cell: str | float, shape: str) -> None:
        if not isinstance(cell, str):
            _put(page.write_number(row, at, cell, self.formats["number" if shape == "open" else shape]))
        elif cell:
            _put(page.write_string(row, at, cell, self.formats["risky" if is_risky(cell) else shape]))
        elif shape == "open":
            page.write_blank(row, at, None, self.formats[shape])

    def _help(self, page: Worksheet, sheet: Sheet, name: str, where: tuple[int, int, int, int]) -> None:
        """Show a hint where a cell is chosen, and what can be chosen there."""
        rule: dict[str, Any] = {"validate": "any", "input_message": hint_for(sheet, name)[:255]}
        source = self._source(sheet, name)
        if source:
            rule |= {"validate": "list", "source": source, "error_type": "warning"}
            rule |= {"error_title": _("Not in the list"), "error_message": _("Choose something from the list.")}
        page.data_validation(*where, rule)

    def _source(self, sheet: Sheet, name: str) -> list[str] | str | None:
        match choice_for(sheet, name):
            case YesOrNo():
                return [_("yes"), _("no")]
            case Words() as words:
                return self._list(_name_of(words))
            case FromList(wanted) if wanted in self.lists:
                return self._list(wanted)
            case FromSheet() as other:
                return self._rows_of(other)
        return None

    def _list(self, wanted: str) -> str:
        at = LIST_COLUMNS * list(self.lists).index(wanted) + LIST_COLUMNS - 1
        end = FIRST_ROW + max(len(self.lists[wanted]), 1) - 1
        return f"={range_of(sheet_title(LISTS_CODE), at, end)}"

    def _rows_of(self, other: FromSheet) -> str | None:
        """Return as many of the choices beside the lists as the other sheet has rows."""
        found = self._keys_of(other)
        if found is None:
            return None
        at = LIST_COLUMNS * len(self.lists) + self.others.index(other)
        first = f"{quote_sheetname(sheet_title(LISTS_CODE))}!{xl_rowcol_to_cell(FIRST_ROW, at, True, True)}"
        return f"=OFFSET({first},0,0,MAX(1,COUNTA({found.keys})),1)"

    def _keys_of(self, other: FromSheet) -> Keys | None:
        for sheet, rows in self.chosen:
            if sheet.code == other.code and other.column in sheet.names:
                at = sheet.names.index(other.column)
                keys = range_of(sheet_title(sheet.code), at, FIRST_ROW + len(rows) + ROOM)
                return Keys(sheet, rows, at, keys)
        return None

    def write_about(self, about: str) -> None:
        """Write the first sheet: what the workbook holds and how to fill it in."""
        page = self.book.add_worksheet(sheet_title(ABOUT_CODE))
        self._head(page, ABOUT_CODE, about)
        page.set_column(0, 0, NARROW)
        page.set_column(1, 1, WIDE * 2)
        self._lines(page, ABOUT)
        page.protect()

    def _lines(self, page: Worksheet, lines: Iterable[object]) -> None:
        for number, line in enumerate(lines, start=2):
            _put(page.write_string(number, 1, str(line), self.formats["words"]))

    def write_lists(self) -> None:
        """Write the last sheet: everything that can be chosen, with what it means."""
        page = self.book.add_worksheet(sheet_title(LISTS_CODE))
        self._head(page, LISTS_CODE, sheet_title(LISTS_CODE))
        for number, (name, entries) in enumerate(self.lists.items()):
            at = LIST_COLUMNS * number
            page.set_column(at, at, NARROW)
            page.set_column(at + 1, at + 2, WIDE)
            _put(page.write_string(TITLES_ROW, at, name.partition(":")[0], self.formats["header"]))
            for row, (key, title) in enumerate(entries, start=FIRST_ROW):
                _put(page.write_string(row, at, key, self.formats["key"]))
                _put(page.write_string(row, at + 1, title, self.formats["words"]))
                _put(page.write_string(row, at + 2, shown(key, title), self.formats["words"]))
        for number, other in enumerate(self.others):
            self._write_rows_of(page, LIST_COLUMNS * len(self.lists) + number, other)
        page.freeze_panes(FIRST_ROW, 0)
        page.protect()

    def _write_rows_of(self, page: Worksheet, at: int, other: FromSheet) -> None:
        """Write a column that follows another sheet while that is filled in: what each of its rows is called."""
        found = self._keys_of(other)
        if found is None:
            return
        page.set_column(at, at, WIDE)
        title = sheet_title(other.code)
        _put(page.write_string(TITLES_ROW, at, title, self.formats["header"]))
        for row in range(FIRST_ROW, FIRST_ROW + len(found.rows) + ROOM):
            cells = found.rows[row - FIRST_ROW] if row - FIRST_ROW < len(found.rows) else None
            key = "" if cells is None else str(cells[found.at])
            name = "" if cells is None or found.titles_at is None else str(cells[found.titles_at])
            formula = formula_of(title, row, found.at, found.titles_at)
            _put(page.write_formula(row, at, formula, self.formats["words"], shown(key, name)))


def _put(refusal: int) -> None:
    """Refuse to lose what a workbook cannot hold: the library would leave it out and only say so."""
    if refusal:
        raise ValueError("A workbook holds 1,048,576 rows, 16,384 columns and 32,767 characters a cell at most.")
