"""A cohort as trainees by EPAs, from the current standings: linear in the cohort, whatever history lies behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from competencies.scales import Level
from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.entrustment.models import Decision
from lms.organisations.models import Department
from lms.progress.queries.outlines import outlines_of
from lms.progress.values import EMPTY, Cell, CohortMatrix, EpaInProgramme, TraineeRow
from lms.standings.models import Standing

AnyRow = Row[*tuple[Any, ...]]
Standings = Mapping[UUID, Mapping[UUID, Cell]]
"""Cells by enrolment and EPA."""

STANDING = (
    Standing.enrolment_id,
    Standing.epa_id,
    Standing.decision_id,
    Standing.level_code,
    Standing.decided_on,
    Standing.valid_until,
    Standing.rating_count,
    Standing.last_rating_code,
    Standing.last_rated_on,
    Standing.waiting_count,
)


def cohort_matrix(session: Session, cohort_id: UUID, *, on: date) -> CohortMatrix:
    """Return all trainees ever enrolled in a cohort by all EPAs of its programme, as it stands on a day.

    At most four statements, besides those for the outline of a programme that was not asked for before.
    """
    version_id = session.get_one(Cohort, cohort_id).programme_version_id
    columns = outlines_of(session, [version_id])[version_id].epas
    trainees = session.execute(_trainees(cohort_id)).all()
    cells = _cells(session, cohort_id, columns, on=on)
    rows = tuple(_row(trainee, columns, cells[trainee.enrolment_id]) for trainee in trainees)
    return CohortMatrix(cohort_id, on, columns, rows)


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


def _cells(session: Session, cohort_id: UUID, columns: Sequence[EpaInProgramme], *, on: date) -> Standings:
    """Return what is known by enrolment and EPA; of a decision that is still to begin, the one before it counts."""
    in_cohort = Standing.enrolment_id.in_(select(Enrolment.id).where(Enrolment.cohort_id == cohort_id))
    standings = session.execute(select(*STANDING).where(in_cohort)).all()
    levels = {epa.epa_id: {level.code: level for level in epa.scale.levels} for epa in columns if epa.scale}
    upcoming = [(row.enrolment_id, row.epa_id) for row in standings if row.decided_on and row.decided_on > on]
    begun = _begun(session, cohort_id, on=on) if upcoming else {}
    cells: defaultdict[UUID, dict[UUID, Cell]] = defaultdict(dict)
    for row in standings:
        of_scale = levels.get(row.epa_id, {})
        decided = begun.get((row.enrolment_id, row.epa_id)) if row.decided_on and row.decided_on > on else row
        cells[row.enrolment_id][row.epa_id] = _cell(row, decided, of_scale, on)
    return cells


def _cell(row: AnyRow, decided: AnyRow | None, levels: Mapping[str, Level], on: date) -> Cell:
    """Return one cell; `decided` holds the decision that matters, if there is one."""
    rating = levels.get(row.last_rating_code)
    if decided is None or decided.level_code is None:
        return Cell(None, False, None, None, None, rating, row.last_rated_on, row.rating_count, row.waiting_count)
    return Cell(
        levels.get(decided.level_code),
        decided.valid_until is not None and decided.valid_until < on,
        decided.decided_on,
        decided.valid_until,
        decided.decision_id,
        rating,
        row.last_rated_on,
        row.rating_count,
        row.waiting_count,
    )


def _begun(session: Session, cohort_id: UUID, *, on: date) -> Mapping[tuple[UUID, UUID], AnyRow]:
    """Return the newest decision that has begun by that day, by enrolment and EPA."""
    newest = (
        select(
            Decision.enrolment_id,
            Decision.epa_id,
            Decision.id.label("decision_id"),
            Decision.level_code,
            Decision.decided_on,
            Decision.valid_until,
        )
        .join(Enrolment, Enrolment.id == Decision.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id, Decision.decided_on <= on)
        .distinct(Decision.enrolment_id, Decision.epa_id)
        .order_by(
            Decision.enrolment_id,
            Decision.epa_id,
            Decision.decided_on.desc(),
            Decision.recorded_at.desc(),
            Decision.id.desc(),
        )
    )
    return {(row.enrolment_id, row.epa_id): row for row in session.execute(newest)}
