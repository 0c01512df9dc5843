"""Concerns: where one stands, what may be added to it when, and when the next step is wanted."""

from datetime import date, timedelta

import pytest

from competencies.concerns import (
    ConcernState,
    ConcernStep,
    check_concern,
    check_step,
    due_after,
    state_after,
    steps_from,
    talk_by,
)
from competencies.errors import RuleBroken

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
TALKED, FOLLOWED_UP, CORRECTED, CLOSED = ConcernStep


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((), ConcernState.NOTED),
        ((FOLLOWED_UP, CORRECTED), ConcernState.NOTED),
        ((TALKED, FOLLOWED_UP), ConcernState.TALKED),
        ((TALKED, CLOSED, CORRECTED), ConcernState.CLOSED),
    ],
)
def test_a_concern_stands_where_its_steps_brought_it(steps: tuple[ConcernStep, ...], state: ConcernState) -> None:
    assert state_after(steps) is state


def test_it_is_closed_only_after_a_talk_and_then_only_corrected() -> None:
    assert CLOSED not in steps_from(ConcernState.NOTED)
    assert CLOSED in steps_from(ConcernState.TALKED)
    assert steps_from(ConcernState.CLOSED) == (CORRECTED,)


@pytest.mark.parametrize(
    ("state", "step", "talked_on", "due_on", "code"),
    [
        (ConcernState.NOTED, CLOSED, None, None, "concern_step"),
        (ConcernState.NOTED, TALKED, TODAY + DAY, None, "talk_in_future"),
        (ConcernState.NOTED, TALKED, TODAY - 6 * DAY, None, "talk_before_seen"),
        (ConcernState.TALKED, FOLLOWED_UP, None, TODAY - DAY, "follow_up_past"),
    ],
)
def test_a_step_that_does_not_fit_is_refused(
    state: ConcernState, step: ConcernStep, talked_on: date | None, due_on: date | None, code: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_step(state, step, talked_on=talked_on, due_on=due_on, seen_on=TODAY - 5 * DAY, today=TODAY)
    assert broken.value.code == code


def test_it_was_seen_between_the_start_and_today_or_the_end() -> None:
    check_concern(seen_on=TODAY, starts_on=TODAY, ended_on=TODAY, today=TODAY)
    for seen_on, ended_on, code in (
        (TODAY + DAY, None, "concern_in_future"),
        (TODAY - DAY, None, "concern_before_enrolment"),
        (TODAY, TODAY - DAY, "concern_after_enrolment"),
    ):
        with pytest.raises(RuleBroken) as broken:
            check_concern(seen_on=seen_on, starts_on=TODAY, ended_on=ended_on, today=TODAY)
        assert broken.value.code == code


def test_the_next_day_stays_until_another_is_agreed_and_goes_with_closing() -> None:
    assert talk_by(TODAY) == TODAY + 7 * DAY
    assert due_after(FOLLOWED_UP, due_on=None, before=TODAY) == TODAY
    assert due_after(TALKED, due_on=TODAY + DAY, before=TODAY) == TODAY + DAY
    assert due_after(CLOSED, due_on=None, before=TODAY) is None
