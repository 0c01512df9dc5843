"""A part of a cohort holds to the cell what the whole cohort holds there, and its totals are those of the selection."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from lms.progress.queries import cohort_matrix, cohort_part
from lms.progress.values import CohortPart, Order, Selection, Shown
from lms.standings.actions import note_request
from tests.factories import TODAY, Ward, enrol, make_department, make_user
from tests.progress.history import decided
from tests.reports.cohorts import Class, declare

SELECTIONS = (
    Selection(),
    Selection(descending=True),
    Selection(order=Order.START),
    Selection(order=Order.REACHED, descending=True),
    Selection(name="e"),
    Selection(name="nobody at all"),
    Selection(department="Elsewhere"),
    Selection(shown=Shown.CURRENT),
    Selection(shown=Shown.ENDED),
)


@pytest.fixture
def classroom(session: Session) -> Class:
    """A class with one more, who works elsewhere, has an expired level and one in force, and waits for an answer."""
    made = Class(session)
    other = enrol(
        session, made.cohort, make_user(session, "Fenna"), make_department(session, made.organisation, "Elsewhere")
    )
    declare(session, made, other, made.first, 2, on=TODAY - timedelta(days=9), until=None)
    declare(session, made, other, made.second, 4, on=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1))
    note_request(session, enrolment_id=other.id, epa_id=made.second.id)
    return made


def assert_is_of_the_whole(session: Session, ward: Ward, selection: Selection, part: slice) -> CohortPart:
    whole = cohort_matrix(session, ward.cohort.id, on=TODAY)
    found = cohort_part(session, ward.cohort.id, selection, on=TODAY, part=part, counted=True)
    assert found == CohortPart.of(whole, selection, part)
    return found


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("part", [slice(0, 2), slice(1, 3), slice(None)])
def test_a_part_is_what_stands_there_of_the_whole(
    session: Session, classroom: Class, selection: Selection, part: slice
) -> None:
    assert_is_of_the_whole(session, classroom, selection, part)


def test_the_totals_hold_levels_in_force_expired_ones_and_requests(session: Session, classroom: Class) -> None:
    found = assert_is_of_the_whole(session, classroom, Selection(), slice(0, 1))
    assert found.totals
    at = [column.epa_id for column in found.matrix.columns].index(classroom.second.id)
    numbers = found.totals.epas[at]
    assert (numbers.trainees, numbers.expired, numbers.waiting) == (5, 1, 2)
    assert (found.totals.trainees, found.totals.reached, found.totals.somebody_waits) == (5, 1, True)


def test_a_part_of_a_programme_with_tracks(session: Session) -> None:
    ward = Ward(session, programme="functielaborant", track="heart_function")
    other = enrol(session, ward.cohort, make_user(session), ward.department)
    other.track = "lung_function"
    session.flush()
    found = assert_is_of_the_whole(session, ward, Selection(), slice(0, 1))
    assert found.totals
    assert {numbers.trainees for numbers in found.totals.epas} == {0, 1, 2}
    assert found.roll.tracks == ("heart_function", "lung_function")


def test_a_decision_that_is_to_begin_counts_as_what_was_in_force_before(session: Session, classroom: Class) -> None:
    decided(session, classroom, level="3", on=TODAY - timedelta(days=30))
    decided(session, classroom, level="4", on=TODAY + timedelta(days=7))
    for part in (slice(0, 1), slice(4, 5)):
        assert_is_of_the_whole(session, classroom, Selection(), part)


def test_a_part_takes_as_many_statements_for_any_cohort(
    session: Session, classroom: Class, statements: list[str]
) -> None:
    assert_is_of_the_whole(session, classroom, Selection(), slice(0, 2))
    for counted, most in ((True, 3), (False, 2)):
        statements.clear()
        cohort_part(session, classroom.cohort.id, Selection(), on=TODAY, part=slice(0, 2), counted=counted)
        assert len(statements) == most
