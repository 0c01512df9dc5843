"""How long a form keeps a rater."""

import pytest

from competencies.curricula import ResultKind
from competencies.form_length import BUDGET, SECONDS_TO_ANSWER, form_length


def test_every_kind_of_result_takes_some_time() -> None:
    assert set(SECONDS_TO_ANSWER) == set(ResultKind)


def test_a_level_without_anything_to_read_fits_easily() -> None:
    assert form_length(ResultKind.LEVEL, []).seconds == 6


@pytest.mark.parametrize(("items", "seconds", "too_long"), [(4, 14, False), (5, 16, True), (9, 24, True)])
def test_each_item_of_four_words_takes_two_seconds(items: int, seconds: int, *, too_long: bool) -> None:
    length = form_length(ResultKind.LEVEL, [4] * items)
    assert (length.seconds, length.is_too_long) == (seconds, too_long)


def test_exactly_the_budget_is_not_too_long() -> None:
    length = form_length(ResultKind.LEVEL, [32])
    assert length.seconds == BUDGET
    assert not length.is_too_long


def test_writing_takes_longer_than_the_bedside_has() -> None:
    assert form_length(ResultKind.NARRATIVE, []).is_too_long
