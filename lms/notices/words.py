"""What a notice says, in the reader's language: who did what. Never a level, a comment or anything about a patient."""

from __future__ import annotations

from lms.core.words import _, _l
from lms.notices.models import Delivery, Notice, NoticeKind

SENTENCES = {
    NoticeKind.ACTIVITY_CORRECTED: _l("%(name)s corrected an activity that you assessed"),
    NoticeKind.ASSESSMENT_EXPIRED: _l("A request for an assessment expired without an answer"),
    NoticeKind.ASSESSMENT_EXTENDED: _l("%(name)s gave a request for an assessment more time"),
    NoticeKind.ASSESSMENT_HANDED_ON: _l("%(name)s handed your request for an assessment on to somebody else"),
    NoticeKind.ASSESSMENT_HANDED_TO: _l("%(name)s hands a request for an assessment on to you"),
    NoticeKind.ASSESSMENT_REMINDER: _l("%(name)s still waits for your assessment"),
    NoticeKind.ASSESSMENT_REQUESTED: _l("%(name)s asks you for an assessment"),
    NoticeKind.ASSESSMENT_STARTED: _l("%(name)s wrote down something that you did, and assessed it"),
    NoticeKind.ASSESSMENT_SUBMITTED: _l("%(name)s gave the assessment that you asked for"),
    NoticeKind.ASSESSMENT_DECLINED: _l("%(name)s declined the assessment that you asked for, with a reason"),
    NoticeKind.ASSESSMENT_DISOWNED: _l("An assessment counts no longer: the one in whose name it was given says no"),
    NoticeKind.ASSESSMENT_NOT_OBSERVED: _l("%(name)s did not see what you asked an assessment of"),
    NoticeKind.CONCERN_ADDED_TO: _l("Something was added to a concern about a trainee you guide"),
    NoticeKind.CONCERN_OVERDUE: _l("The next step of a concern about a trainee you guide is late"),
    NoticeKind.CONCERN_TALKED: _l("What somebody talked over with you was written down"),
    NoticeKind.CONCERN_WRITTEN: _l("A concern about a trainee you guide was written down"),
    NoticeKind.DECISION_TAKEN: _l("%(name)s recorded a decision about you"),
    NoticeKind.DRAFT_REVIEW_ASKED: _l("%(name)s asks you to review a draft"),
    NoticeKind.FEEDBACK_ASKED: _l("%(name)s asks you for feedback in a round"),
    NoticeKind.FEEDBACK_CLOSED: _l("Your feedback round is closed: plan the conversation to read it"),
    NoticeKind.FEEDBACK_CONVERSATION: _l("%(name)s plans a conversation with you about a feedback round"),
    NoticeKind.FEEDBACK_REMINDER: _l("A feedback round still waits for your answer"),
    NoticeKind.MOVE_MADE: _l("%(name)s moved you to another version of your programme"),
    NoticeKind.REFLECTION_SHARED: _l("%(name)s shared a reflection with you"),
}
"""Messages with the name of who did it."""

DELIVERIES = {
    Delivery.DIGEST: _l("Once a day at seven in the morning, when there is something"),
    Delivery.IMMEDIATE: _l("At once"),
    Delivery.APP_ONLY: _l("No mail: only here in Bekwaam"),
}


def sentence(notice: Notice) -> str:
    """Return what the notice says; needs the person who did it."""
    name = notice.by.name if notice.by else _("Somebody")
    return str(SENTENCES[notice.kind]) % {"name": name}
