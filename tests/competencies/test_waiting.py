"""How long requests wait: reminders, expiry, hands and loads, as pure rules."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.errors import RuleBroken
from competencies.waiting import (
    MOST_HANDS,
    USUAL,
    Terms,
    check_extension,
    check_hand_on,
    check_load,
    middle,
    terms_from,
)

DAY = date(2026, 11, 2)
A, B, C, TRAINEE = (uuid4() for _one in range(4))


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def test_the_usual_terms_remind_after_two_and_five_days_and_end_after_fourteen() -> None:
    assert USUAL.reminders == (2, 5)
    assert USUAL.expires_on(DAY) == after(14)
    assert USUAL.extended(USUAL.expires_on(DAY)) == after(21)
    assert terms_from(None) is USUAL


def test_a_programme_can_say_otherwise_and_leave_reminders_out() -> None:
    block = {"first_reminder_days": 3, "second_reminder_days": None, "expiry_days": 10, "extension_days": 4}
    assert terms_from(block) == Terms(first_reminder=3, second_reminder=None, expiry=10, extension=4)
    assert terms_from(block).reminders == (3,)


@pytest.mark.parametrize(("days", "due"), [(0, 0), (1, 0), (2, 1), (4, 1), (5, 2), (40, 2)])
def test_reminders_are_due_by_a_day_and_late_ones_become_one(days: int, due: int) -> None:
    assert USUAL.reminders_due(DAY, on=after(days)) == due


@given(st.lists(st.integers(0, 40), min_size=1))
def test_whenever_the_job_runs_each_reminder_is_sent_at_most_once(runs: list[int]) -> None:
    sent, notices, next_one = 0, 0, USUAL.next_reminder(DAY, sent=0)
    for days in sorted(runs):
        if next_one is not None and next_one <= after(days):
            sent, notices = USUAL.reminders_due(DAY, on=after(days)), notices + 1
            next_one = USUAL.next_reminder(DAY, sent=sent)
    assert notices <= sent == USUAL.reminders_due(DAY, on=after(max(runs)))
    assert notices <= 2


def hand(
    to: UUID, *, holders: tuple[UUID, ...] = (A,), assessors: tuple[UUID, ...] = (A, B, C), is_personal: bool = False
) -> None:
    check_hand_on(to, name="Jo", holders=holders, trainee_id=TRAINEE, assessors=assessors, is_personal=is_personal)


def refused(code: str, **case: object) -> None:
    with pytest.raises(RuleBroken) as broken:
        hand(**case)  # type: ignore[arg-type]
    assert broken.value.code == code


def test_a_request_goes_on_to_somebody_who_can_answer_it_and_never_back() -> None:
    hand(B)
    hand(C, holders=(A, B))
    refused("held_before", to=A, holders=(A, B))
    refused("held_before", to=B, holders=(A, B, C))
    refused("own_assessment", to=TRAINEE, assessors=(A, TRAINEE))
    refused("assessor_not_available", to=uuid4())
    refused("hand_on_personal", to=B, is_personal=True)


def test_a_request_changes_hands_three_times_at_most() -> None:
    holders = tuple(uuid4() for _one in range(MOST_HANDS))
    hand(B, holders=holders)
    refused("handed_on_too_often", to=B, holders=(*holders, uuid4()))


def test_more_time_is_given_once_and_never_to_a_link() -> None:
    check_extension(is_extended=False, is_personal=False)
    for code, case in (("extended_before", (True, False)), ("extension_by_link", (False, True))):
        with pytest.raises(RuleBroken) as broken:
            check_extension(is_extended=case[0], is_personal=case[1])
        assert broken.value.code == code


def test_one_more_is_refused_at_the_limit() -> None:
    check_load(name="Jo", open_now=14, limit=15)
    with pytest.raises(RuleBroken) as broken:
        check_load(name="Jo", open_now=15, limit=15)
    assert (broken.value.code, dict(broken.value.facts)) == ("over_limit", {"assessor": "Jo", "open": 15, "limit": 15})


def test_the_middle_of_none_is_none() -> None:
    assert middle([]) is None
    assert middle([1, 2, 9]) == 2
    assert middle([1, 2]) == 1.5
