"""Who may move trainees to another version."""

from __future__ import annotations

from competencies.people import Role
from lms.cohorts.models import VersionMove
from lms.organisations.permissions import Duties


def can_prepare_moves(duties: Duties) -> bool:
    """Whether the person may prepare a move in any organisation."""
    return duties.has(Role.PROGRAMME_LEAD)


def can_move(duties: Duties, move: VersionMove) -> bool:
    """Whether the person may change the mapping and consent to moves by it: a programme lead of its organisation."""
    return duties.holds(Role.PROGRAMME_LEAD, move.organisation_id)
