"""Which decision is in force on a day, until when it is valid, and who may take it."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.attainments import AttainmentKind
from competencies.entrustment import (
    LONGEST_AHEAD,
    Decision,
    DecisionState,
    check_decision,
    in_force,
    is_in_force,
    state_of,
    valid_until_for,
)
from competencies.errors import RuleBroken
from competencies.progress import EpaProgress, epa_progress
from competencies.requirements import Combination, CombinedRequirement, PiecesRequirement
from tests.competencies.examples import (
    ANNA,
    BRAM,
    CEES,
    FIVE,
    NOW,
    RUBRIC,
    TODAY,
    TRAINEE,
    a_decision,
    a_record,
    a_requirement,
    an_attainment,
    an_observation,
    no_requirements,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("valid_until", "on", "state"),
    [
        (None, TODAY - DAY, DecisionState.UPCOMING),
        (None, TODAY, DecisionState.IN_FORCE),
        (None, date(2099, 1, 1), DecisionState.IN_FORCE),
        (TODAY + DAY, TODAY + DAY, DecisionState.IN_FORCE),
        (TODAY + DAY, TODAY + 2 * DAY, DecisionState.EXPIRED),
        (TODAY, TODAY, DecisionState.IN_FORCE),
        (TODAY, TODAY + DAY, DecisionState.EXPIRED),
        (TODAY, TODAY - DAY, DecisionState.UPCOMING),
    ],
)
def test_one_decision_holds_from_its_day_through_its_last_valid_day(
    valid_until: date | None, on: date, state: DecisionState
) -> None:
    decision = a_decision(1, valid_until=valid_until)
    assert state_of(decision, [decision], on=on) is state
    assert is_in_force(decision, [decision], on=on) is (state is DecisionState.IN_FORCE)
    assert in_force([decision], on=on) == (decision if state is DecisionState.IN_FORCE else None)


def test_nothing_is_in_force_without_decisions() -> None:
    assert in_force([], on=TODAY) is None


def test_a_newer_decision_supersedes_from_its_own_day() -> None:
    older = a_decision(1, decided_on=TODAY - 9 * DAY)
    newer = a_decision(2, level=FIVE.level("3"))
    both = [newer, older]
    assert in_force(both, on=TODAY - DAY) == older
    assert in_force(both, on=TODAY) == newer
    assert state_of(older, both, on=TODAY - DAY) is DecisionState.IN_FORCE
    assert state_of(older, both, on=TODAY) is DecisionState.SUPERSEDED
    assert state_of(newer, both, on=TODAY - DAY) is DecisionState.UPCOMING


def test_an_expired_newest_decision_does_not_revive_an_older_one() -> None:
    lasting = a_decision(1, decided_on=TODAY - 9 * DAY)
    short = a_decision(2, decided_on=TODAY - 5 * DAY, valid_until=TODAY - DAY)
    both = [lasting, short]
    assert in_force(both, on=TODAY) is None
    assert state_of(short, both, on=TODAY) is DecisionState.EXPIRED
    assert state_of(lasting, both, on=TODAY) is DecisionState.SUPERSEDED


def test_on_one_day_the_decision_recorded_last_holds() -> None:
    first, second = a_decision(2), a_decision(1, recorded_at=NOW + timedelta(minutes=1))
    assert in_force([first, second], on=TODAY) == second


def test_of_two_recorded_at_one_moment_the_one_with_the_later_identity_holds() -> None:
    first, second = a_decision(1), a_decision(2)
    assert in_force([second, first], on=TODAY) == in_force([first, second], on=TODAY) == second


def test_a_decision_recorded_later_for_an_earlier_day_does_not_supersede() -> None:
    holding = a_decision(1)
    belated = a_decision(2, decided_on=TODAY - DAY, recorded_at=NOW + DAY)
    assert in_force([holding, belated], on=TODAY) == holding


@st.composite
def histories(draw: st.DrawFn) -> list[Decision]:
    """Draw decisions on one EPA around one day."""
    days = st.integers(-5, 5).map(lambda count: TODAY + count * DAY)
    fields = {
        "decided_on": days,
        "valid_until": st.one_of(st.none(), days),
        "recorded_at": st.integers(0, 3).map(lambda hours: NOW + timedelta(hours=hours)),
    }
    drawn = draw(st.lists(st.fixed_dictionaries(fields), max_size=8))
    return [a_decision(number, **each) for number, each in enumerate(drawn)]


@given(histories(), st.integers(-6, 6))
def test_at_most_one_decision_is_in_force_and_the_states_agree(history: list[Decision], days: int) -> None:
    on = TODAY + days * DAY
    holding = [decision for decision in history if is_in_force(decision, history, on=on)]
    found = in_force(history, on=on)
    assert holding == ([found] if found else [])


@given(histories(), st.integers(-6, 6))
def test_one_decision_that_has_begun_is_not_superseded(history: list[Decision], days: int) -> None:
    on = TODAY + days * DAY
    states = [state_of(decision, history, on=on) for decision in history if decision.decided_on <= on]
    assert len([state for state in states if state is not DecisionState.SUPERSEDED]) == bool(states)


@pytest.mark.parametrize(
    ("months", "decided_on", "expected"),
    [
        (None, date(2026, 3, 15), None),
        (12, date(2026, 3, 15), date(2027, 3, 15)),
        (60, date(2026, 3, 15), date(2031, 3, 15)),
        (1, date(2026, 1, 31), date(2026, 2, 28)),
        (1, date(2028, 1, 31), date(2028, 2, 29)),
        (12, date(2028, 2, 29), date(2029, 2, 28)),
        (48, date(2028, 2, 29), date(2032, 2, 29)),
        (1, date(2026, 11, 30), date(2026, 12, 30)),
        (1, date(2026, 12, 31), date(2027, 1, 31)),
        (13, date(2026, 12, 1), date(2028, 1, 1)),
        (6, date(2026, 8, 31), date(2027, 2, 28)),
        (12, date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_validity_is_counted_in_calendar_months(months: int | None, decided_on: date, expected: date | None) -> None:
    assert valid_until_for(months, decided_on) == expected


@given(st.integers(1, 120), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_declaration_is_valid_on_the_day_it_is_taken(months: int, decided_on: date) -> None:
    until = valid_until_for(months, decided_on)
    assert until is not None
    assert until > decided_on
    assert (until.year * 12 + until.month) - (decided_on.year * 12 + decided_on.month) == months


def a_proposal(**changes: Any) -> dict[str, Any]:
    """Return a sound proposal: Anna decides on level 4 from today, Bram assessed too, but for the changes."""
    whole = {
        "decided_by": ANNA,
        "trainee_id": TRAINEE,
        "level": FIVE.level("4"),
        "progress": no_requirements(),
        "assessors_of_counted": {ANNA, BRAM},
        "deciders_allowed": {ANNA, CEES},
        "decided_on": TODAY,
        "valid_until": None,
        "today": TODAY,
    }
    return whole | changes


def unmet(*by: object) -> EpaProgress:
    """Return progress that lacks something: these people rated one level too low."""
    seen = [an_observation(number, level=FIVE.level("3"), assessor_id=each) for number, each in enumerate(by)]
    return epa_progress([a_requirement()], seen, target=FIVE.level("4"), stage=None, on=TODAY)


REASON = "Assessed in another hospital"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"decided_by": CEES, "assessors_of_counted": {BRAM}},
        {"decided_by": CEES, "assessors_of_counted": [ANNA, BRAM, ANNA]},
        {"decided_by": CEES, "assessors_of_counted": ()},
        {"level": FIVE.level("3")},
        {"level": FIVE.level("5"), "overrule_reason": REASON},
        {"progress": unmet(BRAM), "assessors_of_counted": (), "overrule_reason": REASON},
        {"progress": unmet(ANNA, BRAM), "assessors_of_counted": (), "overrule_reason": REASON},
        {"progress": unmet(), "assessors_of_counted": (), "overrule_reason": REASON},
        {"decided_on": TODAY + LONGEST_AHEAD},
        {"decided_on": TODAY - timedelta(days=400)},
        {"valid_until": TODAY},
        {"valid_until": TODAY + DAY},
    ],
)
def test_a_sound_declaration_is_accepted(changes: dict[str, Any]) -> None:
    check_decision(**a_proposal(**changes))


@pytest.mark.parametrize(
    ("changes", "code", "facts"),
    [
        ({"decided_by": TRAINEE}, "own_decision", {"decider": TRAINEE}),
        ({"decided_by": TRAINEE, "deciders_allowed": {TRAINEE}}, "own_decision", {"decider": TRAINEE}),
        ({"decided_by": BRAM}, "decider_not_allowed", {"decider": BRAM}),
        ({"deciders_allowed": ()}, "decider_not_allowed", {"decider": ANNA}),
        ({"assessors_of_counted": {ANNA}}, "four_eyes", {"decider": ANNA}),
        ({"assessors_of_counted": [ANNA, ANNA]}, "four_eyes", {"decider": ANNA}),
        ({"assessors_of_counted": [ANNA], "overrule_reason": REASON}, "four_eyes", {"decider": ANNA}),
        (
            {"progress": unmet(ANNA), "assessors_of_counted": (), "overrule_reason": REASON},
            "four_eyes",
            {"decider": ANNA},
        ),
        (
            {"decided_on": TODAY + LONGEST_AHEAD + DAY},
            "decided_in_future",
            {"decided_on": TODAY + LONGEST_AHEAD + DAY, "latest": TODAY + LONGEST_AHEAD},
        ),
        (
            {"valid_until": TODAY - DAY},
            "valid_until_before_decision",
            {"decided_on": TODAY, "valid_until": TODAY - DAY},
        ),
        ({"progress": unmet(BRAM)}, "requirements_unmet", {"unmet": 1, "requirements": 1}),
        ({"progress": unmet(BRAM), "overrule_reason": " \n"}, "requirements_unmet", {"unmet": 1, "requirements": 1}),
        ({"level": FIVE.level("5")}, "level_above_target", {"level": "5", "target": "4"}),
        ({"level": RUBRIC.level("3")}, "scale_mismatch", {"scale": "five", "other": "rubric"}),
        ({"level": RUBRIC.level("3"), "overrule_reason": REASON}, "scale_mismatch", None),
        ({"progress": no_requirements(target=None)}, "epa_without_level", {"level": "4"}),
        ({"progress": no_requirements(target=None), "overrule_reason": REASON}, "epa_without_level", None),
    ],
)
def test_a_declaration_against_a_rule_is_refused_with_the_facts(
    changes: dict[str, Any], code: str, facts: dict[str, object] | None
) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_decision(**a_proposal(**changes))
    assert broken.value.code == code
    assert facts is None or dict(broken.value.facts) == facts


def either(progress_of: EpaProgress) -> dict[str, Any]:
    return {"progress": progress_of, "assessors_of_counted": progress_of.assessors}


def test_who_only_tried_an_alternative_that_nobody_needs_is_no_second_pair_of_eyes() -> None:
    short = a_requirement(min_count=1, min_assessors=1)
    long = a_requirement(instrument="osats", min_count=5, min_assessors=1)
    alternatives = CombinedRequirement(kind=Combination.ANY_OF, of=(short, long))
    seen = [an_observation(1), an_observation(2, instrument="osats", assessor_id=BRAM)]
    progress = epa_progress([alternatives], seen, target=FIVE.level("4"), stage=None, on=TODAY)
    assert progress.is_met
    assert progress.counted == (seen[0],)
    with pytest.raises(RuleBroken) as refused:
        check_decision(**a_proposal(**either(progress)))
    assert refused.value.code == "four_eyes"
    check_decision(**a_proposal(decided_by=CEES, **either(progress)))


@pytest.mark.parametrize(("confirmed_by", "allowed"), [((ANNA,), False), ((BRAM,), True), ((ANNA, BRAM), True)])
def test_who_alone_confirmed_all_that_counts_does_not_decide_alone(confirmed_by: Any, allowed: bool) -> None:
    tests = [
        an_attainment(number, kind=AttainmentKind.TEST, key=f"exam {number}", confirmed_by=one)
        for number, one in enumerate(confirmed_by)
    ]
    asked = PiecesRequirement(kind=AttainmentKind.TEST, min_count=len(tests))
    progress = epa_progress([asked], [], target=FIVE.level("4"), stage=None, on=TODAY, record=a_record(*tests))
    assert progress.is_met
    if allowed:
        check_decision(**a_proposal(**either(progress)))
    else:
        with pytest.raises(RuleBroken, match="four_eyes"):
            check_decision(**a_proposal(**either(progress)))
