"""What people may do to invitations."""

from __future__ import annotations

from datetime import datetime

from competencies.invitations import can_follow
from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.invitations.models import Invitation
from lms.invitations.values import link_state


def can_renew(user: User, invitation: Invitation, assessment: Assessment | None, *, at: datetime) -> bool:
    """Whether the person may make a new link: it is about their own activity, and nothing came of the old one."""
    state = link_state(invitation, assessment, at=at)
    own = invitation.activity.trainee_id == user.id
    waits = assessment is None or assessment.status is AssessmentStatus.REQUESTED
    return own and waits and can_follow(state, invitation.identity, made_at=invitation.made_at, at=at)
