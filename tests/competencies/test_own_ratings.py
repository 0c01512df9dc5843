"""Own ratings together: medians of what can only be ordered, delays, months, and what comments seem to say."""

from datetime import date

import pytest

from competencies.coaching import CoachingMark
from competencies.own_ratings import Month, comments_of, delays_of, median_of, months_of

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("ranks", "median"), [([], None), ([3], (3, 3)), ([4, 2], (2, 4)), ([1, 5, 2], (2, 2)), ([1, 2, 2, 9], (2, 2))]
)
def test_the_median_is_one_of_the_levels_or_between_two(ranks: list[int], median: tuple[int, int] | None) -> None:
    assert median_of(ranks) == median


def test_delays_are_counted_at_their_edges() -> None:
    delays = delays_of([0, 1, 3, 4, 14, 15])
    assert (delays.count, delays.median) == (6, (3, 4))
    assert (delays.same_day, delays.next_day, delays.soon, delays.late) == (1, 2, 3, 1)


def test_twelve_months_end_with_the_one_of_today_over_the_turn_of_a_year() -> None:
    months = months_of([(TODAY, 0), (TODAY, 15), (date(2025, 12, 31), 4), (date(2025, 11, 30), 0)], until=TODAY)
    assert [one.first for one in (months[0], months[-1])] == [date(2025, 12, 1), date(2026, 11, 1)]
    assert (months[0], months[-1]) == (Month(date(2025, 12, 1), 0, 1, 0), Month(date(2026, 11, 1), 1, 0, 1))
    assert sum(one.count for one in months) == 3


def test_comments_are_counted_by_what_they_seem_to_say() -> None:
    told = "You checked the name first and explained each step. Next time ask for help, because it was busy."
    comments = comments_of([told, "Fine", "", " "])
    assert (comments.ratings, comments.commented) == (4, 2)
    assert comments.marks == dict.fromkeys(CoachingMark, 1)
