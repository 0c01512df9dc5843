"""What changes organisations, their accreditations, alliances and roles."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.people import OrganisationKind, Role
from lms.accounts.models import User
from lms.core.audit import record
from lms.organisations.models import (
    Accreditation,
    Alliance,
    AllianceMembership,
    Department,
    Organisation,
    RoleAssignment,
)


def create_organisation(
    session: Session, *, name: str, kind: OrganisationKind, by: UUID | None, at: datetime
) -> Organisation:
    """Add an organisation."""
    organisation = Organisation(name=name, kind=kind, created_at=at)
    session.add(organisation)
    session.flush()
    record(session, "organisation.created", subject=organisation.id, by=by, at=at, after={"name": name, "kind": kind})
    return organisation


def add_department(session: Session, organisation: Organisation, *, name: str, by: User, at: datetime) -> Department:
    """Add a department; its name must be new in the organisation (`RuleBroken` department_exists)."""
    taken = select(Department.id).where(Department.organisation_id == organisation.id, Department.name == name)
    if session.scalar(taken) is not None:
        raise RuleBroken("department_exists", name=name)
    department = Department(organisation_id=organisation.id, name=name)
    session.add(department)
    session.flush()
    facts = {"name": name}
    record(session, "department.added", subject=organisation.id, by=by.id, at=at, target=department.id, after=facts)
    return department


def record_accreditation(
    session: Session,
    organisation: Organisation,
    department: Department | None,
    *,
    attribute: str,
    proof: str,
    since: date,
    until: date | None,
    by: User,
    at: datetime,
) -> Accreditation:
    """Write down that an organisation, or one department of it, is accredited for something from a day on.

    Raises `RuleBroken` accreditation_dates where it would end before it starts, accreditation_held where the same one
    holds in some of these days already.
    """
    if until is not None and until < since:
        raise RuleBroken("accreditation_dates", since=since, until=until)
    accreditation = Accreditation(
        organisation_id=organisation.id,
        department_id=department.id if department else None,
        attribute=attribute,
        proof=proof,
        starts_on=since,
        ends_on=until,
    )
    _refuse_twice(session, accreditation)
    session.add(accreditation)
    session.flush()
    _record(session, "accreditation.recorded", accreditation, by=by, at=at, after=_dated(accreditation))
    return accreditation


def _refuse_twice(session: Session, new: Accreditation) -> None:
    """Accept an accreditation in days in which the same place does not hold the same one, or raise."""
    same = select(Accreditation.starts_on).where(
        Accreditation.organisation_id == new.organisation_id,
        Accreditation.department_id.is_not_distinct_from(new.department_id),
        Accreditation.attribute == new.attribute,
        or_(Accreditation.ends_on.is_(None), Accreditation.ends_on >= new.starts_on),
    )
    if new.ends_on is not None:
        same = same.where(Accreditation.starts_on <= new.ends_on)
    held_from = session.scalar(same.order_by(Accreditation.starts_on).limit(1))
    if held_from is not None:
        raise RuleBroken("accreditation_held", starts_on=held_from)


def end_accreditation(session: Session, accreditation: Accreditation, *, on: date, by: User, at: datetime) -> None:
    """Let an accreditation end on a day; one that was to begin later is taken back, and only the audit keeps it.

    Raises `RuleBroken` accreditation_ended where it ends by that day already: an end is never moved on.
    """
    if accreditation.ends_on is not None and accreditation.ends_on <= on:
        raise RuleBroken("accreditation_ended", ended_on=accreditation.ends_on)
    before = _dated(accreditation)
    if accreditation.starts_on > on:
        session.delete(accreditation)
        _record(session, "accreditation.cancelled", accreditation, by=by, at=at, before=before)
        return
    accreditation.ends_on = on
    _record(session, "accreditation.ended", accreditation, by=by, at=at, before=before, after=_dated(accreditation))


def _record(
    session: Session,
    action: str,
    accreditation: Accreditation,
    *,
    by: User,
    at: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    subject, target = accreditation.organisation_id, accreditation.id
    record(session, action, subject=subject, by=by.id, at=at, target=target, before=before, after=after)


def _dated(accreditation: Accreditation) -> dict[str, object]:
    return {
        "attribute": accreditation.attribute,
        "department": accreditation.department_id,
        "proof": accreditation.proof,
        "starts_on": accreditation.starts_on,
        "ends_on": accreditation.ends_on,
    }


def create_alliance(session: Session, *, name: str, by: UUID | None, at: datetime) -> Alliance:
    """Add an alliance of organisations."""
    alliance = Alliance(name=name, created_at=at)
    session.add(alliance)
    session.flush()
    record(session, "alliance.created", subject=alliance.id, by=by, at=at, after={"name": name})
    return alliance


def join_alliance(
    session: Session, alliance: Alliance, organisation: Organisation, *, since: date, by: UUID | None, at: datetime
) -> AllianceMembership:
    """Make an organisation a member of an alliance from a day on."""
    membership = AllianceMembership(alliance_id=alliance.id, organisation_id=organisation.id, starts_on=since)
    session.add(membership)
    session.flush()
    facts = {"organisation": str(organisation.id), "starts_on": since}
    record(session, "alliance.joined", subject=alliance.id, by=by, at=at, target=membership.id, after=facts)
    return membership


def give_role(
    session: Session,
    user: User,
    role: Role,
    *,
    organisation_id: UUID | None = None,
    alliance_id: UUID | None = None,
    since: date,
    until: date | None = None,
    by: UUID | None,
    at: datetime,
) -> RoleAssignment:
    """Give a person a role in one organisation or alliance, from a day on.

    Raises `RuleBroken` own_role when somebody gives it to themselves, role_dates when it would end before it starts,
    role_held when it is held already.
    """
    if by == user.id:
        raise RuleBroken("own_role")
    if until is not None and until < since:
        raise RuleBroken("role_dates", since=since, until=until)
    _refuse_held(session, user, role, organisation_id or alliance_id)
    assignment = RoleAssignment(
        user_id=user.id,
        role=role,
        organisation_id=organisation_id,
        alliance_id=alliance_id,
        starts_on=since,
        ends_on=until,
    )
    session.add(assignment)
    session.flush()
    record(session, "role.given", subject=user.id, by=by, at=at, target=assignment.id, after=_held(assignment))
    return assignment


def _refuse_held(session: Session, user: User, role: Role, place: UUID | None) -> None:
    held = select(RoleAssignment.id).where(
        RoleAssignment.user_id == user.id,
        RoleAssignment.role == role,
        (RoleAssignment.organisation_id == place) | (RoleAssignment.alliance_id == place),
        RoleAssignment.ends_on.is_(None),
    )
    if session.scalar(held) is not None:
        raise RuleBroken("role_held", name=user.name, role=role)


def end_role(session: Session, assignment: RoleAssignment, *, on: date, by: User, at: datetime) -> None:
    """Let a role end on a day; one that was to begin later is taken back, and only the audit record keeps it.

    Raises `RuleBroken` role_ended where it ends by that day already: an end is never moved on.
    """
    if assignment.ends_on is not None and assignment.ends_on <= on:
        raise RuleBroken("role_ended", ended_on=assignment.ends_on)
    subject, target, before = assignment.user_id, assignment.id, _held(assignment)
    if assignment.starts_on > on:
        session.delete(assignment)
        record(session, "role.cancelled", subject=subject, by=by.id, at=at, target=target, before=before)
        return
    assignment.ends_on = on
    after = _held(assignment)
    record(session, "role.ended", subject=subject, by=by.id, at=at, target=target, before=before, after=after)


def _held(assignment: RoleAssignment) -> dict[str, object]:
    return {
        "role": assignment.role,
        "place": assignment.organisation_id or assignment.alliance_id,
        "starts_on": assignment.starts_on,
        "ends_on": assignment.ends_on,
    }
