"""The page that a notice leads to: its endpoint, and what the key of the thing is called there."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from lms.notices.models import NoticeKind


class Place(NamedTuple):
    """An endpoint with the name of its key."""

    endpoint: str
    key: str

    def values(self, about: UUID) -> dict[str, Any]:
        """Return what fills the address for the thing with that key."""
        return {self.key: about}


PLACES = {
    NoticeKind.ACTIVITY_CORRECTED: Place("assessments.assessment", "assessment_id"),
    NoticeKind.ASSESSMENT_EXPIRED: Place("assessments.assessment", "assessment_id"),
    NoticeKind.ASSESSMENT_EXTENDED: Place("assessments.assessment", "assessment_id"),
    NoticeKind.ASSESSMENT_HANDED_ON: Place("assessments.assessment", "assessment_id"),
    NoticeKind.ASSESSMENT_HANDED_TO: Place("assessments.submit", "assessment_id"),
    NoticeKind.ASSESSMENT_REMINDER: Place("assessments.submit", "assessment_id"),
    NoticeKind.ASSESSMENT_REQUESTED: Place("assessments.submit", "assessment_id"),
    NoticeKind.ASSESSMENT_STARTED: Place("assessments.assessment", "assessment_id"),
    NoticeKind.ASSESSMENT_SUBMITTED: Place("assessments.assessment", "assessment_id"),
    NoticeKind.ASSESSMENT_DECLINED: Place("assessments.assessment", "assessment_id"),
    NoticeKind.ASSESSMENT_DISOWNED: Place("assessments.assessment", "assessment_id"),
    NoticeKind.ASSESSMENT_NOT_OBSERVED: Place("assessments.assessment", "assessment_id"),
    NoticeKind.CONCERN_ADDED_TO: Place("concerns.concern", "concern_id"),
    NoticeKind.CONCERN_OVERDUE: Place("concerns.concern", "concern_id"),
    NoticeKind.CONCERN_TALKED: Place("concerns.concern", "concern_id"),
    NoticeKind.CONCERN_WRITTEN: Place("concerns.concern", "concern_id"),
    NoticeKind.DECISION_TAKEN: Place("entrustment.decision", "decision_id"),
    NoticeKind.DRAFT_REVIEW_ASKED: Place("authoring.review", "draft_id"),
    NoticeKind.FEEDBACK_ASKED: Place("multisource.answer", "round_id"),
    NoticeKind.FEEDBACK_CLOSED: Place("multisource.round_page", "round_id"),
    NoticeKind.FEEDBACK_CONVERSATION: Place("multisource.report", "round_id"),
    NoticeKind.FEEDBACK_REMINDER: Place("multisource.answer", "round_id"),
    NoticeKind.MOVE_MADE: Place("moves.of_enrolment", "enrolment_id"),
    NoticeKind.REFLECTION_SHARED: Place("reflections.reflection", "reflection_id"),
}
