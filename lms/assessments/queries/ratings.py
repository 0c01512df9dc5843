"""The last rating on each EPA, as the history gives it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on

from competencies.observations import AssessmentStatus
from competencies.scales import Direction
from lms.assessments.models import Assessment
from lms.curriculum.models import Epa
from lms.logbook.models import Activity
from lms.standings.models import CarriedEpa


def given_on(enrolment_id: UUID | None) -> Subquery:
    """Return the assessments with each EPA that they count on: their own, and those of a later version."""
    columns = (
        Assessment.id,
        Assessment.activity_id,
        Assessment.status,
        Assessment.direction,
        Assessment.scale_id,
        Assessment.level_code,
        Assessment.level_rank,
        Assessment.answered_at,
    )
    goes_on = (CarriedEpa.enrolment_id == Assessment.enrolment_id) & (CarriedEpa.from_epa_id == Assessment.epa_id)
    own = select(Assessment.enrolment_id, Assessment.epa_id, *columns)
    carried = select(Assessment.enrolment_id, CarriedEpa.epa_id, *columns).join(CarriedEpa, goes_on)
    if enrolment_id is not None:
        own, carried = (one.where(Assessment.enrolment_id == enrolment_id) for one in (own, carried))
    return union_all(own, carried).subquery("given")


def last_rated(enrolment_id: UUID | None) -> Select[*tuple[Any, ...]]:
    """Return the last rating of each EPA: on its own scale, of the latest activity, and of that day answered last."""
    given = given_on(enrolment_id)
    pair = (given.c.enrolment_id, given.c.epa_id)
    return (
        select(
            *pair,
            given.c.level_code.label("last_rating_code"),
            given.c.level_rank.label("last_rating_rank"),
            Activity.performed_on.label("last_rated_on"),
            given.c.answered_at.label("last_answered_at"),
        )
        .join(Activity, Activity.id == given.c.activity_id)
        .join(Epa, (Epa.id == given.c.epa_id) & (Epa.scale_id == given.c.scale_id))
        .where(
            given.c.status == AssessmentStatus.SUBMITTED,
            given.c.level_code.is_not(None),
            given.c.direction == Direction.RETROSPECTIVE,
        )
        .ext(distinct_on(*pair))
        .order_by(*pair, Activity.performed_on.desc(), given.c.answered_at.desc(), given.c.id.desc())
    )
