"""What a trainee has on the EPAs of versions that they followed before a move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.cohorts.models import Enrolment, EnrolmentMove
from lms.progress.queries.cells import cells_of, kept_in_view
from lms.progress.queries.outlines import outlines_of
from lms.progress.values import Cell, EpaInProgramme, ProgrammeOutline

LeftBehind = Sequence[tuple[EpaInProgramme, Cell]]
"""EPAs of earlier versions with where the trainee stands on them."""


def outline_with(
    session: Session, enrolment: Enrolment, moves: Sequence[EnrolmentMove], epa_id: UUID
) -> ProgrammeOutline | None:
    """Return the outline that has that EPA: of the version that is followed, else of the last one before that did."""
    versions = list(dict.fromkeys([enrolment.programme_version_id, *(one.from_version_id for one in reversed(moves))]))
    outlines = outlines_of(session, versions)
    return next((outlines[key] for key in versions if outlines[key].epa(epa_id)), None)


def left_behind(session: Session, enrolment: Enrolment, moves: Sequence[EnrolmentMove], *, on: date) -> LeftBehind:
    """Return the EPAs of earlier versions on which something was earned that shows on no EPA of this one and the track.

    One statement, one more where the version has tracks, and none for who was never moved.
    """
    earlier = dict.fromkeys(one.from_version_id for one in reversed(moves))
    earlier.pop(enrolment.programme_version_id, None)
    if not earlier:
        return ()
    outlines = outlines_of(session, [enrolment.programme_version_id, *earlier])
    followed = outlines[enrolment.programme_version_id]
    own = {epa.epa_id for epa in followed.epas}
    asked = {epa.epa_id for epa in followed.of_track(enrolment.track)}
    epas = {epa.epa_id: epa for key in earlier for epa in outlines[key].epas if epa.epa_id not in own}
    alone = select(Enrolment.id).where(Enrolment.id == enrolment.id)
    known = cells_of(session, alone, epas.values(), on=on, moved=True)
    if asked != own:
        known = kept_in_view(session, known, {enrolment.id: asked}, alone)
    cells = known.get(enrolment.id, {})
    return [(epa, cells[key]) for key, epa in epas.items() if key in cells and cells[key].stays_behind]
