"""What the captions of charts find, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import force_locale

from competencies.entrustment import Decision
from lms.progress.captions import cohort_caption, events, levels_caption, numbers_caption
from lms.progress.numbers import numbers_of
from lms.progress.values import Cell, Rated
from tests.progress.test_values import LEVELS, matrix, row

DAY = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def _english(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


def given(rank: int, days: int = 0, *, by_trainee: bool = False) -> Rated:
    return Rated(DAY + timedelta(days=days), LEVELS[rank - 1], by_trainee)


def test_levels_over_time_find_how_many_reach_the_needed_level_and_the_last() -> None:
    ratings = [given(4, days=2), given(2), given(5, days=1), given(5, days=9, by_trainee=True)]
    assert levels_caption(ratings, target=LEVELS[3], in_force=LEVELS[2]) == (
        "Ratings at the needed level 4 or higher: 2 of 3. "
        "The last one, on 5 Nov 2026, is level 4 x. Declared and in force: level 3 x."
    )


def test_without_ratings_the_caption_says_so() -> None:
    caption = levels_caption([given(5, by_trainee=True)], target=LEVELS[3], in_force=None)
    assert caption == "No assessor has rated this EPA yet. No declaration is in force."


def test_the_table_beside_the_chart_is_in_the_order_of_the_days() -> None:
    decision = Decision(
        id=uuid4(),
        epa_id=uuid4(),
        level=LEVELS[3],
        decided_on=DAY + timedelta(days=1),
        valid_until=None,
        decided_by=uuid4(),
        recorded_at=datetime(2026, 11, 4, tzinfo=UTC),
    )
    found = events([given(2), given(4, days=2), given(5, days=3, by_trainee=True)], [decision])
    assert [(one.what, one.level.code) for one in found] == [
        ("Assessment", "2"),
        ("Declaration", "4"),
        ("Assessment", "4"),
        ("Own rating", "5"),
    ]


def test_a_cohort_finds_what_is_in_force_and_what_has_expired() -> None:
    shown = matrix(
        row("Anna", Cell(level=LEVELS[3])), row("Bram", Cell(level=LEVELS[3], is_expired=True)), row("Chaima")
    )
    assert cohort_caption(shown) == (
        "3 trainees. In force at the needed level: 1 of the 3 declarations that the programme asks. Expired: 1."
    )


def test_a_cohort_in_numbers_finds_its_largest_group() -> None:
    shown = matrix(*(row(f"Person {number}", Cell(level=LEVELS[3])) for number in range(6)))
    found = numbers_caption(numbers_of(shown, smallest=5))
    assert found == "The largest group that can be shown: 6 trainees at level 4 x of K1 (c)."
    few = matrix(row("Anna", Cell(level=LEVELS[3])))
    assert numbers_caption(numbers_of(few, smallest=5)).startswith("No level in this cohort")


def test_captions_speak_dutch() -> None:
    with force_locale("nl"):
        assert levels_caption([], target=LEVELS[3], in_force=None) == (
            "Nog geen beoordelaar heeft deze EPA beoordeeld. Er is geen bekwaamverklaring van kracht."
        )
