"""What counts towards a requirement, what does not and why, and what is missing."""

from datetime import timedelta
from typing import Any

import pytest

from competencies.curricula import ResultKind
from competencies.observations import Observation
from competencies.progress import NextStep, SetAside, epa_progress, progress_towards
from competencies.requirements import Requirement
from tests.competencies.examples import (
    ANNA,
    BRAM,
    CEES,
    FIVE,
    RUBRIC,
    TODAY,
    TRAINEE,
    a_level,
    a_requirement,
    an_id,
    an_observation,
)

LOGBOOK = {"instrument": "logbook", "level": None}
REFLECTION = {"instrument": "reflection", "level": None, "assessor_id": None, "by_trainee": True}
TEST = {"instrument": "knowledge_test", "level": None}
PROJECT = {"instrument": "project", "level": None}


def a_logbook(min_count: int) -> Requirement:
    """Return a requirement of so many procedures, confirmed by one person."""
    return a_requirement(
        instrument="logbook", result=ResultKind.COUNT, min_count=min_count, min_assessors=1, minimum=None
    )


def a_narrative(**changes: Any) -> Requirement:
    """Return a requirement of one reflection that needs no assessor, but for the changes."""
    whole = {"instrument": "reflection", "result": ResultKind.NARRATIVE, "min_count": 1, "min_assessors": 0}
    return a_requirement(**(whole | {"minimum": None} | changes))


def answers_in(round_number: int, *people: object) -> list[Observation]:
    """Return the answers of these people (the trainee among them) in one round of multi-source feedback."""
    return [
        an_observation(
            round_number * 100 + number,
            activity_id=an_id(round_number),
            instrument="msf",
            level=None,
            assessor_id=person,
            by_trainee=person == TRAINEE,
        )
        for number, person in enumerate(people)
    ]


def rounds_of(min_count: int, min_assessors: int) -> Requirement:
    """Return a requirement of so many rounds of so many answers."""
    return a_narrative(instrument="msf", min_count=min_count, min_assessors=min_assessors)


@pytest.mark.parametrize(
    ("seen", "count", "missing", "assessors_missing"),
    [
        ([], 0, 2, 2),
        ([("4", ANNA)], 1, 1, 1),
        ([("4", ANNA), ("4", ANNA)], 2, 0, 1),
        ([("4", ANNA), ("4", ANNA), ("4", ANNA)], 3, 0, 1),
        ([("4", ANNA), ("4", BRAM)], 2, 0, 0),
        ([("5", ANNA), ("4", BRAM)], 2, 0, 0),
        ([("4", ANNA), ("3", BRAM)], 1, 1, 1),
        ([("4", ANNA), ("4", ANNA), ("3", BRAM)], 2, 0, 1),
        ([("4", ANNA), ("4", BRAM), ("1", CEES)], 2, 0, 0),
        ([("4", ANNA), ("4", BRAM), ("4", CEES)], 3, 0, 0),
    ],
)
def test_ratings_count_at_or_above_the_minimum_and_people_count_once(
    seen: list[tuple[str, object]], count: int, missing: int, assessors_missing: int
) -> None:
    observations = [
        an_observation(number, level=FIVE.level(code), assessor_id=by) for number, (code, by) in enumerate(seen)
    ]
    progress = progress_towards(a_requirement(), observations, on=TODAY)
    assert (progress.count, progress.observations_missing, progress.assessors_missing) == (
        count,
        missing,
        assessors_missing,
    )
    assert progress.is_met is (missing == 0 and assessors_missing == 0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"level": FIVE.level("5")}, None),
        ({"level": FIVE.level("3")}, SetAside.BELOW_LEVEL),
        ({"level": None}, SetAside.BELOW_LEVEL),
        ({"level": RUBRIC.level("3")}, SetAside.OTHER_SCALE),
        ({"level": a_level("five", 4, scale_version=2)}, SetAside.OTHER_SCALE),
        ({"observed_on": TODAY + timedelta(days=1)}, SetAside.IN_THE_FUTURE),
        ({"observed_on": TODAY - timedelta(days=3000)}, None),
        ({"assessor_id": None}, SetAside.NOT_CONFIRMED),
        ({"assessor_id": None, "by_trainee": True}, SetAside.NOT_CONFIRMED),
        ({"by_trainee": True}, SetAside.NOT_CONFIRMED),
        ({"form": "any-form"}, None),
    ],
)
def test_a_rating_that_does_not_count_says_why(changes: dict[str, Any], reason: SetAside | None) -> None:
    seen = an_observation(1, **changes)
    progress = progress_towards(a_requirement(), [seen], on=TODAY)
    assert progress.counted == (() if reason else (seen,))
    assert progress.set_aside == (((seen, reason),) if reason else ())


