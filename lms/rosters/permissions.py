"""Who may do what with rosters."""

from __future__ import annotations

from uuid import UUID

from competencies.people import Role
from lms.organisations.permissions import Duties
from lms.rosters.models import RosterPair

HANDS_IN = (Role.ORGANISATION_ADMINISTRATOR, Role.PROGRAMME_LEAD)


def can_hand_in(duties: Duties, organisation_id: UUID) -> bool:
    """Whether the person may import the roster of the organisation."""
    return organisation_id in duties.places(*HANDS_IN)


def is_of(user_id: UUID, pair: RosterPair) -> bool:
    """Whether the pair is proposed to the person."""
    return user_id in {pair.trainee_id, pair.trainer_id}
