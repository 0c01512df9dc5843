"""The words of the pages in the languages that people read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

import lms

CATALOGUE = Path(str(lms.__path__[0])) / "translations/nl/LC_MESSAGES/messages.po"
Words = Callable[[str], str]


@cache
def _dutch() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        messages = list(read_po(file))
    return {_first(message.id): _first(message.string or "") for message in messages}


def _first(words: str | list[str] | tuple[str, ...]) -> str:
    """Return the words; of a sentence that counts, those for one."""
    return words if isinstance(words, str) else words[0]


def words_in(language: str) -> Words:
    """Return a function that gives a sentence of the pages, named in English, in that language."""
    return (lambda sentence: _dutch().get(sentence) or sentence) if language == "nl" else str
