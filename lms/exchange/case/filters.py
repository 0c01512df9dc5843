"""The filter of a list, as CASE 1.1 takes it from other standards of 1EdTech: `title~'zorg' AND language='nl'`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

MOST_CONDITIONS = 5
_CONDITION = re.compile(r"\s*(?P<field>\w+)\s*(?P<predicate>!=|>=|<=|=|>|<|~)\s*'(?P<value>(?:[^']|'')*)'\s*")
_PART = re.compile(r"(?<=')\s+(AND|OR)\s+(?=\w+\s*[!=<>~])")
"""What stands between two conditions; the same words inside a value stand after no quotation mark."""


class NoFilter(ValueError):
    """A text that is no filter, with what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field must be: `predicate` is one of = != > >= < <= and ~, which stands for containing."""

    field: str
    predicate: str
    value: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions of which every one, or at least one, must hold; without any everything passes."""

    conditions: tuple[Condition, ...] = ()
    every: bool = True


ANYTHING = Filter()


def filter_of(text: str, *, fields: Collection[str]) -> Filter:
    """Return the filter that a text says; raise NoFilter for another text, and for a field that is not among these."""
    parts = _PART.split(text)
    conditions, words = [_condition(part) for part in parts[::2]], set(parts[1::2])
    if len(conditions) > MOST_CONDITIONS or len(words) > 1:
        raise NoFilter(f"A filter has {MOST_CONDITIONS} conditions at most, and either AND or OR between them.")
    if strange := next((one.field for one in conditions if one.field not in fields), None):
        raise NoFilter(f"CFDocuments cannot be filtered by {strange[:100]}.")
    return Filter(tuple(conditions), every="OR" not in words)


def _condition(text: str) -> Condition:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise NoFilter("A condition of a filter is written as field='value'.")
    return Condition(found["field"], found["predicate"], found["value"].replace("''", "'"))
