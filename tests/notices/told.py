"""Notices for the tests, and what somebody was told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.notices.actions import notify
from lms.notices.models import Notice, NoticeKind
from tests.factories import NOW

ASKED = NoticeKind.ASSESSMENT_REQUESTED


def tell(
    session: Session, reader: User, by: User, *, kind: NoticeKind = ASKED, about: UUID | None = None, at: datetime = NOW
) -> Notice:
    """Return a new notice for the reader."""
    key = about or uuid4()
    notify(session, reader.id, kind, about=key, by=by.id, at=at)
    session.flush()
    return session.scalars(select(Notice).where(Notice.reader_id == reader.id, Notice.about_id == key)).one()


def told(session: Session, reader: User) -> list[tuple[NoticeKind, UUID, UUID | None, bool]]:
    """Return what somebody was told, oldest first: kind, key of the thing, who did it, and whether it is unread."""
    session.flush()
    session.expire_all()
    rows = session.scalars(select(Notice).where(Notice.reader_id == reader.id).order_by(Notice.at, Notice.id))
    return [(one.kind, one.about_id, one.by_id, one.read_at is None) for one in rows]
