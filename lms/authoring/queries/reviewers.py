"""Who could be a second pair of eyes for a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.authoring.models import Draft, DraftWriter
from lms.organisations.models import AllianceMembership, RoleAssignment
from lms.organisations.queries import current


def reviewers_of(session: Session, draft: Draft, *, on: date) -> Sequence[User]:
    """Return who may review the draft on a day, by name: they write programmes near it, but not this one."""
    near = select(RoleAssignment.user_id).where(
        _writes_near(draft, on=on), current(RoleAssignment.starts_on, RoleAssignment.ends_on, on)
    )
    wrote = select(DraftWriter.user_id).where(DraftWriter.draft_id == draft.id)
    return session.scalars(
        select(User)
        .where(
            User.id.in_(near),
            User.id.not_in(wrote),
            User.id.is_distinct_from(draft.submitted_by_id),
            User.disabled_at.is_(None),
        )
        .order_by(User.name, User.id)
    ).all()


def _writes_near(draft: Draft, *, on: date) -> ColumnElement[bool]:
    """Return the condition that a role lets somebody read the draft and write programmes."""
    held = current(AllianceMembership.starts_on, AllianceMembership.ends_on, on)
    leads, coordinates = (
        RoleAssignment.role == Role.PROGRAMME_LEAD,
        RoleAssignment.role == Role.REGIONAL_COORDINATOR,
    )
    if draft.alliance_id is not None:
        members = select(AllianceMembership.organisation_id).where(
            AllianceMembership.alliance_id == draft.alliance_id, held
        )
        return or_(
            and_(leads, RoleAssignment.organisation_id.in_(members)),
            and_(coordinates, RoleAssignment.alliance_id == draft.alliance_id),
        )
    alliances = select(AllianceMembership.alliance_id).where(
        AllianceMembership.organisation_id == draft.organisation_id, held
    )
    return or_(
        and_(leads, RoleAssignment.organisation_id == draft.organisation_id),
        and_(coordinates, RoleAssignment.alliance_id.in_(alliances)),
    )
