"""What an answer must hold, by what the instrument asks."""

from uuid import uuid4

import pytest

from competencies.answers import LARGEST_FACT, Answer, check_answer, check_assessor, check_reason
from competencies.curricula import ResultKind
from competencies.errors import RuleBroken
from competencies.scales import Level, Scale

WORDS = {"nl": "x", "en": "x"}


def level(scale: str, code: str) -> Level:
    return Level(scale_key=scale, scale_version=1, code=code, rank=int(code), title=WORDS, meaning=WORDS)


SCALE = Scale(key="five", version=1, title=WORDS, levels=tuple(level("five", code) for code in "12345"), questions={})
GOOD = {
    ResultKind.LEVEL: Answer(level=level("five", "3")),
    ResultKind.PASS_FAIL: Answer(passed=False),
    ResultKind.NARRATIVE: Answer(comment="Well done"),
    ResultKind.COUNT: Answer(quantity=4),
    ResultKind.CONDITIONS: Answer(facts={"data_points": 0}),
}


def refusal(answer: Answer, result: ResultKind) -> str | None:
    try:
        check_answer(answer, result=result, scale=SCALE, facts=["data_points"])
    except RuleBroken as broken:
        return broken.code
    return None


@pytest.mark.parametrize("result", ResultKind)
def test_each_instrument_accepts_its_own_answer_and_no_other(result: ResultKind) -> None:
    assert refusal(GOOD[result], result) is None
    assert refusal(Answer(), result) == "answer_incomplete"
    for other in ResultKind:
        if other is not result:
            assert refusal(GOOD[other], result) == "answer_incomplete"


@pytest.mark.parametrize("result", [ResultKind.PASS_FAIL, ResultKind.NARRATIVE, ResultKind.COUNT])
def test_a_level_does_not_slip_in_with_another_answer(result: ResultKind) -> None:
    good = GOOD[result]
    both = Answer(level=level("five", "3"), passed=good.passed, quantity=good.quantity, comment=good.comment)
    assert refusal(both, result) == "answer_unasked"


def test_words_may_go_with_everything_and_are_demanded_of_feedback_only() -> None:
    assert refusal(Answer(passed=True, comment="Fine"), ResultKind.PASS_FAIL) is None
    assert refusal(Answer(comment=" \n"), ResultKind.NARRATIVE) == "answer_incomplete"


@pytest.mark.parametrize(
    ("answer", "result", "code"),
    [
        (Answer(level=level("other", "3")), ResultKind.LEVEL, "scale_mismatch"),
        (Answer(quantity=0), ResultKind.COUNT, "quantity_out_of_range"),
        (Answer(quantity=1000), ResultKind.COUNT, "quantity_out_of_range"),
        (Answer(facts={"data_points": -1}), ResultKind.CONDITIONS, "fact_out_of_range"),
        (Answer(facts={"data_points": LARGEST_FACT + 1}), ResultKind.CONDITIONS, "fact_out_of_range"),
        (Answer(facts={"data_points": 1, "others": 1}), ResultKind.CONDITIONS, "answer_incomplete"),
    ],
)
def test_values_outside_what_is_asked_are_refused(answer: Answer, result: ResultKind, code: str) -> None:
    assert refusal(answer, result) == code


def test_only_the_one_who_was_asked_answers_and_declining_takes_a_reason() -> None:
    asked = uuid4()
    check_assessor(asked, assessor_id=asked)
    with pytest.raises(RuleBroken, match="not_the_assessor"):
        check_assessor(uuid4(), assessor_id=asked)
    check_reason("I was not there")
    with pytest.raises(RuleBroken, match="reason_missing"):
        check_reason("  ")
