"""Words made comparable: without accents, capitals and marks, the same when indexing as when asking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Return a character in small letters without accents; a space for what is neither letter nor number."""
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part.lower() if part.isalnum() else "" if unicodedata.combining(part) else " " for part in parts)


def fold(text: str) -> str:
    """Return a text in small letters without accents and marks; every character folds by itself."""
    return "".join(map(_folded, text))


def folded_words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return fold(text).split()


def written_words(text: str, *, at_least: int) -> Iterator[tuple[str, str]]:
    """Yield the words of a text of so many letters or more, folded and as they are written in small letters."""
    for written in re.findall(r"[^\W\d_]+", text):
        word = fold(written)
        if len(word) >= at_least:
            yield word, written.lower()


def code_parts(*codes: str | None) -> list[str]:
    """Return what of a code one may type: it and each of its ends, without marks: lzonc2, onc2 and 2 of LZ-ONC-2."""
    split = [folded_words(code) for code in codes if code]
    return sorted({"".join(words[start:]) for words in split for start in range(len(words))})
