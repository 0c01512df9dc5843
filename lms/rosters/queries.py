"""What is asked about rosters and about whom they propose."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import BindParameter, Integer, Select, exists, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload

from competencies.people import Role, is_current
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import circle_of
from lms.logbook.models import Activity
from lms.organisations.models import Department, RoleAssignment
from lms.organisations.permissions import Duties
from lms.rosters.models import Roster, RosterPair
from lms.rosters.permissions import HANDS_IN

SHOWN_FOR = timedelta(days=3)
MOST_SHOWN = 6

Key = tuple[date, UUID, UUID, UUID]
"""What a pair is about: the day, the department, the enrolment and the trainer."""


def one_roster(session: Session, duties: Duties, roster_id: UUID) -> Roster | None:
    """Return a roster that was handed in for an organisation whose rosters the person keeps."""
    mine = select(Roster).where(Roster.id == roster_id, Roster.organisation_id.in_(duties.places(*HANDS_IN)))
    return session.scalar(mine.options(joinedload(Roster.organisation)))


def last_imported(session: Session, organisation_id: UUID) -> Roster | None:
    """Return the roster that was imported last for the organisation, with who handed it in."""
    done = select(Roster).where(Roster.organisation_id == organisation_id, Roster.applied_at.is_not(None))
    return session.scalar(done.options(joinedload(Roster.handed_in_by)).order_by(Roster.applied_at.desc()).limit(1))


def one_pair(session: Session, user_id: UUID, pair_id: UUID) -> RosterPair | None:
    """Return a pair that is proposed to the person."""
    mine = or_(RosterPair.trainee_id == user_id, RosterPair.trainer_id == user_id)
    return session.scalar(select(RosterPair).where(RosterPair.id == pair_id, mine))


def lately_paired(user_id: InstrumentedAttribute[UUID], *, on: BindParameter[date]) -> Select[UUID]:
    """Select the pairs of a person on a day or a few days before."""
    begins = on - literal(SHOWN_FOR.days, Integer)
    mine = or_(RosterPair.trainee_id == user_id, RosterPair.trainer_id == user_id)
    return select(RosterPair.id).where(mine, RosterPair.day.between(begins, on))


def proposed_to(session: Session, user_id: UUID, *, on: date) -> Sequence[RosterPair]:
    """Return with whom the person worked on the day or a few days before, the latest first; one statement.

    What was dismissed, and where the trainer assessed the trainee on something of that day, is left out.
    """
    assessed = exists().where(
        Assessment.activity_id == Activity.id,
        Assessment.enrolment_id == RosterPair.enrolment_id,
        Assessment.assessor_id == RosterPair.trainer_id,
        Activity.performed_on == RosterPair.day,
    )
    as_trainee = (RosterPair.trainee_id == user_id) & RosterPair.dismissed_by_trainee_at.is_(None)
    as_trainer = (RosterPair.trainer_id == user_id) & RosterPair.dismissed_by_trainer_at.is_(None)
    return session.scalars(
        select(RosterPair)
        .where(or_(as_trainee, as_trainer), RosterPair.day.between(on - SHOWN_FOR, on), ~assessed)
        .options(joinedload(RosterPair.trainee), joinedload(RosterPair.trainer), joinedload(RosterPair.department))
        .order_by(RosterPair.day.desc(), RosterPair.id)
        .limit(MOST_SHOWN)
    ).all()


@dataclass(frozen=True, slots=True)
class People:
    """Whom and which places a roster of an organisation can name."""

    departments: dict[str, UUID]
    trainees: dict[str, Sequence[Enrolment]]
    trainers: dict[str, Sequence[RoleAssignment]]

    def enrolment(self, email: str, on: date) -> Enrolment | None:
        """Return the enrolment that the trainee with the address has on a day, the newest first."""
        known = self.trainees.get(email.casefold(), ())
        return next((one for one in known if is_current(one.starts_on, one.ended_on, on)), None)

    def trainer_id(self, email: str, on: date) -> UUID | None:
        """Return who with the address is a trainer on a day."""
        known = self.trainers.get(email.casefold(), ())
        return next((one.user_id for one in known if is_current(one.starts_on, one.ends_on, on)), None)


def people_of(session: Session, organisation_id: UUID, emails: Collection[str], *, on: date) -> People:
    """Return whom a roster of the organisation can name among those addresses; three statements.

    Trainees are enrolled in a cohort of the organisation, or of one allied with it and placed here; trainers have that
    role here or at one allied with it.
    """
    circle = circle_of([organisation_id], on=on)
    known = func.lower(User.email).in_({email.casefold() for email in emails})
    departments = session.execute(
        select(Department.name, Department.id).where(Department.organisation_id == organisation_id)
    )
    enrolled = session.scalars(
        select(Enrolment)
        .join(Enrolment.trainee)
        .join(Enrolment.cohort)
        .join(Enrolment.department)
        .where(
            known,
            User.disabled_at.is_(None),
            Cohort.organisation_id.in_(circle),
            or_(Cohort.organisation_id == organisation_id, Department.organisation_id == organisation_id),
        )
        .options(contains_eager(Enrolment.trainee))
        .order_by(Enrolment.starts_on.desc(), Enrolment.id)
    )
    trainees: dict[str, list[Enrolment]] = {}
    for one in enrolled:
        trainees.setdefault(one.trainee.email.casefold(), []).append(one)
    held = session.execute(
        select(RoleAssignment, User.email)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            known,
            User.disabled_at.is_(None),
            RoleAssignment.role == Role.TRAINER,
            RoleAssignment.organisation_id.in_(circle),
        )
    )
    trainers: dict[str, list[RoleAssignment]] = {}
    for role, email in held:
        trainers.setdefault(email.casefold(), []).append(role)
    return People({name.casefold(): key for name, key in departments}, dict(trainees), dict(trainers))


def standing_pairs(session: Session, organisation_id: UUID, lines: Collection[Key]) -> dict[Key, UUID]:
    """Return the pairs that stand where a roster says something: on its days, in its departments."""
    if not lines:
        return {}
    days = [line[0] for line in lines]
    rows = session.execute(
        select(
            RosterPair.day, RosterPair.department_id, RosterPair.enrolment_id, RosterPair.trainer_id, RosterPair.id
        ).where(
            RosterPair.organisation_id == organisation_id,
            RosterPair.day.between(min(days), max(days)),
            RosterPair.department_id.in_({line[1] for line in lines}),
        )
    )
    return {(row.day, row.department_id, row.enrolment_id, row.trainer_id): row.id for row in rows}


def names_in(session: Session, lines: Collection[Key]) -> dict[UUID, str]:
    """Return the names of the departments, trainees (by enrolment) and trainers of lines."""
    places = select(Department.id, Department.name).where(Department.id.in_({line[1] for line in lines}))
    trainers = select(User.id, User.name).where(User.id.in_({line[3] for line in lines}))
    trainees = select(Enrolment.id, User.name).join(Enrolment.trainee)
    trainees = trainees.where(Enrolment.id.in_({line[2] for line in lines}))
    return {key: name for asked in (places, trainers, trainees) for key, name in session.execute(asked)}
