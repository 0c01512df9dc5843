"""What people may do to drafts and to versions of programmes."""

from __future__ import annotations

from uuid import UUID

from competencies.drafts import barred_from_review
from competencies.people import Role
from lms.authoring.models import Draft
from lms.authoring.queries.owners import WRITING, Owner
from lms.organisations.permissions import Duties


def can_write_programmes(duties: Duties) -> bool:
    """Whether the person writes programmes anywhere: for an organisation or an alliance."""
    return duties.has(*WRITING)


def writes_for(duties: Duties, owner: Owner | None) -> bool:
    """Whether the person writes the programmes of that owner; those without an owner are for everybody who writes."""
    if owner is None:
        return can_write_programmes(duties)
    if owner.organisation_id is not None:
        return duties.holds(Role.PROGRAMME_LEAD, owner.organisation_id)
    return owner.alliance_id is not None and duties.holds(Role.REGIONAL_COORDINATOR, owner.alliance_id)


def can_edit(duties: Duties, draft: Draft) -> bool:
    """Whether the person may change the draft, ask for its review, publish and discard it, while it is open."""
    return draft.state.is_open and writes_for(duties, Owner(draft.organisation_id, draft.alliance_id))


def can_review(duties: Duties, draft: Draft) -> bool:
    """Whether the person may judge a draft that they can read; needs its writers.

    A second pair of eyes is somebody who writes programmes, but wrote nothing in this one since it was last approved.
    """
    return draft.state.is_open and can_write_programmes(duties) and not is_barred(duties, draft)


def is_barred(duties: Duties, draft: Draft) -> bool:
    """Whether the person wrote in the draft since it was last approved, or asked for its review; needs its writers."""
    return duties.user_id in barred_from_review([one.user_id for one in draft.writers], draft.submitted_by_id)


def places_written_for(duties: Duties) -> frozenset[UUID]:
    """Return the organisations and alliances for which the person writes programmes."""
    return duties.places(*WRITING)


def can_retire(duties: Duties, owner: Owner | None) -> bool:
    """Whether the person may retire versions of that owner; a programme that is everybody's is for coordinators."""
    return duties.has(Role.REGIONAL_COORDINATOR) if owner is None else writes_for(duties, owner)
