"""Keeping the index: what is loaded and not indexed yet is added, in the transaction that loads it.

Packages can be replaced: whoever stores one calls `index_again`.

Versions never change, so an entry that was made stays right. Whoever loads or publishes calls `index_missing` before
the commit; it needs no list of what was loaded, so an installation from before the index catches up at its next start.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
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


def rebuild(session: Session) -> None:
    """Make the index of the curriculum anew, and all words; packages stay, which are indexed when they are stored."""
    session.execute(delete(SearchEntry).where(SearchEntry.kind != EntryKind.PACKAGE))
    session.execute(delete(SearchWord))
    index_missing(session)
    _add_words(session, _stored(session, of_packages=True).values())


def differences(session: Session) -> int:
    """Return how many entries and words are missing, superfluous or not what the curriculum says."""
    rows = [row for version in versions(session) for row in rows_of_version(version)]
    rows += [row for framework in shared_frameworks(session) for row in rows_of_framework(framework)]
    wanted = {row["target_id"]: row for row in rows}
    stored, packages = _stored(session, of_packages=False), _stored(session, of_packages=True)
    named = {word for word, _written in _words([*rows, *packages.values()])}
    words = named ^ set(session.scalars(select(SearchWord.word)))
    return len(words) + sum(wanted.get(key) != stored.get(key) for key in wanted.keys() | stored.keys())


def _stored(session: Session, *, of_packages: bool) -> dict[UUID, Row]:
    """Return the rows of the index that are those of packages, or those of the curriculum, by what they are about."""
    columns = [column for column in SearchEntry.__table__.columns if column.computed is None]
    of_kind = (SearchEntry.kind == EntryKind.PACKAGE) == of_packages
    rows = session.execute(select(*columns).where(of_kind)).mappings()
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
    """Yield the words of all entries, folded and as they are written."""
    for row in rows:
        texts: list[Any] = [*row["title"].values(), *row["passages"].values()]
        for text in texts:
            yield from written_words(text)
