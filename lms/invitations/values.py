"""Who is invited, to what, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from competencies.invitations import LinkState, state_of
from competencies.observations import AssessmentStatus
from competencies.requests import Offer
from lms.assessments.models import Assessment
from lms.curriculum.models import Epa
from lms.invitations.models import Invitation
from lms.invitations.tokens import Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody without an account as they are named: by the trainee who invites them, or by themselves."""

    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """On which EPA of the activity and in which way somebody is asked; `offers` are all ways there are for it."""

    epa: Epa
    offer: Offer
    offers: Collection[Offer]
    scale_id: UUID | None


def named(invitation: Invitation) -> Named:
    """Return what the tokens of an invitation name."""
    return Named(invitation.organisation_id, invitation.id)


def link_state(invitation: Invitation, assessment: Assessment | None, *, at: datetime) -> LinkState:
    """Return what the link is good for; a request that was answered, declined, withdrawn or expired ends it too."""
    status = AssessmentStatus.REQUESTED if assessment is None else assessment.status
    if status is AssessmentStatus.EXPIRED:
        return LinkState.EXPIRED
    return state_of(
        expires_at=invitation.expires_at,
        is_answered=status not in {AssessmentStatus.REQUESTED, AssessmentStatus.WITHDRAWN},
        is_withdrawn=invitation.withdrawn_at is not None or status is AssessmentStatus.WITHDRAWN,
        at=at,
    )
