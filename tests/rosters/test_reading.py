"""A roster is read from a workbook or a CSV, and whatever is wrong is said at its cell."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask import Flask
from openpyxl import Workbook

from lms.curriculum.schemas.problems import CurriculumRefused
from lms.rosters.example import example_workbook
from lms.rosters.reading import MOST_ROWS, rows_in

DAY = date(2026, 11, 23)
HEAD = ("day", "department", "trainee", "trainer")
ROW = ("Ward", "a@example.org", "b@example.org")


@pytest.fixture(autouse=True)
def english(app: Flask) -> object:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(file)
    return file.getvalue()


def bomb() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (8 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    "written",
    [
        DAY,
        datetime(2026, 11, 23, 7),  # noqa: DTZ001 - a workbook knows no zone.
        "2026-11-23",
        "23-11-2026",
        "23/11/2026",
    ],
)
def test_a_day_is_read_however_it_is_written(written: object) -> None:
    (row,) = rows_in(workbook(HEAD, (written, *ROW)), "r.xlsx")
    assert (row.day(), row.text("trainee"), row.cell("trainer")) == (DAY, "a@example.org", "D2")


def test_a_csv_is_read_with_dutch_names_in_any_order() -> None:
    text = "Werkbegeleider;Dag;Student;Afdeling\r\nb@example.org;23-11-2026;a@example.org;Hématologie\r\n\r\n"
    (row,) = rows_in(text.encode("cp1252"), "r.csv")
    assert (row.day(), row.text("department"), row.text("trainer")) == (DAY, "Hématologie", "b@example.org")
    assert row.cell("trainer") == "A2"


def test_the_workbook_to_begin_with_can_be_read_back() -> None:
    assert rows_in(example_workbook(on=DAY), "roster.xlsx") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 no workbook", "cannot be unpacked"),
        (bomb(), "swell"),
        (workbook(("day", "department")), "trainee, trainer"),
        (workbook(HEAD, ("=TODAY()", *ROW)), "formula"),
        (b"day,department\xff\x00,trainee,trainer\n", "text"),
        (b'day,department,trainee,trainer\n"a,b\n', "quotes"),
        (b"day,department,trainee,trainer\n" + b"2026-11-23,W,a,b\n" * (MOST_ROWS + 1), "at most 5000 rows"),
    ],
    ids=["empty", "damaged", "bomb", "columns", "formula", "bytes", "quotes", "rows"],
)
def test_what_cannot_be_a_roster_is_refused_in_plain_words(content: bytes, said: str) -> None:
    with pytest.raises(CurriculumRefused, match=said):
        rows_in(content, "r")