@pytest.mark.parametrize(
    ("form", "reason"), [("handover", None), (None, SetAside.OTHER_FORM), ("leadership", SetAside.OTHER_FORM)]
)
def test_a_requirement_of_a_form_takes_that_form_only(form: str | None, reason: SetAside | None) -> None:
    seen = an_observation(1, form=form)
    progress = progress_towards(a_requirement(form="handover"), [seen], on=TODAY)
    assert progress.set_aside == (((seen, reason),) if reason else ())


def test_another_instrument_is_passed_over() -> None:
    progress = progress_towards(a_requirement(), [an_observation(1, instrument="cbd")], on=TODAY)
    assert (progress.counted, progress.set_aside) == ((), ())


def test_a_requirement_without_a_minimum_takes_any_level_and_none() -> None:
    seen = [an_observation(1, level=FIVE.level("1")), an_observation(2, level=None, assessor_id=BRAM)]
    assert progress_towards(a_requirement(minimum=None), seen, on=TODAY).is_met


def test_a_product_is_rated_on_the_scale_of_its_instrument() -> None:
    requirement = a_requirement(instrument="product", min_count=1, min_assessors=1, minimum=RUBRIC.level("2"))
    below, enough = (an_observation(rank, instrument="product", level=RUBRIC.level(str(rank))) for rank in (1, 2))
    progress = progress_towards(requirement, [below, enough], on=TODAY)
    assert progress.counted == (enough,)
    assert progress.set_aside == ((below, SetAside.BELOW_LEVEL),)
    assert progress.is_met


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"passed": True}, None),
        ({"passed": False}, SetAside.NOT_PASSED),
        ({"passed": None}, SetAside.NOT_PASSED),
        ({"passed": True, "by_trainee": True}, SetAside.NOT_CONFIRMED),
        ({"passed": True, "assessor_id": None}, SetAside.NOT_CONFIRMED),
    ],
)
def test_a_test_counts_when_somebody_else_confirms_that_it_was_passed(
    changes: dict[str, Any], reason: SetAside | None
) -> None:
    requirement = a_requirement(
        instrument="knowledge_test", result=ResultKind.PASS_FAIL, min_count=1, min_assessors=0, minimum=None
    )
    seen = an_observation(1, **(TEST | changes))
    progress = progress_towards(requirement, [seen], on=TODAY)
    assert progress.set_aside == (((seen, reason),) if reason else ())
    assert progress.is_met is (reason is None)


def test_one_practical_test_needs_both_its_assessors() -> None:
    requirement = a_requirement(
        instrument="practical_test", result=ResultKind.PASS_FAIL, min_count=1, min_assessors=2, minimum=None
    )
    first, second = (
        an_observation(number, instrument="practical_test", level=None, passed=True, assessor_id=by)
        for number, by in enumerate((ANNA, BRAM))
    )
    one = progress_towards(requirement, [first], on=TODAY)
    assert (one.observations_missing, one.assessors_missing, one.is_met) == (0, 1, False)
    assert one.next_step == NextStep(requirement, observations=1, assessors=1)
    assert progress_towards(requirement, [first, second], on=TODAY).is_met


@pytest.mark.parametrize(
    ("quantities", "count", "missing"), [([], 0, 30), ([29], 29, 1), ([10, 20], 30, 0), ([31], 31, 0), ([0], 0, 30)]
)
def test_a_logbook_adds_up_its_procedures(quantities: list[int], count: int, missing: int) -> None:
    seen = [an_observation(number, quantity=quantity, **LOGBOOK) for number, quantity in enumerate(quantities)]
    progress = progress_towards(a_logbook(30), seen, on=TODAY)
    assert (progress.count, progress.observations_missing, progress.is_met) == (count, missing, not missing)


def test_a_logbook_line_that_nobody_confirmed_does_not_count() -> None:
    line = an_observation(1, quantity=50, **(LOGBOOK | {"assessor_id": None, "by_trainee": True}))
    progress = progress_towards(a_logbook(30), [line], on=TODAY)
    assert (progress.count, progress.set_aside) == (0, ((line, SetAside.NOT_CONFIRMED),))


def test_the_quantity_of_anything_but_a_logbook_is_one_observation() -> None:
    assert progress_towards(a_requirement(), [an_observation(1, quantity=50)], on=TODAY).count == 1


