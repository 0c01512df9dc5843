"""The table that a report is: the page and every file render the same one, cell for cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Cell = str | int | date | None
"""What stands in a cell: a text or the code of a level, a number, a day, or nothing."""

Row = tuple[Cell, ...]


class ColumnKind(StrEnum):
    """What the cells of a column hold; a level is the code of one, never a number to calculate with."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key for machines, its name for people, and the kind of its cells; columns of a group share one."""

    key: str
    name: str
    kind: ColumnKind = ColumnKind.TEXT
    group: str = ""

    @property
    def title(self) -> str:
        """The name as it stands alone, above a column of a file."""
        return f"{self.group}: {self.name}" if self.group else self.name


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a table says about itself, a filter or what a code in it means; `key` is for machines."""

    key: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class About:
    """Where a table comes from: who asked, when (aware), the day it speaks of, with which filters; and its legend."""

    asked_by: str
    asked_at: datetime
    on: date
    filters: tuple[Remark, ...] = ()
    legend: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A report in the reader's language: its title, its columns, rows of one cell a column, and its origin.

    `key` names the kind of report for machines, `version` the shape of its columns.
    """

    key: str
    version: int
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    about: About
