"""YAML files read safely: plain data, text stays text, and every value knows its line.

Stricter than YAML allows: one document, no anchors and aliases (which can swell a small file into gigabytes), no tags,
no key twice, no deep nesting. Only null, true, false and plain numbers are not text: dates and `no` stay as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from lms.core.words import _
from lms.curriculum.schemas.problems import CurriculumRefused, Path, Problem, spelled

LARGEST_FILE = 2 * 1024 * 1024
DEEPEST = 20

NULL = re.compile(r"~|null|", re.ASCII)
TRUTH = re.compile(r"true|false", re.ASCII)
WHOLE = re.compile(r"[-+]?\d{1,15}", re.ASCII)
DECIMAL = re.compile(r"[-+]?(\.\d{1,30}|\d{1,15}\.\d{0,30})", re.ASCII)
"""What is not text where it stands without quotes: nothing, truth, and plain numbers."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a file, and on which line each path of it stands."""

    name: str
    data: Any
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int | None:
        """Return the line of a path, or of the nearest place around it that the file does have."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    def problem(self, path: Path, message: str) -> Problem:
        """Return a problem at that path of this file."""
        return Problem(self.name, self.line_of(path), spelled(path), message)


def read(content: bytes, *, name: str, largest: int = LARGEST_FILE) -> Document:
    """Return the document of a YAML text in UTF-8; raise CurriculumRefused with what cannot be read."""
    return _Reader(name).read(decoded(content, name=name, largest=largest))


def decoded(content: bytes, *, name: str, largest: int = LARGEST_FILE) -> str:
    """Return the text of a file in UTF-8; raise CurriculumRefused for what is too large or no such text."""
    if len(content) > largest:
        megabytes = largest // (1024 * 1024)
        raise CurriculumRefused([Problem(name, None, "", _("This file is larger than %(most)s MB.", most=megabytes))])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = content[: failure.start].count(b"\n") + 1
        raise CurriculumRefused([Problem(name, line, "", _("This is not text in UTF-8."))]) from failure


class _Reader:
    """Builds the data of one file from its YAML events."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []

    def read(self, text: str) -> Document:
        """Return the document, or raise with every problem found while reading."""
        try:
            data = self._document(yaml.parse(text, Loader=_LOADER))
        except yaml.MarkedYAMLError as failure:
            mark = failure.problem_mark or failure.context_mark
            self._refuse(
                mark.line + 1 if mark else None, (), _("This is not YAML: %(reason)s.", reason=failure.problem)
            )
        except yaml.reader.ReaderError as failure:
            at = text[: failure.position].count("\n") + 1
            self._refuse(at, (), _("This file holds a character that YAML does not allow."))
        if self.problems:
            raise CurriculumRefused(self.problems)
        return Document(self.name, data, self.lines)

    def _refuse(self, line: int | None, path: Path, message: str) -> None:
        self.problems.append(Problem(self.name, line, spelled(path), message))

    def _document(self, events: Iterator[yaml.Event]) -> Any:
        """Return the value of the one document that the events hold; an empty file is null."""
        data, documents = None, 0
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                documents += 1
                if documents == 2:
                    self._refuse(_line(event), (), _("A file holds one document, without a second after ---."))
                value = self._value(event, events, (), event)
                data = value if documents == 1 else data
        return data

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path, start: yaml.Event) -> Any:
        """Return the value that begins with this event; its line is that of `start`, the key or the item."""
        self.lines.setdefault(path, _line(start))
        if len(path) > DEEPEST:
            self._refuse(_line(event), path, _("This is nested too deeply."))
            raise CurriculumRefused(self.problems)
        self._check_plain(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(events, path)
        return self._entries(events, path) if isinstance(event, yaml.MappingStartEvent) else None

    def _check_plain(self, event: yaml.Event, path: Path) -> None:
        """Refuse what makes YAML more than data: anchors, aliases and tags."""
        if getattr(event, "anchor", None) is not None:
            self._refuse(_line(event), path, _("Anchors (&) and aliases (*) are not allowed; write the text out."))
        if getattr(event, "tag", None) is not None:
            self._refuse(_line(event), path, _("Tags (!) are not allowed."))

    def _items(self, events: Iterator[yaml.Event], path: Path) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, events, (*path, len(items)), event))
        return items

    def _entries(self, events: Iterator[yaml.Event], path: Path) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, path)
            inside = (*path, key)
            if key in entries:
                self._refuse(_line(event), inside, _("This key is here twice."))
            entries[key] = self._value(next(events), events, inside, event)
        return entries

    def _key(self, event: yaml.Event, path: Path) -> str:
        """Return the key of an entry, always as text; raise for a list or a map in its place."""
        self._check_plain(event, path)
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse(_line(event), path, _("A key must be a plain word."))
            raise CurriculumRefused(self.problems)
        return str(event.value)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    """Return null, a truth value or a number where one was written without quotes, else the text as it stands."""
    text = str(event.value)
    if event.style or not event.implicit[0]:
        return text
    if NULL.fullmatch(text):
        return None
    if TRUTH.fullmatch(text):
        return text == "true"
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text
