"""What an assessor typed and has not given yet: saved while they type, given back, and closed with the request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from competencies.answers import check_assessor
from competencies.errors import RuleBroken
from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments.models import AnswerDraft, Assessment

Typed = Mapping[str, str]
"""What stands in the fields of a form, by their names."""


def draft_of(session: Session, assessment: Assessment, by: User) -> AnswerDraft | None:
    """Return what the person typed about the request and did not give yet."""
    return session.get(AnswerDraft, (assessment.id, by.id), populate_existing=True)


def save(session: Session, assessment: Assessment, typed: Typed, *, seen: int, by: User, at: datetime) -> int:
    """Keep what was typed and return its revision; `seen` is the revision that it was typed on, 0 for none.

    Raises `RuleBroken` draft_elsewhere where another tab or device saved since, and assessment_step where the request
    waits no longer. A draft is its writer's own and no record, so the audit has nothing of it.
    """
    check_assessor(by.id, assessor_id=assessment.assessor_id)
    status = session.scalars(select(Assessment.status).where(Assessment.id == assessment.id).with_for_update(read=True))
    if (was := status.one()) is not AssessmentStatus.REQUESTED:
        raise RuleBroken("assessment_step", was=was, to=AssessmentStatus.SUBMITTED)
    kept = {"typed": dict(typed), "saved_at": at}
    row = insert(AnswerDraft).values(assessment_id=assessment.id, assessor_id=by.id, revision=seen + 1, **kept)
    stored = row.on_conflict_do_update(
        index_elements=["assessment_id", "assessor_id"],
        set_=kept | {"revision": AnswerDraft.revision + 1},
        where=AnswerDraft.revision == seen,
    )
    revision: int | None = session.scalar(stored.returning(AnswerDraft.revision))
    if revision is None:
        raise RuleBroken("draft_elsewhere")
    return revision


def close(session: Session, assessment: Assessment, *, by: User, seen: int, sent: Typed) -> None:
    """Let a request that was answered keep no drafts.

    Raises `RuleBroken` draft_elsewhere where the assessor typed words in another tab or on another device since, which
    would be lost: `seen` is the revision that was before them, `sent` what they send.
    """
    mine = draft_of(session, assessment, by)
    if mine is not None and mine.revision != seen and has_other_words(mine.typed, sent):
        raise RuleBroken("draft_elsewhere")
    forget(session, assessment)


def forget(session: Session, assessment: Assessment) -> None:
    """Keep no draft of a request that is closed."""
    gone = delete(AnswerDraft).where(AnswerDraft.assessment_id == assessment.id)
    session.execute(gone.execution_options(synchronize_session="fetch"))


def has_other_words(typed: Typed, sent: Typed) -> bool:
    """Return whether words were typed that are not among those that are sent."""
    return any(typed.get(name, "").strip() not in text for name, text in sent.items())
