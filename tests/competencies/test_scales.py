"""Levels are ordered within a scale and mean nothing to another one."""

import operator
from collections.abc import Callable
from itertools import product

import pytest

from competencies.errors import RuleBroken
from competencies.scales import Direction, Level
from tests.competencies.examples import FIVE, RUBRIC, a_level, a_scale

NEXT_FIVE = a_scale("five", *(a_level("five", rank, scale_version=2) for rank in range(1, 6)), version=2)


def test_a_level_is_found_by_its_code() -> None:
    assert FIVE.level("3").rank == 3


@pytest.mark.parametrize("code", ["0", "6", "", "3a", "03"])
def test_an_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        FIVE.level(code)
    assert broken.value.code == "level_unknown"
    assert dict(broken.value.facts) == {"scale": "five", "level": code}


@pytest.mark.parametrize(("level", "minimum"), [*product(FIVE.levels, repeat=2)])
def test_a_level_is_at_least_those_of_its_own_or_lower_rank(level: Level, minimum: Level) -> None:
    assert FIVE.at_least(level, minimum) is (level.rank >= minimum.rank)
    assert level.is_at_least(minimum) is (level.rank >= minimum.rank)


def test_codes_do_not_decide_the_order() -> None:
    tenth, ninth = a_level("s", 2, code="10"), a_level("s", 1, code="9")
    assert tenth.is_at_least(ninth)
    assert not ninth.is_at_least(tenth)


@pytest.mark.parametrize("other", [RUBRIC.level("2"), NEXT_FIVE.level("2")], ids=["other scale", "other version"])
def test_levels_of_two_scales_never_compare(other: Level) -> None:
    with pytest.raises(RuleBroken, match="scale_mismatch"):
        FIVE.level("2").is_at_least(other)
    with pytest.raises(RuleBroken, match="scale_mismatch"):
        FIVE.at_least(other, FIVE.level("2"))


def test_a_level_that_is_not_on_the_scale_does_not_compare_even_under_its_name() -> None:
    with pytest.raises(RuleBroken, match="scale_mismatch"):
        FIVE.at_least(a_level("five", 6), FIVE.level("2"))


@pytest.mark.parametrize("operation", [operator.lt, operator.ge, operator.add, operator.sub, operator.truediv])
def test_a_level_cannot_be_ordered_or_calculated_with(operation: Callable[[object, object], object]) -> None:
    with pytest.raises(TypeError):
        operation(FIVE.level("2"), FIVE.level("3"))


@pytest.mark.parametrize("number", [int, float, round])
def test_a_level_is_not_a_number(number: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        number(FIVE.level("2"))


def test_a_level_is_the_same_whatever_its_words() -> None:
    plain = a_level("five", 2)
    worded = Level(scale_key="five", scale_version=1, code="2", rank=2, title={}, meaning={}, entrusted=True)
    assert plain == worded
    assert len({plain, worded}) == 1


ONE, TWO, THREE = (a_level("s", rank) for rank in (1, 2, 3))


@pytest.mark.parametrize(
    ("levels", "entrusted_from"),
    [
        ((), None),
        ((TWO, ONE), None),
        ((ONE, ONE), None),
        ((ONE, a_level("s", 1, code="x")), None),
        ((ONE, a_level("s", 2, code="1")), None),
        ((ONE, a_level("other", 2)), None),
        ((ONE, a_level("s", 2, scale_version=2)), None),
        ((ONE, TWO), "3"),
    ],
    ids=["empty", "descending", "twice", "rank twice", "code twice", "foreign", "other version", "entrusted unknown"],
)
def test_an_unsound_scale_is_refused(levels: tuple[Level, ...], entrusted_from: str | None) -> None:
    with pytest.raises(RuleBroken, match="scale_unsound"):
        a_scale("s", *levels, entrusted_from=entrusted_from)


def test_a_scale_with_gaps_between_its_ranks_is_sound() -> None:
    assert a_scale("s", ONE, THREE, entrusted_from="3").level("3") == THREE


def test_the_question_follows_the_direction() -> None:
    back, ahead = {"en": "What was given?"}, {"en": "What is needed?"}
    scale = a_scale("s", ONE, questions={"retrospective": back, "prospective": ahead})
    assert scale.question(Direction.RETROSPECTIVE) == back
    assert scale.question(Direction.PROSPECTIVE) == ahead


def test_a_scale_without_directions_asks_its_one_question() -> None:
    status = {"en": "How does this compare?"}
    scale = a_scale("s", ONE, questions={"status": status})
    assert [scale.question(direction) for direction in Direction] == [status, status]


def test_a_level_is_worded_by_direction_and_else_says_what_it_means() -> None:
    meaning, back = {"en": "Supervisor in the room"}, {"en": "I had to be in the room"}
    level = Level(
        scale_key="s", scale_version=1, code="2", rank=2, title={}, meaning=meaning, questions={"retrospective": back}
    )
    assert level.wording(Direction.RETROSPECTIVE) == back
    assert level.wording(Direction.PROSPECTIVE) == meaning
