"""What was read from a workbook: its sheets as tables of cells, and the cell of each value of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from openpyxl.utils import get_column_letter

from lms.curriculum.schemas.problems import Path, Problem
from lms.curriculum.schemas.source import Document
from lms.exchange.xlsx.places import VALUE


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a sheet; `places` are the columns of its names, or in a form the rows."""

    title: str
    places: Mapping[str, int]
    rows: tuple[tuple[int, Mapping[str, Any]], ...]
    is_form: bool = False

    def cell(self, row: int, name: str) -> str:
        """Return how people call the cell of that name in a row: `EPA's!C7`."""
        if self.is_form:
            return f"{self.title}!{get_column_letter(VALUE + 1)}{self.places.get(name, 1)}"
        return f"{self.title}!{get_column_letter(self.places.get(name, 1))}{row}"

    def nearest(self, rest: Path) -> str:
        """Return the name of the column that holds what is at a path within the block of a row."""
        for length in range(len(rest), 0, -1):
            wanted = ".".join(str(step) for step in rest[:length])
            for name in self.places:
                if name == wanted or name.startswith(f"{wanted}."):
                    return name
        return ""


@dataclass(frozen=True, slots=True)
class Placed(Document):
    """The data of a workbook: its problems are said at the cell."""

    rows: Mapping[Path, tuple[Table, int]] = field(default_factory=dict)

    def problem(self, path: Path, message: str) -> Problem:
        """Return a problem at the cell that holds what is at that path, or at the nearest around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.rows:
                table, row = self.rows[path[:length]]
                return Problem(self.name, None, table.cell(row, table.nearest(path[length:])), message)
        return Problem(self.name, None, ".".join(map(str, path)), message)
