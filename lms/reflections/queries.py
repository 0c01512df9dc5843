"""What is asked about reflections; each question says first who is reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from lms.core.paging import Page, page_of
from lms.reflections.models import Reflection, ReflectionShare
from lms.reflections.readers import read_as

PAGE = 50


def readable_by(user_id: UUID) -> Select[Reflection]:
    """Return the reflections that a person may read: their own, and those that are shared with them now."""
    shared = select(ReflectionShare.reflection_id).where(
        ReflectionShare.reader_id == user_id, ReflectionShare.revoked_at.is_(None)
    )
    return select(Reflection).where(or_(Reflection.writer_id == user_id, Reflection.id.in_(shared)))


def one_readable(session: Session, user_id: UUID, reflection_id: UUID) -> Reflection | None:
    """Return a reflection with its writer, what it is about, and with whom it is shared, if the person may read it."""
    read_as(session, user_id)
    return session.scalar(
        readable_by(user_id)
        .where(Reflection.id == reflection_id)
        .options(
            joinedload(Reflection.writer),
            joinedload(Reflection.about),
            joinedload(Reflection.line),
            selectinload(Reflection.shares).joinedload(ReflectionShare.reader),
        )
    )


def reflections_of(
    session: Session, writer_id: UUID, *, about: UUID | None = None, before: str | None = None, size: int = PAGE
) -> Page[Reflection]:
    """Return a page of what a person wrote, the latest first, with what each is about and with whom it is shared.

    With an activity: only what looks back on it, or is counted by it. `before` is a cursor.
    """
    read_as(session, writer_id)
    written = select(Reflection).where(Reflection.writer_id == writer_id)
    if about is not None:
        written = written.where(or_(Reflection.about_id == about, Reflection.line_id == about))
    after = position_of(before)
    if after is not None:
        written = written.where(tuple_(Reflection.created_at, Reflection.id) < tuple_(*after))
    latest = (
        written.options(joinedload(Reflection.about), selectinload(Reflection.shares))
        .order_by(Reflection.created_at.desc(), Reflection.id.desc())
        .limit(size + 1)
    )
    return page_of(session.scalars(latest).all(), size=size, cursor_of=cursor_of)


def shared_with(session: Session, reader_id: UUID) -> Sequence[ReflectionShare]:
    """Return what is shared with a person now, the latest first, each with the reflection and its writer."""
    read_as(session, reader_id)
    return session.scalars(
        select(ReflectionShare)
        .join(ReflectionShare.reflection)
        .where(ReflectionShare.reader_id == reader_id, ReflectionShare.revoked_at.is_(None))
        .options(contains_eager(ReflectionShare.reflection).joinedload(Reflection.writer))
        .order_by(ReflectionShare.shared_at.desc(), ReflectionShare.id)
    ).all()


def cursor_of(reflection: Reflection) -> str:
    """Return where a page ends that ends with this reflection."""
    return f"{reflection.created_at.isoformat()}_{reflection.id}"


def position_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the moment and key that a cursor stands for; None for no cursor, or for one that nobody made."""
    moment, _, key = (cursor or "").partition("_")
    try:
        found = datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        return None
    return found if found[0].tzinfo else None
