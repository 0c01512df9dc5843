"""What changes reflections: the record says that one was written, changed, shared or removed, never what it says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.core.audit import record
from lms.core.keys import derived
from lms.logbook.models import Activity
from lms.notices.actions import notify, settle
from lms.notices.models import NoticeKind
from lms.reflections.models import Reflection, ReflectionShare
from lms.reflections.readers import read_as


def write(
    session: Session,
    text: str,
    *,
    key: UUID,
    about: Activity | None = None,
    line: Activity | None = None,
    by: User,
    at: datetime,
) -> Reflection:
    """Keep a text for its writer alone, once; `about` is what it looks back on, `line` what it is counted by.

    `key` is the one of the form, made when it was opened: who sends the same form again gets what it kept the first
    time. Raises `RuleBroken` form_used for a form that kept another text.
    """
    read_as(session, by.id)
    kept_as = derived(key)
    before = session.get(Reflection, kept_as)
    if before is not None:
        if before.text != text:
            raise RuleBroken("form_used")
        return before
    written = Reflection(
        id=kept_as,
        writer_id=by.id,
        text=text,
        about_id=about.id if about else None,
        line_id=line.id if line else None,
        created_at=at,
        changed_at=at,
    )
    session.add(written)
    session.flush()
    record(session, "reflection.written", subject=by.id, by=by.id, at=at, target=written.id)
    return written


def change(
    session: Session,
    reflection: Reflection,
    text: str,
    *,
    line: Activity | None = None,
    seen: str,
    by: User,
    at: datetime,
) -> None:
    """Change what was written; `seen` is the version that the writer had before them. A line counts it from now on."""
    read_as(session, by.id)
    if seen != str(reflection.version):
        raise RuleBroken("changed_meanwhile")
    reflection.text, reflection.changed_at = text, at
    if line is not None:
        reflection.line_id = line.id
    session.flush()
    record(session, "reflection.changed", subject=by.id, by=by.id, at=at, target=reflection.id)


def share(
    session: Session, reflection: Reflection, *, reader_id: UUID, readers: Collection[User], by: User, at: datetime
) -> None:
    """Let one person read it; `readers` are those who guide the writer today.

    Raises `RuleBroken` reader_not_guide, or reflection_shared where that person reads it already.
    """
    read_as(session, by.id)
    reader = next((one for one in readers if one.id == reader_id), None)
    if reader is None:
        raise RuleBroken("reader_not_guide")
    if session.scalar(_open_share(reflection, reader_id)) is not None:
        raise RuleBroken("reflection_shared", name=reader.name)
    session.add(ReflectionShare(reflection_id=reflection.id, writer_id=by.id, reader_id=reader_id, shared_at=at))
    session.flush()
    record(
        session, "reflection.shared", subject=by.id, by=by.id, at=at, target=reflection.id, after={"reader": reader_id}
    )
    notify(session, reader_id, NoticeKind.REFLECTION_SHARED, about=reflection.id, by=by.id, at=at)


def revoke(session: Session, reflection: Reflection, *, reader_id: UUID, by: User, at: datetime) -> None:
    """Let that person read it no longer; where it was taken back already, nothing happens."""
    read_as(session, by.id)
    shared = session.scalar(_open_share(reflection, reader_id).with_for_update())
    if shared is None:
        return
    shared.revoked_at = at
    session.flush()
    settle(session, NoticeKind.REFLECTION_SHARED, about=reflection.id, at=at, reader_id=reader_id)
    record(
        session,
        "reflection.revoked",
        subject=by.id,
        by=by.id,
        at=at,
        target=reflection.id,
        before={"reader": reader_id},
    )


def remove(session: Session, reflection: Reflection, *, by: User, at: datetime) -> None:
    """Do away with what was written, for good; the line by which it was counted stays in the logbook."""
    read_as(session, by.id)
    session.execute(delete(ReflectionShare).where(ReflectionShare.reflection_id == reflection.id))
    session.execute(delete(Reflection).where(Reflection.id == reflection.id))
    settle(session, NoticeKind.REFLECTION_SHARED, about=reflection.id, at=at)
    record(session, "reflection.removed", subject=by.id, by=by.id, at=at, target=reflection.id)


def _open_share(reflection: Reflection, reader_id: UUID) -> Select[ReflectionShare]:
    return select(ReflectionShare).where(
        ReflectionShare.reflection_id == reflection.id,
        ReflectionShare.reader_id == reader_id,
        ReflectionShare.revoked_at.is_(None),
    )
