"""Numbers without people: small groups are left out, and so is what would give them away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lms.core.small_groups import without_small

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40), min_size=1)


def test_groups_under_five_are_left_out() -> None:
    assert without_small({"4": 9, "3": 2, "2": 4, "1": 0}, 5) == {"4": 9, "3": None, "2": None, "1": 0}


def test_a_single_small_group_takes_the_next_smallest_with_it() -> None:
    assert without_small({"4": 20, "3": 7, "2": 2, "1": 0}, 5) == {"4": 20, "3": None, "2": None, "1": 0}


def test_small_groups_that_are_small_together_take_the_next_smallest_with_them() -> None:
    assert without_small({"4": 8, "3": 1, "2": 1, "1": 20}, 5) == {"4": None, "3": None, "2": None, "1": 20}


def test_of_a_small_whole_nothing_is_shown() -> None:
    assert without_small({"4": 3, "3": 0}, 5) == {"4": None, "3": None}


def test_an_empty_whole_shows_nothing() -> None:
    assert without_small({"4": 0}, 5) == {"4": None}


@given(COUNTS)
def test_what_is_shown_is_true_and_large_enough(counts: dict[str, int]) -> None:
    for key, shown in without_small(counts, 5).items():
        assert shown is None or (shown == counts[key] and (shown == 0 or shown >= 5))


@given(COUNTS)
def test_no_group_can_be_worked_out_from_the_whole(counts: dict[str, int]) -> None:
    shown = without_small(counts, 5)
    hidden = [counts[key] for key, number in shown.items() if number is None]
    assert sum(counts.values()) < 5 or not hidden or (len(hidden) > 1 and sum(hidden) >= 5)


@given(COUNTS)
def test_without_a_smallest_group_everything_is_shown(counts: dict[str, int]) -> None:
    assert without_small(counts, 1) == counts or not sum(counts.values())
