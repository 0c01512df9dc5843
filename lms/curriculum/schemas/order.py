"""The data of a file with its keys in one order: that of the schema, the languages as the product names them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields

from lms.core.words import LANGUAGES
from lms.curriculum.schemas.checking import SCHEMAS
from lms.curriculum.schemas.fields import MapOf, Words
from lms.curriculum.schemas.requirements import Entry, schema_of


def in_order(data: dict[str, Any]) -> dict[str, Any]:
    """Return the same data of a file with every key in its place; what the schema does not know comes last."""
    schema = SCHEMAS.get(data.get("schema", ""))
    return _block(data, schema()) if schema else data


def _block(data: dict[str, Any], schema: Schema) -> dict[str, Any]:
    return {name: _value(data[name], schema.fields.get(name)) for name in _sorted(data, schema.fields)}


def _sorted(data: dict[str, Any], first: Iterable[str]) -> list[str]:
    """Return the keys of a map: those that have a place of their own, then the rest by name."""
    known = [name for name in first if name in data]
    return known + sorted(data.keys() - set(known))


def _value(value: Any, field: fields.Field[Any] | None) -> Any:
    if isinstance(field, fields.List) and isinstance(value, list):
        return [_value(item, field.inner) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(field, Entry):
        return _block(value, schema_of(value)())
    if isinstance(field, fields.Nested):
        return _block(value, field.schema)
    if isinstance(field, Words):
        return {language: value[language] for language in _sorted(value, LANGUAGES)}
    inner = field.inner if isinstance(field, MapOf) else None
    return {name: _value(value[name], inner) for name in sorted(value)}
