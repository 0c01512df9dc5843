"""How far the evidence of trainees meets what their programme asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.progress import EpaProgress, epa_progress
from lms.assessments.queries import observations_of
from lms.cohorts.models import Enrolment
from lms.progress.queries.outlines import outlines_of

Progress = Mapping[tuple[UUID, UUID], EpaProgress]
"""Progress by enrolment and EPA."""


def progress_of(session: Session, enrolment_ids: Collection[UUID], *, on: date) -> Progress:
    """Return the progress towards the declaration on every EPA of the enrolments, by enrolment and EPA.

    Three statements whatever their number, besides those for the outline of a programme not asked for before.
    """
    followed = session.execute(
        select(Enrolment.id, Enrolment.track, Enrolment.programme_version_id).where(Enrolment.id.in_(enrolment_ids))
    ).all()
    outlines = outlines_of(session, {row.programme_version_id for row in followed})
    seen = observations_of(session, enrolment_ids)
    return {
        (row.id, epa.epa_id): epa_progress(
            epa.requirements, seen.get((row.id, epa.epa_id), ()), target=epa.target, stage=epa.stage, on=on
        )
        for row in followed
        for epa in outlines[row.programme_version_id].of_track(row.track)
    }
