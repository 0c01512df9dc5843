"""What may be logged, and what may be changed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from competencies.activities import LARGEST_QUANTITY, check_change, check_day, check_epas, check_place, check_quantity
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind

TODAY = date(2026, 11, 20)
START = date(2026, 5, 4)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("performed_on", "ended_on", "code"),
    [
        (TODAY, None, None),
        (START, None, None),
        (TODAY + DAY, None, "activity_in_future"),
        (START - DAY, None, "activity_before_enrolment"),
        (TODAY - DAY, TODAY - DAY, None),
        (TODAY, TODAY - DAY, "activity_after_enrolment"),
    ],
)
def test_a_day_lies_within_the_enrolment_and_has_come(performed_on: date, ended_on: date | None, code: str) -> None:
    def check() -> None:
        check_day(performed_on, starts_on=START, ended_on=ended_on, today=TODAY)

    assert refusal(check) == code


def refusal(check: object) -> str | None:
    """Return the code with which a check refuses, or null where it accepts."""
    assert callable(check)
    try:
        check()
    except RuleBroken as broken:
        return broken.code
    return None


def test_a_place_and_epas_are_among_those_offered() -> None:
    here, there = uuid4(), uuid4()
    assert refusal(lambda: check_place(here, departments={here})) is None
    assert refusal(lambda: check_place(there, departments={here})) == "department_not_involved"
    assert refusal(lambda: check_epas([here], offered={here, there})) is None
    assert refusal(lambda: check_epas([here, there], offered={here})) == "epa_not_offered"
    assert refusal(lambda: check_epas([], offered={here})) == "activity_without_epa"


@pytest.mark.parametrize(("quantity", "accepted"), [(0, False), (1, True), (999, True), (1000, False), (-1, False)])
def test_a_quantity_is_from_one_to_the_largest(quantity: int, accepted: bool) -> None:
    assert LARGEST_QUANTITY == 999
    assert refusal(lambda: check_quantity(quantity)) == (None if accepted else "quantity_out_of_range")


def test_an_activity_changes_until_it_is_rated_and_a_round_stays_a_round() -> None:
    procedure, shift, round_ = ActivityKind.PROCEDURE, ActivityKind.SHIFT, ActivityKind.FEEDBACK_ROUND
    assert refusal(lambda: check_change(is_rated=False, was=procedure, to=shift)) is None
    assert refusal(lambda: check_change(is_rated=False, was=round_, to=round_)) is None
    assert refusal(lambda: check_change(is_rated=True, was=procedure, to=procedure)) == "activity_rated"
    assert refusal(lambda: check_change(is_rated=False, was=procedure, to=round_)) == "round_stays_round"
    assert refusal(lambda: check_change(is_rated=False, was=round_, to=shift)) == "round_stays_round"
    reflection = ActivityKind.REFLECTION
    assert refusal(lambda: check_change(is_rated=False, was=procedure, to=reflection)) == "reflection_stays_reflection"
    assert refusal(lambda: check_change(is_rated=False, was=reflection, to=shift)) == "reflection_stays_reflection"
    check_change(is_rated=False, was=reflection, to=reflection)
