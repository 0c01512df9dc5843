"""Values in cells: written so that people can read and change them, and read back as the same values.

A list of keys stands in one cell with commas, a list of texts with a line for each, a map with a line `key: value` for
each. What a cell holds that its field does not take stays as it is: the check of the file refuses it at its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import fields

from lms.core.words import LANGUAGES, _
from lms.curriculum.schemas.fields import Days, Flag, Many, MapOf, Provenance, Text, Texts, Whole, Words, YearMonth

Field = fields.Field[Any]

PAIR = 2
EMPTY = object()
"""What an empty cell is read as."""

EMPTY_LIST, EMPTY_MAP, NOTHING = "[]", "{}", "null"
"""What a cell says that is empty on purpose, where an empty cell means that the field is left out."""

YES, NO = frozenset({"ja", "yes", "true", "waar"}), frozenset({"nee", "no", "false", "onwaar"})
_WHOLE = re.compile(r"-?\d{1,15}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,15})?", re.ASCII)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def written(field: Field, value: Any, language: str | None = None) -> str | int | float:
    """Return what a cell holds for a value of that field, or for a text of it in that language."""
    if value is None:
        return "" if field.required or language else NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and (pair := pair_of(field)):
        first, second = pair
        return "\n".join(_entry((one[first], one[second])) for one in value)
    if isinstance(value, list):
        left_out = field.required and language in {None, LANGUAGES[0]}
        return _listed(field, value) or ("" if left_out else EMPTY_LIST)
    if isinstance(value, dict):
        return "\n".join(map(_entry, value.items())) or ("" if field.required else EMPTY_MAP)
    return value if isinstance(value, int | float) else str(value)


def pair_of(field: Field) -> Mapping[str, Field]:
    """Return the two fields of each block in a list that one cell can hold; no fields where it is another field."""
    inner = field.inner if isinstance(field, Many) else None
    found: Mapping[str, Field] = inner.schema.fields if isinstance(inner, fields.Nested) else {}
    return found if len(found) == PAIR else {}


def _listed(field: Field, items: list[Any]) -> str:
    if not _lists_texts(field):
        return ", ".join(map(str, items))
    return "\n".join(item.replace("\\", "\\\\").replace("\n", "\\n") for item in items)


def _lists_texts(field: Field) -> bool:
    """Whether the items of a list are texts of people, rather than keys or numbers."""
    inner = field.inner if isinstance(field, Many | Words) else field
    return isinstance(inner, Texts) or type(inner) is Text


def _entry(entry: tuple[str, Any]) -> str:
    key, value = entry
    return f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}"


def read(field: Field, raw: object) -> Any:
    """Return the value of a cell, or EMPTY; raise ValueError with what is wrong where a list or map cannot be read."""
    raw = _plain(raw)
    if raw is EMPTY:
        return EMPTY
    if isinstance(field, Words):
        return _texts(str(raw)) if isinstance(field.inner, Texts) else as_text(raw)
    if not field.required and raw == NOTHING and field.allow_none:
        return None
    return _value(field, raw)


def _plain(raw: object) -> Any:
    """Return what a cell holds with the line ends of people, or EMPTY where there is nothing to see."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return EMPTY
    return raw.replace("\r\n", "\n").replace("\r", "\n") if isinstance(raw, str) else raw


def _value(field: Field, raw: Any) -> Any:
    if isinstance(field, Many):
        return _items(field, raw)
    if isinstance(field, MapOf):
        return _map(field.inner, str(raw))
    if isinstance(field, Flag):
        return _flag(raw)
    if isinstance(field, Whole | Days):
        return _number(raw)
    if isinstance(raw, date):
        return raw.strftime("%Y-%m") if isinstance(field, YearMonth) else as_text(raw)
    return as_text(raw) if type(field) is Text else as_text(raw).strip()


def as_text(raw: Any) -> str:
    """Return the text that people meant where Excel made a number, a day or a truth value of it."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return raw.date().isoformat() if isinstance(raw, datetime) else str(raw)


def _flag(raw: Any) -> Any:
    word = str(raw).strip().lower()
    return word in YES if word in YES | NO else raw


def _number(raw: Any) -> Any:
    text = raw.strip() if isinstance(raw, str) else raw
    if isinstance(text, str) and _NUMBER.fullmatch(text):
        return int(text) if _WHOLE.fullmatch(text) else float(text.replace(",", "."))
    return int(text) if isinstance(text, float) and text.is_integer() else text


def _items(field: Many, raw: Any) -> list[Any]:
    text = as_text(raw)
    if pair := pair_of(field):
        _first, second = pair.values()
        return [dict(zip(pair, entry, strict=True)) for entry in _map(second, text).items()]
    if text.strip() == EMPTY_LIST:
        return []
    if _lists_texts(field):
        return _texts(text)
    return [_value(field.inner, item.strip()) for item in re.split(r"[,;\n]", text) if item.strip()]


def _texts(text: str) -> list[str]:
    if text.strip() == EMPTY_LIST:
        return []
    return [_ESCAPED.sub(_unescaped, line) for line in text.split("\n") if line.strip()]


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found.group(1) == "n" else found.group(1)


def _map(inner: Field, text: str) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for line in text.split("\n") if text.strip() != EMPTY_MAP else ():
        key, colon, value = (part.strip() for part in line.partition(":"))
        if line.strip() and not (key and colon):
            raise ValueError(_("Write a line for each, with a colon after the key: key: value."))
        if key in entries:
            raise ValueError(_("This key is here twice."))
        if key:
            entries[key] = _value(inner, value)
    return entries


def default(field: Field) -> Any:
    """Return what an empty cell stands for, or EMPTY where the field is left out."""
    if not field.required:
        return EMPTY
    if field.allow_none:
        return None
    if isinstance(field, fields.List):
        return []
    if isinstance(field, MapOf):
        return {}
    if isinstance(field, Flag):
        return False
    return "draft" if isinstance(field, Provenance) else EMPTY
