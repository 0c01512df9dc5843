"""What of a round of feedback may be shown: never a group smaller than its minimum, also not by subtraction."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.errors import RuleBroken
from competencies.instruments import Item, ItemKind
from competencies.multisource import (
    FEWEST,
    SELF,
    RaterGroup,
    Spread,
    check_complete,
    check_conversation,
    check_feedback,
    check_room,
    check_term,
    circles_of,
    lacking,
    next_reminder,
    options_of,
    spread_of,
    words_of,
)

DAY = date(2026, 11, 20)
ROUND = UUID(int=7)
STEPS = ("seldom", "sometimes", "often", "always")


def group(key: str, minimum: int = 3) -> RaterGroup:
    """Return a group with that minimum."""
    return RaterGroup(key=key, title={"nl": key, "en": key}, minimum=minimum)


GROUPS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 9)), min_size=1, max_size=6)


@given(GROUPS)
def test_nothing_is_shown_of_fewer_than_the_minimum_of_any_group_in_it(drawn: list[tuple[int, int]]) -> None:
    groups = [group(f"g{place}", minimum) for place, (minimum, _count) in enumerate(drawn)]
    answers = {f"g{place}": count for place, (_minimum, count) in enumerate(drawn)}
    by_key = {one.key: one for one in groups}
    for circle in circles_of(groups, answers).shown:
        assert circle.answers == sum(answers[key] for key in circle.groups)
        assert all(circle.answers >= by_key[key].shown_from >= FEWEST for key in circle.groups)


@given(GROUPS)
def test_no_small_group_can_be_found_by_subtracting_what_is_shown(drawn: list[tuple[int, int]]) -> None:
    groups = [group(f"g{place}", minimum) for place, (minimum, _count) in enumerate(drawn)]
    answers = {f"g{place}": count for place, (_minimum, count) in enumerate(drawn)}
    circles = circles_of(groups, answers)
    shown = [key for circle in circles.shown for key in circle.groups]
    assert len(shown) == len(set(shown)), "no answer is in two circles, so none is the difference of two"
    assert not {one.group for one in circles.withheld} & set(shown)
    small = {one.key for one in groups if 0 < answers[one.key] < one.shown_from}
    for circle in circles.shown:
        assert len(small & set(circle.groups)) != 1, "a small group is shown with another small one or not at all"


@given(GROUPS)
def test_every_group_that_answered_is_shown_or_said_to_be_withheld(drawn: list[tuple[int, int]]) -> None:
    groups = [group(f"g{place}", minimum) for place, (minimum, _count) in enumerate(drawn)]
    answers = {f"g{place}": count for place, (_minimum, count) in enumerate(drawn)}
    circles = circles_of(groups, answers)
    named = {key for circle in circles.shown for key in circle.groups} | {one.group for one in circles.withheld}
    assert named == {key for key, count in answers.items() if count}
    for one in circles.withheld:
        alone = circles_of(groups, {one.group: one.answers + one.needed})
        assert alone.shown, "with as many more as are needed it is shown"


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_a_spread_counts_what_was_chosen_or_says_nothing(chosen: list[str]) -> None:
    spread = spread_of(chosen, STEPS)
    if len(chosen) < FEWEST:
        assert spread == Spread(0)
    else:
        assert sum(count for _option, count in spread.counts) == spread.answers == len(chosen)
        assert set(spread.middle) <= set(chosen)


def test_two_small_groups_are_shown_as_one_and_one_alone_is_not() -> None:
    groups = [group("peers"), group("nurses"), group("supervisors", 2), group("management", 2)]
    circles = circles_of(groups, {"peers": 4, "nurses": 0, "supervisors": 2, "management": 2, SELF: 1})
    assert [(one.groups, one.answers) for one in circles.shown] == [
        (("peers",), 4),
        (("supervisors", "management"), 4),
    ]
    alone = circles_of(groups, {"peers": 4, "supervisors": 2})
    assert [(one.group, one.answers, one.needed) for one in alone.withheld] == [("supervisors", 2, 1)]


def test_the_middle_of_an_even_number_can_lie_between_two_steps() -> None:
    assert spread_of(["seldom", "often", "often"], STEPS).middle == ("often",)
    assert spread_of(["seldom", "sometimes", "often", "always"], STEPS).middle == ("sometimes", "often")


def test_texts_stand_in_an_order_that_does_not_follow_their_writers() -> None:
    texts = [f"text {number}" for number in range(12)]
    one = words_of(texts, round_id=ROUND, item="strength", groups=["peers"])
    assert one == words_of(reversed(texts), round_id=ROUND, item="strength", groups=["peers"])
    other = words_of([text.replace("text", "word") for text in texts], round_id=ROUND, item="growth", groups=["peers"])
    assert [text.split()[1] for text in one] != [text.split()[1] for text in other]


def test_a_round_closes_early_only_when_each_group_has_its_minimum() -> None:
    groups = [group("peers", 2), group(SELF, 1)]
    check_complete(groups, {"peers": 2, SELF: 1})
    assert lacking(groups, {"peers": 1}) == {"peers": 1, SELF: 1}
    with pytest.raises(RuleBroken, match="round_incomplete"):
        check_complete(groups, {"peers": 2})


def test_an_answer_holds_something_that_fits_the_items() -> None:
    items = [Item(key="help", kind=ItemKind.RUBRIC, title={"en": "Help"}, steps={step: {"en": step} for step in STEPS})]
    check_feedback(items, {"help": "often"}, levels=())
    assert options_of(items[0], ()) == STEPS
    for answers, code in (({}, "feedback_empty"), ({"help": "never"}, "item_unfit"), ({"x": "often"}, "item_unknown")):
        with pytest.raises(RuleBroken, match=code):
            check_feedback(items, answers, levels=())


def test_days_of_a_round() -> None:
    check_term(DAY, today=DAY)
    check_conversation(DAY, today=DAY)
    for wrong in (DAY - timedelta(days=1), DAY + timedelta(days=91)):
        with pytest.raises(RuleBroken, match="round_term"):
            check_term(wrong, today=DAY)
    with pytest.raises(RuleBroken, match="conversation_past"):
        check_conversation(DAY - timedelta(days=1), today=DAY)
    with pytest.raises(RuleBroken, match="round_full"):
        check_room(60)


def test_who_does_not_answer_is_reminded_twice_and_never_after_the_last_day() -> None:
    closes = DAY + timedelta(days=4)
    assert next_reminder(DAY, sent=0, closes_on=closes) == DAY + timedelta(days=2)
    assert next_reminder(DAY, sent=1, closes_on=closes) is None
    assert next_reminder(DAY, sent=1, closes_on=DAY + timedelta(days=9)) == DAY + timedelta(days=5)
    assert next_reminder(DAY, sent=2, closes_on=DAY + timedelta(days=9)) is None
