"""The words of the index that are like what was typed: of the same stem, or a letter or two away."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from sqlalchemy import ColumnElement, Text, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from lms.search.entries import LANGUAGES
from lms.search.models import SearchWord
from lms.search.questions import Question

SHORTEST, LIKE = 4, 0.75
"""Shorter words are not corrected; how much a word must look like the mistyped one, as difflib measures it."""


def words_alike(session: Session, question: Question) -> Mapping[str, frozenset[str]]:
    """Return the folded words with the same stem as one that was asked for, by language; in one statement."""
    same = {name: _same_stem(question, name) for name in LANGUAGES.values()}
    alike = select(SearchWord.word, *[one.label(name) for name, one in same.items()]).where(or_(*same.values()))
    rows = session.execute(alike).all()
    return {language: frozenset(row.word for row in rows if getattr(row, name)) for language, name in LANGUAGES.items()}


def _same_stem(question: Question, dictionary: str) -> ColumnElement[bool]:
    stem: ColumnElement[str | None] = getattr(SearchWord, f"{dictionary}_stem")
    stemmer: ColumnElement[object] = literal_column(f"'{dictionary}_stem'::regdictionary")
    return stem.in_([func.ts_lexize(stemmer, word, type_=ARRAY(Text))[1] for word in question.words])


def corrected(session: Session, question: Question) -> str | None:
    """Return the question with each unknown word replaced by the known one most like it; None where none is."""
    instead = [_known(session, word) for word in question.words]
    if None in instead or tuple(instead) == question.words:
        return None
    return " ".join(word for word in instead if word)


def _known(session: Session, word: str) -> str | None:
    """Return the word itself where it is known or too short, else the known word most like it, as it is written.

    The first letter is seldom mistyped, and comparing only words that begin with it takes a tenth of the time.
    """
    if len(word) < SHORTEST:
        return word
    if session.scalar(select(SearchWord.word).where(SearchWord.word.startswith(word, autoescape=True)).limit(1)):
        return word
    near = select(SearchWord.word, SearchWord.written).where(
        SearchWord.word.startswith(word[0]), func.length(SearchWord.word).between(len(word) - 2, len(word) + 2)
    )
    written = {row.word: row.written for row in session.execute(near)}
    best = get_close_matches(word, sorted(written), n=1, cutoff=LIKE)
    return written[best[0]] if best else None
