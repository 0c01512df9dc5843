"""The words of the index that look like a mistyped one."""

from __future__ import annotations

from difflib import get_close_matches

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.search.models import SearchWord
from lms.search.questions import Question

SHORTEST, LIKE = 4, 0.75
"""Shorter words are not corrected; how much a word must look like the mistyped one, as difflib measures it."""


def corrected(session: Session, question: Question) -> str | None:
    """Return the question with each unknown word replaced by the known one most like it; None where none is."""
    instead = [_known(session, word) for word in question.words]
    if None in instead or tuple(instead) == question.words:
        return None
    return " ".join(word for word in instead if word)


def _known(session: Session, word: str) -> str | None:
    """Return the word itself where it is known or too short, else the known word most like it, as it is written."""
    if len(word) < SHORTEST:
        return word
    if session.scalar(select(SearchWord.word).where(SearchWord.word.startswith(word, autoescape=True)).limit(1)):
        return word
    near = select(SearchWord.word, SearchWord.written).where(
        func.length(SearchWord.word).between(len(word) - 2, len(word) + 2)
    )
    written = {row.word: row.written for row in session.execute(near)}
    best = get_close_matches(word, sorted(written), n=1, cutoff=LIKE)
    return written[best[0]] if best else None
