"""The cohort as trainees by EPAs, read from the database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from lms.progress.queries import cohort_matrix, lines_of, progress_of
from lms.progress.queries.outlines import forget
from lms.progress.values import Cell, CohortMatrix
from tests.factories import TODAY, Ward, enrol, make_user
from tests.progress.history import asked_for, decided, rated


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def cell_of(session: Session, ward: Ward, epa: str = "onc-k2", *, on: date = TODAY) -> Cell:
    shown = cohort_matrix(session, ward.cohort.id, on=on)
    at = [column.key for column in shown.columns].index(epa)
    (row,) = [row for row in shown.rows if row.trainee_id == ward.trainee.id]
    cell = row.cells[at]
    assert cell is not None
    return cell


def code(cell: Cell) -> str | None:
    return cell.in_force.code if cell.in_force else None


def test_a_cell_holds_decision_rating_and_what_waits(session: Session, ward: Ward) -> None:
    rated(session, ward, level="3", on=TODAY - timedelta(days=20))
    rated(session, ward, level="4", on=TODAY - timedelta(days=40))
    asked_for(session, ward)
    decision = decided(session, ward, level="3", on=TODAY - timedelta(days=1), valid_until=TODAY)
    cell = cell_of(session, ward)
    assert (code(cell), cell.decision_id, cell.valid_until) == ("3", decision.id, TODAY)
    assert (cell.rating_count, cell.last_rated_on, cell.waiting) == (2, TODAY - timedelta(days=20), 1)
    assert cell.last_rating is not None
    assert cell.last_rating.code == "3"


def test_the_day_after_its_last_day_a_decision_has_expired(session: Session, ward: Ward) -> None:
    decided(session, ward, on=TODAY - timedelta(days=9), valid_until=TODAY)
    assert code(cell_of(session, ward)) == "4"
    tomorrow = cell_of(session, ward, on=TODAY + timedelta(days=1))
    assert (code(tomorrow), tomorrow.is_expired) == (None, True)


def test_a_decision_that_is_to_begin_leaves_the_one_before_in_force(session: Session, ward: Ward) -> None:
    decided(session, ward, level="3", on=TODAY - timedelta(days=30))
    decided(session, ward, level="4", on=TODAY + timedelta(days=7))
    assert code(cell_of(session, ward)) == "3"
    assert code(cell_of(session, ward, on=TODAY + timedelta(days=7))) == "4"


def test_a_first_decision_that_is_to_begin_is_not_in_force(session: Session, ward: Ward) -> None:
    decided(session, ward, on=TODAY + timedelta(days=7))
    assert cell_of(session, ward).level is None


def test_epas_of_another_track_are_left_out(session: Session) -> None:
    ward = Ward(session, programme="functielaborant", track="heart_function")
    shown = cohort_matrix(session, ward.cohort.id, on=TODAY)
    (row,) = shown.rows
    applies = {column.key: cell is not None for column, cell in zip(shown.columns, row.cells, strict=True)}
    assert applies["fl-h1"]
    assert applies["fl-b1"]
    assert not applies["fl-l1"]
    assert row.asked < len(shown.columns)


def matrix_with(session: Session, ward: Ward, trainees: int) -> CohortMatrix:
    for _number in range(trainees):
        enrol(session, ward.cohort, make_user(session), ward.department)
    return cohort_matrix(session, ward.cohort.id, on=TODAY)


def test_the_number_of_statements_is_the_same_for_any_cohort(
    session: Session, ward: Ward, statements: list[str]
) -> None:
    cohort_matrix(session, ward.cohort.id, on=TODAY)
    statements.clear()
    cohort_matrix(session, ward.cohort.id, on=TODAY)
    assert len(statements) == 2
    assert len(matrix_with(session, ward, 12).rows) == 13
    statements.clear()
    cohort_matrix(session, ward.cohort.id, on=TODAY)
    assert len(statements) == 2


def test_an_outline_is_asked_for_once(session: Session, ward: Ward, statements: list[str]) -> None:
    forget()
    cohort_matrix(session, ward.cohort.id, on=TODAY)
    cold = len(statements)
    statements.clear()
    cohort_matrix(session, ward.cohort.id, on=TODAY)
    assert len(statements) < cold <= 14


def test_progress_in_bulk_is_the_progress_of_each(session: Session, ward: Ward, statements: list[str]) -> None:
    rated(session, ward)
    other = enrol(session, ward.cohort, make_user(session), ward.department)
    ids = [ward.enrolment.id, other.id]
    one_by_one = {key: value for one in ids for key, value in progress_of(session, [one], on=TODAY).items()}
    statements.clear()
    assert progress_of(session, ids, on=TODAY) == one_by_one
    assert len(statements) == 3
    assert any(value.counted for key, value in one_by_one.items() if key[0] == ward.enrolment.id)


def test_lines_and_matrix_show_the_same_levels(session: Session, ward: Ward) -> None:
    decided(session, ward)
    (row,) = cohort_matrix(session, ward.cohort.id, on=TODAY).rows
    lines = lines_of(session, [ward.enrolment], on=TODAY)[ward.enrolment.id]
    assert [line.cell for line in lines] == list(row.cells)
    assert sum(line.is_reached for line in lines) == row.reached == 1
