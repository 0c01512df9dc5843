"""Keeping the index: what is loaded and not indexed yet is added, in the transaction that loads it.

Packages can be replaced: whoever stores one calls `index_again`.

Versions never change, so an entry that was made stays right. Whoever loads or publishes calls `index_missing` before
the commit; it needs no list of what was loaded, so an installation from before the index catches up at its next start.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from lms.search.entries import Findable, Row, rows_of_framework, rows_of_version
from lms.search.folding import written_words
from lms.search.models import EntryKind, SearchEntry, SearchWord
from lms.search.queries.source import shared_frameworks, versions

AT_ONCE = 500


def index_missing(session: Session) -> int:
    """Add what is loaded and cannot be found yet, and return how many entries that made."""
    session.flush()
    rows = [row for version in versions(session, missing=True) for row in rows_of_version(version)]
    rows += [row for framework in shared_frameworks(session, missing=True) for row in rows_of_framework(framework)]
    _add(session, rows)
    return len(rows)


def index_again(session: Session, thing: Findable) -> None:
    """Index something that can change, in the place of what was indexed of it."""
    session.execute(delete(SearchEntry).where(SearchEntry.target_id == thing.target_id))
    _add(session, [thing.row()])


def open_entry(session: Session, target_id: UUID, *, is_open: bool) -> None:
    """Let people of other places find something, or let them not find it any more."""
    session.execute(update(SearchEntry).where(SearchEntry.target_id == target_id).values(is_open=is_open))
    _add_words(session, _stored(session, SearchEntry.target_id == target_id).values())


def rebuild(session: Session) -> None:
    """Make the index of the curriculum anew, and all words; packages stay, which are indexed when they are stored."""
    session.execute(delete(SearchEntry).where(SearchEntry.kind != EntryKind.PACKAGE))
    session.execute(delete(SearchWord))
    index_missing(session)
    _add_words(session, _stored(session, OF_PACKAGES).values())


def differences(session: Session) -> int:
    """Return how many entries are missing, superfluous or not what the curriculum says, and how many words are missing.

    Words of what was replaced since are no difference; `rebuild` clears them.
    """
    rows = [row for version in versions(session) for row in rows_of_version(version)]
    rows += [row for framework in shared_frameworks(session) for row in rows_of_framework(framework)]
    wanted = {row["target_id"]: row for row in rows}
    stored, packages = _stored(session, ~OF_PACKAGES), _stored(session, OF_PACKAGES)
    named = {word for word, _written in _words([*rows, *packages.values()])}
    missing = named - set(session.scalars(select(SearchWord.word)))
    return len(missing) + sum(wanted.get(key) != stored.get(key) for key in wanted.keys() | stored.keys())


OF_PACKAGES = SearchEntry.kind == EntryKind.PACKAGE


def _stored(session: Session, which: ColumnElement[bool]) -> dict[UUID, Row]:
    """Return those rows of the index, by what they are about."""
    columns = [column for column in SearchEntry.__table__.columns if column.computed is None]
    rows = session.execute(select(*columns).where(which)).mappings()
    return {row["target_id"]: dict(row) for row in rows}


def _add(session: Session, rows: list[Row]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        session.execute(insert(SearchEntry), rows[start : start + AT_ONCE])
    _add_words(session, rows)


def _add_words(session: Session, rows: Iterable[Row]) -> None:
    words = dict(_words(rows))
    values = [{"word": word, "written": written} for word, written in sorted(words.items())]
    if values:
        session.execute(upsert(SearchWord).on_conflict_do_nothing(), values)


def _words(rows: Iterable[Row]) -> Iterable[tuple[str, str]]:
    """Yield the words of the open entries, folded and as they are written: words are suggested to everybody."""
    for row in rows:
        if not row["is_open"]:
            continue
        texts: list[Any] = [*row["title"].values(), *row["passages"].values()]
        for text in texts:
            yield from written_words(text)
