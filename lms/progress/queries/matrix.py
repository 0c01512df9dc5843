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
    rows = tuple(_row(trainee, columns, cells.get(trainee.enrolment_id, {})) for trainee in trainees)
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


def _row(trainee: AnyRow, columns: Sequence[EpaInProgramme], known: Mapping[UUID, Cell]) -> TraineeRow:
    """Return the row of one trainee from the cells that are known of them."""
    cells = tuple(known.get(epa.epa_id, EMPTY) if epa.applies_to(trainee.track) else None for epa in columns)
    shown = [(epa, cell) for epa, cell in zip(columns, cells, strict=True) if cell is not None]
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
        reached=sum(epa.is_reached_by(cell.in_force) for epa, cell in shown),
        asked=sum(epa.target is not None for epa, _cell in shown),
        last_rated_on=max((cell.last_rated_on for _epa, cell in shown if cell.last_rated_on), default=None),
        waiting=sum(cell.waiting for _epa, cell in shown),
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
