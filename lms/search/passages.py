"""What of a text a result shows: the title, and the passage with the most of what was asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.core.db import Words
from lms.search.folding import WORD, fold
from lms.search.queries.results import Result
from lms.search.questions import Question

LONGEST = 160
"""Characters of a passage."""
_PIECES = re.compile(r"[^\W_]+|[\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a text, and whether they were asked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text in a language, cut where it is longer than a result can show."""

    language: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as a page shows it."""

    result: Result
    title: Passage
    passage: Passage | None


class Marker:
    """What was asked for, to be found again in texts: words of the same stem, and words that begin with one."""

    def __init__(self, question: Question, alike: Mapping[str, frozenset[str]]) -> None:
        self.alike = alike
        self.beginnings = tuple(question.beginnings)

    def is_asked_for(self, word: str, language: str) -> bool:
        """Return whether a word of a text in a language was asked for."""
        folded = fold(word)
        if folded in self.alike.get(language, ()):
            return True
        return folded.startswith(self.beginnings)

    def first_in(self, text: str, language: str) -> int | None:
        """Return where in a text the first word stands that was asked for, or None."""
        return next((one.start() for one in WORD.finditer(text) if self.is_asked_for(one.group(), language)), None)

    def pieces(self, text: str, language: str) -> list[Piece]:
        """Return a text in words and what stands between them."""
        return [Piece(one, self.is_asked_for(one, language)) for one in _PIECES.findall(text)]


def shown(result: Result, marker: Marker, language: str) -> Shown:
    """Return a result with the words marked that were asked for, in the reader's language where it has them."""
    title = in_first(result.title, language)
    return Shown(result, Passage(title, marker.pieces(result.title[title], title)), _passage(result, marker, language))


def in_first(words: Words, language: str) -> str:
    """Return the reader's language where a text is known in it, else one in which it is."""
    return language if language in words else next(iter(words))


def _passage(result: Result, marker: Marker, language: str) -> Passage | None:
    """Return the part of the text around what was asked for; in another language where only that has it."""
    if not result.passages:
        return None
    for one in sorted(result.passages, key=lambda known: known != language):
        first = marker.first_in(result.passages[one], one)
        if first is not None:
            return Passage(one, marker.pieces(_cut(result.passages[one], first), one))
    one = in_first(result.passages, language)
    return Passage(one, marker.pieces(_cut(result.passages[one], 0), one))


def _cut(text: str, place: int) -> str:
    """Return the characters around a place in a text, whole words, with dots where it is cut."""
    start, end = max(0, place - LONGEST // 3), min(len(text), place + LONGEST)
    if start:
        start = text.find(" ", start, place) + 1 or place
    if end < len(text):
        end = max(text.rfind(" ", place, end), place) if " " in text[place:end] else end
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
