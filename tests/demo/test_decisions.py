"""Every decision of the demonstration stands up to the rules it was taken under."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from competencies.entrustment import check_decision
from competencies.observations import Observation
from competencies.scope import check_scope
from lms.assessments.queries import observations_of
from lms.cohorts.models import Cohort, Enrolment
from lms.curriculum.models import RatingScale
from lms.curriculum.queries import epas_of_versions
from lms.curriculum.values import ProgrammeEpa, scope_groups_of
from lms.entrustment import queries
from lms.entrustment.models import Decision
from tests.demo.loaded import DAY


def decisions(session: Session) -> Iterator[tuple[Decision, ProgrammeEpa, list[Observation]]]:
    """Return each decision with its EPA and what had been answered when it was recorded."""
    rows = session.scalars(
        select(Decision).options(
            joinedload(Decision.scale).selectinload(RatingScale.levels),
            joinedload(Decision.decided_by),
            selectinload(Decision.evidence),
            joinedload(Decision.enrolment).joinedload(Enrolment.cohort),
            joinedload(Decision.enrolment).joinedload(Enrolment.department),
        )
    ).all()
    seen = observations_of(session, {row.enrolment_id for row in rows})
    versions = set(session.scalars(select(Cohort.programme_version_id)))
    offered = {
        (version, one.epa.id): one for version, parts in epas_of_versions(session, versions).items() for one in parts
    }
    for row in rows:
        known = seen.get((row.enrolment_id, row.epa_id), [])
        answered = [one for one in known if one.answered_at <= row.recorded_at]
        yield row, offered[row.enrolment.cohort.programme_version_id, row.epa_id], answered


def test_each_decision_keeps_exactly_what_counted(region: Session) -> None:
    number = 0
    for row, epa, answered in decisions(region):
        level = queries.as_domain(row).level
        progress = queries.progress_towards_level(epa.epa, epa.expected, answered, level, on=row.decided_on)
        counted = {one.id: one.instrument for one in progress.counted}
        assert {one.observation_id: one.instrument_key for one in row.evidence} == counted
        assert row.requirements_met == progress.is_met
        number += 1
    assert number > 150


def test_each_decision_was_one_that_the_rules_accept(region: Session) -> None:
    for row, epa, answered in decisions(region):
        level = queries.as_domain(row).level
        progress = queries.progress_towards_level(epa.epa, epa.expected, answered, level, on=row.decided_on)
        allowed = queries.deciders_of(region, row.enrolment, on=row.decided_on)
        check_decision(
            decided_by=row.decided_by_id,
            trainee_id=row.trainee_id,
            level=level,
            progress=progress,
            assessors_of_counted=progress.assessors,
            deciders_allowed={one.id for one in allowed},
            decided_on=row.decided_on,
            valid_until=row.valid_until,
            today=DAY,
            overrule_reason=row.overrule_reason,
        )
        check_scope(scope_groups_of(epa.epa), row.scope)
