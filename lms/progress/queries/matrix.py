"""A cohort as trainees by EPAs, from the current standings: linear in the cohort, whatever history lies behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Row, Select, Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, EnrolmentMove
from lms.entrustment.models import Decision
from lms.organisations.models import Department
from lms.progress.queries.cells import Cells, cells_of, kept_in_view
from lms.progress.queries.fingerprints import fingerprint, side_by_side
from lms.progress.queries.outlines import outlines_of
from lms.progress.values import EMPTY, Cell, CohortMatrix, EpaInProgramme, ProgrammeOutline, TraineeRow

AnyRow = Row[*tuple[Any, ...]]
Group = tuple[UUID, str | None]
"""The trainees of one version and track."""


def cohort_matrix(session: Session, cohort_id: UUID, *, on: date) -> CohortMatrix:
    """Return all trainees ever enrolled in a cohort by all EPAs of their programme, as it stands on a day.

    At most four statements, one more where trainees were moved to another version and another where that has tracks,
    besides those for the outline of a programme that was not asked for before.
    """
    return matrix_of(session, cohort_id, trainees_of(session, cohort_id), on=on)


def trainees_of(session: Session, cohort_id: UUID) -> Sequence[AnyRow]:
    """Return all trainees ever enrolled in a cohort, by name."""
    return session.execute(_trainees(), {"cohort_id": cohort_id}).all()


def matrix_of(session: Session, cohort_id: UUID, trainees: Sequence[AnyRow], *, on: date) -> CohortMatrix:
    """Return the trainees of a cohort, who are all of them, with their cells."""
    version_id = session.get_one(Cohort, cohort_id).programme_version_id
    followed = {one.version_id for one in trainees} or {version_id}
    moved = [one for one in trainees if one.move_id]
    earlier = _earlier_versions(session, cohort_id) if moved else set()
    outlines = outlines_of(session, followed | earlier)
    every = [epa for outline in outlines.values() for epa in outline.epas]
    cells = cells_of(session, in_cohort(cohort_id), every, on=on, moved=bool(moved))
    cells = _in_view(session, cohort_id, cells, moved, outlines)
    asked = Asked(columns_of(outlines, followed, cells.values()), outlines)
    rows = tuple(row_of(trainee, asked, cells.get(trainee.enrolment_id, {})) for trainee in trainees)
    return CohortMatrix(cohort_id, on, asked.columns, rows)


def _in_view(
    session: Session, cohort_id: UUID, cells: Cells, moved: Sequence[AnyRow], outlines: Mapping[UUID, ProgrammeOutline]
) -> Cells:
    """Return the cells with what was carried to an EPA of another track staying where it was earned."""
    groups = {(one.version_id, one.track) for one in moved}
    shown = {group: {epa.epa_id for epa in outlines[group[0]].of_track(group[1])} for group in groups}
    if all(len(shown[group]) == len(outlines[group[0]].epas) for group in groups):
        return cells
    asked = {one.enrolment_id: shown[one.version_id, one.track] for one in moved}
    return kept_in_view(session, cells, asked, in_cohort(cohort_id))


def _earlier_versions(session: Session, cohort_id: UUID) -> set[UUID]:
    """Return the versions that trainees of the cohort were moved away from."""
    left = select(EnrolmentMove.from_version_id).where(EnrolmentMove.enrolment_id.in_(in_cohort(cohort_id)))
    return set(session.scalars(left.distinct()))


def columns_of(
    outlines: Mapping[UUID, ProgrammeOutline], followed: Collection[UUID], known: Iterable[Mapping[UUID, Cell]]
) -> tuple[EpaInProgramme, ...]:
    """Return the EPAs of the newest version that somebody follows, then those of the others, the newest first.

    Of a version that nobody follows any more, only EPAs on which something stayed behind.
    """
    several = len(outlines) > 1
    behind = {key for cells in known if several for key, cell in cells.items() if cell.stays_behind}
    newest_first = sorted(outlines, key=lambda key: (key in followed, outlines[key].loaded_at, key), reverse=True)
    columns: dict[UUID, EpaInProgramme] = {}
    for place, key in enumerate(newest_first):
        for epa in outlines[key].epas:
            if epa.epa_id not in columns and (key in followed or epa.epa_id in behind):
                columns[epa.epa_id] = replace(epa, told_version=epa.version) if place else epa
    return tuple(columns.values())


def in_cohort(cohort_id: UUID | BindParameter[UUID]) -> Select[UUID]:
    """Select the enrolments of a cohort."""
    return select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)


@cache
def _trainees() -> Select[*tuple[Any, ...]]:
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
            Enrolment.programme_version_id.label("version_id"),
            Enrolment.move_id,
        )
        .join(User, User.id == Enrolment.trainee_id)
        .join(Department, Department.id == Enrolment.department_id)
        .where(Enrolment.cohort_id == bindparam("cohort_id", type_=Uuid))
        .order_by(User.name, Enrolment.id)
    )


def row_of(trainee: AnyRow, asked: Asked, known: Mapping[UUID, Cell]) -> TraineeRow:
    """Return the row of one trainee from the cells that are known of them."""
    group = (trainee.version_id, trainee.track)
    cells = asked.cells(group, known)
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
        reached=asked.reached(group, cells),
        asked=asked.count(group),
        last_rated_on=max((cell.last_rated_on for cell in shown if cell.last_rated_on), default=None),
        waiting=sum(cell.waiting for cell in shown),
        version=asked.outlines[trainee.version_id].version,
        has_moved=trainee.move_id is not None,
    )


class Asked:
    """What the columns ask, worked out once for all trainees of a version and track."""

    def __init__(self, columns: tuple[EpaInProgramme, ...], outlines: Mapping[UUID, ProgrammeOutline]) -> None:
        self.columns = columns
        self.codes = [epa.codes_reached for epa in columns]
        self.outlines = outlines
        self.own = {key: {epa.epa_id for epa in outline.epas} for key, outline in outlines.items()}
        self.groups: dict[Group, list[tuple[UUID, bool, bool]]] = {}
        self.counts: dict[Group, int] = {}

    def of(self, group: Group) -> Sequence[tuple[UUID, bool, bool]]:
        """Return each column with whether it is for that group, and whether it is of another version."""
        if group not in self.groups:
            own = self.own[group[0]]
            self.groups[group] = [
                (epa.epa_id, epa.epa_id in own and epa.applies_to(group[1]), epa.epa_id not in own)
                for epa in self.columns
            ]
        return self.groups[group]

    def cells(self, group: Group, known: Mapping[UUID, Cell]) -> tuple[Cell | None, ...]:
        """Return the cells of a trainee: of EPAs of other versions only what stayed behind there."""
        return tuple(
            known.get(key, EMPTY) if applies else _left_behind(known.get(key)) if is_other else None
            for key, applies, is_other in self.of(group)
        )

    def count(self, group: Group) -> int:
        """Return how many EPAs with a target are for that group."""
        if group not in self.counts:
            both = zip(self.columns, self.of(group), strict=True)
            self.counts[group] = sum(applies and epa.target is not None for epa, (_key, applies, _other) in both)
        return self.counts[group]

    def reached(self, group: Group, cells: Sequence[Cell | None]) -> int:
        """Return how many cells of the trainee's own version are in force at the target or above."""
        return sum(
            applies and cell.level.code in codes
            for cell, codes, (_key, applies, _other) in zip(cells, self.codes, self.of(group), strict=True)
            if cell is not None and cell.level is not None and not cell.is_expired
        )


def _left_behind(cell: Cell | None) -> Cell | None:
    return cell if cell is not None and cell.stays_behind else None


def cohort_version(session: Session, cohort_id: UUID) -> str:
    """Return a text that changes whenever the trainees of a cohort, their names or their decisions do."""
    return fingerprint(session, _decisions_and_trainees(), cohort_id=cohort_id)


@cache
def _decisions_and_trainees() -> Select[*tuple[Any, ...]]:
    cohort_id = bindparam("cohort_id", type_=Uuid)
    # Nobody can change or remove a decision: their number alone tells a new one, and the index alone tells the number.
    decided = select(func.count()).select_from(Decision).where(Decision.enrolment_id.in_(in_cohort(cohort_id)))
    enrolled = (
        select(func.count(), func.sum(Enrolment.version), func.md5(func.string_agg(User.name, "|")))
        .join(User, User.id == Enrolment.trainee_id)
        .where(Enrolment.cohort_id == cohort_id)
    )
    return side_by_side(decided, enrolled)
