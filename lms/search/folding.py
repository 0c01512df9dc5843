"""Words made comparable: without accents, capitals and marks, the same when indexing as when asking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WORD = re.compile(r"[^\W_]+")
"""A word of a text: letters and numbers."""

LONGEST_WORD = 100
"""Nobody looks for a longer word or code, and the database keeps no index of one of thousands of letters."""


class _Folding(dict[int, str]):
    """What each character folds to; it is worked out when the character is first met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code))
        self[code] = "".join(
            part.lower() if part.isalnum() else "" if unicodedata.combining(part) else " " for part in parts
        )
        return self[code]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return a text in small letters without accents, with a space for what is neither letter nor number."""
    return text.translate(_FOLDING)


def folded_words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return fold(text).split()


def written_words(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a text, folded and as they are written in small letters."""
    for written in WORD.findall(text):
        for word in folded_words(written):
            if len(word) <= LONGEST_WORD and len(written) <= LONGEST_WORD:
                yield word, written.lower()


def code_parts(*codes: str | None) -> list[str]:
    """Return what of a code one may type: it and each of its ends, without marks: lzonc2, onc2 and 2 of LZ-ONC-2."""
    split = [folded_words(code) for code in codes if code]
    parts = {"".join(words[start:]) for words in split for start in range(len(words))}
    return sorted(part for part in parts if len(part) <= LONGEST_WORD)
