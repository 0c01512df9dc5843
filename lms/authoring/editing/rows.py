"""What the buttons inside a form do: add, copy, move and take away rows, and put a block there or take it away."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

from lms.authoring.editing.entries import entry_field, is_entry, is_staged, new_entry
from lms.authoring.shapes import Kind, Shape
from lms.curriculum.schemas.problems import Path

STEPS = ("add", "copy", "remove", "up", "down", "put", "clear")


@dataclass(frozen=True, slots=True)
class Step:
    """One press of a button: what it does and where; `kind` is that of a new requirement."""

    what: str
    path: Path
    kind: str = ""

    def applied(self, shape: Shape, data: Any) -> Any:
        """Return the data after the step; a place that is not there changes nothing."""
        if not _is_place(shape, self.path):
            return data
        changed = copy.deepcopy(data)
        inside = at(changed, self.path if self.what in {"add", "put", "clear"} else self.path[:-1])
        if self.what in {"put", "clear"}:
            return self._with_block(shape, changed)
        if isinstance(inside, dict):
            return self._with_pair(shape, changed, inside)
        if isinstance(inside, list):
            self._move(shape, inside)
            return changed
        return self._with_list(shape, changed) if self.what == "add" else changed

    def _move(self, shape: Shape, rows: list[Any]) -> None:
        if self.what == "add":
            rows.append(self._new_row(shape_at(shape, self.path)))
            return
        number = self.path[-1]
        if not isinstance(number, int) or number >= len(rows):
            return
        if self.what == "remove":
            del rows[number]
        elif self.what == "copy":
            rows.insert(number + 1, _without_key(rows[number]))
        else:
            other = min(max(number + (1 if self.what == "down" else -1), 0), len(rows) - 1)
            rows[number], rows[other] = rows[other], rows[number]

    def _new_row(self, rows: Shape) -> Any:
        if not is_entry(rows.inner):
            return block_of(rows.inner)
        return new_entry(self.kind) | ({"stage": None} if is_staged((*self.path, 0)) and not self.kind else {})

    def _with_pair(self, shape: Shape, changed: Any, pairs: dict[str, Any]) -> Any:
        if self.what == "add":
            pairs |= {"": wanted.inner.empty()} if (wanted := shape_at(shape, self.path)).kind is Kind.MAP else {}
        elif self.what == "remove" and self.path and isinstance(number := self.path[-1], int) and number < len(pairs):
            del pairs[list(pairs)[number]]
        return changed

    def _with_block(self, shape: Shape, changed: Any) -> Any:
        outside = at(changed, self.path[:-1])
        if isinstance(outside, dict) and self.path:
            wanted = shape_at(shape, self.path)
            outside[str(self.path[-1])] = self._block(wanted) if self.what == "put" else None
            if self.what == "clear" and wanted.optional:
                del outside[str(self.path[-1])]
        return changed

    def _block(self, shape: Shape) -> Any:
        return new_entry(self.kind) if is_entry(shape) else block_of(shape)

    def _with_list(self, shape: Shape, changed: Any) -> Any:
        """Return the data with the first row of a list that was not there at all."""
        outside = at(changed, self.path[:-1])
        wanted = shape_at(shape, self.path)
        if isinstance(outside, dict):
            first = {"": wanted.inner.empty()} if wanted.kind is Kind.MAP else [self._new_row(wanted)]
            outside[str(self.path[-1])] = first
        return changed


def step_from(pressed: str, form: Any) -> Step | None:
    """Return the step that a button stands for, such as `up:scope.0.options.2`; None where it only stores."""
    what, _colon, place = pressed.partition(":")
    if what not in STEPS:
        return None
    path = tuple(int(one) if re.fullmatch(r"\d{1,4}", one, re.ASCII) else one for one in place.split(".") if one)
    return Step(what, path, form.get(f"{place}.new", ""))


def _is_place(shape: Shape, path: Path) -> bool:
    """Return whether a part of that shape can have something at a path."""
    try:
        shape_at(shape, path)
    except (StopIteration, AttributeError, IndexError):
        return False
    return True


def at(data: Any, path: Path) -> Any:
    """Return what data holds at a path, or None where nothing is there."""
    for one in path:
        try:
            data = data[one]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def shape_at(shape: Shape, path: Path) -> Shape:
    """Return the shape of the field at a path."""
    for one in path:
        if is_entry(shape):
            shape = entry_field(str(one))
        elif shape.kind in {Kind.MANY, Kind.MAP}:
            shape = shape.inner
        else:
            shape = next(field for field in shape.fields if field.name == one)
    return shape


def block_of(shape: Shape) -> Any:
    """Return a block with nothing filled in yet."""
    return {one.name: one.empty() for one in shape.fields if not one.optional}


def _without_key(row: Any) -> Any:
    """Return a copy of a row that gets a key of its own when it is stored."""
    copied = copy.deepcopy(row)
    if isinstance(copied, dict):
        copied |= {name: None for name in ("key", "id") if name in copied}
    return copied
