"""A second pair of eyes: asking for it, and what it says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.drafts import DraftStep, Verdict, after, check_reviewer
from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.authoring.actions.drafts import take_turn
from lms.authoring.documents import Data
from lms.authoring.models import Draft, DraftReview
from lms.core.audit import record
from lms.core.keys import uuid7
from lms.curriculum.actions.content import content_hash


def submit_draft(session: Session, draft: Draft, *, problems: int, by: User, at: datetime) -> None:
    """Ask for a review. Raises RuleBroken: draft_incomplete while something is missing, draft_step out of turn."""
    take_turn(session, draft)
    if problems:
        raise RuleBroken("draft_incomplete", problems=problems)
    draft.state = after(draft.state, DraftStep.SUBMIT)
    draft.submitted_by_id, draft.submitted_at = by.id, at
    record(session, "draft.submitted", subject=draft.id, by=by.id, at=at)
    session.flush()


def review_draft(
    session: Session,
    draft: Draft,
    document: Data,
    verdict: Verdict,
    *,
    seen: str,
    remark: str,
    by: User,
    at: datetime,
) -> DraftReview:
    """Return what a second person says of a draft; `seen` is the hash of the content that they looked at, in hex.

    Raises StaleDataError where the draft was changed meanwhile, and RuleBroken: draft_four_eyes, draft_step out of
    turn, remark_missing where it is sent back without a word.
    """
    take_turn(session, draft)
    content = content_hash(document)
    if content.hex() != seen:
        raise StaleDataError
    if verdict is Verdict.SENT_BACK and not remark:
        raise RuleBroken("remark_missing")
    check_reviewer(by.id, last_editor=draft.edited_by_id, submitter=draft.submitted_by_id)
    draft.state = after(draft.state, DraftStep.APPROVE if verdict is Verdict.APPROVED else DraftStep.SEND_BACK)
    review = DraftReview(
        id=uuid7(),
        draft_id=draft.id,
        verdict=verdict,
        remark=remark,
        content_hash=content,
        reviewed_by_id=by.id,
        reviewed_at=at,
    )
    session.add(review)
    facts = {"verdict": verdict, "remark": remark, "content": content.hex()}
    record(session, "draft.reviewed", subject=draft.id, target=review.id, by=by.id, at=at, after=facts)
    session.flush()
    return review
