"""What the trainee reads of a concern, whatever was added to it in which order."""

from __future__ import annotations

from itertools import product

import pytest

from competencies.concerns import ConcernStep, state_after, steps_from
from lms.concerns.models import Concern, ConcernEntry
from lms.concerns.values import not_shown_yet, shown_to_trainee, will_be_shown

TALKED, FOLLOWED_UP, CORRECTED, CLOSED = ConcernStep


def concern_with(*steps: ConcernStep, shares: int | None = None) -> Concern:
    """Return a concern with these steps; the one with the number `shares` shares the text."""
    entries = [ConcernEntry(number=number, step=one, shares=number == shares) for number, one in enumerate(steps, 1)]
    return Concern(steps=entries)


def numbers(entries: object) -> list[int]:
    assert isinstance(entries, list | tuple)
    return [one.number for one in entries]


@pytest.mark.parametrize(
    ("steps", "shares", "shown"),
    [
        ((FOLLOWED_UP, CORRECTED), None, []),
        ((CORRECTED, TALKED, CORRECTED, FOLLOWED_UP), None, [2, 4]),
        ((TALKED, CORRECTED, TALKED, CLOSED, CORRECTED), None, [1, 3, 4]),
        ((CORRECTED, FOLLOWED_UP, TALKED, CORRECTED), 3, [1, 2, 3, 4]),
        ((TALKED, CORRECTED, TALKED), 3, [1, 2, 3]),
    ],
)
def test_a_correction_goes_with_the_text_and_the_rest_with_the_first_talk(
    steps: tuple[ConcernStep, ...], shares: int | None, shown: list[int]
) -> None:
    concern = concern_with(*steps, shares=shares)
    assert numbers(shown_to_trainee(concern)) == shown
    assert sorted(shown + numbers(not_shown_yet(concern))) == list(range(1, len(steps) + 1))


@pytest.mark.parametrize("shares", [None, 1])
def test_who_adds_a_step_is_told_rightly_whether_the_trainee_reads_it(shares: int | None) -> None:
    for length in range(3):
        for before in product(ConcernStep, repeat=length):
            shared = shares if before[:1] == (TALKED,) else None
            for step in steps_from(state_after(before)):
                after = concern_with(*before, step, shares=shared)
                said = will_be_shown(concern_with(*before, shares=shared), step)
                assert said == (len(before) + 1 in numbers(shown_to_trainee(after)))
