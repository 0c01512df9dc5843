"""What is asked about decisions and the evidence they rest on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from competencies import entrustment
from competencies.curricula import stage_for
from competencies.observations import Observation
from competencies.people import Role
from competencies.progress import EpaProgress, epa_progress
from competencies.scales import Level
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.assessments.queries import observations_of
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.cohorts.queries import visible_enrolments
from lms.curriculum.models import AssessmentInstrument, Epa, RatingScale
from lms.curriculum.queries import WITH_EVIDENCE, epas_of_version
from lms.curriculum.values import ProgrammeEpa, applies_to, requirements_of, scale_of
from lms.entrustment.models import Decision
from lms.entrustment.values import Evidence
from lms.logbook.models import Activity
from lms.organisations.models import Department, RoleAssignment
from lms.organisations.permissions import Duties
from lms.organisations.queries import current

WITH_LEVEL = (joinedload(Decision.scale).selectinload(RatingScale.levels), joinedload(Decision.decided_by))


def decisions_of(session: Session, enrolment_id: UUID, epa_id: UUID) -> Sequence[Decision]:
    """Return the decisions on one EPA of an enrolment, the newest first, with scale and decider."""
    return session.scalars(
        _newest_first().where(Decision.enrolment_id == enrolment_id, Decision.epa_id == epa_id)
    ).all()


def decisions_of_enrolments(session: Session, enrolment_ids: Collection[UUID]) -> Sequence[Decision]:
    """Return all decisions on the enrolments, the newest first, with scale and decider."""
    return session.scalars(_newest_first().where(Decision.enrolment_id.in_(enrolment_ids))).all()


def _newest_first() -> Select[Decision]:
    newest = (Decision.decided_on.desc(), Decision.recorded_at.desc(), Decision.id.desc())
    return select(Decision).options(*WITH_LEVEL).order_by(*newest)


def as_domain(decision: Decision) -> entrustment.Decision:
    """Return a decision as the domain knows it; needs its scale with the levels."""
    return entrustment.Decision(
        id=decision.id,
        epa_id=decision.epa_id,
        level=scale_of(decision.scale).level(decision.level_code),
        decided_on=decision.decided_on,
        valid_until=decision.valid_until,
        decided_by=decision.decided_by_id,
        recorded_at=decision.recorded_at,
    )


def last_of(session: Session, enrolment_id: UUID, epa_id: UUID) -> Decision | None:
    """Return the decision on an EPA of an enrolment that no other supersedes, with scale and decider."""
    later = aliased(Decision)
    superseded = select(later.id).where(later.supersedes_id == Decision.id).exists()
    return session.scalar(
        select(Decision)
        .options(*WITH_LEVEL)
        .where(Decision.enrolment_id == enrolment_id, Decision.epa_id == epa_id, ~superseded)
    )


def one_visible(session: Session, duties: Duties, decision_id: UUID) -> Decision | None:
    """Return a decision with all that its page needs, if the person may see its enrolment."""
    enrolments = visible_enrolments(duties).with_only_columns(Enrolment.id)
    cohort = joinedload(Decision.enrolment).joinedload(Enrolment.cohort)
    return session.scalar(
        select(Decision)
        .where(Decision.id == decision_id, Decision.enrolment_id.in_(enrolments))
        .options(
            *WITH_LEVEL,
            cohort.joinedload(Cohort.organisation),
            cohort.joinedload(Cohort.programme_version),
            joinedload(Decision.enrolment).joinedload(Enrolment.department).joinedload(Department.organisation),
            joinedload(Decision.trainee),
            joinedload(Decision.epa).options(*WITH_EVIDENCE, joinedload(Epa.programme_version)),
            selectinload(Decision.evidence),
        )
    )


def offered_epa(session: Session, enrolment: Enrolment, epa_id: UUID) -> ProgrammeEpa | None:
    """Return an EPA as the trainee's programme and track ask for it, or None where they do not; needs the cohort."""
    offered = epas_of_version(session, enrolment.cohort.programme_version_id)
    return next((one for one in offered if one.epa.id == epa_id and applies_to(one.epa, enrolment.track)), None)


