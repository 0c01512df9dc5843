"""Stringency: what counts, when nothing is said yet, and that the interval keeps what it promises."""

import numpy as np
import pytest

from competencies.stringency import (
    FEWEST_RATINGS,
    Compared,
    Leaning,
    NotEnough,
    Stringency,
    _student,
    stringency_of,
)

OTHERS = frozenset("abc")
SIDES = {"lower": (0, 0, 2), "same": (0, 2, 0), "higher": (2, 0, 0)}


def own(side: str, *, trainees: int, ratings: int = 3, others: frozenset[str] = OTHERS) -> list[Compared]:
    """Return so many own ratings of so many trainees, each on that side of two others."""
    return [Compared(trainee, others, *SIDES[side]) for trainee in range(trainees) for _rating in range(ratings)]


def known(compared: list[Compared]) -> Stringency:
    found = stringency_of(compared)
    assert isinstance(found, Stringency)
    return found


@pytest.mark.parametrize(("side", "leaning"), [("lower", "lower"), ("higher", "higher"), ("same", "no_difference")])
def test_ratings_that_all_lie_on_one_side_of_many_trainees_are_said_so(side: str, leaning: str) -> None:
    found = known(own(side, trainees=12))
    assert found.leaning == leaning
    assert getattr(found, side) == 1
    assert -1 <= found.low <= found.effect <= found.high <= 1


@pytest.mark.parametrize("side", ["lower", "higher"])
def test_four_trainees_who_agree_are_not_yet_certain(side: str) -> None:
    assert known(own(side, trainees=4)).leaning is Leaning.NO_DIFFERENCE


def test_below_the_threshold_it_says_what_lacks_and_nothing_else() -> None:
    assert stringency_of(own("lower", trainees=3)) == NotEnough(ratings=1, trainees=1, others=0)
    assert stringency_of(own("lower", trainees=5, others=frozenset("a"))) == NotEnough(0, 0, 2)
    assert stringency_of([]) == NotEnough(10, 4, 3)


def test_what_nobody_else_rated_counts_nowhere() -> None:
    alone = [Compared("alone", frozenset(), 0, 0, 0)] * FEWEST_RATINGS
    assert stringency_of(alone) == NotEnough(10, 4, 3)
    assert known([*own("same", trainees=5), *alone]).trainees == 5


def test_both_sides_weigh_the_same() -> None:
    one, other = own("lower", trainees=6) + own("same", trainees=6), own("higher", trainees=6) + own("same", trainees=6)
    lower, higher = known(one), known(other)
    assert (lower.effect, lower.low, lower.high) == pytest.approx((-higher.effect, -higher.high, -higher.low))


def test_an_own_rating_weighs_the_same_however_many_others_there_are() -> None:
    few, many = own("lower", trainees=6), own("higher", trainees=6)
    crowded = [Compared(one.trainee, OTHERS, 40, 0, 0) for one in many]
    assert known([*few, *crowded]).effect == pytest.approx(0)


@pytest.mark.parametrize(("freedom", "value"), [(5, 2.5706), (7, 2.3646), (10, 2.2281), (30, 2.0423), (1000, 1.9623)])
def test_the_quantiles_are_those_of_student(freedom: int, value: float) -> None:
    assert _student(freedom) == pytest.approx(value, abs=0.005)


def drawn(random: np.random.Generator, *, shift: float, trainees: int) -> list[Compared]:
    """Return own ratings of trainees of their own ability beside those of three others, on five levels.

    How alike the ratings of one trainee are is part of it: each of the others sees that trainee in a way of their own.
    """
    compared = []
    for trainee in range(trainees):
        views = random.normal(random.normal(3, 0.7), 0.4, size=4)
        for _rating in range(4):
            mine, *theirs = np.clip(np.rint(views + random.normal(0, 0.6, size=4) + [shift, 0, 0, 0]), 1, 5)
            signs = np.sign(np.array(theirs) - mine)
            compared.append(Compared(trainee, OTHERS, *(int((signs == one).sum()) for one in (-1, 0, 1))))
    return compared


@pytest.mark.parametrize("trainees", [4, 8, 20])
def test_a_rater_like_the_others_is_seldom_called_different(trainees: int) -> None:
    random = np.random.default_rng(20261123)
    found = [known(drawn(random, shift=0, trainees=trainees)).leaning for _run in range(300)]
    assert sum(one is not Leaning.NO_DIFFERENCE for one in found) <= 300 * 0.07


def test_a_strict_rater_of_many_trainees_is_found() -> None:
    random = np.random.default_rng(20261123)
    found = [known(drawn(random, shift=-0.8, trainees=20)).leaning for _run in range(100)]
    assert sum(one is Leaning.LOWER for one in found) >= 90
