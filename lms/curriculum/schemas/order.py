"""The data of a file with its keys in one order: that of the schema, the languages as the product names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, fields

from lms.core.words import LANGUAGES
from lms.curriculum.schemas.checking import SCHEMAS
from lms.curriculum.schemas.fields import MapOf, Words
from lms.curriculum.schemas.requirements import Entry, schema_of

FIRST = ("key", "id", "code")
LAST = ("provenance", "provenance_by_field", "sources", "note")


def fields_of(schema: Schema) -> Mapping[str, fields.Field[Any]]:
    """Return the fields of a block: what identifies it, then what it says, and then where that comes from."""
    names = [name for name in schema.fields if name not in {*FIRST, *LAST}]
    order = [*(name for name in FIRST if name in schema.fields), *names]
    return {name: schema.fields[name] for name in (*order, *(name for name in LAST if name in schema.fields))}


def in_order(data: dict[str, Any]) -> dict[str, Any]:
    """Return the same data of a file with every key in its place; what the schema does not know comes last."""
    schema = SCHEMAS.get(data.get("schema", ""))
    return _block(data, schema()) if schema else data


def _block(data: dict[str, Any], schema: Schema) -> dict[str, Any]:
    known = fields_of(schema)
    return {name: _value(data[name], known.get(name)) for name in _sorted(data, known)}


def _sorted(data: dict[str, Any], first: Iterable[str]) -> list[str]:
    """Return the keys of a map: those that have a place of their own, then the rest by name."""
    known = [name for name in first if name in data]
    return known + sorted(data.keys() - set(known))


def _value(value: Any, field: fields.Field[Any] | None) -> Any:
    if isinstance(field, fields.List) and isinstance(value, list):
        return [_value(item, field.inner) for item in value]
    return _map(value, field) if isinstance(value, dict) else value


def _map(value: dict[str, Any], field: fields.Field[Any] | None) -> dict[str, Any]:
    if isinstance(field, fields.Nested):
        return _block(value, field.schema)
    if isinstance(field, Entry):
        return _block(value, schema_of(value)())
    if isinstance(field, Words):
        return {language: value[language] for language in _sorted(value, LANGUAGES)}
    inner = field.inner if isinstance(field, MapOf) else None
    return {name: _value(value[name], inner) for name in sorted(value)}
