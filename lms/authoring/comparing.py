"""Two documents side by side: which parts were added, changed or taken out, and in these which words."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lms.authoring.documents import Data, key_of
from lms.authoring.editing.choices import choice_said
from lms.authoring.editing.labels import LANGUAGE_NAMES, SECTIONS, field_label, part_name
from lms.authoring.shapes import Kind, section_shapes
from lms.core.words import _

WORDS = re.compile(r"\s+|[^\s]+")
MOST_PAIRS = 50_000
"""Of equal words on both sides: beyond that a text only repeats itself, and comparing it would take minutes."""
NOT_COMPARED = frozenset({"key", "order"})
"""What nobody writes: it comes of the titles and of the order in which things stand."""


class Mark(StrEnum):
    """What became of a piece of text, or of a part."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether they are on both sides."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs, with its words on both sides."""

    field: str
    before: Sequence[Piece]
    after: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that differs."""

    section: str
    name: str
    mark: Mark
    fields: Sequence[FieldChange]


def compared(before: Data, after: Data) -> list[PartChange]:
    """Return the parts in which two documents differ, in the order of the overview."""
    return [change for section in SECTIONS for change in _section(section, before, after)]


def _section(section: str, before: Data, after: Data) -> Iterator[PartChange]:
    old, new = _parts(section, before), _parts(section, after)
    for key in [*new, *(key for key in old if key not in new)]:
        fields = field_changes(old.get(key), new.get(key))
        if fields or (key in old) != (key in new):
            mark = Mark.ADDED if key not in old else Mark.REMOVED if key not in new else Mark.CHANGED
            yield PartChange(section, part_name(section, new.get(key) or old.get(key)), mark, fields)


def _parts(section: str, document: Data) -> dict[str, Any]:
    """Return the parts of a section by what identifies them; those without a key by their number."""
    value = document.get(section)
    if section_shapes()[section].kind is not Kind.MANY:
        return {"": value} if value else {}
    named: dict[str, Any] = {}
    for number, item in enumerate(value or ()):
        key = key_of(item)
        named[key if key and key not in named else f"#{number}"] = item
    return named


def field_changes(before: Any, after: Any) -> list[FieldChange]:
    """Return the fields in which two texts of a part differ."""
    if before == after:
        return []
    old, new = dict(leaves(before)), dict(leaves(after))
    names = [*new, *(name for name in old if name not in new)]
    return [
        FieldChange(name, *words_of(old.get(name, ""), new.get(name, "")))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def leaves(value: Any, said: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield every field of a part with its name in words and its value as a text."""
    if isinstance(value, dict):
        for name, inside in value.items():
            if name not in NOT_COMPARED and not (name == "id" and "title" in value):
                field = (*said, LANGUAGE_NAMES.get(name) or field_label("", name))
                yield from leaves(choice_said(name, inside) or inside, field)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for number, one in enumerate(value, start=1):
            yield from leaves(one, (*said, _row(one) or str(number)))
    else:
        yield " › ".join(said), as_text(value)


def _row(value: Any) -> str:
    """Return what identifies a row, so that rows that moved are compared with themselves."""
    if not isinstance(value, Mapping):
        return ""
    return str(next((value[name] for name in ("key", "id", "code", "stage", "label") if value.get(name)), ""))


def as_text(value: Any) -> str:
    """Return a value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "\n".join(as_text(one) for one in value)
    if isinstance(value, dict):
        return "\n".join(f"{name}: {text}" for name, text in leaves(value) if text)
    return str(value)


def words_of(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces, word by word: what only one of them has is marked."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if _is_too_much(old, new):
        return _whole(Mark.REMOVED, before), _whole(Mark.ADDED, after)
    matcher = difflib.SequenceMatcher(str.isspace, old, new, autojunk=False)
    left: list[Piece] = []
    right: list[Piece] = []
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        same = what == "equal"
        if i2 > i1:
            left.append(Piece(Mark.SAME if same else Mark.REMOVED, "".join(old[i1:i2])))
        if j2 > j1:
            right.append(Piece(Mark.SAME if same else Mark.ADDED, "".join(new[j1:j2])))
    return left, right


def _whole(mark: Mark, text: str) -> list[Piece]:
    return [Piece(mark, text)] if text else []


def _is_too_much(old: Sequence[str], new: Sequence[str]) -> bool:
    """Return whether comparing would take longer than a reader waits."""
    there = Counter(word for word in new if not word.isspace())
    return sum(there[word] for word in old) > MOST_PAIRS
