"""No file that we write makes a spreadsheet run what somebody typed."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from lms.core.formula_guard import is_risky, neutralised
from lms.reports.formats import Format
from lms.reports.tables import Column
from tests.reports.examples import csv_lines, rows_of_json, table_of, written

ATTACKS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+31 6 12345678",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\nnext",
    " =1+1",
    "   +1",
    '"=1+1',
    "'=1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    "\ufe66 1",
    "\u22121",
    "\u201c=1+1",
]
HARMLESS = ["Jansen", "3b", "a=b", "1-2", "", " ", "(=1)", "é=1", "Van 't Hof", "0", "#N/A", "…"]


pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize("text", ATTACKS)
def test_a_text_that_may_run_is_recognised(text: str) -> None:
    assert is_risky(text)
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert not is_risky(text)
    assert neutralised(text) == text


def _safe_in_csv(content: bytes, text: str) -> bool:
    cells = [cell for line in csv_lines(content) for cell in line]
    return f"'{text}" in cells and not any(map(is_risky_unless_quoted, cells))


def is_risky_unless_quoted(cell: str) -> bool:
    return is_risky(cell) and not cell.startswith("'")


def _safe_in_xlsx(content: bytes, _text: str) -> bool:
    book = load_workbook(BytesIO(content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    risky = [cell for cell in cells if isinstance(cell.value, str) and is_risky(unescape(cell.value))]
    return bool(risky) and all(cell.data_type == "s" and (cell.row == 1 or cell.quotePrefix) for cell in risky)


def _safe_in_json(content: bytes, text: str) -> bool:
    return rows_of_json(content, (Column("trainee", text),))[0] == (text,)


def _safe_in_text(content: bytes, _text: str) -> bool:
    return not any(sign in content for sign in (b"\x00", b"\x1b", b"\t", b"\r"))


SAFE = {Format.CSV: _safe_in_csv, Format.XLSX: _safe_in_xlsx, Format.JSON: _safe_in_json, Format.TEXT: _safe_in_text}


@pytest.mark.parametrize("to", Format)
@pytest.mark.parametrize("text", ATTACKS)
def test_every_format_makes_it_harmless_in_cell_header_and_origin(to: Format, text: str) -> None:
    table = table_of((text,), columns=(Column("trainee", text),), title=text)
    assert SAFE[to](written(table, to), text)
