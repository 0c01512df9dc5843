"""The JSON Schema (draft 2020-12) of each kind of curriculum file, made from the very schemas that check the files.

It says the shape. What a file must hold together as well (references, order, rules between keys) is checked on import.
"""

from __future__ import annotations

from functools import singledispatch
from inspect import cleandoc
from typing import Any

from marshmallow import Schema, fields

from lms.core.words import LANGUAGES
from lms.curriculum.schemas.checking import SCHEMAS
from lms.curriculum.schemas.fields import (
    ADDRESS,
    DAY,
    KEY,
    LARGEST_NUMBER,
    LONGEST_TEXT,
    YEAR_MONTH,
    Address,
    Always,
    Day,
    Days,
    Flag,
    Key,
    Many,
    MapOf,
    OneOf,
    Text,
    Texts,
    Whole,
    Words,
    YearMonth,
)
from lms.curriculum.schemas.requirements import ENTRIES, Entry

REQUIREMENT = "Requirement"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
Shape = dict[str, Any]


def json_schema(kind: str) -> Shape:
    """Return the JSON Schema of that kind of file, such as `bekwaam-curriculum/1`; raise KeyError for no such kind."""
    blocks: dict[str, Shape] = {}
    top = _block(SCHEMAS[kind](), blocks)
    return {"$schema": DIALECT, "$id": f"urn:bekwaam:{kind.replace('/', ':')}", "title": kind, **top, "$defs": blocks}


def file_name(kind: str) -> str:
    """Return the name under which the schema of that kind of file is published: `bekwaam-curriculum-1`."""
    return kind.replace("/", "-")


def _block(schema: Schema, blocks: dict[str, Shape]) -> Shape:
    """Return the shape of a block; the blocks inside it are added to `blocks`, once each."""
    return {
        "description": cleandoc(type(schema).__doc__ or ""),
        "type": "object",
        "properties": {name: _field(field, blocks) for name, field in schema.fields.items()},
        "required": [name for name, field in schema.fields.items() if field.required],
        "additionalProperties": False,
    }


def _field(field: fields.Field[Any], blocks: dict[str, Shape]) -> Shape:
    shape = _shape(field, blocks)
    return {"anyOf": [shape, {"type": "null"}]} if field.allow_none else shape


@singledispatch
def _shape(field: fields.Field[Any], _blocks: dict[str, Shape]) -> Shape:
    raise TypeError(f"The published schema has no word for {type(field).__name__}.")


@_shape.register
def _(field: fields.Nested, blocks: dict[str, Shape]) -> Shape:
    schema = field.schema
    name = type(schema).__name__.removesuffix("Block")
    if name not in blocks:
        blocks[name] = {}
        blocks[name] = _block(schema, blocks)
    return {"$ref": f"#/$defs/{name}"}


@_shape.register
def _(_field: Entry, blocks: dict[str, Shape]) -> Shape:
    for schema in ENTRIES.values():
        if schema.__name__ not in blocks:
            blocks[schema.__name__] = {}
            blocks[schema.__name__] = _block(schema(), blocks)
    return {"anyOf": [{"$ref": f"#/$defs/{schema.__name__}"} for schema in ENTRIES.values()]}


@_shape.register
def _(field: Many, blocks: dict[str, Shape]) -> Shape:
    return {"type": "array", "items": _field(field.inner, blocks), **({"minItems": field.least} if field.least else {})}


@_shape.register
def _(field: MapOf, blocks: dict[str, Shape]) -> Shape:
    inside = _field(field.inner, blocks)
    return {"type": "object", "propertyNames": {"pattern": f"^{KEY.pattern}$"}, "additionalProperties": inside}


@_shape.register
def _(_field: Entry, blocks: dict[str, Shape]) -> Shape:
    if REQUIREMENT not in blocks:
        blocks[REQUIREMENT] = {}
        blocks[REQUIREMENT] = {"oneOf": [_block(schema(), blocks) for schema in ENTRIES.values()]}
    return {"$ref": f"#/$defs/{REQUIREMENT}"}


@_shape.register
def _(field: Words, blocks: dict[str, Shape]) -> Shape:
    inside = _shape(field.inner, blocks)
    return {
        "type": "object",
        "properties": dict.fromkeys(LANGUAGES, inside),
        "required": list(field.needed),
        "additionalProperties": False,
    }


@_shape.register
def _(_field: Texts, blocks: dict[str, Shape]) -> Shape:
    return {"type": "array", "items": _shape(Text(), blocks)}


@_shape.register
def _(_field: Text, _blocks: dict[str, Shape]) -> Shape:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": "\\S"}


@_shape.register
def _(_field: Key, _blocks: dict[str, Shape]) -> Shape:
    return {"type": "string", "pattern": f"^{KEY.pattern}$"}


@_shape.register
def _(_field: YearMonth, _blocks: dict[str, Shape]) -> Shape:
    return {"type": "string", "pattern": f"^{YEAR_MONTH.pattern}$"}


@_shape.register
def _(_field: Day, _blocks: dict[str, Shape]) -> Shape:
    return {"type": "string", "format": "date", "pattern": f"^{DAY.pattern}$"}


@_shape.register
def _(_field: Address, _blocks: dict[str, Shape]) -> Shape:
    return {"type": "string", "format": "uri", "pattern": f"^{ADDRESS.pattern}$"}


@_shape.register
def _(field: OneOf, _blocks: dict[str, Shape]) -> Shape:
    return {"enum": field.choices}


@_shape.register
def _(_field: Flag, _blocks: dict[str, Shape]) -> Shape:
    return {"type": "boolean"}


@_shape.register
def _(field: Always, _blocks: dict[str, Shape]) -> Shape:
    return {"const": field.only}


@_shape.register
def _(field: Whole, _blocks: dict[str, Shape]) -> Shape:
    return {"type": "integer", "minimum": field.least, "maximum": field.most}


@_shape.register
def _(_field: Days, _blocks: dict[str, Shape]) -> Shape:
    return {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST_NUMBER}
