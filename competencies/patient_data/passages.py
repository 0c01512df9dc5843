"""Passages of a text: where they begin and end, and what stands before them."""

import re
from collections.abc import Iterator

Passage = tuple[int, int]
"""Where a passage begins, and where the text goes on after it."""


def matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Return every place where the pattern fits, also those that overlap an earlier one without being inside it."""
    at = 0
    while found := pattern.search(text, at):
        yield found
        at = found.start() + 1 if found.end() == found.start() else found.end()


def stands_before(words: re.Pattern[str], text: str, start: int, *, within: int) -> bool:
    """Return whether one of the words stands in so many characters before that place, in the same sentence."""
    before = text[max(0, start - within) : start]
    sentence = re.split(r"[!?\n]|\.\s+(?=[A-Z])", before)[-1]
    return bool(words.search(sentence))
