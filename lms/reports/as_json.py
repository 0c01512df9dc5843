"""A table as JSON for machines: a schema with a version, typed cells, days and moments in ISO 8601."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, BinaryIO

from lms.reports.tables import Cell, Column, Remark, Row, Table


def write(table: Table, file: BinaryIO, *, advance: Callable[[], None]) -> None:
    """Write the table to the file, a row a line; `advance` is called after every row."""
    head = {
        "schema": f"bekwaam/{table.key}/{table.version}",
        "title": table.title,
        "about": _about(table),
        "columns": [_column(column) for column in table.columns],
    }
    file.write(_json(head).removesuffix("}").encode() + b',"rows":[')
    for number, row in enumerate(table.rows):
        file.write((",\n" if number else "\n").encode() + _json(_object(table.columns, row)).encode())
        advance()
    file.write(b"\n]}\n")


def _about(table: Table) -> dict[str, Any]:
    about = table.about
    return {
        "asked_by": about.asked_by,
        "asked_at": about.asked_at.isoformat(),
        "on": about.on.isoformat(),
        "filters": _remarks(about.filters),
        "legend": _remarks(about.legend),
        "rows": len(table.rows),
    }


def _remarks(remarks: Sequence[Remark]) -> list[dict[str, str]]:
    return [{"key": remark.key, "name": remark.name, "value": remark.value} for remark in remarks]


def _column(column: Column) -> dict[str, str]:
    return {"key": column.key, "title": column.title, "kind": column.kind.value}


def _object(columns: Sequence[Column], row: Row) -> dict[str, str | int | None]:
    return {column.key: _value(cell) for column, cell in zip(columns, row, strict=True)}


def _value(cell: Cell) -> str | int | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
