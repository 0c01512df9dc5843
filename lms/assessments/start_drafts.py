"""What an assessor typed of something that nobody asked them to assess, and did not give yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Update, delete, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.assessments.drafts import has_other_words
from lms.assessments.models import StartDraft
from lms.assessments.values import ITEM
from lms.core.keys import derived
from lms.logbook.models import Activity

KEPT_FOR = timedelta(days=14)


def draft_of(session: Session, enrolment_id: UUID, by: User) -> StartDraft | None:
    """Return what the person typed about the trainee and did not give yet."""
    return session.get(StartDraft, (enrolment_id, by.id), populate_existing=True)


def save(
    session: Session, enrolment_id: UUID, typed: Mapping[str, str], *, key: UUID, seen: int, by: User, at: datetime
) -> int:
    """Keep what was typed and return its revision; `seen` is the revision that it was typed on, 0 for none.

    Answers to items that this way of assessing does not ask stay as they were. `key` is the one of the form. Raises
    `RuleBroken` draft_elsewhere where another tab or device saved, gave or threw away since, and form_used where the
    form was given. A draft is its writer's own and no record, so the audit has nothing of it.
    """
    if session.scalar(select(Activity.id).where(Activity.id == derived(key))):
        raise RuleBroken("form_used")
    known = draft_of(session, enrolment_id, by)
    others = {name: text for name, text in known.typed.items() if name.startswith(ITEM)} if known else {}
    kept = {"typed": others | dict(typed), "saved_at": at}
    revision: int | None = session.scalar(_stored(enrolment_id, by, kept, seen=seen).returning(StartDraft.revision))
    if revision is None:
        raise RuleBroken("draft_elsewhere")
    return revision


def _stored(enrolment_id: UUID, by: User, kept: Mapping[str, object], *, seen: int) -> Insert | Update:
    """Return the statement that keeps a first draft, or one that was typed on the draft that is there."""
    if seen:
        mine = (StartDraft.enrolment_id == enrolment_id, StartDraft.assessor_id == by.id, StartDraft.revision == seen)
        return update(StartDraft).where(*mine).values(revision=seen + 1, **kept)
    first = insert(StartDraft).values(enrolment_id=enrolment_id, assessor_id=by.id, revision=1, **kept)
    return first.on_conflict_do_nothing()


def close(session: Session, enrolment_id: UUID, *, by: User, seen: int, sent: Mapping[str, str]) -> None:
    """Let what was given keep no draft; `sent` are all texts that could be typed, those of other ways too.

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
