"""JSON read safely: every key once, every number finite, no deep nesting, nothing that the database cannot keep."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Path, Problem, spelled
from lms.exchange.guards import refused, text_of

DEEPEST = 100
LONGEST_NUMBER = 100

_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""How NUL and halves of a character can come into a JSON text that is sound as text."""


class _Twice(ValueError):
    """A key that is twice in one object."""


def read_json(content: bytes, name: str) -> Any:
    """Return the value of a JSON text; raise CurriculumRefused with what cannot be read, at its line or path."""
    text = text_of(content, name)
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite, parse_int=_whole
        )
    except json.JSONDecodeError as failure:
        raise refused(name, _not_json(text, failure), line=failure.lineno) from failure
    except _Twice as failure:
        raise refused(name, _("The key “%(key)s” is twice in one object.", key=str(failure))) from failure
    except RecursionError as failure:
        raise refused(name, _("This is nested too deeply.")) from failure
    except ValueError as failure:
        raise refused(name, _("“%(number)s” is not a number that can be kept.", number=str(failure))) from failure
    _check_depth(value, name)
    if _SUSPECT.search(text):
        _check_texts(value, name)
    return value


def _not_json(text: str, failure: json.JSONDecodeError) -> str:
    if not text.strip():
        return _("This file is empty.")
    return _("This is not JSON: it goes wrong at character %(column)s of this line.", column=failure.colno)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                raise _Twice(key[:80])
            seen.add(key)
    return whole


def _no_number(constant: str) -> float:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(text[:LONGEST_NUMBER])
    return number


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(text[:LONGEST_NUMBER])
    return int(text)


def _check_depth(value: Any, name: str) -> None:
    """Refuse what is nested deeper than anything sensible, one level after another."""
    level = [value]
    for _depth in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise refused(name, _("This is nested too deeply."))


def _check_texts(value: Any, name: str) -> None:
    """Refuse texts with a NUL or with half a character, which no database keeps, each at its path."""
    problems: list[Problem] = []
    todo: list[tuple[Path, Any]] = [((), value)]
    while todo:
        path, one = todo.pop()
        if isinstance(one, str) and not _is_sound(one):
            problems.append(Problem(name, None, spelled(path), _("This text holds a character that does not exist.")))
        elif isinstance(one, dict):
            problems += [_bad_key(name, path) for key in one if not _is_sound(key)]
            todo += [((*path, str(key)), inner) for key, inner in one.items()]
        elif isinstance(one, list):
            todo += [((*path, number), inner) for number, inner in enumerate(one)]
    if problems:
        raise CurriculumRefused(problems)


def _bad_key(name: str, path: Path) -> Problem:
    return Problem(name, None, spelled(path), _("A key here holds a character that does not exist."))


def _is_sound(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
