"""Keeping the index: what is loaded and not indexed yet is added, in the transaction that loads it.

Versions never change, so an entry that was made stays right. Whoever loads or publishes calls `index_missing` before
the commit; it needs no list of what was loaded, so an installation from before the index catches up at its next start.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from lms.search.entries import Row, rows_of_framework, rows_of_version
from lms.search.folding import written_words
from lms.search.models import SearchEntry, SearchWord
from lms.search.queries.source import shared_frameworks, versions

AT_ONCE = 500


def index_missing(session: Session) -> int:
    """Add what is loaded and cannot be found yet, and return how many entries that made."""
    session.flush()
    rows = [row for version in versions(session, missing=True) for row in rows_of_version(version)]
    rows += [row for framework in shared_frameworks(session, missing=True) for row in rows_of_framework(framework)]
    _add(session, rows)
    return len(rows)


def rebuild(session: Session) -> None:
    """Make the whole index anew from the curriculum."""
    session.execute(delete(SearchEntry))
    session.execute(delete(SearchWord))
    index_missing(session)


def differences(session: Session) -> int:
    """Return how many entries and words are missing, superfluous or not what the curriculum says."""
    rows = [row for version in versions(session) for row in rows_of_version(version)]
    rows += [row for framework in shared_frameworks(session) for row in rows_of_framework(framework)]
    wanted = {row["target_id"]: row for row in rows}
    columns = [column for column in SearchEntry.__table__.columns if column.computed is None]
    stored = {row["target_id"]: dict(row) for row in session.execute(select(*columns)).mappings()}
    words = {word for word, _written in _words(rows)} ^ set(session.scalars(select(SearchWord.word)))
    return len(words) + sum(wanted.get(key) != stored.get(key) for key in wanted.keys() | stored.keys())


def _add(session: Session, rows: list[Row]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        session.execute(insert(SearchEntry), rows[start : start + AT_ONCE])
    words = dict(_words(rows))
    values = [{"word": word, "written": written} for word, written in sorted(words.items())]
    if values:
        session.execute(upsert(SearchWord).on_conflict_do_nothing(), values)


def _words(rows: Iterable[Row]) -> Iterable[tuple[str, str]]:
    """Yield the words of all entries, folded and as they are written."""
    for row in rows:
        texts: list[Any] = [*row["title"].values(), *row["passages"].values()]
        for text in texts:
            yield from written_words(text)
