"""Keys and numbers that nobody has to think of: made of titles, and of the order in which things stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Container, Mapping, Sequence
from itertools import pairwise
from typing import Any

LONGEST_KEY = 60
CONCEPT = "CONCEPT-"
NAMES = ("key", "id")
"""The names under which a block says what identifies it."""


def key_from(title: Mapping[str, str]) -> str:
    """Return the key that a title gives: its English words, else its Dutch ones, in small letters with dashes."""
    words = title.get("en") or title.get("nl") or ""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_KEY].strip("-") or "new"


def free_key(key: str, taken: Container[str]) -> str:
    """Return the key, with a number behind it where it is taken."""
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key}-{number}"
    return free


def with_key(section: str, data: Any, taken: Collection[str]) -> Any:
    """Return a part with a key, once it has a title to make one of; an EPA without a code gets a concept code."""
    name = next((one for one in NAMES if isinstance(data, dict) and one in data), None)
    words = (data.get("title") or data.get("text") or {}) if name else {}
    if name is None or data[name] or not words:
        return data
    key = free_key(key_from(words), taken)
    has_code = section != "epas" or data.get("official_code") or data.get("local_code")
    return data | {name: key} | ({} if has_code else {"local_code": f"{CONCEPT}{key}".upper()})


def with_row_keys(value: Any) -> Any:
    """Return the data of a part with a key and a number for every row of it that has none yet."""
    if isinstance(value, dict):
        inside = {name: with_row_keys(one) for name, one in value.items()}
        return _with_days(inside) if isinstance(inside.get("sessions"), list) else inside
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        rows = _with_keys([with_row_keys(one) for one in value])
        return rows if "format" in rows[0] else numbered(rows)
    return value


def _with_keys(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for name in NAMES:
        taken = {row[name] for row in rows if row.get(name)}
        for row in rows:
            words = row.get("title") or row.get("text") or {}
            if name in row and not row[name] and words:
                row[name] = free_key(key_from(words), taken)
                taken.add(row[name])
    return rows


def numbered(items: Sequence[Any]) -> list[Any]:
    """Return the items with the numbers they have where these ascend already, else with new ones from 1 on."""
    numbers = [item["order"] for item in items if "order" in item]
    if not numbers or (len(numbers) == len(items) and _ascend(numbers)):
        return list(items)
    return [item | {"order": number} for number, item in enumerate(items, start=1)]


def _ascend(numbers: Sequence[int | None]) -> bool:
    known = [number for number in numbers if isinstance(number, int)]
    return len(known) == len(numbers) and all(one < other for one, other in pairwise(known))


def _with_days(module: dict[str, Any]) -> dict[str, Any]:
    """Return a module with as many days as its sessions have together."""
    sessions = module["sessions"]
    if all(isinstance(one.get("days"), int | float) and isinstance(one.get("repeat"), int) for one in sessions):
        return module | {"days": sum(one["days"] * one["repeat"] for one in sessions) or None}
    return module
