"""Every field of the file has words in the editor."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from flask_babel import force_locale

from lms.authoring.editing.choices import _CHOICES
from lms.authoring.editing.labels import CHOICES, ENTRIES, FIELDS, GROUPS, SECTIONS
from lms.authoring.editing.makers import HIDDEN
from lms.authoring.shapes import Kind, Shape, fields_of, section_shapes
from lms.core.words import LABELS
from lms.curriculum.schemas import requirements


def blocks() -> dict[str, tuple[Shape, ...]]:
    """Return the fields of every block that the file can hold, by the name of its schema."""
    found = {schema.__name__: fields_of(schema) for schema in requirements.ENTRIES.values()}
    todo = [*section_shapes().values(), *(field for fields in found.values() for field in fields)]
    while todo:
        shape = todo.pop()
        if shape.kind in {Kind.MANY, Kind.MAP}:
            todo.append(shape.inner)
        elif shape.kind is Kind.BLOCK and shape.schema.__name__ not in found:
            found[shape.schema.__name__] = shape.fields
            todo += shape.fields
    return found


def named() -> Iterator[tuple[str, str]]:
    for block, fields in blocks().items():
        for field in fields:
            if field.name not in HIDDEN and field.kind is not Kind.FIXED:
                yield block, field.name


def test_every_section_and_every_kind_of_requirement_has_words() -> None:
    assert set(section_shapes()) == set(SECTIONS)
    assert set(requirements.ENTRIES) == set(ENTRIES)


def test_every_field_has_words() -> None:
    assert [pair for pair in named() if pair not in FIELDS and ("", pair[1]) not in FIELDS] == []


def test_no_words_are_for_a_field_that_is_not_there() -> None:
    there = set(named()) | {("", name) for _block, name in named()}
    assert [pair for pair in FIELDS if pair not in there] == []


def test_the_headings_name_fields_that_are_there() -> None:
    known = {block: {field.name for field in fields} for block, fields in blocks().items()}
    for block, groups in GROUPS.items():
        for _heading, names in groups:
            for name in names:
                first, _dot, second = name.partition(".")
                assert first in known[block]
                assert not second or second in known["Description"]


def test_every_choice_is_said_in_words(app: Flask) -> None:
    said = {word for words in [*LABELS.values(), *CHOICES.values()] for word in words}
    rules = {"rule"}
    with app.test_request_context(), force_locale("en"):
        for fields in blocks().values():
            for field in fields:
                inner = field.inner if field.kind in {Kind.MANY, Kind.MAP} else field
                if inner.kind is Kind.CHOICE and field.name not in rules:
                    assert set(inner.choices) <= said, (field.block, field.name)


def test_no_field_asks_anybody_to_type_a_key() -> None:
    """Every field that names something else offers it; the levels of an EPA are offered stage by stage."""
    offered = set(_CHOICES)
    keys = {
        (name, field.name)
        for name, fields in blocks().items()
        for field in fields
        if (field.inner if field.kind in {Kind.MANY, Kind.MAP} else field).kind is Kind.KEY
        and field.name not in HIDDEN
        and (name, field.name) not in offered
        and ("", field.name) not in offered
    }
    assert keys == {("RequiredLevelBlock", "level")}
