"""The sheets and columns of a workbook, made from the schema of the programme file: nothing of it is left out.

A list of blocks is a sheet with a row for each block. A list inside a block is a sheet of its own, whose first columns
say to which rows of the outer sheets its rows belong. A single block (the programme, the cohort) is read downwards.
Requirements hold other fields in each kind and stand inside one another: a sheet of them has the columns of all kinds,
and numbers such as 2.1 for what stands inside the second one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from marshmallow import Schema, fields

from lms.core.words import LANGUAGES
from lms.curriculum.schemas.checking import SCHEMAS
from lms.curriculum.schemas.fields import Always, Key, MapOf, OneOf, Words
from lms.curriculum.schemas.general import IDENTIFIERS
from lms.curriculum.schemas.order import fields_of
from lms.curriculum.schemas.requirements import ENTRIES, Entry

KIND = "bekwaam-curriculum/1"
NUMBER = "#"
"""The column that tells rows apart which have no key of their own; it belongs to no field."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `path` leads to its value in the block, by way of the language where a text has several."""

    path: Path
    field: fields.Field[Any]
    language: str | None = None

    @property
    def name(self) -> str:
        """What the column is called under its title: `description.risks.nl`."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Sheet:
    """A sheet; `path` leads from the block of the outer sheet, or from the top of the file, to its list or block."""

    path: Path
    fields: Mapping[str, fields.Field[Any]]
    outer: Sheet | None = None
    is_list: bool = True
    is_optional: bool = False
    requirement: Entry | None = None
    is_single: bool = False

    @cached_property
    def code(self) -> str:
        """What the sheet is called in its first cell: `epas.scope.options`."""
        return ".".join((self.outer.code, *self.path) if self.outer else self.path)

    @cached_property
    def outers(self) -> tuple[Sheet, ...]:
        """The sheets to which its rows belong, the outermost first."""
        return (*self.outer.outers, self.outer) if self.outer else ()

    @cached_property
    def identity(self) -> str:
        """The column that tells its rows apart."""
        return next((name for name in IDENTIFIERS if name in self.fields), NUMBER)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns for the fields of its block; a requirement has them all in its own row."""
        if self.requirement is not None:
            return tuple(Column((name,), field) for name, field in self.fields.items())
        return tuple(_columns(self.fields, ()))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all its columns: what leads to the outer rows, its number, its fields."""
        has_inner = self.requirement is not None or any(map(_goes_inside, self.fields.values()))
        number = (NUMBER,) if self.is_list and self.identity == NUMBER and has_inner else ()
        return (*(outer.code for outer in self.outers), *number, *(column.name for column in self.columns))


@cache
def sheets() -> tuple[Sheet, ...]:
    """Return every sheet in the order of the file, each before those for the lists inside it."""
    return tuple(_sheets_of(fields_of(SCHEMAS[KIND]()), None, ()))


def _sheets_of(inside: Mapping[str, fields.Field[Any]], outer: Sheet | None, way: Path) -> Iterator[Sheet]:
    for name, field in inside.items():
        path = (*way, name)
        if isinstance(field, fields.Nested):
            block = fields_of(field.schema)
            if outer is None and not way:
                yield Sheet(path, block, is_list=False, is_optional=bool(field.allow_none))
            yield from _sheets_of(block, outer, path)
        elif (block_of := listed(field)) is not None:
            sheet = Sheet(path, fields_of(block_of), outer, is_optional=not field.required)
            yield sheet
            yield from _sheets_of(sheet.fields, sheet, ())
        elif (entry := required(field)) is not None:
            single = isinstance(field, Entry)
            yield Sheet(path, of_requirements(), outer, True, not field.required, entry, single)
        elif isinstance(field, MapOf) and outer is None and not way:
            yield Sheet(path, {"key": Key(), "value": field.inner})


def required(field: fields.Field[Any]) -> Entry | None:
    """Return the field of the requirements that a field holds, one or a list of them, or None where it holds none."""
    inner = field.inner if isinstance(field, fields.List) else field
    return inner if isinstance(inner, Entry) else None


@cache
def of_requirements() -> Mapping[str, fields.Field[Any]]:
    """Return the fields that requirements of any kind have, but for the requirements inside them."""
    found: dict[str, fields.Field[Any]] = {"kind": OneOf([kind for kind in ENTRIES if kind], optional=True)}
    for schema in ENTRIES.values():
        for name, field in schema().fields.items():
            if required(field) is None:
                found.setdefault(name, field)
    return found


def _goes_inside(field: fields.Field[Any]) -> bool:
    """Whether the values of a field stand on a sheet of their own."""
    return listed(field) is not None or required(field) is not None


def listed(field: fields.Field[Any]) -> Schema | None:
    """Return the schema of the blocks that a field lists, or None where it is no list of blocks."""
    return field.inner.schema if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested) else None


def _columns(inside: Mapping[str, fields.Field[Any]], way: Path) -> Iterator[Column]:
    for name, field in inside.items():
        path = (*way, name)
        if isinstance(field, fields.Nested):
            yield from _columns(fields_of(field.schema), path)
        elif isinstance(field, Words):
            yield from (Column((*path, language), field, language) for language in LANGUAGES)
        elif not _goes_inside(field) and not isinstance(field, Always):
            yield Column(path, field)


def is_map(sheet: Sheet) -> bool:
    """Whether the rows of a sheet are the entries of a map rather than blocks of a list."""
    return set(sheet.fields) == {"key", "value"}
