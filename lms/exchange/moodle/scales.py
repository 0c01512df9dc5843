"""Scales as Moodle writes them: the names with commas between them, and which of them is enough."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from lms.core.words import _
from lms.exchange.moodle.rows import Row

LARGEST = 10_000


@dataclass(frozen=True, slots=True)
class Scale:
    """The names of a scale from low to high; `default` is given when nobody chose, `proficient` are enough."""

    names: tuple[str, ...]
    default: int
    proficient: frozenset[int]

    @property
    def values(self) -> str:
        """The names as Moodle writes them; a comma would end a name, so it becomes a semicolon."""
        return ",".join(name.replace(",", ";") for name in self.names)

    @property
    def configuration(self) -> str:
        """The rest as Moodle writes it; the number of the scale is its own business and it makes a new one."""
        levels = [
            {"id": number, "scaledefault": int(number == self.default), "proficient": int(number in self.proficient)}
            for number in range(1, len(self.names) + 1)
        ]
        return json.dumps([{"scaleid": "0"}, *levels], separators=(",", ":"))


COMPETENT = Scale(("Not yet competent", "Competent"), default=2, proficient=frozenset({2}))
"""The scale that a new Moodle begins with, for a framework that has none: there it must have one."""


def scale_of(row: Row) -> Scale:
    """Return the scale of a row; raise ValueError for one that Moodle would not take."""
    names = tuple(name.strip() for name in row.scale_values.split(","))
    if len(names) < 2 or not all(names):
        raise ValueError(_("A scale has at least two values, and none of them is empty."))
    levels = _levels(row.scale_configuration)
    if not all(isinstance(level.get("id"), int) and 1 <= level["id"] <= len(names) for level in levels):
        raise ValueError(_("The configuration names a value that the scale does not have."))
    defaults = [level["id"] for level in levels if level.get("scaledefault") in (1, "1")]
    proficient = frozenset(level["id"] for level in levels if level.get("proficient") in (1, "1"))
    if not defaults or not proficient:
        raise ValueError(_("One value must be the default, and one or more must be proficient."))
    return Scale(names, defaults[0], proficient)


def _levels(text: str) -> list[dict[str, Any]]:
    """Return what the configuration says of each value; what says nothing of one it may leave out."""
    try:
        whole = json.loads(text) if len(text) <= LARGEST else None
    except (ValueError, RecursionError):
        whole = None
    if not isinstance(whole, list) or not whole or not all(isinstance(one, dict) for one in whole):
        raise ValueError(_("This is not the configuration of a scale as Moodle writes it."))
    return whole[1:]


def scale_fault(row: Row) -> str | None:
    """Return what is wrong with the scale of a row, or None."""
    try:
        scale_of(row)
    except ValueError as wrong:
        return str(wrong)
    return None