def test_a_reflection_needs_nobody_else() -> None:
    progress = progress_towards(a_narrative(), [an_observation(1, **REFLECTION)], on=TODAY)
    assert (progress.is_met, progress.assessors) == (True, frozenset())


def test_feedback_that_needs_somebody_else_is_not_met_by_the_trainee() -> None:
    own = an_observation(1, **REFLECTION)
    progress = progress_towards(a_narrative(min_assessors=1), [own], on=TODAY)
    assert (progress.is_met, progress.set_aside) == (False, ((own, SetAside.NOT_CONFIRMED),))


def test_five_learners_are_five_different_people() -> None:
    requirement = a_narrative(instrument="learner_feedback", min_count=5, min_assessors=5)
    given = {"instrument": "learner_feedback", "level": None}
    same_again = [an_observation(number, assessor_id=an_id(50 + number % 4), **given) for number in range(5)]
    assert progress_towards(requirement, same_again, on=TODAY).assessors_missing == 1
    fifth = an_observation(9, assessor_id=an_id(60), **given)
    assert progress_towards(requirement, [*same_again, fifth], on=TODAY).is_met


@pytest.mark.parametrize(
    ("facts", "is_met"),
    [
        ({"linked_pdsa_cycles": 2, "data_points": 10}, True),
        ({"linked_pdsa_cycles": 3, "data_points": 11, "outcome": 1}, True),
        ({"linked_pdsa_cycles": 1, "data_points": 10}, False),
        ({"linked_pdsa_cycles": 2, "data_points": 9}, False),
        ({"linked_pdsa_cycles": 2}, False),
        ({}, False),
    ],
)
def test_a_project_meets_all_conditions_in_one_record(facts: dict[str, int], is_met: bool) -> None:
    requirement = a_requirement(
        instrument="project",
        result=ResultKind.CONDITIONS,
        min_count=1,
        min_assessors=1,
        minimum=None,
        conditions={"min_linked_pdsa_cycles": 2, "min_data_points": 10},
    )
    seen = an_observation(1, facts=facts, **PROJECT)
    progress = progress_towards(requirement, [seen], on=TODAY)
    assert progress.is_met is is_met
    assert progress.set_aside == (() if is_met else ((seen, SetAside.CONDITIONS_UNMET),))


@pytest.mark.parametrize(
    ("people", "complete", "missing"),
    [
        ([], 0, 3),
        ([TRAINEE], 0, 2),
        ([ANNA, BRAM], 0, 1),
        ([ANNA, ANNA, BRAM], 0, 1),
        ([TRAINEE, TRAINEE, ANNA], 0, 1),
        ([TRAINEE, ANNA, BRAM], 1, 0),
        ([ANNA, BRAM, CEES], 1, 0),
        ([TRAINEE, ANNA, BRAM, CEES], 1, 0),
    ],
)
def test_a_round_counts_with_answers_of_enough_different_people(
    people: list[object], complete: int, missing: int
) -> None:
    answers = answers_in(1, *people)
    progress = progress_towards(rounds_of(1, 3), answers, on=TODAY)
    assert (progress.count, progress.assessors_missing, progress.is_met) == (complete, missing, bool(complete))
    assert len(progress.counted) == (len(answers) if complete else 0)
    assert {reason for _seen, reason in progress.set_aside} <= {SetAside.TOO_FEW_ANSWERS}


def test_answers_of_two_rounds_do_not_make_one() -> None:
    progress = progress_towards(rounds_of(1, 3), [*answers_in(1, ANNA, BRAM), *answers_in(2, CEES)], on=TODAY)
    assert (progress.count, progress.people, progress.assessors_missing) == (0, 2, 1)
    assert progress.next_step == NextStep(progress.requirement, observations=1, assessors=1)


def test_the_same_people_may_answer_a_second_round() -> None:
    both = [*answers_in(1, ANNA, BRAM, CEES), *answers_in(2, ANNA, BRAM, CEES)]
    assert progress_towards(rounds_of(2, 3), both, on=TODAY).is_met


def test_a_second_round_that_is_open_says_how_many_answers_it_lacks() -> None:
    progress = progress_towards(rounds_of(2, 3), [*answers_in(1, ANNA, BRAM, CEES), *answers_in(2, ANNA)], on=TODAY)
    assert (progress.count, progress.observations_missing, progress.assessors_missing) == (1, 1, 2)
    assert progress.next_step == NextStep(progress.requirement, observations=1, assessors=2)


