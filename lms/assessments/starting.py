"""What lets an assessor assess something that nobody asked them to: the activity and its assessment, in one step."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.assessments.actions import facts_of_request, record_step, submit
from lms.assessments.models import Assessment
from lms.assessments.queries import one_in_full
from lms.assessments.requesting import add, give_form, request_of
from lms.assessments.start_values import Witnessed
from lms.assessments.values import answer_of, seen_version
from lms.cohorts.models import Enrolment
from lms.logbook.actions import log
from lms.logbook.models import Activity
from lms.logbook.values import Offered
from lms.standings.actions import hold_standings, note_request


def start(
    session: Session,
    enrolment: Enrolment,
    seen: Witnessed,
    *,
    key: UUID,
    offered: Offered,
    by: User,
    on: date,
    at: datetime,
) -> Assessment:
    """Write down what the enrolled trainee did and give its assessment, both or nothing; the trainee is told.

    `key` is the one of the form: who sends the same form again gets the assessment that it gave. Raises `RuleBroken`
    for a form that said something else before, for what is not to choose from, for oneself, or by somebody who is no
    trainer there that day.
    """
    if enrolment.trainee_id == by.id:
        raise RuleBroken("own_assessment")
    if seen.epa_id not in seen.way.offers:
        raise RuleBroken("instrument_not_offered", instrument=seen.way.instrument.key)
    hold_standings(session, [(enrolment.id, seen.epa_id)])  # The audit of the activity comes after it, as everywhere.
    (activity,) = log(session, enrolment, [seen.account], key=key, offered=offered, by=by, on=on, at=at)
    before = _given_before(session, activity, seen)
    if before is not None:
        return before
    assessment = _begin(session, activity, seen, by=by, at=at)
    submit(session, assessment, seen.answer, seen=seen_version(assessment), by=by, at=at)
    return assessment


def _given_before(session: Session, activity: Activity, seen: Witnessed) -> Assessment | None:
    """Return what the same form gave before, None for nothing; raise form_used where that is something else."""
    known = session.scalar(select(Assessment.id).where(Assessment.activity_id == activity.id, Assessment.started))
    before = one_in_full(session, known) if known else None
    if before is not None and (before.epa_id, answer_of(before)) != (seen.epa_id, seen.answer):
        raise RuleBroken("form_used")
    return before


def _begin(session: Session, activity: Activity, seen: Witnessed, *, by: User, at: datetime) -> Assessment:
    """Store an assessment that its assessor begins; it is given in the same transaction."""
    way, epa = seen.way, activity.epas[0]
    assessment = request_of(activity, epa, way.offers[epa.id], way.scale_id, by.id, at)
    give_form(session, assessment, way.form.id if way.form else None)
    assessment.started = True
    add(session, assessment, by)
    note_request(session, enrolment_id=assessment.enrolment_id, epa_id=assessment.epa_id)
    record_step(session, assessment, "assessment.started", by=by, at=at, after=facts_of_request(assessment))
    begun = one_in_full(session, assessment.id)
    return assessment if begun is None else begun
