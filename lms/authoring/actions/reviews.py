"""A second pair of eyes: asking for it, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.drafts import DraftStep, Verdict, after, check_reviewer
from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.authoring.actions.drafts import take_turn
from lms.authoring.documents import Data
from lms.authoring.models import Draft, DraftReview, DraftWriter
from lms.authoring.queries.reviewers import reviewers_of
from lms.core.audit import record
from lms.core.clock import day_of
from lms.core.keys import uuid7
from lms.curriculum.actions.content import content_hash
from lms.curriculum.bindings import Binding
from lms.notices.actions import notify, settle
from lms.notices.models import NoticeKind


def submit_draft(session: Session, draft: Draft, *, problems: int, by: User, at: datetime) -> None:
    """Ask everybody who may review the draft to do so.

    Raises RuleBroken: draft_incomplete while something is missing, draft_step out of turn.
    """
    take_turn(session, draft)
    if problems:
        raise RuleBroken("draft_incomplete", problems=problems)
    draft.state = after(draft.state, DraftStep.SUBMIT)
    draft.submitted_by_id, draft.submitted_at = by.id, at
    record(session, "draft.submitted", subject=draft.id, by=by.id, at=at)
    session.flush()
    for reviewer in reviewers_of(session, draft, on=day_of(at)):
        notify(session, reviewer.id, NoticeKind.DRAFT_REVIEW_ASKED, about=draft.id, by=by.id, at=at)


def seal_of(document: Data, bindings: Sequence[Binding]) -> str:
    """Return what a reviewer looked at as one number, in hex: the texts, and what they mean outside the draft."""
    return content_hash([document, [one.as_data() for one in bindings]]).hex()


def review_draft(
    session: Session,
    draft: Draft,
    document: Data,
    bindings: Sequence[Binding],
    verdict: Verdict,
    *,
    seen: str,
    remark: str,
    by: User,
    at: datetime,
) -> DraftReview:
    """Return what a second person says of a draft; `seen` is the seal of what they looked at.

    Raises StaleDataError where the draft, or what it is bound to, was changed meanwhile, and RuleBroken:
    draft_four_eyes, draft_step out of turn, remark_missing where it is sent back without a word.
    """
    take_turn(session, draft)
    if seal_of(document, bindings) != seen:
        raise StaleDataError
    if verdict is Verdict.SENT_BACK and not remark:
        raise RuleBroken("remark_missing")
    check_reviewer(by.id, writers=_writers(session, draft), submitter=draft.submitted_by_id)
    draft.state = after(draft.state, DraftStep.APPROVE if verdict is Verdict.APPROVED else DraftStep.SEND_BACK)
    review = DraftReview(
        id=uuid7(),
        draft_id=draft.id,
        verdict=verdict,
        remark=remark,
        content_hash=content_hash(document),
        bindings=[one.as_data() for one in bindings],
        reviewed_by_id=by.id,
        reviewed_at=at,
    )
    session.add(review)
    facts = {"verdict": verdict, "remark": remark, "content": review.content_hash.hex(), "seen": seen}
    record(session, "draft.reviewed", subject=draft.id, target=review.id, by=by.id, at=at, after=facts)
    settle(session, NoticeKind.DRAFT_REVIEW_ASKED, about=draft.id, at=at)
    session.flush()
    return review


def _writers(session: Session, draft: Draft) -> Sequence[UUID]:
    return session.scalars(select(DraftWriter.user_id).where(DraftWriter.draft_id == draft.id)).all()
