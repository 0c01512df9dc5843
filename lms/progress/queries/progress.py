"""How far the evidence of trainees meets what their programme asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.progress import NOTHING, EpaProgress, Record, epa_progress
from competencies.requirements import asks_beyond, asks_roles
from lms.assessments.queries import observations_of
from lms.cohorts.models import Enrolment
from lms.entrustment.queries import records_of
from lms.multisource.counting import with_rounds
from lms.progress.queries.outlines import outlines_of
from lms.progress.values import ProgrammeOutline

Progress = Mapping[tuple[UUID, UUID], EpaProgress]
"""Progress by enrolment and EPA."""


def progress_of(session: Session, enrolment_ids: Collection[UUID], *, on: date) -> Progress:
    """Return the progress towards the declaration on every EPA of the enrolments, by enrolment and EPA.

    Two statements whatever their number, besides those for the outline of a programme not asked for before; one more
    where a programme asks for rounds of feedback, and six where it asks for more than observations.
    """
    followed = session.execute(
        select(Enrolment.id, Enrolment.track, Enrolment.programme_version_id).where(Enrolment.id.in_(enrolment_ids))
    ).all()
    outlines = outlines_of(session, {row.programme_version_id for row in followed})
    by_epa = {epa.epa_id: epa.requirements for outline in outlines.values() for epa in outline.epas}
    asked = [one for requirements in by_epa.values() for one in requirements]
    known = observations_of(session, enrolment_ids, roles=asks_roles(asked))
    seen = with_rounds(session, known, enrolment_ids, by_epa)
    files = _files(session, {row.id: row.track for row in followed}, outlines) if asks_beyond(asked) else {}
    return {
        (row.id, epa.epa_id): epa_progress(
            epa.requirements,
            seen.get((row.id, epa.epa_id), ()),
            target=epa.target,
            stage=epa.stage,
            on=on,
            record=files.get(row.id, NOTHING),
            plan=outlines[row.programme_version_id].plan,
        )
        for row in followed
        for epa in outlines[row.programme_version_id].of_track(row.track)
    }


def _files(
    session: Session, tracks: Mapping[UUID, str | None], outlines: Mapping[UUID, ProgrammeOutline]
) -> Mapping[UUID, Record]:
    keys = {epa.epa_id: epa.key for outline in outlines.values() for epa in outline.epas}
    return records_of(session, tracks, keys)
