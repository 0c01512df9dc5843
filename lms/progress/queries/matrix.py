"""A cohort as trainees by EPAs, from the current standings: linear in the cohort, whatever history lies behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.entrustment.models import Decision
from lms.organisations.models import Department
from lms.progress.queries.cells import cells_of
from lms.progress.queries.fingerprints import fingerprint
from lms.progress.queries.outlines import outlines_of
from lms.progress.values import EMPTY, Cell, CohortMatrix, EpaInProgramme, TraineeRow

AnyRow = Row[*tuple[Any, ...]]


def cohort_matrix(session: Session, cohort_id: UUID, *, on: date) -> CohortMatrix:
    """Return all trainees ever enrolled in a cohort by all EPAs of its programme, as it stands on a day.

    At most four statements, besides those for the outline of a programme that was not asked for before.
    """
    version_id = session.get_one(Cohort, cohort_id).programme_version_id
    columns = outlines_of(session, [version_id])[version_id].epas
    trainees = session.execute(_trainees(cohort_id)).all()
    cells = cells_of(session, _in_cohort(cohort_id), columns, on=on)
    asked = _Asked(columns)
    rows = tuple(_row(trainee, asked, cells.get(trainee.enrolment_id, {})) for trainee in trainees)
    return CohortMatrix(cohort_id, on, columns, rows)


def _in_cohort(cohort_id: UUID) -> Select[UUID]:
    return select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)


def _trainees(cohort_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.trainee_id,
            User.name,
            Department.name.label("department"),
            Enrolment.track,
            Enrolment.starts_on,
            Enrolment.planned_end_on,
            Enrolment.ended_on,
            Enrolment.end_reason,
        )
        .join(User, User.id == Enrolment.trainee_id)
        .join(Department, Department.id == Enrolment.department_id)
        .where(Enrolment.cohort_id == cohort_id)
        .order_by(User.name, Enrolment.id)
    )


def _row(trainee: AnyRow, asked: _Asked, known: Mapping[UUID, Cell]) -> TraineeRow:
    """Return the row of one trainee from the cells that are known of them."""
    cells = tuple(known.get(key, EMPTY) if applies else None for key, applies in asked.of_track(trainee.track))
    shown = [cell for cell in cells if cell is not None]
    return TraineeRow(
        enrolment_id=trainee.enrolment_id,
        trainee_id=trainee.trainee_id,
        name=trainee.name,
        department=trainee.department,
        track=trainee.track,
        starts_on=trainee.starts_on,
        planned_end_on=trainee.planned_end_on,
        ended_on=trainee.ended_on,
        end_reason=trainee.end_reason,
        cells=cells,
        reached=asked.reached(cells),
        asked=asked.count(trainee.track),
        last_rated_on=max((cell.last_rated_on for cell in shown if cell.last_rated_on), default=None),
        waiting=sum(cell.waiting for cell in shown),
    )


class _Asked:
    """What the columns ask, worked out once for all trainees of a track."""

    def __init__(self, columns: Sequence[EpaInProgramme]) -> None:
        self.columns = columns
        self.codes = [epa.codes_reached for epa in columns]
        self.tracks: dict[str | None, list[tuple[UUID, bool]]] = {}

    def of_track(self, track: str | None) -> Sequence[tuple[UUID, bool]]:
        """Return each column with whether it is for that track."""
        if track not in self.tracks:
            self.tracks[track] = [(epa.epa_id, epa.applies_to(track)) for epa in self.columns]
        return self.tracks[track]

    def count(self, track: str | None) -> int:
        """Return how many EPAs with a target are for that track."""
        both = zip(self.columns, self.of_track(track), strict=True)
        return sum(applies and epa.target is not None for epa, (_key, applies) in both)

    def reached(self, cells: Sequence[Cell | None]) -> int:
        """Return how many cells are in force at the target or above."""
        return sum(
            cell.level.code in codes
            for cell, codes in zip(cells, self.codes, strict=True)
            if cell is not None and cell.level is not None and not cell.is_expired
        )


def cohort_version(session: Session, cohort_id: UUID) -> str:
    """Return a text that changes whenever the trainees of a cohort, their names or their decisions do."""
    decided = select(func.count(), func.max(Decision.recorded_at)).where(
        Decision.enrolment_id.in_(_in_cohort(cohort_id))
    )
    enrolled = (
        select(func.count(), func.sum(Enrolment.version), func.md5(func.string_agg(User.name, "|")))
        .join(User, User.id == Enrolment.trainee_id)
        .where(Enrolment.cohort_id == cohort_id)
    )
    return fingerprint(session, decided, enrolled)
