"""What reports ask, besides what the features answer already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CompoundSelect, Uuid, and_, bindparam, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import Session, load_only

from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.core.audit import AuditEntry
from lms.core.words import in_language
from lms.curriculum.models import Epa
from lms.curriculum.values import shown_code_of
from lms.entrustment.models import Decision
from lms.evidence.models import EvidenceFile
from lms.logbook.models import Activity
from lms.organisations.models import Department, Organisation
from lms.organisations.queries import current


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a trainee works and who guides them there: the organisation's name, and the trainers' names by name."""

    organisation: str
    trainers: tuple[str, ...]


def workplaces_of(
    session: Session, cohort_id: UUID, *, on: date, only: Sequence[UUID] | None = None
) -> Mapping[UUID, Workplace]:
    """Return the workplace of each enrolment of a cohort, with who guides it on that day; one statement.

    `only` names the enrolments to say it of.
    """
    guides = and_(
        EnrolmentTrainer.enrolment_id == Enrolment.id,
        current(EnrolmentTrainer.starts_on, EnrolmentTrainer.ends_on, on),
    )
    by_name = func.array_agg(aggregate_order_by(User.name, User.name)).filter(User.name.is_not(None))
    asked = (
        Enrolment.cohort_id == cohort_id
        if only is None
        else Enrolment.id == func.any(bindparam("only", list(only), type_=ARRAY(Uuid)))
    )
    rows = session.execute(
        select(Enrolment.id, Organisation.name, by_name)
        .join(Department, Department.id == Enrolment.department_id)
        .join(Organisation, Organisation.id == Department.organisation_id)
        .outerjoin(EnrolmentTrainer, guides)
        .outerjoin(User, User.id == EnrolmentTrainer.trainer_id)
        .where(asked)
        .group_by(Enrolment.id, Organisation.name)
    )
    return {enrolment: Workplace(organisation, tuple(trainers or ())) for enrolment, organisation, trainers in rows}


def trail_of_enrolment(
    session: Session, enrolment: Enrolment, *, before: int | None, size: int
) -> Sequence[AuditEntry]:
    """Return the entries of the trainee's chain that are about this enrolment, the newest first, by their number.

    That is whatever was done to the enrolment itself, its activities with their files, assessments and decisions. With
    `before` only entries with a lower number.
    """
    entries = select(AuditEntry).where(
        AuditEntry.subject_id == enrolment.trainee_id, AuditEntry.target_id.in_(_parts_of(enrolment))
    )
    if before is not None:
        entries = entries.where(AuditEntry.sequence < before)
    return session.scalars(entries.order_by(AuditEntry.sequence.desc()).limit(size)).all()


def _parts_of(enrolment: Enrolment) -> CompoundSelect[UUID]:
    of_this = (
        select(part.id).where(part.enrolment_id == enrolment.id)
        for part in (Activity, Assessment, Decision, EnrolmentTrainer)
    )
    files = (
        select(EvidenceFile.id)
        .join(Activity, Activity.id == EvidenceFile.activity_id)
        .where(Activity.enrolment_id == enrolment.id)
    )
    return union_all(select(Enrolment.id).where(Enrolment.id == enrolment.id), *of_this, files)


def names_of(session: Session, keys: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of the people, departments, cohorts and EPAs among the keys; two statements."""
    named = (select(thing.id, thing.name).where(thing.id.in_(keys)) for thing in (User, Department, Cohort))
    names = {row.id: row.name for row in session.execute(union_all(*named))}
    in_short = load_only(Epa.official_code, Epa.local_code, Epa.title)
    epas = session.scalars(select(Epa).where(Epa.id.in_(keys)).options(in_short))
    return names | {epa.id: f"{shown_code_of(epa).code} {in_language(epa.title)}" for epa in epas}
