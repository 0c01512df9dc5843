"""What a browser sent about a part, read into data of the file; what cannot be read stays as it was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.authoring.editing.entries import entry_fields, is_entry, is_staged
from lms.authoring.editing.nodes import name_of
from lms.authoring.shapes import Kind, Shape
from lms.core.words import LANGUAGES, _
from lms.curriculum.schemas.problems import Path

MOST_ROWS = 300
FIXED = ("key", "id", "order")
"""What identifies a part and gives its place: not for a form to change."""

LEFT_OUT = object()
"""What an optional field is when nothing was filled in: it is not in the file at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The data of a part as somebody sent it, and where it holds what cannot be read."""

    data: Any
    problems: Mapping[Path, list[str]]


def read_part(shape: Shape, form: MultiDict[str, str], stored: Any) -> Answer:
    """Return what a form says of a part; lists of which only the order on the page differs stay as they are stored."""
    reader = _Reader(_storable(form), _unstorable(form))
    data = _steady(stored, reader.read(shape, ()))
    if isinstance(data, dict) and isinstance(stored, dict):
        data |= {name: stored[name] for name in FIXED if stored.get(name)}
    return Answer(data, reader.problems)


CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Signs that no keyboard makes and that cannot be kept; tabs and line ends are none of them."""


def _storable(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return a form without the signs that cannot be stored."""
    return MultiDict((CONTROL.sub("", name), CONTROL.sub("", text)) for name, text in form.items(multi=True))


def _unstorable(form: MultiDict[str, str]) -> dict[Path, list[str]]:
    """Return at which fields a form holds signs that cannot be stored."""
    message = _("This held an invisible sign that cannot be stored. It is left out now: look, and store it again.")
    wrong = [name for name, text in form.items(multi=True) if CONTROL.search(name + text)]
    return {path_of(CONTROL.sub("", name)): [message] for name in wrong}


def path_of(name: str) -> Path:
    """Return the path of the field that has this name in the form."""
    return tuple(int(step) if re.fullmatch(r"\d{1,4}", step, re.ASCII) else step for step in name.split(".") if step)


@dataclass(frozen=True, slots=True)
class _Reader:
    form: MultiDict[str, str]
    problems: dict[Path, list[str]] = field(default_factory=dict)

    def read(self, shape: Shape, path: Path) -> Any:
        """Return the value of a field, or LEFT_OUT."""
        value = _READERS[_kind(shape)](self, shape, path)
        return LEFT_OUT if shape.optional and value in (None, [], {}, False) else value

    def text(self, path: Path) -> str:
        """Return what was typed at a path, with plain line ends and nothing around it."""
        typed = self.form.get(name_of(path), "")
        return typed.replace("\r\n", "\n").replace("\r", "\n").strip()

    def refuse(self, path: Path, message: str) -> None:
        """Note that what was typed at a path cannot be read."""
        self.problems.setdefault(path, []).append(message)

    def count(self, path: Path) -> int:
        """Return how many rows the form has at a path."""
        typed = self.text((*path, "rows"))
        return min(int(typed), MOST_ROWS) if re.fullmatch(r"\d{1,4}", typed, re.ASCII) else 0

    def block(self, shapes: tuple[Shape, ...], path: Path) -> dict[str, Any]:
        """Return the values of the fields of a block."""
        read = {one.name: self.read(one, (*path, one.name)) for one in shapes}
        return {name: value for name, value in read.items() if value is not LEFT_OUT}


def _kind(shape: Shape) -> str:
    if is_entry(shape):
        return "entry"
    if shape.kind is Kind.BLOCK and shape.schema.__name__ == "ScaleReference":
        return "scale"
    if shape.kind is Kind.MANY and not is_entry(shape.inner):
        if shape.inner.kind is not Kind.BLOCK:
            return "several"
        return "levels" if shape.inner.schema.__name__ == "RequiredLevelBlock" else "many"
    if shape.kind is Kind.MAP and shape.inner.kind is Kind.MANY and shape.name in {"competencies", "to"}:
        return "groups"
    return str(shape.kind)


def _text(reader: _Reader, _shape: Shape, path: Path) -> str | None:
    return reader.text(path) or None


def _fixed(_reader: _Reader, shape: Shape, _path: Path) -> Any:
    return shape.empty()


def _whole(reader: _Reader, _shape: Shape, path: Path) -> int | str | None:
    typed = reader.text(path)
    if re.fullmatch(r"-?\d{1,9}", typed, re.ASCII):
        return int(typed)
    if typed:
        reader.refuse(path, _("Use a whole number, such as 3."))
    return typed or None


def _decimal(reader: _Reader, _shape: Shape, path: Path) -> int | float | str | None:
    typed = reader.text(path)
    if re.fullmatch(r"\d{1,6}([.,]\d{1,3})?", typed, re.ASCII):
        number = float(typed.replace(",", "."))
        return int(number) if number.is_integer() else number
    if typed:
        reader.refuse(path, _("Use a number, such as 1.5."))
    return typed or None


def _flag(reader: _Reader, shape: Shape, path: Path) -> bool | None:
    typed = reader.text(path)
    if shape.nullable:
        return {"yes": True, "no": False}.get(typed)
    return bool(typed)


def _words(reader: _Reader, shape: Shape, path: Path) -> dict[str, str] | None:
    typed = {language: reader.text((*path, language)) for language in LANGUAGES}
    return {language: text for language, text in typed.items() if text} or (None if shape.nullable else {})


def _texts(reader: _Reader, _shape: Shape, path: Path) -> dict[str, list[str]]:
    typed = {language: _lines(reader.text((*path, language))) for language in LANGUAGES}
    return {language: lines for language, lines in typed.items() if lines}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _several(reader: _Reader, shape: Shape, path: Path) -> list[Any]:
    """Return what was ticked, or one item for each line that was typed."""
    typed = [line for text in reader.form.getlist(name_of(path)) for line in _lines(text.replace("\r", "\n"))]
    unique = list(dict.fromkeys(typed))
    if shape.inner.kind is not Kind.WHOLE:
        return unique
    if not all(re.fullmatch(r"\d{1,6}", line, re.ASCII) for line in unique):
        reader.refuse(path, _("Use a whole number on each line."))
        return unique
    return [int(line) for line in unique]


def _many(reader: _Reader, shape: Shape, path: Path) -> list[Any]:
    return [reader.read(shape.inner, (*path, number)) for number in range(reader.count(path))]


def _levels(reader: _Reader, _shape: Shape, path: Path) -> list[dict[str, str]]:
    """Return the level of every stage that has one, in the order of the form."""
    start = name_of(path) + "."
    named = [(name.removeprefix(start), reader.form[name].strip()) for name in reader.form if name.startswith(start)]
    return [{"stage": stage, "level": level} for stage, level in named if level]


def _groups(reader: _Reader, _shape: Shape, path: Path) -> dict[str, list[str]]:
    start = name_of(path) + "."
    named = [name for name in dict.fromkeys(reader.form) if name.startswith(start)]
    return {name.removeprefix(start): list(dict.fromkeys(reader.form.getlist(name))) for name in named}


def _pairs(reader: _Reader, shape: Shape, path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number in range(reader.count(path)):
        key = reader.text((*path, number, "key"))
        value = reader.read(shape.inner, (*path, number, "value"))
        if key or value not in (None, LEFT_OUT):
            found[key] = None if value is LEFT_OUT else value
    return found


def _block(reader: _Reader, shape: Shape, path: Path) -> dict[str, Any] | None:
    if path and shape.may_lack and not reader.text((*path, "present")):
        return None
    return reader.block(shape.fields, path)


def _entry(reader: _Reader, shape: Shape, path: Path) -> dict[str, Any] | None:
    if shape.may_lack and not reader.text((*path, "present")):
        return None
    kind = reader.text((*path, "kind"))
    entry = reader.block(entry_fields({"kind": kind} if kind else {}), path)
    return {"stage": None, **entry} if is_staged(path) and not kind else entry


def _scale(reader: _Reader, _shape: Shape, path: Path) -> dict[str, Any] | None:
    key, _slash, version = reader.text(path).rpartition("/")
    return {"id": key, "version": int(version)} if key and re.fullmatch(r"\d{1,6}", version, re.ASCII) else None


_READERS: dict[str, Callable[[_Reader, Shape, Path], Any]] = {
    "text": _text,
    "key": _text,
    "choice": _text,
    "fixed": _fixed,
    "whole": _whole,
    "decimal": _decimal,
    "flag": _flag,
    "words": _words,
    "texts": _texts,
    "several": _several,
    "many": _many,
    "levels": _levels,
    "groups": _groups,
    "map": _pairs,
    "block": _block,
    "entry": _entry,
    "scale": _scale,
}


def _steady(old: Any, new: Any) -> Any:
    """Return the new data, but lists of keys that only stand in another order as they were."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {name: _steady(old.get(name), value) for name, value in new.items()}
    if not (isinstance(old, list) and isinstance(new, list) and len(old) == len(new)):
        return new
    if all(isinstance(one, str) for one in [*old, *new]):
        return old if sorted(old) == sorted(new) else new
    return [_steady(one, other) for one, other in zip(old, new, strict=True)]