def test_a_self_rating_is_an_answer_but_not_an_assessor() -> None:
    progress = progress_towards(rounds_of(1, 3), answers_in(1, TRAINEE, ANNA, BRAM), on=TODAY)
    assert (progress.people, progress.assessors) == (3, frozenset({ANNA, BRAM}))


def test_what_counts_is_shown_from_old_to_new() -> None:
    late, early = an_observation(1), an_observation(2, observed_on=TODAY - timedelta(days=9))
    assert progress_towards(a_requirement(), [late, early], on=TODAY).counted == (early, late)


@pytest.mark.parametrize(
    ("seen", "observations", "assessors"),
    [([], 2, 2), ([ANNA], 1, 1), ([ANNA, ANNA], 1, 1), ([ANNA, BRAM], None, None)],
)
def test_the_next_step_is_the_least_that_meets_it(
    seen: list[object], observations: int | None, assessors: int | None
) -> None:
    given = [an_observation(number, assessor_id=by) for number, by in enumerate(seen)]
    step = progress_towards(a_requirement(), given, on=TODAY).next_step
    assert (step and step.observations, step and step.assessors) == (observations, assessors)


def test_the_progress_on_an_epa_needs_every_requirement() -> None:
    rating, reflection = a_requirement(min_count=1, min_assessors=1), a_narrative()
    target = FIVE.level("4")
    half = epa_progress([rating, reflection], [an_observation(1)], target=target, stage=None, on=TODAY)
    assert [item.is_met for item in half.items] == [True, False]
    assert (half.is_met, half.unmet) == (False, (half.items[1],))
    assert half.next_steps == (NextStep(reflection, observations=1, assessors=0),)
    both = [an_observation(1), an_observation(2, **REFLECTION)]
    whole = epa_progress([rating, reflection], iter(both), target=target, stage=None, on=TODAY)
    assert (whole.is_met, whole.unmet, whole.next_steps) == (True, (), ())


def test_only_the_requirements_of_the_stage_are_asked() -> None:
    lower = a_requirement(min_count=1, min_assessors=1, minimum=FIVE.level("3"), stage="basic")
    higher = a_requirement(min_count=1, min_assessors=1, stage="end")
    seen = [an_observation(1, level=FIVE.level("3"))]
    met = {
        stage: epa_progress([lower, higher], seen, target=FIVE.level("4"), stage=stage, on=TODAY).is_met
        for stage in ("basic", "end")
    }
    assert met == {"basic": True, "end": False}


def test_an_epa_without_requirements_is_met() -> None:
    assert epa_progress([], [], target=None, stage=None, on=TODAY).is_met


def test_the_assessors_of_an_epa_are_those_of_all_that_counts() -> None:
    requirements = [a_requirement(), a_logbook(5)]
    seen = [
        an_observation(1),
        an_observation(2, **(LOGBOOK | {"assessor_id": BRAM})),
        an_observation(3, level=FIVE.level("1"), assessor_id=CEES),
    ]
    progress = epa_progress(requirements, seen, target=None, stage=None, on=TODAY)
    assert progress.assessors == {ANNA, BRAM}
    assert progress.assessors_set_aside == {CEES}


def a_closed_round(number: int, answers: int) -> Observation:
    """Return a closed round of feedback, of which only the number of answers by others is known."""
    return an_observation(
        number,
        id=an_id(number),
        activity_id=an_id(number),
        instrument="msf",
        level=None,
        assessor_id=None,
        answers=answers,
    )


@pytest.mark.parametrize(("answers", "is_met"), [(0, False), (5, False), (6, True), (7, True)])
def test_a_closed_round_counts_by_the_number_of_its_answers(answers: int, is_met: bool) -> None:
    seen = a_closed_round(1, answers)
    progress = progress_towards(rounds_of(1, 6), [seen], on=TODAY)
    assert progress.is_met is is_met
    assert progress.counted == ((seen,) if is_met else ())
    assert progress.set_aside == (() if is_met else ((seen, SetAside.TOO_FEW_ANSWERS),))
    assert not progress.assessors


def test_a_closed_round_with_too_few_answers_is_no_open_one() -> None:
    assert progress_towards(rounds_of(1, 6), [a_closed_round(1, 5)], on=TODAY).people == 0
    both = [a_closed_round(1, 5), *answers_in(2, ANNA, BRAM)]
    assert progress_towards(rounds_of(1, 6), both, on=TODAY).people == 2


def test_closed_rounds_count_beside_those_whose_answers_are_known() -> None:
    both = [a_closed_round(1, 3), *answers_in(2, ANNA, BRAM, CEES)]
    assert progress_towards(rounds_of(2, 3), both, on=TODAY).is_met
