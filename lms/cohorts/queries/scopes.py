"""Who sees which cohorts and enrolments: the scopes that every read of this feature starts from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, Uuid, bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload

from competencies.people import Role
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.cohorts.permissions import READS_COHORTS
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.models import AllianceMembership, Organisation, RoleAssignment
from lms.organisations.permissions import Duties
from lms.organisations.queries import TODAY, current

Day = date | BindParameter[date]

WITH_PLACE = (
    joinedload(Cohort.programme_version).joinedload(ProgrammeVersion.programme),
    joinedload(Cohort.organisation),
    joinedload(Cohort.lead),
)
FOLLOWED = (
    joinedload(Enrolment.programme_version).joinedload(ProgrammeVersion.programme),
    joinedload(Enrolment.cohort).options(joinedload(Cohort.organisation), joinedload(Cohort.lead)),
)
"""An enrolment with its cohort, and with the version of the programme that the trainee follows."""


class AnyReader:
    """Whoever reads, for statements that are built once: `facts_of` gives the values that they are sent with.

    Building the scope of a reader takes longer than the database takes to answer it.
    """

    user_id: BindParameter[UUID] = bindparam("reader", type_=Uuid)
    on: BindParameter[date] = TODAY

    def places(self, *_roles: Role) -> BindParameter[UUID]:
        """Return the organisations where the reader may read cohorts."""
        return bindparam("organisations", type_=Uuid, expanding=True)


ANY_READER = AnyReader()


def facts_of(duties: Duties) -> dict[str, object]:
    """Return the values that a statement for `ANY_READER` is sent with."""
    return {"reader": duties.user_id, "today": duties.on, "organisations": list(duties.places(*READS_COHORTS))}


def visible_cohorts(duties: Duties | AnyReader) -> Select[Cohort]:
    """Return the cohorts whose trainees a person may see by name: those of organisations where a role lets them.

    Being named as the lead of a cohort opens nothing without the role: who moved on, sees no more.
    """
    return select(Cohort).where(Cohort.organisation_id.in_(duties.places(*READS_COHORTS)))


def visible_enrolments(duties: Duties | AnyReader) -> Select[Enrolment]:
    """Return the enrolments a person may see: their own, those they guide today, and those of visible cohorts."""
    return select(Enrolment).where(
        or_(
            Enrolment.trainee_id == duties.user_id,
            Enrolment.cohort_id.in_(visible_cohorts(duties).with_only_columns(Cohort.id)),
            guided_by(duties.user_id, on=duties.on),
        )
    )


def guided_by(user_id: UUID | BindParameter[UUID], *, on: Day) -> ColumnElement[bool]:
    """Return the condition that a person guides the enrolment on a day.

    That asks three things of the day: the guidance, an enrolment that has not ended, and the role of trainer in the
    cohort's organisation or in one that shares an alliance with it. Who lost the role, lost the sight.
    """
    guided = select(EnrolmentTrainer.enrolment_id).where(
        EnrolmentTrainer.trainer_id == user_id, current(EnrolmentTrainer.starts_on, EnrolmentTrainer.ends_on, on)
    )
    trains_at = select(RoleAssignment.organisation_id).where(
        RoleAssignment.user_id == user_id,
        RoleAssignment.role == Role.TRAINER,
        current(RoleAssignment.starts_on, RoleAssignment.ends_on, on),
    )
    near = select(Cohort.id).where(Cohort.organisation_id.in_(circle_of(trains_at, on=on)))
    return Enrolment.id.in_(guided) & Enrolment.cohort_id.in_(near) & not_ended(on)


def not_ended(on: Day) -> ColumnElement[bool]:
    """Return the condition that the enrolment has not ended before that day."""
    return or_(Enrolment.ended_on.is_(None), Enrolment.ended_on >= on)


def circle_of(organisations: Collection[UUID] | Select[Any], *, on: Day) -> Select[UUID]:
    """Return the keys of the organisations themselves and of all that share an alliance with one on that day."""
    other = aliased(AllianceMembership)
    partners = (
        select(other.organisation_id)
        .join(AllianceMembership, AllianceMembership.alliance_id == other.alliance_id)
        .where(
            AllianceMembership.organisation_id.in_(organisations),
            current(AllianceMembership.starts_on, AllianceMembership.ends_on, on),
            current(other.starts_on, other.ends_on, on),
        )
    )
    return select(Organisation.id).where(or_(Organisation.id.in_(organisations), Organisation.id.in_(partners)))
