"""Every format holds the same table, cell for cell, and says where it comes from."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lms.reports.formats import RENDERINGS, Format, file_name
from lms.reports.tables import Column, ColumnKind, Row
from tests.reports.examples import (
    COLUMNS,
    rows_of_csv,
    rows_of_json,
    rows_of_xlsx,
    table_of,
    written,
)

ROWS: tuple[Row, ...] = (
    ('Jansen; "Jo" de Vries', 3, date(2026, 3, 1), "4"),
    ("Óscar Ñandú-Müller 李\nsecond line", 0, None, "3b"),
    (None, None, None, None),
    ("0012", 999, date(2000, 2, 29), "007"),
    ("https://example.org", 1, date(2099, 12, 31), "1e5"),
)
BACK = {Format.CSV: rows_of_csv, Format.XLSX: rows_of_xlsx, Format.JSON: rows_of_json}


pytestmark = pytest.mark.usefixtures("in_english")


@pytest.mark.parametrize("to", BACK)
def test_a_file_holds_the_table_cell_for_cell(to: Format) -> None:
    assert BACK[to](written(table_of(*ROWS), to), COLUMNS) == list(ROWS)


@pytest.mark.parametrize("to", BACK)
def test_a_table_without_rows_still_has_its_header(to: Format) -> None:
    assert BACK[to](written(table_of(), to), COLUMNS) == []


@pytest.mark.parametrize("to", Format)
def test_a_file_says_who_asked_when_for_which_day_and_with_which_filters(to: Format) -> None:
    content = written(table_of(*ROWS), to)
    if to is Format.XLSX:
        sheet = load_workbook(BytesIO(content)).worksheets[1]
        said = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    else:
        said = content.decode("utf-8-sig")
    expected = ("Lotte Lead", "2026-11-20", "Department", "Oncology", "Level 4", "Independent", "Cohort report")
    assert [words for words in expected if words not in said] == []
    assert "09:30:00+00:00" in said if to is Format.JSON else "2026-11-20 10:30 (Dutch time)" in said


@pytest.mark.parametrize("to", Format)
def test_the_same_table_gives_the_same_bytes(to: Format) -> None:
    assert written(table_of(*ROWS), to) == written(table_of(*ROWS), to)


@pytest.mark.parametrize("to", Format)
def test_every_row_moves_the_progress_on(to: Format) -> None:
    steps: list[None] = []
    RENDERINGS[to].write(table_of(*ROWS), BytesIO(), advance=lambda: steps.append(None))
    assert len(steps) == len(ROWS)


def test_json_names_its_schema_and_keeps_a_level_a_code() -> None:
    document = json.loads(written(table_of(("Jo", 2, date(2026, 3, 1), "4")), Format.JSON))
    assert document["schema"] == "bekwaam/cohort-report/1"
    assert document["rows"] == [{"trainee": "Jo", "count": 2, "decided_on": "2026-03-01", "level": "4"}]
    assert document["about"]["filters"] == [{"key": "department", "name": "Department", "value": "Oncology"}]
    assert document["about"]["rows"] == 1


def test_csv_is_what_a_dutch_spreadsheet_opens() -> None:
    content = written(table_of(*ROWS), Format.CSV)
    assert content.startswith(b"\xef\xbb\xbfTrainee;Count;Decided on;Level\r\n")
    assert b'"Jansen; ""Jo"" de Vries";3;2026-03-01;4\r\n' in content


def test_a_workbook_has_typed_days_a_fixed_header_and_a_filter() -> None:
    book = load_workbook(BytesIO(written(table_of(*ROWS), Format.XLSX)))
    report = book.worksheets[0]
    assert report.freeze_panes == "B2"
    assert report.auto_filter.ref == "A1:D6"
    assert report["C2"].is_date
    assert report["D5"].data_type == "s"
    assert report.column_dimensions["A"].width > report.column_dimensions["B"].width
    assert book.properties.created.isoformat() == "2026-11-20T09:30:00"
    assert [sheet.title for sheet in book.worksheets] == ["Report", "About this report"]


def test_a_workbook_refuses_to_lose_what_it_cannot_hold() -> None:
    with pytest.raises(ValueError, match="32,767"):
        written(table_of(("x" * 32_768, None, None, None)), Format.XLSX)


def test_signs_that_xml_cannot_hold_survive_in_a_workbook() -> None:
    content = written(table_of(("bell \x07 and _x0041_", None, None, None)), Format.XLSX)
    assert rows_of_xlsx(content, COLUMNS)[0][0] == "bell \x07 and _x0041_"
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert b"\x07" not in parts.read("xl/worksheets/sheet1.xml")


def test_text_for_a_terminal_lines_up_and_sends_it_no_commands() -> None:
    lines = (
        written(table_of(("\x1b[31mJo\u202e", 12, None, "4"), ("李", 3, None, None)), Format.TEXT).decode().splitlines()
    )
    assert lines[0].split() == ["Trainee", "Count", "Decided", "on", "Level"]
    assert lines[2].startswith("�[31mJo�  12")
    assert lines[3].startswith("李        3")


@pytest.mark.parametrize(("title", "name"), [("Cohort: Été '26 / B", "cohort-ete-26-b"), ("李", "cohort-report")])
def test_a_file_is_named_after_its_table_and_day(title: str, name: str) -> None:
    assert file_name(table_of(title=title), Format.XLSX) == f"{name}-2026-11-20.xlsx"


_cells = st.tuples(
    st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), min_size=1).filter(
        lambda text: not text.startswith(tuple("=+-@'"))
    ),
    st.none() | st.integers(0, 10**9),
    st.none() | st.dates(min_value=date(1900, 3, 1)),
    st.none() | st.sampled_from(["1", "2a", "3", "Z"]),
)


@given(st.lists(_cells, max_size=5))
def test_csv_and_json_agree_on_any_cells(rows: list[Row]) -> None:
    table = table_of(*rows)
    from_json = rows_of_json(written(table, Format.JSON), COLUMNS)
    assert from_json == rows
    from_csv = rows_of_csv(written(table, Format.CSV), COLUMNS)
    for seen, meant in zip(from_csv, rows, strict=True):
        assert seen[1:] == meant[1:]
        assert seen[0] in {meant[0], f"'{meant[0]}"}


def test_a_column_says_what_kind_it_is() -> None:
    assert Column("name", "Name").kind is ColumnKind.TEXT
