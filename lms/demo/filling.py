"""The forms that requests of the demonstration wait with."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.curriculum.models import InstrumentForm


def show_forms(session: Session) -> None:
    """Let what waits be asked with the newest form of its instrument, as it would be now.

    What was given long ago is older than the forms.
    """
    newest = (
        select(InstrumentForm.id, InstrumentForm.instrument_key, InstrumentForm.direction)
        .ext(distinct_on(InstrumentForm.instrument_key))
        .order_by(InstrumentForm.instrument_key, InstrumentForm.version.desc())
        .subquery("newest")
    )
    waits = (
        Assessment.status == AssessmentStatus.REQUESTED,
        Assessment.form_key.is_(None),
        Assessment.instrument_form_id.is_(None),
        Assessment.trainee_id.in_(select(User.id).where(User.demo)),
        Assessment.instrument_key == newest.c.instrument_key,
    )
    session.execute(
        update(Assessment)
        .where(*waits)
        .values(instrument_form_id=newest.c.id, direction=newest.c.direction)
        .execution_options(synchronize_session=False)
    )
