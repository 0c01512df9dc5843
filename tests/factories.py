"""People, places and programmes for the tests, made through the actions of the product where there are any."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.people import OrganisationKind, Role
from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.curriculum.models import Epa, Programme, ProgrammeVersion
from lms.organisations.models import Alliance, AllianceMembership, Department, Organisation, RoleAssignment

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
START = TODAY - timedelta(days=200)
_numbers = count(1)


def make_user(session: Session, name: str = "Person", *, language: str | None = "en", email: str | None = None) -> User:
    """Return a new account without a password."""
    number = next(_numbers)
    user = User(
        name=f"{name} {number}", email=email or f"person{number}@test.example.org", language=language, created_at=NOW
    )
    session.add(user)
    session.flush()
    return user


def make_organisation(
    session: Session, name: str = "Hospital", kind: OrganisationKind = OrganisationKind.HOSPITAL
) -> Organisation:
    """Return a new organisation."""
    organisation = Organisation(name=f"{name} {next(_numbers)}", kind=kind, created_at=NOW)
    session.add(organisation)
    session.flush()
    return organisation


def make_department(session: Session, organisation: Organisation, name: str = "Ward") -> Department:
    """Return a new department."""
    department = Department(organisation_id=organisation.id, name=f"{name} {next(_numbers)}")
    session.add(department)
    session.flush()
    return department


def make_alliance(
    session: Session, *members: Organisation, starts_on: date = START, ends_on: date | None = None
) -> Alliance:
    """Return a new alliance of these organisations."""
    alliance = Alliance(name=f"Alliance {next(_numbers)}", created_at=NOW)
    session.add(alliance)
    session.flush()
    for member in members:
        session.add(
            AllianceMembership(alliance_id=alliance.id, organisation_id=member.id, starts_on=starts_on, ends_on=ends_on)
        )
    session.flush()
    return alliance


def give_role(
    session: Session,
    user: User,
    role: Role,
    place: Organisation | Alliance,
    *,
    starts_on: date = START,
    ends_on: date | None = None,
) -> RoleAssignment:
    """Give a person a role in an organisation or alliance, on these days."""
    where = {"organisation_id" if isinstance(place, Organisation) else "alliance_id": place.id}
    assignment = RoleAssignment(user_id=user.id, role=role, starts_on=starts_on, ends_on=ends_on, **where)
    session.add(assignment)
    session.flush()
    return assignment


def person_with(session: Session, role: Role, place: Organisation | Alliance, name: str | None = None) -> User:
    """Return a new person who holds that role there."""
    user = make_user(session, name or role.value.replace("_", " ").capitalize())
    give_role(session, user, role, place)
    return user


def programme_version(session: Session, key: str = "oncologieverpleegkundige") -> ProgrammeVersion:
    """Return the shipped version of a programme."""
    return session.scalars(
        select(ProgrammeVersion).join(Programme).where(Programme.key == key).order_by(ProgrammeVersion.loaded_at.desc())
    ).first() or _missing(key)


def epa_of(session: Session, key: str) -> Epa:
    """Return a shipped EPA by its key, such as onc-k2."""
    return session.scalars(select(Epa).where(Epa.key == key)).first() or _missing(key)


def _missing(key: str) -> NoReturn:
    raise AssertionError(f"{key} is not among the shipped programmes")


def make_cohort(
    session: Session,
    organisation: Organisation,
    lead: User,
    *,
    programme: str = "oncologieverpleegkundige",
    starts_on: date = START,
    planned_end_on: date | None = None,
) -> Cohort:
    """Return a new cohort of a shipped programme."""
    cohort = Cohort(
        programme_version_id=programme_version(session, programme).id,
        organisation_id=organisation.id,
        name=f"Cohort {next(_numbers)}",
        starts_on=starts_on,
        planned_end_on=planned_end_on or starts_on + timedelta(days=480),
        lead_id=lead.id,
        created_at=NOW,
    )
    session.add(cohort)
    session.flush()
    return cohort


def enrol(
    session: Session,
    cohort: Cohort,
    trainee: User,
    department: Department,
    *trainers: User,
    track: str | None = None,
    starts_on: date | None = None,
) -> Enrolment:
    """Return a new enrolment of the trainee, guided by these trainers from its start."""
    first_day = starts_on or cohort.starts_on
    enrolment = Enrolment(
        cohort_id=cohort.id,
        programme_version_id=cohort.programme_version_id,
        trainee_id=trainee.id,
        department_id=department.id,
        track=track,
        starts_on=first_day,
        planned_end_on=cohort.planned_end_on,
        created_at=NOW,
    )
    session.add(enrolment)
    session.flush()
    for trainer in trainers:
        session.add(EnrolmentTrainer(enrolment_id=enrolment.id, trainer_id=trainer.id, starts_on=first_day))
    session.flush()
    return enrolment


class Ward:
    """A hospital with a cohort: one trainee, two trainers, a lead, a committee member, an auditor."""

    def __init__(
        self, session: Session, *, programme: str = "oncologieverpleegkundige", track: str | None = None
    ) -> None:
        self.organisation = make_organisation(session)
        self.department = make_department(session, self.organisation)
        self.lead = person_with(session, Role.PROGRAMME_LEAD, self.organisation)
        self.trainer = person_with(session, Role.TRAINER, self.organisation)
        self.second_trainer = person_with(session, Role.TRAINER, self.organisation)
        self.committee_member = person_with(session, Role.COMMITTEE_MEMBER, self.organisation)
        self.administrator = person_with(session, Role.ORGANISATION_ADMINISTRATOR, self.organisation)
        self.auditor = person_with(session, Role.AUDITOR, self.organisation)
        self.trainee = person_with(session, Role.TRAINEE, self.organisation)
        self.cohort = make_cohort(session, self.organisation, self.lead, programme=programme)
        self.enrolment = enrol(
            session, self.cohort, self.trainee, self.department, self.trainer, self.second_trainer, track=track
        )

    def fellow(self, session: Session) -> User:
        """Return another trainee of the same cohort."""
        other = person_with(session, Role.TRAINEE, self.organisation)
        enrol(session, self.cohort, other, self.department, self.trainer)
        return other
