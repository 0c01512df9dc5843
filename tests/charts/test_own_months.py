"""Own ratings by month as a picture."""

from __future__ import annotations

from datetime import date

import pytest

from competencies.own_ratings import Month
from lms.charts.own_months import NARROW, WIDE, MonthsWords, own_months, size_of
from lms.charts.style import svg_of

WORDS = MonthsWords(
    title="Ratings", delays=("within 3 days", "within 14 days", "later"), month=lambda day: f"{day:%m-%Y}"
)
MONTHS = [Month(date(2026, month, 1), soon=month, later=month % 3, late=0) for month in range(1, 13)]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_each_month_has_its_number_and_the_same_values_the_same_picture(width: int) -> None:
    drawn = svg_of(own_months(MONTHS, WORDS, width=width), title=WORDS.title)
    assert drawn == svg_of(own_months(MONTHS, WORDS, width=width), title=WORDS.title)
    assert all(f">{month.count}</text>" in drawn.decode() for month in MONTHS)
    assert f'width="{size_of(width=width)[0]}"' in drawn.decode()
    assert all(words in drawn.decode() for words in WORDS.delays)


def test_months_without_ratings_are_a_bare_line() -> None:
    empty = [Month(date(2026, 1, 1), 0, 0, 0)]
    assert b">0<" not in svg_of(own_months(empty, WORDS), title=WORDS.title)
