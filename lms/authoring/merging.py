"""Two texts of one part, field by field: where they differ, who changed what, and the text of what was chosen."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lms.curriculum.schemas.problems import Path


class ChangedBy(StrEnum):
    """Who changed a field since both began from the same text."""

    ME = "me"
    THEM = "them"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two texts differ."""

    path: Path
    mine: Any
    theirs: Any
    changed_by: ChangedBy


def differences(mine: Any, theirs: Any, base: Any, path: Path = ()) -> Iterator[Difference]:
    """Yield the fields in which two texts differ, the smallest that both have; lists that grew are one field."""
    if mine == theirs:
        return
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for name in [*theirs, *(name for name in mine if name not in theirs)]:
            inside = base.get(name) if isinstance(base, dict) else None
            yield from differences(mine.get(name), theirs.get(name), inside, (*path, name))
    elif _rows(mine) and _rows(theirs) and len(mine) == len(theirs):
        for number, (one, other) in enumerate(zip(mine, theirs, strict=True)):
            inside = base[number] if isinstance(base, list) and len(base) == len(mine) else None
            yield from differences(one, other, inside, (*path, number))
    else:
        yield Difference(path, mine, theirs, _changed_by(mine, theirs, base))


def _rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _changed_by(mine: Any, theirs: Any, base: Any) -> ChangedBy:
    if mine == base:
        return ChangedBy.THEM
    return ChangedBy.ME if theirs == base else ChangedBy.BOTH


def merged(mine: Any, theirs: Any, *, take_mine: Collection[Path]) -> Any:
    """Return their text with my field at each of these paths."""
    result = copy.deepcopy(theirs)
    for path in take_mine:
        if not path:
            return copy.deepcopy(mine)
        outside, value = result, mine
        for step in path[:-1]:
            outside, value = outside[step], value[step]
        if isinstance(value, dict) and path[-1] not in value:
            outside.pop(path[-1], None)
        else:
            outside[path[-1]] = copy.deepcopy(value[path[-1]])
    return result
