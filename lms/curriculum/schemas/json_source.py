"""Curriculum files in JSON, read as strictly as those in YAML: every value knows its line, and no key is there twice.

Python's own reader says nothing of places, takes the last of two equal keys, and knows numbers that JSON does not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any, NoReturn

from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Path, Problem, spelled
from lms.curriculum.schemas.source import DEEPEST, LARGEST_FILE, Document, decoded

_ONE = JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[^\s,:\"\[\]{}]*")
_WORDS = {"null": None, "true": True, "false": False}
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,14})", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,30})?([eE][-+]?\d{1,2})?", re.ASCII)


def read_json(content: bytes, *, name: str, largest: int = LARGEST_FILE) -> Document:
    """Return the document of a JSON text in UTF-8; raise CurriculumRefused with what cannot be read."""
    return _Reader(name, decoded(content, name=name, largest=largest)).read()


class _Reader:
    """Walks through one text, and notes where each path begins."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text, self.at = name, text, 0
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.ends = [end.end() for end in re.finditer("\n", text)]

    def read(self) -> Document:
        """Return the document, or raise with every problem found while reading."""
        self._next()
        data = self._value(())
        if self._next():
            self._leave((), _("A file holds one value; there is more after it."))
        if self.problems:
            raise CurriculumRefused(self.problems)
        return Document(self.name, data, self.lines)

    def _next(self) -> str:
        """Go past white space and return the sign that comes next, or nothing at the end."""
        if space := _SPACE.match(self.text, self.at):
            self.at = space.end()
        return self.text[self.at : self.at + 1]

    def _line(self) -> int:
        return bisect_right(self.ends, self.at) + 1

    def _refuse(self, path: Path, message: str) -> None:
        self.problems.append(Problem(self.name, self._line(), spelled(path), message))

    def _leave(self, path: Path, message: str) -> NoReturn:
        self._refuse(path, message)
        raise CurriculumRefused(self.problems)

    def _value(self, path: Path) -> Any:
        """Return the value that begins here; its line is that of its key, if it has one."""
        self.lines.setdefault(path, self._line())
        if len(path) > DEEPEST:
            self._leave(path, _("This is nested too deeply."))
        match self._next():
            case "{":
                return self._entries(path)
            case "[":
                return [self._value((*path, number)) for number, _sign in enumerate(self._members("]", path))]
            case '"':
                return self._text(path)
        return self._plain(path)

    def _members(self, close: str, path: Path) -> Iterator[str]:
        """Go through a list or a map: stop before each member until its closing sign."""
        self.at += 1
        sign = self._next()
        while sign != close:
            yield sign
            after = self._next()
            if after == close:
                break
            if after != ",":
                self._leave(path, _("A comma or %(sign)s is missing here.", sign=close))
            self.at += 1
            sign = self._next()
            if sign == close:
                self._leave(path, _("Nothing comes after the last comma."))
        self.at += 1

    def _entries(self, path: Path) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        for sign in self._members("}", path):
            if sign != '"':
                self._leave(path, _("A key must stand between double quotes."))
            line, key = self._line(), self._text(path)
            inside = (*path, key)
            self.lines.setdefault(inside, line)
            if key in entries:
                self._refuse(inside, _("This key is here twice."))
            if self._next() != ":":
                self._leave(inside, _("A colon must come after a key."))
            self.at += 1
            self._next()
            entries[key] = self._value(inside)
        return entries

    def _text(self, path: Path) -> str:
        try:
            text, self.at = _ONE.raw_decode(self.text, self.at)
        except JSONDecodeError as wrong:
            self.at = wrong.pos
            self._leave(path, _("This text does not end, or holds a sign that JSON does not allow in a text."))
        return str(text)

    def _plain(self, path: Path) -> Any:
        """Return what stands without quotes: null, true, false, or a number written out in full."""
        word = _WORD.match(self.text, self.at)
        text = word.group() if word else ""
        if text in _WORDS:
            value: Any = _WORDS[text]
        elif _WHOLE.fullmatch(text):
            value = int(text)
        elif _DECIMAL.fullmatch(text):
            value = float(text)
        else:
            self._leave(path, _("This is not JSON: a value is missing, or has no quotes around it."))
        self.at += len(text)
        return value
