"""What is asked about organisations, alliances and roles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Date, Select, Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from competencies.people import Role
from lms.accounts.models import User
from lms.organisations.models import (
    Accreditation,
    Alliance,
    AllianceMembership,
    Department,
    Organisation,
    RoleAssignment,
)

if TYPE_CHECKING:
    from lms.organisations.permissions import Duties

Day = InstrumentedAttribute[date]
OpenDay = InstrumentedAttribute[date | None]


TODAY = bindparam("today", type_=Date)
"""The day of a request, in what is asked of its reader."""


def current(starts_on: Day, ends_on: OpenDay, on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Return the condition that a dated membership holds on a day; both ends included."""
    return (starts_on <= on) & or_(ends_on.is_(None), ends_on >= on)


_PLACE = func.coalesce(RoleAssignment.organisation_id, RoleAssignment.alliance_id)


def held_roles(session: Session, user_id: UUID, *, on: date) -> frozenset[tuple[Role, UUID]]:
    """Return the roles a person holds on a day, each with its organisation or alliance."""
    held = select(RoleAssignment.role, _PLACE).where(
        RoleAssignment.user_id == user_id, current(RoleAssignment.starts_on, RoleAssignment.ends_on, on)
    )
    return frozenset((role, where) for role, where in session.execute(held))


MY_ROLES = (
    select(func.array_agg(func.concat_ws(" ", RoleAssignment.role, _PLACE), type_=ARRAY(Text)))
    .where(RoleAssignment.user_id == User.id, current(RoleAssignment.starts_on, RoleAssignment.ends_on, TODAY))
    .correlate(User)
    .scalar_subquery()
    .label("roles")
)
"""The roles of a reader, for `accounts.queries.live_session`: each with its organisation or alliance, as one text."""


def roles_from(texts: Sequence[str] | None) -> frozenset[tuple[Role, UUID]]:
    """Return the roles that `MY_ROLES` selected."""
    pairs = (text.split() for text in texts or ())
    return frozenset((Role(role), UUID(place)) for role, place in pairs)


def visible_to(duties: Duties) -> Select[Organisation]:
    """Return the organisations a person may see: where they hold a role, and the members of their alliances."""
    return select(Organisation).where(
        or_(
            Organisation.id.in_(duties.places(*Role)),
            Organisation.id.in_(members_of(duties.places(Role.REGIONAL_COORDINATOR), on=duties.on)),
        )
    )


def members_of(alliances: Collection[UUID], *, on: date) -> Select[UUID]:
    """Return the keys of the organisations that are members of the alliances on a day."""
    return select(AllianceMembership.organisation_id).where(
        AllianceMembership.alliance_id.in_(alliances),
        current(AllianceMembership.starts_on, AllianceMembership.ends_on, on),
    )


def organisations_visible(session: Session, duties: Duties) -> Sequence[Organisation]:
    """Return the organisations a person may see, by name."""
    return session.scalars(visible_to(duties).order_by(Organisation.name)).all()


def one_visible(session: Session, duties: Duties, organisation_id: UUID) -> Organisation | None:
    """Return an organisation with its departments, if the person may see it."""
    return session.scalar(
        visible_to(duties).where(Organisation.id == organisation_id).options(selectinload(Organisation.departments))
    )


def accreditations_of(session: Session, organisation_id: UUID) -> Sequence[Accreditation]:
    """Return what an organisation and its departments were ever accredited for, with the department, newest first."""
    return session.scalars(
        select(Accreditation)
        .where(Accreditation.organisation_id == organisation_id)
        .options(joinedload(Accreditation.department))
        .order_by(Accreditation.starts_on.desc(), Accreditation.attribute, Accreditation.id)
    ).all()


def one_accreditation(session: Session, accreditation_id: UUID, organisation_id: UUID) -> Accreditation | None:
    """Return an accreditation of that organisation."""
    return session.scalar(
        select(Accreditation).where(
            Accreditation.id == accreditation_id, Accreditation.organisation_id == organisation_id
        )
    )


def accredited_for(session: Session, department: Department, *, on: date) -> frozenset[str]:
    """Return what a department is accredited for on a day, itself or as a part of its organisation."""
    held = select(Accreditation.attribute).where(
        Accreditation.organisation_id == department.organisation_id,
        or_(Accreditation.department_id.is_(None), Accreditation.department_id == department.id),
        current(Accreditation.starts_on, Accreditation.ends_on, on),
    )
    return frozenset(session.scalars(held))


def roles_in(session: Session, organisation_id: UUID) -> Sequence[RoleAssignment]:
    """Return all roles that were ever held in an organisation, with their people, by name and start."""
    return session.scalars(
        select(RoleAssignment)
        .join(User)
        .where(RoleAssignment.organisation_id == organisation_id)
        .options(joinedload(RoleAssignment.user))
        .order_by(User.name, RoleAssignment.starts_on)
    ).all()


def one_role(session: Session, assignment_id: UUID, organisation_id: UUID) -> RoleAssignment | None:
    """Return a role held in that organisation."""
    return session.scalar(
        select(RoleAssignment).where(
            RoleAssignment.id == assignment_id, RoleAssignment.organisation_id == organisation_id
        )
    )


def people_holding(session: Session, role: Role, organisations: Collection[UUID], *, on: date) -> Sequence[User]:
    """Return the people who hold a role in any of the organisations on a day, by name."""
    holders = select(RoleAssignment.user_id).where(
        RoleAssignment.role == role,
        RoleAssignment.organisation_id.in_(organisations),
        current(RoleAssignment.starts_on, RoleAssignment.ends_on, on),
    )
    return session.scalars(
        select(User).where(User.id.in_(holders), User.disabled_at.is_(None)).order_by(User.name, User.id)
    ).all()


def alliances_of(session: Session, organisation_id: UUID) -> Sequence[AllianceMembership]:
    """Return the memberships of an organisation in alliances, with the alliance, the newest first."""
    return session.scalars(
        select(AllianceMembership)
        .where(AllianceMembership.organisation_id == organisation_id)
        .options(joinedload(AllianceMembership.alliance))
        .order_by(AllianceMembership.starts_on.desc())
    ).all()


def one_alliance(session: Session, duties: Duties, alliance_id: UUID) -> Alliance | None:
    """Return an alliance that the person coordinates, or in which their organisation is a member."""
    mine = select(AllianceMembership.alliance_id).where(
        AllianceMembership.organisation_id.in_(duties.places(*Role)),
        current(AllianceMembership.starts_on, AllianceMembership.ends_on, duties.on),
    )
    coordinated = Alliance.id.in_(duties.places(Role.REGIONAL_COORDINATOR))
    return session.scalar(select(Alliance).where(Alliance.id == alliance_id, or_(coordinated, Alliance.id.in_(mine))))


def memberships_of(session: Session, alliance_id: UUID) -> Sequence[AllianceMembership]:
    """Return the memberships of an alliance, with the organisations, by name and start."""
    return session.scalars(
        select(AllianceMembership)
        .join(Organisation)
        .where(AllianceMembership.alliance_id == alliance_id)
        .options(joinedload(AllianceMembership.organisation))
        .order_by(Organisation.name, AllianceMembership.starts_on)
    ).all()
