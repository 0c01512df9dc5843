"""A programme file as the rows of its sheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import fields

from lms.curriculum.schemas.requirements import schema_of
from lms.exchange.xlsx.cells import written
from lms.exchange.xlsx.layout import NUMBER, Column, Sheet, required

STAGE = "stage"
Data = dict[str, Any]
Row = list[str | int | float]
Instance = tuple[tuple[str, ...], int, Data | None]
"""A block with what identifies the outer ones, and its place in its list; no block: its list is empty on purpose."""


def rows_of(sheet: Sheet, data: Data) -> list[Row]:
    """Return the rows of a sheet, each with a cell for every column; the one row of a form where there is a form."""
    if sheet.requirement is not None:
        return [row for instance in _instances(sheet, data) for row in _requirement_rows(sheet, *instance)]
    return [_row(sheet, *instance) for instance in _instances(sheet, data)]


def _requirement_rows(sheet: Sheet, outer: tuple[str, ...], number: int, entry: Data | None) -> Iterator[Row]:
    """Yield the row of a requirement and those of what stands inside it."""
    if entry is None:
        yield _row(sheet, outer, 0, None)
    else:
        yield from _numbered(sheet, outer, str(number), entry)


def _numbered(sheet: Sheet, outer: tuple[str, ...], number: str, entry: Data) -> Iterator[Row]:
    own = schema_of(entry)().fields
    cells = [_entry_cell(sheet, name, own.get(name), entry, is_inside="." in number) for name in sheet.fields]
    yield [*outer, number, *cells]
    for place, part in enumerate(entry["of"] if isinstance(entry.get("of"), list) else (), start=1):
        yield from _numbered(sheet, outer, f"{number}.{place}", part)


def _entry_cell(
    sheet: Sheet, name: str, field: fields.Field[Any] | None, entry: Data, *, is_inside: bool
) -> str | int | float:
    if name not in entry or field is None or (isinstance(entry[name], list) and required(field) is not None):
        return ""
    says_stage = sheet.requirement is not None and sheet.requirement.staged and not is_inside
    if name == STAGE and "kind" not in entry and says_stage and entry[name] is None:
        return ""
    return written(field, entry[name])


def _row(sheet: Sheet, outer: tuple[str, ...], number: int, block: Data | None) -> Row:
    numbered = [number] * (NUMBER in sheet.names)
    if block is None:
        return [*outer, *([""] * (len(sheet.names) - len(outer)))]
    return [*outer, *numbered, *(_cell(column, block) for column in sheet.columns)]


def _instances(sheet: Sheet, data: Data) -> Iterator[Instance]:
    for outer, block in _outer_blocks(sheet, data):
        found = _at(block, sheet.path)
        if not sheet.is_list or sheet.is_single:
            yield from [(outer, 1, found)] if found is not None else ()
        elif isinstance(found, dict):
            yield from ((outer, number, _pair(pair)) for number, pair in enumerate(found.items(), start=1))
        elif found:
            yield from ((outer, number, one) for number, one in enumerate(found, start=1))
        elif found is not None and sheet.is_optional:
            yield outer, 0, None


def _pair(pair: tuple[str, Any]) -> Data:
    return {"key": pair[0], "value": pair[1]}


def _outer_blocks(sheet: Sheet, data: Data) -> Iterator[tuple[tuple[str, ...], Data]]:
    if sheet.outer is None:
        yield (), data
        return
    for outer, number, block in _instances(sheet.outer, data):
        if block is not None:
            name = sheet.outer.identity
            yield (*outer, str(number if name == NUMBER else block[name])), block


def _at(block: Data, path: tuple[str, ...]) -> Any:
    """Return what stands at a path, or None where something on the way is not there."""
    here: Any = block
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    return here


def _cell(column: Column, block: Data) -> str | int | float:
    holder = _at(block, column.path[:-1]) if len(column.path) > 1 else block
    if not isinstance(holder, dict) or column.path[-1] not in holder:
        return ""
    return written(column.field, holder[column.path[-1]], column.language)
