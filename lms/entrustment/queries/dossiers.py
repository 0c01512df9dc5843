"""What a decision rests on: what was seen, how far it meets the requirements, and what was frozen with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from competencies.curricula import ExpectedLevel, declaration_level, stage_for
from competencies.observations import ActivityKind, AssessmentStatus, Observation
from competencies.progress import EpaProgress, epa_progress
from competencies.requirements import MULTI_SOURCE_FEEDBACK, AnyRequirement, asks_roles
from competencies.scales import Level
from lms.assessments.models import Assessment
from lms.assessments.queries import contexts_of, observations_of
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import moves_of
from lms.curriculum.models import AssessmentInstrument, Epa, RatingScale
from lms.curriculum.queries import epas_in_short, epas_of_version
from lms.curriculum.requirements import requirements_of
from lms.curriculum.values import ProgrammeEpa, applies_to, scale_of
from lms.entrustment.models import Decision
from lms.entrustment.queries.files import EMPTY, File
from lms.entrustment.values import Evidence
from lms.logbook.models import Activity, ActivityVersion
from lms.logbook.queries import versions_as_of
from lms.multisource.counting import closed_rounds, with_rounds


def offered_epa(session: Session, enrolment: Enrolment, epa_id: UUID) -> ProgrammeEpa | None:
    """Return an EPA as the trainee's programme and track ask for it, or None where they do not."""
    offered = epas_of_version(session, enrolment.programme_version_id)
    return next((one for one in offered if one.epa.id == epa_id and applies_to(one.epa, enrolment.track)), None)


def was_offered(session: Session, enrolment: Enrolment, epa_id: UUID) -> bool:
    """Return whether an EPA is one of a version that the trainee followed before a move."""
    earlier = {move.from_version_id for move in moves_of(session, [enrolment]).get(enrolment.id, ())}
    return any(epa.id == epa_id for version_id in earlier for epa in epas_in_short(session, version_id))


def frozen_observations(
    session: Session, decision: Decision, *, asked: Iterable[AnyRequirement] = ()
) -> Sequence[Observation]:
    """Return what counted when a decision was taken; needs its evidence.

    After a later move some of it counts on another EPA: then it is found among all that was seen of the trainee.
    """
    frozen, asked = {one.observation_id for one in decision.evidence}, list(asked)
    here = {
        one.id: one
        for one in observations_on(session, decision.enrolment_id, decision.epa_id, asked=asked, disowned=True)
        if one.id in frozen
    }
    if here.keys() != frozen:
        everywhere = observations_of(session, [decision.enrolment_id], roles=asks_roles(asked), disowned=True).values()
        here = {one.id: one for rows in everywhere for one in rows if one.id in frozen} | here
    corrected = versions_as_of(session, {one.activity_id for one in here.values()}, at=decision.recorded_at)
    return [_as_of(one, corrected.get(one.activity_id)) for one in here.values()]


def _as_of(seen: Observation, version: ActivityVersion | None) -> Observation:
    """Return an observation as it was with an earlier version of its activity, where that was corrected since."""
    if version is None:
        return seen
    return replace(
        seen,
        observed_on=version.performed_on,
        is_simulated=version.kind is ActivityKind.SIMULATION,
        contexts=contexts_of(version.department_id, version.contexts),
    )


def observations_on(
    session: Session,
    enrolment_id: UUID,
    epa_id: UUID,
    *,
    asked: Iterable[AnyRequirement] = (),
    disowned: bool = False,
) -> Sequence[Observation]:
    """Return what was seen of an enrolled trainee on one EPA, with the assessors' roles where these are asked.

    What was disowned since is only among it when it is asked for.
    """
    asked = list(asked)
    seen = observations_of(session, [enrolment_id], epa_id=epa_id, roles=asks_roles(asked), disowned=disowned)
    return with_rounds(session, seen, [enrolment_id], {epa_id: asked}).get((enrolment_id, epa_id), [])


def progress_towards_level(
    epa: Epa,
    expected: Sequence[ExpectedLevel],
    observations: Sequence[Observation],
    level: Level | None,
    *,
    on: date,
    file: File = EMPTY,
) -> EpaProgress:
    """Return how far observations meet what a declaration at that level asks on a day; `expected` is by stage.

    The level decides on the stage whose requirements count; the target stays what is expected in the end. `file` is
    what is known beside what was seen.
    """
    stage = stage_for(expected, level) if level else None
    return epa_progress(
        requirements_of(epa),
        observations,
        target=declaration_level(expected),
        stage=stage,
        on=on,
        record=file.record,
        plan=file.plan,
    )


def evidence_of(session: Session, decision: Decision) -> Sequence[Evidence]:
    """Return the frozen evidence of a decision in the order it was seen; needs its evidence."""
    frozen = {one.observation_id: one.instrument_key for one in decision.evidence}
    kinds = select(AssessmentInstrument).where(AssessmentInstrument.key.in_(frozen.values()))
    instruments = {one.key: one for one in session.scalars(kinds)}
    given = session.scalars(_assessments(frozen)).all()
    then = _days_of(session, [one.activity for one in given], at=decision.recorded_at)
    seen = [_given(one, then[one.activity_id]) for one in given]
    own = [
        _written(one, instruments[frozen[one.id]])
        for one in session.scalars(select(Activity).where(Activity.id.in_(frozen)))
    ]
    rounds = [
        _round(one, instruments[frozen[one.id]])
        for one in (_rounds(session, decision) if MULTI_SOURCE_FEEDBACK in instruments else ())
        if one.id in frozen
    ]
    return sorted([*seen, *own, *rounds], key=lambda one: (one.performed_on, one.answered_at, one.observation_id))


def _rounds(session: Session, decision: Decision) -> Sequence[Observation]:
    return closed_rounds(session, [decision.enrolment_id]).get(decision.enrolment_id, ())


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


def _days_of(session: Session, activities: Collection[Activity], *, at: datetime) -> Mapping[UUID, date]:
    """Return the day of each activity as it stood at a moment; corrections after it change nothing."""
    since = [one.id for one in activities if one.corrected_at is not None and one.corrected_at > at]
    then = versions_as_of(session, since, at=at) if since else {}
    return {one.id: then.get(one.id, one).performed_on for one in activities}


def _given(row: Assessment, performed_on: date) -> Evidence:
    level = scale_of(row.scale).level(row.level_code) if row.scale and row.level_code else None
    return Evidence(
        observation_id=row.id,
        assessment_id=row.id,
        instrument=row.instrument,
        performed_on=performed_on,
        answered_at=row.answered_at or row.requested_at,
        assessor=row.assessor,
        level=level,
        passed=row.passed,
        quantity=row.quantity,
        identity=row.identity,
        stated_role=row.stated_role,
        is_disowned=row.status is AssessmentStatus.DISOWNED,
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


def _round(seen: Observation, instrument: AssessmentInstrument) -> Evidence:
    return Evidence(
        observation_id=seen.id,
        assessment_id=None,
        instrument=instrument,
        performed_on=seen.observed_on,
        answered_at=seen.answered_at,
        assessor=None,
        level=None,
        passed=None,
        quantity=None,
        answers=seen.answers,
    )
