"""What must hold for whatever evidence there is."""

from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from competencies.curricula import ResultKind
from competencies.observations import Observation
from competencies.progress import RequirementProgress, epa_progress, progress_towards
from competencies.requirements import Requirement
from tests.competencies.examples import FIVE, NOW, RUBRIC, TODAY, a_requirement, an_id, an_observation

INSTRUMENTS = {
    "kpb": ResultKind.LEVEL,
    "msf": ResultKind.NARRATIVE,
    "reflection": ResultKind.NARRATIVE,
    "logbook": ResultKind.COUNT,
    "knowledge_test": ResultKind.PASS_FAIL,
    "project": ResultKind.CONDITIONS,
}
FORMS = st.sampled_from([None, "one", "other"])
LEVELS = st.sampled_from([None, *FIVE.levels, RUBRIC.level("2")])


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    """Draw a requirement of any kind."""
    instrument = draw(st.sampled_from(sorted(INSTRUMENTS)))
    return a_requirement(
        instrument=instrument,
        result=INSTRUMENTS[instrument],
        form=draw(FORMS),
        min_count=draw(st.integers(1, 4)),
        min_assessors=draw(st.integers(0, 3)),
        minimum=draw(st.sampled_from([None, *FIVE.levels])) if instrument == "kpb" else None,
        conditions=draw(st.sampled_from([{}, {"min_points": 2}])) if instrument == "project" else {},
    )


@st.composite
def evidence(draw: st.DrawFn) -> list[Observation]:
    """Draw observations by every instrument, each with its own identity, in any order of days."""
    fields: dict[str, st.SearchStrategy[Any]] = {
        "activity_id": st.integers(1, 3).map(an_id),
        "instrument": st.sampled_from(sorted(INSTRUMENTS)),
        "form": FORMS,
        "observed_on": st.integers(-3, 1).map(lambda days: TODAY + timedelta(days=days)),
        "assessor_id": st.sampled_from([None, an_id(11), an_id(12), an_id(13), an_id(14)]),
        "by_trainee": st.booleans(),
        "level": LEVELS,
        "passed": st.sampled_from([None, False, True]),
        "quantity": st.integers(0, 3),
        "facts": st.sampled_from([{}, {"points": 1}, {"points": 2}]),
        "answered_at": st.just(NOW),
    }
    drawn = draw(st.lists(st.fixed_dictionaries(fields), max_size=14))
    return [an_observation(number, **each) for number, each in enumerate(drawn)]


def ids_of(progress: RequirementProgress) -> list[UUID]:
    """Return the identities of what counted and of what was set aside."""
    return sorted([seen.id for seen in progress.counted] + [seen.id for seen, _reason in progress.set_aside])


@given(requirements(), evidence())
def test_every_observation_of_the_instrument_counts_or_says_why_not(
    requirement: Requirement, seen: list[Observation]
) -> None:
    progress = progress_towards(requirement, seen, on=TODAY)
    assert ids_of(progress) == sorted(one.id for one in seen if one.instrument == requirement.instrument)


@given(requirements(), evidence())
def test_more_evidence_never_takes_anything_away(requirement: Requirement, seen: list[Observation]) -> None:
    steps = [progress_towards(requirement, seen[:size], on=TODAY) for size in range(len(seen) + 1)]
    for before, after in pairwise(steps):
        assert after.is_met or not before.is_met
        assert after.count >= before.count
        assert after.observations_missing <= before.observations_missing
        assert set(before.counted) <= set(after.counted)


@given(requirements(), evidence())
def test_a_later_day_never_takes_anything_away(requirement: Requirement, seen: list[Observation]) -> None:
    days = [progress_towards(requirement, seen, on=TODAY + timedelta(days=late)) for late in (-2, 0, 2)]
    assert sorted(day.is_met for day in days) == [day.is_met for day in days]
    assert sorted(day.count for day in days) == [day.count for day in days]


@given(requirements(), evidence(), st.randoms())
def test_the_order_of_the_evidence_does_not_matter(
    requirement: Requirement, seen: list[Observation], random: Any
) -> None:
    shuffled = random.sample(seen, len(seen))
    assert progress_towards(requirement, seen, on=TODAY) == progress_towards(requirement, shuffled, on=TODAY)


@given(requirements(), evidence())
def test_the_numbers_follow_from_each_other(requirement: Requirement, seen: list[Observation]) -> None:
    progress = progress_towards(requirement, seen, on=TODAY)
    assert progress.observations_missing == max(0, requirement.min_count - progress.count)
    assert progress.is_met is (progress.observations_missing == progress.assessors_missing == 0)
    assert (progress.next_step is None) is progress.is_met
    assert len(progress.assessors) <= len(progress.counted)


@given(requirements(), evidence())
def test_doing_the_next_step_meets_the_requirement(requirement: Requirement, seen: list[Observation]) -> None:
    progress = progress_towards(requirement, seen, on=TODAY)
    step = progress.next_step
    if step is None:
        return
    enough: dict[str, Any] = {
        "instrument": requirement.instrument,
        "form": requirement.form,
        "facts": {"points": 2},
        "passed": True,
    }
    enough |= {"level": requirement.minimum}
    # Each by somebody new; a round of multi-source feedback is as many answers as it asks, at least one.
    answers = max(1, requirement.min_assessors) if requirement.is_in_rounds else 1
    done = [
        an_observation(
            900 + number, activity_id=an_id(800 + number // answers), assessor_id=an_id(700 + number), **enough
        )
        for number in range(step.observations * answers)
    ]
    assert progress_towards(requirement, [*seen, *done], on=TODAY).is_met
    if not requirement.is_in_rounds:
        assert not progress_towards(requirement, [*seen, *done[1:]], on=TODAY).is_met


@given(st.lists(requirements(), max_size=4), evidence())
def test_an_epa_is_met_when_each_of_its_requirements_is(asked: list[Requirement], seen: list[Observation]) -> None:
    progress = epa_progress(asked, seen, target=FIVE.level("4"), stage=None, on=TODAY)
    assert progress.items == tuple(progress_towards(one, seen, on=TODAY) for one in asked)
    assert progress.is_met is all(item.is_met for item in progress.items)
    assert len(progress.next_steps) == len(progress.unmet)
