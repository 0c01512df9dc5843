"""A roster as a file: its rows as plain cells, from a workbook or a CSV; what cannot be read refused at its cell.

What a hostile file could do is kept out by the guards of the exchange; formulas and their last results are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.exchange.guards import opened_zip, refused
from lms.exchange.moodle.csv_text import NotCsv, delimiter_of, rows_of
from lms.exchange.moodle.encoding import csv_text
from lms.exchange.xlsx.reading import DAMAGED

MOST_ROWS = 5000
MOST_SAID = 50
"""So many mistakes are told at once."""
WIDEST = 20
LARGEST_FILE = 5 * 1024 * 1024
ZIP = b"PK\x03\x04"

COLUMNS: Mapping[str, frozenset[str]] = {
    "day": frozenset({"day", "dag", "datum", "date"}),
    "department": frozenset({"department", "afdeling"}),
    "trainee": frozenset({"trainee", "student", "e-mail student", "trainee e-mail"}),
    "trainer": frozenset({"trainer", "werkbegeleider", "e-mail werkbegeleider", "trainer e-mail"}),
}
"""The columns of a roster, each with what may stand above it."""

Cells = tuple[int, Sequence[Any]]
"""The number of a row and its cells."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a roster: its cells by column, and where each stands."""

    number: int
    cells: Mapping[str, Any]
    places: Mapping[str, int]

    def text(self, column: str) -> str:
        """Return the cell as text without the spaces around it."""
        return str(self.cells.get(column) or "").strip()

    def cell(self, column: str) -> str:
        """Return the name of the cell: C7."""
        return f"{get_column_letter(self.places[column])}{self.number}"

    def day(self) -> date | None:
        """Return the day of the row; None for what is none."""
        value = self.cells.get("day")
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        return _day_of(self.text("day"))


def _day_of(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone.
        except ValueError:
            continue
    return None


def rows_in(content: bytes, name: str) -> Sequence[Row]:
    """Return the rows of a roster; raise CurriculumRefused with all that is wrong with the file."""
    if not content:
        raise refused(name, _("This file is empty."))
    problems: list[Problem] = []
    lines = list(_of_workbook(content, name, problems) if content.startswith(ZIP) else _of_csv(content, name))
    if problems:
        raise CurriculumRefused(problems[:MOST_SAID])
    if not lines:
        raise refused(name, _("This file is empty."))
    if len(lines) > MOST_ROWS + 1:
        raise refused(name, _("A roster has at most %(most)s rows.", most=MOST_ROWS))
    (head, titles), *rest = lines
    places = _places(titles)
    missing = [column for column in COLUMNS if column not in places]
    if missing:
        said = _("These columns are missing in the first row: %(names)s.", names=", ".join(missing))
        raise refused(name, said, line=head)
    return [
        Row(number, {column: cells[at - 1] for column, at in places.items() if at <= len(cells)}, places)
        for number, cells in rest
    ]


def _places(titles: Sequence[Any]) -> dict[str, int]:
    said = {str(title or "").strip().casefold(): at for at, title in reversed(list(enumerate(titles, start=1)))}
    found = {column: next((said[one] for one in names if one in said), 0) for column, names in COLUMNS.items()}
    return {column: at for column, at in found.items() if at}


def _of_csv(content: bytes, name: str) -> list[tuple[int, list[str]]]:
    text = csv_text(content, name)
    try:
        return rows_of(text, delimiter_of(text))
    except NotCsv as broken:
        raise refused(name, _("The quotes do not match here."), line=broken.line) from broken


def _of_workbook(content: bytes, name: str, problems: list[Problem]) -> Iterator[Cells]:
    """Yield the rows of the first sheet that hold something."""
    with opened_zip(content, name):
        pass
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        page = book.worksheets[0]
        page.reset_dimensions()
        for row in page.iter_rows(max_row=MOST_ROWS * 2, max_col=WIDEST):
            said = [cell for cell in row if cell.value is not None]
            if not said:
                continue
            for cell in said:
                if cell.data_type in {"f", "e"}:
                    place = f"{get_column_letter(cell.column)}{cell.row}"
                    formula = _("This cell holds a formula or an error. Put its outcome there as text or date.")
                    problems.append(Problem(name, cell.row, place, formula))
            yield said[0].row, [cell.value for cell in row]
    except DAMAGED as failure:
        raise refused(name, _("This is no workbook that can be read. Save it again as .xlsx.")) from failure
