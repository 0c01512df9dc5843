"""The shape of the programme file as the editor sees it, read off the schema that checks files, so that both agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, cast

from marshmallow import Schema, fields

from competencies.curricula import Provenance
from lms.core.words import LANGUAGES, _
from lms.curriculum.schemas import fields as kinds
from lms.curriculum.schemas.problems import Path
from lms.curriculum.schemas.programme import ProgrammeFile
from lms.curriculum.schemas.requirements import Entry, schema_of

Finding = tuple[Path, str]


class Kind(StrEnum):
    """The kinds of value that an editor knows how to show and read."""

    TEXT = "text"
    KEY = "key"
    CHOICE = "choice"
    FLAG = "flag"
    WHOLE = "whole"
    DECIMAL = "decimal"
    FIXED = "fixed"
    WORDS = "words"
    TEXTS = "texts"
    MANY = "many"
    BLOCK = "block"
    MAP = "map"
    ENTRY = "entry"


_KINDS: tuple[tuple[type[fields.Field[Any]], Kind], ...] = (
    (Entry, Kind.ENTRY),
    (kinds.TextsByLanguage, Kind.TEXTS),
    (kinds.Words, Kind.WORDS),
    (kinds.OneOf, Kind.CHOICE),
    (kinds.Key, Kind.KEY),
    (kinds.Text, Kind.TEXT),
    (kinds.Flag, Kind.FLAG),
    (kinds.Whole, Kind.WHOLE),
    (kinds.Days, Kind.DECIMAL),
    (kinds.Always, Kind.FIXED),
    (kinds.MapOf, Kind.MAP),
    (fields.List, Kind.MANY),
    (fields.Nested, Kind.BLOCK),
)
"""What each field of the schemas is to the editor; the first that fits counts."""

_PLAIN: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.KEY: (str,),
    Kind.CHOICE: (str,),
    Kind.FLAG: (bool,),
    Kind.WHOLE: (int,),
    Kind.DECIMAL: (int, float),
    Kind.FIXED: (str, bool),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One field of the file: what kind of value it takes, in which block, and whether it may be left out or empty."""

    kind: Kind
    block: str
    name: str
    optional: bool
    nullable: bool
    field: fields.Field[Any]

    @property
    def may_lack(self) -> bool:
        """Return whether a file may leave this out, or say that there is nothing."""
        return self.optional or self.nullable

    @property
    def inner(self) -> Shape:
        """Return the shape of an item of a list, or of a value of a map."""
        inside = self.field.inner if isinstance(self.field, fields.List | kinds.MapOf) else self.field
        return _shape(self.block, self.name, inside)

    @property
    def schema(self) -> type[Schema]:
        """Return the schema of a block."""
        return type(cast("fields.Nested", self.field).schema)

    @property
    def fields(self) -> tuple[Shape, ...]:
        """Return the fields of a block, in the order of the file."""
        return fields_of(self.schema)

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the words that a choice takes."""
        return tuple(self.field.choices) if isinstance(self.field, kinds.OneOf) else ()

    def empty(self) -> Any:
        """Return the value of this field when nothing is filled in."""
        if self.kind is Kind.BLOCK:
            return None if self.nullable else {one.name: one.empty() for one in self.fields if not one.optional}
        if self.kind is Kind.FIXED and isinstance(self.field, kinds.Always):
            return self.field.only
        if self.kind is Kind.FLAG:
            return None if self.nullable else False
        if self.name == "provenance":
            return Provenance.DRAFT.value
        made: dict[Kind, Any] = {Kind.MANY: [], Kind.MAP: {}, Kind.WORDS: {}, Kind.TEXTS: {}}
        return None if self.nullable else made.get(self.kind)


@cache
def fields_of(schema: type[Schema]) -> tuple[Shape, ...]:
    """Return the shapes of the fields of a schema."""
    return tuple(_shape(schema.__name__, name, field) for name, field in schema().fields.items())


def _shape(block: str, name: str, field: fields.Field[Any]) -> Shape:
    kind = next((kind for known, kind in _KINDS if isinstance(field, known)), Kind.TEXT)
    return Shape(kind, block, name, not field.required, bool(field.allow_none), field)


def section_shapes() -> Mapping[str, Shape]:
    """Return the shape of every section of the file by its key, but for the line that says what the file is."""
    return {shape.name: shape for shape in fields_of(ProgrammeFile) if shape.kind is not Kind.FIXED}


def part_shape(section: str) -> Shape:
    """Return the shape of one part: an item of a section that is a list, else the section itself."""
    shape = section_shapes()[section]
    return shape.inner if shape.kind is Kind.MANY else shape


def misfits(shape: Shape, value: Any, path: Path = ()) -> Iterator[Finding]:
    """Yield where a value can be no text of a draft: another kind of value, or a key that is not known.

    What is missing or empty is fine; whether a programme is complete is asked when it is published.
    """
    if value is None:
        return
    if shape.kind in {Kind.BLOCK, Kind.ENTRY}:
        yield from _block_misfits(
            fields_of(schema_of(value)) if shape.kind is Kind.ENTRY else shape.fields, value, path
        )
    elif shape.kind is Kind.MANY:
        yield from _list_misfits(shape, value, path)
    elif shape.kind is Kind.MAP:
        yield from _map_misfits(shape, value, path)
    elif shape.kind in {Kind.WORDS, Kind.TEXTS}:
        yield from _words_misfits(shape, value, path)
    elif not isinstance(value, _PLAIN[shape.kind]) or (isinstance(value, bool) and bool not in _PLAIN[shape.kind]):
        yield path, _("This is another kind of value than belongs here.")


def _block_misfits(shapes: Sequence[Shape], value: Any, path: Path) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield path, _("This must be a map of keys.")
        return
    known = {one.name: one for one in shapes}
    for name, inside in value.items():
        if name in known:
            yield from misfits(known[name], inside, (*path, name))
        else:
            yield (*path, name), _("This key is not known here.")


def _list_misfits(shape: Shape, value: Any, path: Path) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield path, _("This must be a list.")
        return
    for number, inside in enumerate(value):
        yield from misfits(shape.inner, inside, (*path, number))


def _map_misfits(shape: Shape, value: Any, path: Path) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield path, _("This must be a map of keys.")
        return
    for name, inside in value.items():
        yield from misfits(shape.inner, inside, (*path, name))


def _words_misfits(shape: Shape, value: Any, path: Path) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield path, _("This must be a map of languages.")
        return
    for language, inside in value.items():
        if language not in LANGUAGES:
            yield (*path, language), _("This language is not known here.")
        elif not all(isinstance(text, str) for text in _texts_in(shape, inside)):
            yield (*path, language), _("This is another kind of value than belongs here.")


def _texts_in(shape: Shape, value: Any) -> list[Any]:
    """Return the texts of one language: the items of a list of texts, else the text itself."""
    if shape.kind is Kind.WORDS:
        return [value]
    return value if isinstance(value, list) else [None]
