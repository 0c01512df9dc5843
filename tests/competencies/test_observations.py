"""The steps of an assessment and the values of an observation."""

from itertools import product

import pytest

from competencies.errors import RuleBroken
from competencies.observations import AssessmentStatus, move
from tests.competencies.examples import ANNA, an_observation

REQUESTED, SUBMITTED = AssessmentStatus.REQUESTED, AssessmentStatus.SUBMITTED
DISOWNED = AssessmentStatus.DISOWNED
ALLOWED = {(REQUESTED, to) for to in AssessmentStatus if to not in {REQUESTED, DISOWNED}} | {(SUBMITTED, DISOWNED)}


@pytest.mark.parametrize(("status", "to"), [*product(AssessmentStatus, repeat=2)])
def test_a_request_can_be_answered_once_and_an_answer_is_final_unless_it_is_disowned(
    status: AssessmentStatus, to: AssessmentStatus
) -> None:
    if (status, to) in ALLOWED:
        assert move(status, to) is to
        return
    with pytest.raises(RuleBroken) as broken:
        move(status, to)
    assert (broken.value.code, dict(broken.value.facts)) == ("assessment_step", {"was": status, "to": to})


def test_a_quantity_cannot_take_evidence_away() -> None:
    assert an_observation(1, quantity=0).quantity == 0
    with pytest.raises(RuleBroken, match="quantity_negative"):
        an_observation(1, quantity=-1)


@pytest.mark.parametrize(
    ("assessor_id", "by_trainee", "expected"),
    [(ANNA, False, ANNA), (ANNA, True, None), (None, True, None), (None, False, None)],
)
def test_the_trainee_is_not_an_assessor(assessor_id: object, by_trainee: bool, expected: object) -> None:
    assert an_observation(1, assessor_id=assessor_id, by_trainee=by_trainee).assessed_by == expected
