"""A framework as Moodle exports it, read whole or refused with every problem at its line and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.exchange.guards import refused
from lms.exchange.moodle.checks import Line, problems_of, remarks_on
from lms.exchange.moodle.csv_text import NotCsv, delimiter_of, rows_of
from lms.exchange.moodle.encoding import csv_text
from lms.exchange.moodle.rows import Row

FEWEST_COLUMNS = 13
"""Older versions of Moodle had no taxonomy."""

MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework with its competencies in the order of the file, and what is remarkable about them."""

    header: Row
    top: Row
    competencies: tuple[Row, ...]
    remarks: tuple[Problem, ...] = ()


def read(content: bytes, name: str) -> Framework:
    """Return the framework of a file; raise CurriculumRefused with everything that is wrong with it."""
    header, lines = _lines(_without_hint(csv_text(content, name)), name)
    problems = [Problem(name, *problem) for problem in problems_of(lines)]
    if problems:
        raise CurriculumRefused(problems)
    return Framework(
        header,
        next(line.row for line in lines if line.row.stands_for_framework),
        tuple(line.row for line in lines if not line.row.stands_for_framework),
        tuple(Problem(name, *remark) for remark in remarks_on(lines)),
    )


def _without_hint(text: str) -> str:
    """Return the text without the line `sep=;` that some programs put before a table."""
    return text.partition("\n")[2] if text[:4].lower() == "sep=" else text


def _lines(text: str, name: str) -> tuple[Row, list[Line]]:
    """Return the header and the rows, each as wide as they should be."""
    try:
        rows = rows_of(text, delimiter_of(text))
    except NotCsv as wrong:
        raise refused(name, _("This field begins with a quote and does not end with one."), line=wrong.line) from wrong
    if not rows or len(rows[0][1]) < FEWEST_COLUMNS:
        raise refused(name, _("This is no framework of Moodle: its first line must name 14 columns."), line=1)
    if len(rows) > MOST_ROWS:
        raise refused(name, _("This file holds more than %(most)s rows.", most=MOST_ROWS))
    wide = [Problem(name, number, "", _wrong_width(len(cells))) for number, cells in rows if not _fits(cells)]
    if wide:
        raise CurriculumRefused(wide)
    (_first, header), *others = ((number, _row(cells)) for number, cells in rows)
    return header, [Line(number, row) for number, row in others]


def _fits(cells: Sequence[str]) -> bool:
    return len(cells) >= FEWEST_COLUMNS and not any(cells[len(Row._fields) :])


def _wrong_width(columns: int) -> str:
    return _("This row has %(count)s columns; it should have 14.", count=columns)


def _row(cells: Sequence[str]) -> Row:
    return Row(*cells[: len(Row._fields)])
