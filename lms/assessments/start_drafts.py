"""What an assessor typed of something that nobody asked them to assess, and did not give yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.assessments.drafts import has_other_words
from lms.assessments.models import StartDraft

KEPT_FOR = timedelta(days=14)


def draft_of(session: Session, enrolment_id: UUID, by: User) -> StartDraft | None:
    """Return what the person typed about the trainee and did not give yet."""
    return session.get(StartDraft, (enrolment_id, by.id), populate_existing=True)


def save(session: Session, enrolment_id: UUID, typed: Mapping[str, str], *, seen: int, by: User, at: datetime) -> int:
    """Keep what was typed and return its revision; `seen` is the revision that it was typed on, 0 for none.

    Raises `RuleBroken` draft_elsewhere where another tab or device saved since. A draft is its writer's own and no
    record, so the audit has nothing of it.
    """
    kept = {"typed": dict(typed), "saved_at": at}
    row = insert(StartDraft).values(enrolment_id=enrolment_id, assessor_id=by.id, revision=seen + 1, **kept)
    stored = row.on_conflict_do_update(
        index_elements=["enrolment_id", "assessor_id"],
        set_=kept | {"revision": StartDraft.revision + 1},
        where=StartDraft.revision == seen,
    )
    revision: int | None = session.scalar(stored.returning(StartDraft.revision))
    if revision is None:
        raise RuleBroken("draft_elsewhere")
    return revision


def close(session: Session, enrolment_id: UUID, *, by: User, seen: int, sent: Mapping[str, str]) -> None:
    """Let what was given keep no draft.

    Raises `RuleBroken` draft_elsewhere where words were typed in another tab or on another device since, which would
    be lost.
    """
    mine = draft_of(session, enrolment_id, by)
    if mine is not None and mine.revision != seen and has_other_words(mine.typed, sent):
        raise RuleBroken("draft_elsewhere")
    forget(session, enrolment_id, by)


def forget(session: Session, enrolment_id: UUID, by: User) -> None:
    """Keep no draft of what the person gave, or gave up."""
    gone = delete(StartDraft).where(StartDraft.enrolment_id == enrolment_id, StartDraft.assessor_id == by.id)
    session.execute(gone.execution_options(synchronize_session="fetch"))


def forget_old(session: Session, *, at: datetime) -> None:
    """Remove the drafts that nobody touched for two weeks."""
    session.execute(delete(StartDraft).where(StartDraft.saved_at < at - KEPT_FOR))
