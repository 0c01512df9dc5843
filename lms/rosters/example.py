"""The workbook to begin a roster with: a sheet to fill in, and one with an example."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from xlsxwriter import Workbook

from lms.core.words import _
from lms.rosters.reading import COLUMNS

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTH = 32


def example_workbook(*, on: date) -> bytes:
    """Return the workbook: an empty sheet with the names of the columns, and an example on the second one."""
    file = BytesIO()
    with Workbook(file, OPTIONS) as book:
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for title, filled in ((_("Roster"), False), (_("Example"), True)):
            page = book.add_worksheet(title)
            page.set_column(0, len(COLUMNS) - 1, WIDTH)
            page.set_column(0, 0, WIDTH, day)
            page.write_row(0, 0, list(COLUMNS), head)
            page.freeze_panes(1, 0)
            for number in range(2 if filled else 0):
                page.write_datetime(number + 1, 0, on + timedelta(days=number), day)
                page.write_row(number + 1, 1, ["Oncologie", "trainee@example.org", "trainer@example.org"])
    return file.getvalue()
