"""Requirements as fields: an entry has the fields of its kind, and some kinds hold other entries."""

from __future__ import annotations

from typing import Any

from lms.authoring.shapes import Kind, Shape, fields_of
from lms.curriculum.schemas.problems import Path
from lms.curriculum.schemas.requirements import ENTRIES, OBSERVATIONS, schema_of


def is_entry(shape: Shape) -> bool:
    """Return whether a field is a requirement of any kind."""
    return shape.kind is Kind.ENTRY


def is_staged(path: Path) -> bool:
    """Return whether a requirement at that path of a part can be for one stage only: directly on the evidence."""
    return len(path) == 2 and path[0] == "evidence"


def entry_fields(entry: Any) -> tuple[Shape, ...]:
    """Return the fields of a requirement by the kind that it says to be."""
    return fields_of(schema_of(entry))


def entry_field(name: str) -> Shape:
    """Return the field of that name of any kind of requirement; that of a list where kinds differ."""
    found = [field for schema in ENTRIES.values() for field in fields_of(schema) if field.name == name]
    return next((field for field in found if field.kind is Kind.MANY), found[0])


def new_entry(kind: str) -> dict[str, Any]:
    """Return a requirement of that kind with nothing filled in yet."""
    schema = ENTRIES.get(kind, ENTRIES[OBSERVATIONS])
    return {field.name: field.empty() for field in fields_of(schema) if not field.optional}
