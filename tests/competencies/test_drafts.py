"""The steps of a draft, and who may review it."""

import pytest

from competencies.drafts import DraftState, DraftStep, after, barred_from_review, check_reviewer
from competencies.errors import RuleBroken

STEPS = {
    (DraftState.DRAFT, DraftStep.EDIT): DraftState.DRAFT,
    (DraftState.DRAFT, DraftStep.SUBMIT): DraftState.IN_REVIEW,
    (DraftState.DRAFT, DraftStep.DISCARD): DraftState.DISCARDED,
    (DraftState.IN_REVIEW, DraftStep.EDIT): DraftState.DRAFT,
    (DraftState.IN_REVIEW, DraftStep.APPROVE): DraftState.APPROVED,
    (DraftState.IN_REVIEW, DraftStep.SEND_BACK): DraftState.DRAFT,
    (DraftState.IN_REVIEW, DraftStep.DISCARD): DraftState.DISCARDED,
    (DraftState.APPROVED, DraftStep.EDIT): DraftState.DRAFT,
    (DraftState.APPROVED, DraftStep.APPROVE): DraftState.APPROVED,
    (DraftState.APPROVED, DraftStep.SEND_BACK): DraftState.DRAFT,
    (DraftState.APPROVED, DraftStep.PUBLISH): DraftState.PUBLISHED,
    (DraftState.APPROVED, DraftStep.DISCARD): DraftState.DISCARDED,
}


@pytest.mark.parametrize("state", DraftState)
@pytest.mark.parametrize("step", DraftStep)
def test_each_state_knows_its_steps_and_refuses_the_others(state: DraftState, step: DraftStep) -> None:
    if (state, step) in STEPS:
        assert after(state, step) is STEPS[state, step]
    else:
        with pytest.raises(RuleBroken) as broken:
            after(state, step)
        assert (broken.value.code, broken.value.facts["was"]) == ("draft_step", state)


def test_only_what_is_published_or_discarded_is_closed() -> None:
    assert {state for state in DraftState if not state.is_open} == {DraftState.PUBLISHED, DraftState.DISCARDED}


@pytest.mark.parametrize(
    ("writers", "submitter"), [(["me"], "other"), (["other", "me", "third"], "other"), (["other"], "me"), ([], "me")]
)
def test_nobody_reviews_what_they_wrote_or_asked_for(writers: list[str], submitter: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_reviewer("me", writers=writers, submitter=submitter)
    assert broken.value.code == "draft_four_eyes"
    assert "me" in barred_from_review(writers, submitter)


def test_a_second_person_reviews() -> None:
    check_reviewer("me", writers=["one", "two"], submitter="other")
    check_reviewer("me", writers=[], submitter=None)
