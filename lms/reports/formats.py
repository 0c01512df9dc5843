"""The formats that a table can be written in, and the names of the files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol

from lms.reports import as_csv, as_json, as_text, as_xlsx
from lms.reports.tables import Table


class Format(StrEnum):
    """What a report can be written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    TEXT = "text"


class Writer(Protocol):
    """Writes a table to a file and calls `advance` after every row."""

    def __call__(self, table: Table, file: BinaryIO, *, advance: Callable[[], None]) -> None:
        """Write the table to the file."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a format is written, what the web calls it, and how its files end."""

    write: Writer
    media_type: str
    suffix: str


RENDERINGS: dict[Format, Rendering] = {
    Format.CSV: Rendering(as_csv.write, "text/csv; charset=utf-8; header=present", "csv"),
    Format.XLSX: Rendering(as_xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    Format.JSON: Rendering(as_json.write, "application/json", "json"),
    Format.TEXT: Rendering(as_text.write, "text/plain; charset=utf-8", "txt"),
}


def write(table: Table, to: Format, file: BinaryIO, *, advance: Callable[[], None] = lambda: None) -> None:
    """Write the table in that format; `advance` is called after every row."""
    RENDERINGS[to].write(table, file, advance=advance)


def file_name(table: Table, to: Format) -> str:
    """Return a name for the file that every system takes: letters, digits and hyphens, with the day of the table."""
    plain = unicodedata.normalize("NFKD", table.title).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80]
    return f"{words or table.key}-{table.about.on.isoformat()}.{RENDERINGS[to].suffix}"
