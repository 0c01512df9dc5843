"""Trainees as lists of lines: their EPAs for themselves, one line each for who guides them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.cohorts.models import Enrolment
from lms.logbook.models import Activity
from lms.progress.queries.cells import Cells, cells_of
from lms.progress.queries.outlines import outlines_of
from lms.progress.queries.progress import progress_of
from lms.progress.values import EMPTY, Cell, EpaLine, Guided, ProgrammeOutline

Lines = Mapping[UUID, Sequence[EpaLine]]
"""Lines by enrolment, in the order of the programme."""


def lines_of(session: Session, enrolments: Sequence[Enrolment], *, on: date) -> Lines:
    """Return the EPAs of each enrolment as it stands on a day, in four or five statements."""
    outlines = outlines_of(session, {one.programme_version_id for one in enrolments})
    ids = [one.id for one in enrolments]
    cells = _cells(session, enrolments, outlines, on=on)
    progress = progress_of(session, ids, on=on)
    return {
        one.id: [
            EpaLine(epa, cells.get(one.id, {}).get(epa.epa_id, EMPTY), progress[one.id, epa.epa_id])
            for epa in outlines[one.programme_version_id].of_track(one.track)
        ]
        for one in enrolments
    }


def guided_lines(session: Session, enrolments: Sequence[Enrolment], *, on: date) -> Mapping[UUID, Guided]:
    """Return each enrolment in one line, in two or three statements."""
    outlines = outlines_of(session, {one.programme_version_id for one in enrolments})
    ids = [one.id for one in enrolments]
    cells = _cells(session, enrolments, outlines, on=on)
    logged = _last_logged(session, ids)
    return {
        one.id: _guided(one, outlines[one.programme_version_id], cells.get(one.id, {}), logged.get(one.id))
        for one in enrolments
    }


def _cells(
    session: Session, enrolments: Sequence[Enrolment], outlines: Mapping[UUID, ProgrammeOutline], *, on: date
) -> Cells:
    """Return the cells of the enrolments; of who was moved back, a later decision elsewhere can have overtaken one."""
    ids = select(Enrolment.id).where(Enrolment.id.in_([one.id for one in enrolments]))
    epas = [epa for outline in outlines.values() for epa in outline.epas]
    return cells_of(session, ids, epas, on=on, moved=any(one.move_id for one in enrolments))


def _last_logged(session: Session, enrolment_ids: Collection[UUID]) -> Mapping[UUID, date]:
    """Return the day of the last activity by enrolment; each is one look at the end of an index."""
    latest = (
        select(func.max(Activity.performed_on)).where(Activity.enrolment_id == Enrolment.id).correlate(Enrolment)
    ).scalar_subquery()
    rows = session.execute(select(Enrolment.id, latest.label("on")).where(Enrolment.id.in_(enrolment_ids)))
    return {row.id: row.on for row in rows if row.on is not None}


def _guided(
    enrolment: Enrolment, outline: ProgrammeOutline, cells: Mapping[UUID, Cell], last_logged_on: date | None
) -> Guided:
    shown = [(epa, cells.get(epa.epa_id, EMPTY)) for epa in outline.of_track(enrolment.track)]
    last_rated_on = max((cell.last_rated_on for _epa, cell in shown if cell.last_rated_on), default=None)
    return Guided(
        reached=sum(epa.is_reached_by(cell.in_force) for epa, cell in shown),
        asked=sum(epa.target is not None for epa, _cell in shown),
        waiting=sum(cell.waiting for _epa, cell in shown),
        last_logged_on=last_logged_on,
        last_rated_on=last_rated_on,
        since=max(last_rated_on or enrolment.starts_on, enrolment.starts_on),
    )
