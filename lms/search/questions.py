"""What somebody asks for, as the index is asked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, cast, func
from sqlalchemy.dialects.postgresql import TSQUERY

from lms.search.folding import folded_words

LONGEST = 100
MOST_WORDS = 8
"""What is typed beyond that is not looked for."""
SHORTEST_BEGINNING, SHORTEST_LAST = 5, 3
"""Words of fewer letters are no beginnings of others, too much would be marked; the last word may be unfinished."""


@dataclass(frozen=True, slots=True)
class Question:
    """The words that are asked for, folded; the last one may be unfinished."""

    text: str
    words: tuple[str, ...]

    @property
    def code(self) -> str:
        """Return all that was typed as a code: LZ-ONC-2 and "lz onc 2" are the same."""
        return "".join(self.words)

    @property
    def beginnings(self) -> frozenset[str]:
        """Return the words that are long enough to be looked for, and shown, as the beginning of others."""
        *whole, last = self.words
        long = {word for word in whole if len(word) >= SHORTEST_BEGINNING}
        return frozenset(long | ({last} if len(last) >= SHORTEST_LAST else set()))

    def as_code(self) -> ColumnElement[object]:
        """Return the question for the lexemes of codes: those that begin with what was typed."""
        return cast(f"'{self.code}':*", TSQUERY)

    def in_words_of(self, dictionary: str, *, every: bool = True) -> ColumnElement[object]:
        """Return the question for the lexemes of a language: every word, or any of them."""
        first, *others = (self.word_in(dictionary, place) for place in range(len(self.words)))
        asked = first
        for word in others:
            asked = asked.op("&&" if every else "||")(word)
        return asked

    def word_in(self, dictionary: str, place: int) -> ColumnElement[object]:
        """Return one of its words for the lexemes of a language: stemmed, and as a beginning where it may be one.

        A stem is not always what a longer word begins with: walvis and walvissen have two.
        """
        word = self.words[place]
        stemmed: ColumnElement[object] = func.to_tsquery(dictionary, word)
        if word not in self.beginnings and place < len(self.words) - 1:
            return stemmed
        return stemmed.op("||")(func.to_tsquery("simple", f"{word}:*"))


def question_of(text: str) -> Question | None:
    """Return what a text asks for, or None where it has neither a letter nor a number."""
    shown = " ".join(text.split())[:LONGEST]
    words = tuple(folded_words(shown)[:MOST_WORDS])
    return Question(shown, words) if words else None