def observations_on(session: Session, enrolment_id: UUID, epa_id: UUID) -> Sequence[Observation]:
    """Return what was seen of an enrolled trainee on one EPA."""
    return observations_of(session, [enrolment_id], epa_id=epa_id).get((enrolment_id, epa_id), [])


def progress_towards_level(
    offered: ProgrammeEpa, observations: Sequence[Observation], level: Level | None, *, on: date
) -> EpaProgress:
    """Return how far observations meet what a declaration at that level asks on a day.

    The level decides on the stage whose requirements count; the target stays what the programme asks in the end.
    """
    stage = stage_for(offered.expected, level) if level else None
    return epa_progress(
        requirements_of(offered.epa), observations, target=offered.declaration_level, stage=stage, on=on
    )


def evidence_of(session: Session, decision: Decision) -> Sequence[Evidence]:
    """Return the frozen evidence of a decision in the order it was seen; needs its evidence."""
    frozen = {one.observation_id: one.instrument_key for one in decision.evidence}
    kinds = select(AssessmentInstrument).where(AssessmentInstrument.key.in_(frozen.values()))
    instruments = {one.key: one for one in session.scalars(kinds)}
    given = [_given(one) for one in session.scalars(_assessments(frozen))]
    own = [
        _written(one, instruments[frozen[one.id]])
        for one in session.scalars(select(Activity).where(Activity.id.in_(frozen)))
    ]
    return sorted([*given, *own], key=lambda one: (one.performed_on, one.answered_at, one.observation_id))


def _assessments(keys: Collection[UUID]) -> Select[Assessment]:
    return (
        select(Assessment)
        .where(Assessment.id.in_(keys))
        .options(
            joinedload(Assessment.activity),
            joinedload(Assessment.assessor),
            joinedload(Assessment.instrument),
            joinedload(Assessment.scale).selectinload(RatingScale.levels),
        )
    )


def _given(row: Assessment) -> Evidence:
    level = scale_of(row.scale).level(row.level_code) if row.scale and row.level_code else None
    return Evidence(
        observation_id=row.id,
        assessment_id=row.id,
        instrument=row.instrument,
        performed_on=row.activity.performed_on,
        answered_at=row.answered_at or row.requested_at,
        assessor=row.assessor,
        level=level,
        passed=row.passed,
        quantity=row.quantity,
    )


def _written(row: Activity, instrument: AssessmentInstrument) -> Evidence:
    return Evidence(
        observation_id=row.id,
        assessment_id=None,
        instrument=instrument,
        performed_on=row.performed_on,
        answered_at=row.created_at,
        assessor=None,
        level=None,
        passed=None,
        quantity=None,
    )


def deciders_of(session: Session, enrolment: Enrolment, *, on: date) -> Sequence[User]:
    """Return who may decide on the trainee on a day, by name; the same people as `can_decide` lets through."""
    holders = select(RoleAssignment.user_id).where(current(RoleAssignment.starts_on, RoleAssignment.ends_on, on))
    home, place = enrolment.cohort.organisation_id, enrolment.department.organisation_id
    committee = holders.where(RoleAssignment.role == Role.COMMITTEE_MEMBER, RoleAssignment.organisation_id == home)
    trainers = holders.where(RoleAssignment.role == Role.TRAINER, RoleAssignment.organisation_id.in_({home, place}))
    decides: ColumnElement[bool] = or_(
        User.id.in_(committee), User.id.in_(trainers) & User.id.in_(_guides(enrolment.id, on))
    )
    return session.scalars(
        select(User)
        .where(decides, User.id != enrolment.trainee_id, User.disabled_at.is_(None))
        .order_by(User.name, User.id)
    ).all()


def _guides(enrolment_id: UUID, on: date) -> Select[UUID]:
    return select(EnrolmentTrainer.trainer_id).where(
        EnrolmentTrainer.enrolment_id == enrolment_id,
        current(EnrolmentTrainer.starts_on, EnrolmentTrainer.ends_on, on),
    )


def people_by_id(session: Session, keys: Collection[UUID]) -> dict[UUID, User]:
    """Return the people with these keys."""
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(keys)))} if keys else {}
