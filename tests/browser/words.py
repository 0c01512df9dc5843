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
        return {str(message.id): str(message.string) for message in read_po(file) if isinstance(message.id, str)}


def words_in(language: str) -> Words:
    """Return a function that gives a sentence of the pages, named in English, in that language."""
    return (lambda sentence: _dutch().get(sentence) or sentence) if language == "nl" else str
