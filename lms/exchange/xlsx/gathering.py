"""The tables of a workbook gathered into one programme file, with everything that stands in a wrong place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields

from lms.core.words import LANGUAGES, _
from lms.curriculum.schemas.fields import Texts, Words
from lms.curriculum.schemas.order import fields_of
from lms.curriculum.schemas.problems import Path, Problem
from lms.curriculum.schemas.requirements import schema_of
from lms.exchange.xlsx.cells import EMPTY, as_text, default, read
from lms.exchange.xlsx.layout import KIND, NUMBER, Sheet, is_map, listed, required, sheets
from lms.exchange.xlsx.tables import Placed, Table

Data = dict[str, Any]
Found = tuple[Data, Path]
"""A block, and the path that leads to it."""

KIND_OF, PARTS, STAGE = "kind", "of", "stage"
"""The fields of a requirement that say what it is, what stands inside it, and when it is asked."""

ORDER = "order"


def gathered(name: str, tables: Mapping[str, Table]) -> tuple[Placed, list[Problem]]:
    """Return the programme file that the tables hold, and what in them belongs nowhere or cannot be read."""
    gathering = _Gathering(name, tables)
    for sheet in sheets():
        gathering.add(sheet)
    return Placed(name, gathering.data, {}, gathering.rows), gathering.problems


@dataclass(slots=True)
class _Gathering:
    """Builds the data of a file from the tables of a workbook, sheet by sheet, the outer ones first."""

    name: str
    tables: Mapping[str, Table]
    data: Data = field(default_factory=lambda: {"schema": KIND})
    rows: dict[Path, tuple[Table, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    blocks: dict[str, dict[tuple[str, ...], Found]] = field(default_factory=dict)

    def add(self, sheet: Sheet) -> None:
        """Add what a sheet holds; a sheet that is not there holds nothing."""
        table = self.tables.get(sheet.code, Table(sheet.code, {}, ()))
        if not sheet.is_list:
            self._add_form(sheet, table)
            return
        if not sheet.is_optional:
            self._add_empty(sheet)
        self.blocks[sheet.code] = {}
        for number, cells in table.rows:
            self._add_row(sheet, table, number, cells)

    def _add_form(self, sheet: Sheet, table: Table) -> None:
        cells = table.rows[0][1] if table.rows else {}
        block, is_filled = self._block(sheet.fields, (), _Cells(table, 1, cells))
        self.data[sheet.path[0]] = block if is_filled or not sheet.is_optional else None
        self.rows[sheet.path] = (table, 1)

    def _add_empty(self, sheet: Sheet) -> None:
        """Put an empty list where the rows of a sheet go; only an optional list may be left out."""
        for outer, _path in self._outers(sheet).values():
            if (holder := _holder(outer, sheet.path)) is not None:
                holder[sheet.path[-1]] = {} if is_map(sheet) else []

    def _outers(self, sheet: Sheet) -> Mapping[tuple[str, ...], Found]:
        return self.blocks[sheet.outer.code] if sheet.outer else {(): (self.data, ())}

    def _add_row(self, sheet: Sheet, table: Table, number: int, cells: Mapping[str, Any]) -> None:
        """Add a row to the list of the block that it belongs to."""
        ids = tuple(as_text(cells[outer.code]).strip() if outer.code in cells else "" for outer in sheet.outers)
        found = self._outers(sheet).get(ids)
        holder = _holder(found[0], sheet.path) if found else None
        if found is None or holder is None:
            self._refuse(table.cell(number, sheet.outers[-1].code if sheet.outers else ""), _astray(ids))
            return
        is_empty = not cells.keys() - {outer.code for outer in sheet.outers}
        place = _Cells(table, number, cells)
        if sheet.requirement is not None and not is_empty:
            self._add_requirement(sheet, ids, (holder, (*found[1], *sheet.path)), place)
            return
        items = holder.setdefault(sheet.path[-1], [])
        if is_empty:
            return
        if isinstance(items, dict):
            self._add_pair(sheet, items, place)
            return
        block, _is_filled = self._block(sheet.fields, (), place)
        if ORDER in sheet.fields:
            block.setdefault(ORDER, len(items) + 1)
        path = (*found[1], *sheet.path, len(items))
        items.append(block)
        self.rows[path] = (table, number)
        own = cells.get(NUMBER, len(items)) if sheet.identity == NUMBER else block.get(sheet.identity, "")
        self.blocks[sheet.code].setdefault((*ids, as_text(own)), (block, path))

    def _add_requirement(self, sheet: Sheet, ids: tuple[str, ...], holder: Found, place: _Cells) -> None:
        """Add a requirement where its number puts it: to the list, or inside the one with the number before its dot."""
        number = as_text(place.cells.get(NUMBER, "")).strip()
        above = number.rpartition(".")[0]
        entry = self._entry(sheet, place, is_inside=bool(above))
        outer = self.blocks[sheet.code].get((*ids, above)) if above else None
        if above and outer is None:
            self._refuse(place.called(NUMBER), _("There is no requirement with number %(number)s above.", number=above))
            return
        block, path = outer or holder
        name = PARTS if outer else sheet.path[-1]
        if sheet.is_single and not outer and name not in block:
            block[name] = entry
        else:
            items = block.setdefault(name, [])
            if not isinstance(items, list):
                self._refuse(place.called(NUMBER), _("Only all_of, any_of and n_of hold other requirements."))
                return
            path = (*path, PARTS) if outer else path
            path = (*path, len(items))
            items.append(entry)
        self.rows[path] = (place.table, place.row)
        self.blocks[sheet.code].setdefault((*ids, number), (entry, path))

    def _entry(self, sheet: Sheet, place: _Cells, *, is_inside: bool) -> Data:
        """Return the requirement of a row: the fields of its kind, and whatever else was filled in, to be refused."""
        kind = self._read(KIND_OF, sheet.fields[KIND_OF], place)
        entry: Data = {} if kind is EMPTY else {KIND_OF: kind}
        own = schema_of(entry)().fields
        for name, one in sheet.fields.items():
            if name == KIND_OF or (name not in own and not place.has(name)):
                continue
            asked = own.get(name, one)
            if required(asked) is not None and not place.has(name):
                continue
            value = self._value(name, one if required(asked) else asked, place)
            if value is not EMPTY:
                entry[name] = value
        if kind is EMPTY and not is_inside and sheet.requirement and sheet.requirement.staged:
            entry.setdefault(STAGE, None)
        return entry

    def _add_pair(self, sheet: Sheet, items: Data, place: _Cells) -> None:
        key = as_text(place.cells.get("key", "")).strip()
        if key in items:
            self._refuse(place.called("key"), _("%(key)s is in this list twice.", key=key))
        items[key] = self._value("value", sheet.fields["value"], place)
        self.rows[(*sheet.path, key)] = (place.table, place.row)

    def _refuse(self, cell: str, message: str) -> None:
        self.problems.append(Problem(self.name, None, cell, message))

    def _block(self, inside: Mapping[str, fields.Field[Any]], way: tuple[str, ...], place: _Cells) -> tuple[Data, bool]:
        """Return the block that a row holds, and whether any of its cells is filled."""
        block: Data = {}
        filled = False
        for name, one in inside.items():
            if listed(one) is not None or required(one) is not None:
                continue
            if isinstance(one, fields.Nested):
                value, has = self._group(one, (*way, name), place)
            else:
                column = ".".join((*way, name))
                value, has = self._value(column, one, place), place.has(column)
            if value is not EMPTY:
                block[name] = value
            filled = filled or has
        return block, filled

    def _group(self, one: fields.Nested, way: tuple[str, ...], place: _Cells) -> tuple[Any, bool]:
        block, filled = self._block(fields_of(one.schema), way, place)
        if filled or (one.required and not one.allow_none):
            return block, filled
        return (None if one.required else EMPTY), False

    def _value(self, column: str, one: fields.Field[Any], place: _Cells) -> Any:
        """Return the value of a field from its cell, or from those of its languages."""
        if isinstance(one, Words):
            return self._words(column, one, place)
        value = self._read(column, one, place)
        return default(one) if value is EMPTY else value

    def _words(self, column: str, one: Words, place: _Cells) -> Any:
        texts = {language: self._read(f"{column}.{language}", one, place) for language in LANGUAGES}
        texts = {language: text for language, text in texts.items() if text is not EMPTY}
        if texts or not one.required:
            return texts or EMPTY
        if one.allow_none:
            return None
        return {LANGUAGES[0]: []} if isinstance(one.inner, Texts) else {}

    def _read(self, column: str, one: fields.Field[Any], place: _Cells) -> Any:
        try:
            return read(one, place.cells.get(column))
        except ValueError as wrong:
            self._refuse(place.called(column), str(wrong))
            return EMPTY


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a row, and where they stand."""

    table: Table
    row: int
    cells: Mapping[str, Any]

    def called(self, column: str) -> str:
        """Return how people call the cell in a column."""
        return self.table.cell(self.row, column)

    def has(self, column: str) -> bool:
        """Whether anything stands in a column, in one language at least."""
        return any(name in self.cells for name in (column, *(f"{column}.{language}" for language in LANGUAGES)))


def _holder(outer: Data, path: tuple[str, ...]) -> Data | None:
    """Return the block that holds the list at a path, or None where the file has no such block."""
    here: Any = outer
    for step in path[:-1]:
        here = here.get(step) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else None


def _astray(ids: tuple[str, ...]) -> str:
    if not ids:
        return _("The form that this row belongs to is not filled in.")
    if not all(ids):
        return _("Say here to what this row belongs.")
    return _("There is no row with the key %(key)s in the other sheet.", key=" / ".join(ids))
