"""Whom a trainee can ask for an assessment, and in which ways."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.assessments.values import WaysToAsk, ways_to_ask
from lms.cohorts.models import Cohort
from lms.cohorts.queries import circle_of
from lms.curriculum.models import AssessmentForm
from lms.curriculum.queries import epas_by_id, instruments
from lms.logbook.models import Activity
from lms.organisations.queries import people_holding


def ways_for(session: Session, activity: Activity) -> WaysToAsk:
    """Return the ways in which each EPA of the activity can be assessed; needs its EPAs, and loads their evidence."""
    epas = epas_by_id(session, [epa.id for epa in activity.epas])
    known = instruments(session)
    used = {row.form_id for epa in epas.values() for row in epa.requirements if row.form_id}
    named = select(AssessmentForm.key, AssessmentForm.title).where(AssessmentForm.id.in_(used))
    return WaysToAsk(
        epas=epas,
        offers={epa_id: ways_to_ask(activity.kind, epa, known) for epa_id, epa in epas.items()},
        instruments=known,
        forms=dict(session.execute(named).all()) if used else {},
    )


def assessors_for(session: Session, cohort: Cohort, *, on: date, everywhere: bool = True) -> Sequence[User]:
    """Return the trainers who can assess trainees of the cohort that day, by name.

    They are those of its organisation and, everywhere, those of the organisations allied with it.
    """
    home = [cohort.organisation_id]
    organisations = session.scalars(circle_of(home, on=on)).all() if everywhere else home
    return people_holding(session, Role.TRAINER, organisations, on=on)
