"""Dated membership."""

from datetime import date

import pytest

from competencies.people import is_current

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


@pytest.mark.parametrize(
    ("ends_on", "on", "expected"),
    [
        (LAST, date(2025, 12, 31), False),
        (LAST, FIRST, True),
        (LAST, date(2026, 3, 1), True),
        (LAST, LAST, True),
        (LAST, date(2026, 7, 1), False),
        (FIRST, FIRST, True),
        (None, date(2025, 12, 31), False),
        (None, date(2099, 1, 1), True),
    ],
)
def test_a_membership_holds_from_its_first_day_through_its_last(ends_on: date | None, on: date, expected: bool) -> None:
    assert is_current(FIRST, ends_on, on) is expected
