"""A draft made whole enough to look at: gaps get a placeholder, and what fits nowhere is left out."""

from __future__ import annotations

from typing import Any

from lms.authoring.checking import problems_of
from lms.authoring.documents import Data
from lms.authoring.editing.rows import block_of
from lms.authoring.shapes import Kind, Shape, fields_of, section_shapes
from lms.core.words import LANGUAGES
from lms.curriculum.schemas import fields as kinds
from lms.curriculum.schemas.known import Known
from lms.curriculum.schemas.problems import Path
from lms.curriculum.schemas.requirements import schema_of

GAP = "…"
ROUNDS = 12


def made_whole(document: Data, known: Known) -> Data | None:
    """Return a copy of a document that can be shown, or None where too much of it does not fit."""
    whole: Data = {"schema": document["schema"]}
    whole |= {name: _filled(shape, document.get(name)) for name, shape in section_shapes().items()}
    for _round in range(ROUNDS):
        problems = problems_of(whole, known)
        if not problems:
            return whole
        for path in sorted({path for path, _message in problems}, key=_depth, reverse=True):
            _leave_out(whole, path)
    return None


def _depth(path: Path) -> tuple[int, str]:
    """Sort what lies deeper and further behind first, so that leaving it out moves nothing that comes after."""
    return len(path), "".join(f"{step:06}" if isinstance(step, int) else step for step in path)


def _filled(shape: Shape, value: Any) -> Any:
    """Return a value with a placeholder for everything that a file must hold and this one lacks."""
    if value is None:
        if shape.nullable:
            return None
        value = block_of(shape) if shape.kind is Kind.BLOCK else shape.empty()
    if shape.kind in {Kind.BLOCK, Kind.ENTRY}:
        inside = shape.fields if shape.kind is Kind.BLOCK else fields_of(schema_of(value))
        return _block(inside, value)
    if shape.kind is Kind.MANY:
        return [_filled(shape.inner, one) for one in value]
    if shape.kind is Kind.WORDS:
        return _words(shape, value)
    if shape.kind is Kind.TEXTS:
        return value if value.get(LANGUAGES[0]) else {LANGUAGES[0]: [GAP], **value}
    return _placeholder(shape) if value is None else value


def _block(shapes: tuple[Shape, ...], value: Data) -> Data:
    return {one.name: _filled(one, value.get(one.name)) for one in shapes if one.name in value or not one.optional}


def _words(shape: Shape, value: dict[str, str]) -> dict[str, str]:
    needed: tuple[str, ...] = getattr(shape.field, "needed", LANGUAGES)
    known = next(iter(value.values()), GAP)
    return {language: value.get(language) or known for language in LANGUAGES if language in value or language in needed}


def _placeholder(shape: Shape) -> Any:
    if shape.kind is Kind.CHOICE:
        return shape.choices[0]
    if shape.kind is Kind.WHOLE:
        return shape.field.least if isinstance(shape.field, kinds.Whole) else 1
    return {Kind.KEY: "unknown", Kind.DECIMAL: 1, Kind.FLAG: False}.get(shape.kind, GAP)


def _leave_out(document: Data, path: Path) -> None:
    """Take out the smallest thing around a path that a document can do without: a row, else the part."""
    rows = [number for number, step in enumerate(path) if isinstance(step, int)]
    inside = [number for number in rows if number > 1]
    cut = (inside or rows)[-1] if rows else None
    outside: Any = document
    for step in path[:cut] if cut is not None else path[:-1]:
        outside = _step(outside, step)
    last = path[cut] if cut is not None else path[-1] if path else None
    if isinstance(outside, list) and isinstance(last, int) and last < len(outside):
        del outside[last]
    elif isinstance(outside, dict) and last in outside:
        outside[str(last)] = None


def _step(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None
