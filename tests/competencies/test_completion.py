"""What the diploma asks: every rule at its edges, with exemptions, tracks, stages, and what expired."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from competencies.attainments import (
    AttainmentKind,
    AttainmentState,
    HoursOf,
    check_attainment,
    check_confirmation,
    check_withdrawal,
    counts_at_once,
)
from competencies.completion import (
    CompletionRule,
    EpasProgress,
    ItemsProgress,
    RuleKind,
    completion_of,
    stage_progress,
    study_load_of,
)
from competencies.curricula import EpaType, ExpectedLevel
from competencies.errors import RuleBroken
from competencies.exemptions import Ground, check_ground, most_exempted
from competencies.plans import Plan, PlannedEpa, PlannedPlacement, PlannedSession, StudyLoad
from competencies.progress import Obstacle, epa_progress
from competencies.requirements import HoursRequirement, PiecesRequirement
from tests.competencies.examples import (
    ANNA,
    BRAM,
    FIVE,
    TODAY,
    TRAINEE,
    a_decision,
    a_record,
    a_requirement,
    an_attainment,
    no_requirements,
)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
MIDWAY, END = ExpectedLevel("midway", FIVE.level("3")), ExpectedLevel("end", FIVE.level("4"))


def an_epa(key: str, kind: EpaType = EpaType.CORE, **changes: Any) -> PlannedEpa:
    whole: dict[str, Any] = {"key": key, "type": kind, "scale": FIVE, "expected": (MIDWAY, END)}
    return PlannedEpa(**(whole | changes))


PLAN = Plan(
    epas=(
        an_epa("b1", EpaType.BASIC),
        an_epa("k1"),
        an_epa("k2", tracks=("lung",)),
        an_epa("k3", tracks=("heart",)),
        an_epa("s1", EpaType.SPECIFIC, tracks=("lung",)),
        an_epa("s2", EpaType.SPECIFIC, is_optional=True),
        an_epa("eol", EpaType.CROSS_EPA, scale=None, expected=()),
    ),
    placements=(
        PlannedPlacement(key="chain", settings=("a", "b", "c"), min_settings=3),
        PlannedPlacement(key="free", settings=("d",), mandatory=False),
    ),
    sessions=(PlannedSession(key="s", module="m", days=Decimal(10)),),
    deliverables=("charter", "advice"),
    study_load=StudyLoad(practice_hours=1200, theory_hours=130),
)


def progress_on(rule: CompletionRule, *attainments: Any, **more: Any) -> Any:
    """Return the progress on one rule, with the decisions and the track that are named."""
    progress = more.pop("progress", {})
    (found,) = completion_of([rule], a_record(*attainments, **more), PLAN, progress=progress, on=TODAY).rules
    return found


def declared(*keys: str, **changes: Any) -> dict[str, list[Any]]:
    return {key: [a_decision(number, **changes)] for number, key in enumerate(keys)}


ALL_CORE = CompletionRule(kind=RuleKind.ALL_EPAS_OF_TYPE, type=EpaType.CORE)
CORE_OF_TRACK = CompletionRule(kind=RuleKind.ALL_EPAS_OF_TYPE, type=EpaType.CORE, within_track=True)


@pytest.mark.parametrize(
    ("rule", "track", "asked"),
    [
        (ALL_CORE, "lung", ["k1", "k2", "k3"]),
        (CORE_OF_TRACK, "lung", ["k1", "k2"]),
        (CORE_OF_TRACK, "heart", ["k1", "k3"]),
        (CORE_OF_TRACK, None, ["k1"]),
        (CompletionRule(kind=RuleKind.ALL_EPAS_OF_TYPE, type=EpaType.BASIC), None, ["b1"]),
        (CompletionRule(kind=RuleKind.ALL_EPAS_OF_TYPE, type=EpaType.SPECIFIC), "lung", ["s1"]),
        (CompletionRule(kind=RuleKind.MIN_EPAS_OF_TYPE, type=EpaType.SPECIFIC, min_count=1), "lung", ["s1", "s2"]),
        (CompletionRule(kind=RuleKind.CROSS_EPA_COMPLETED), None, ["eol"]),
    ],
)
def test_a_rule_asks_the_epas_of_its_type_and_track(rule: CompletionRule, track: str | None, asked: list[str]) -> None:
    assert [one.epa for one in progress_on(rule, track=track).epas] == asked


def test_all_core_epas_are_declared_or_exempted_and_the_exempted_one_says_so() -> None:
    freed = an_attainment(1, kind=AttainmentKind.EXEMPT_EPA, key="k3")
    found: EpasProgress = progress_on(ALL_CORE, freed, decisions=declared("k1", "k2"))
    assert found.is_met
    assert [(one.epa, one.is_exempted) for one in found.counted] == [("k1", False), ("k2", False), ("k3", True)]


def test_what_does_not_count_says_why_and_the_step_names_what_is_open() -> None:
    taken = declared("k1", valid_until=TODAY) | declared("k2", decided_on=YESTERDAY, valid_until=YESTERDAY)
    found: EpasProgress = progress_on(ALL_CORE, decisions=taken)
    assert [(one.epa, one.obstacle) for one in found.open] == [
        ("k2", Obstacle.EXPIRED),
        ("k3", Obstacle.NOT_DECLARED),
    ]
    step = found.next_step
    assert step is not None
    assert (step.size, [one.epa for one in step.open]) == (2, ["k2", "k3"])


@pytest.mark.parametrize(("stage", "level", "met"), [("midway", "3", True), ("midway", "2", False), (None, "3", False)])
def test_a_rule_at_a_stage_is_content_with_the_level_of_then(stage: str | None, level: str, met: bool) -> None:
    rule = CompletionRule(kind=RuleKind.ALL_EPAS_OF_TYPE, type=EpaType.BASIC, at_stage=stage)
    assert progress_on(rule, decisions=declared("b1", level=FIVE.level(level))).is_met is met


@pytest.mark.parametrize(("keys", "missing"), [([], 2), (["s1"], 1), (["s1", "s2"], 0)])
def test_some_of_a_type_are_enough_and_offered_ones_count(keys: list[str], missing: int) -> None:
    rule = CompletionRule(kind=RuleKind.MIN_EPAS_OF_TYPE, type=EpaType.SPECIFIC, min_count=2)
    found: EpasProgress = progress_on(rule, decisions=declared(*keys))
    assert (found.missing, found.is_met) == (missing, not missing)


def test_an_activity_without_levels_counts_when_its_requirements_are_met() -> None:
    rule = CompletionRule(kind=RuleKind.CROSS_EPA_COMPLETED)
    unmet = epa_progress([a_requirement()], [], target=None, stage=None, on=TODAY)
    assert progress_on(rule, progress={"eol": no_requirements(target=None)}).is_met
    for lacking in ({}, {"eol": unmet}):
        assert progress_on(rule, progress=lacking).open[0].obstacle is Obstacle.REQUIREMENTS_UNMET
    freed = an_attainment(1, kind=AttainmentKind.EXEMPT_EPA, key="eol")
    assert progress_on(rule, freed).counted[0].is_exempted


def test_the_compulsory_placements_are_asked_and_the_free_ones_are_not() -> None:
    rule = CompletionRule(kind=RuleKind.PLACEMENTS_COMPLETED)
    placed = [
        an_attainment(number, kind=AttainmentKind.PLACEMENT, key="chain", setting=setting)
        for number, setting in enumerate("ab")
    ]
    found: ItemsProgress = progress_on(rule, *placed)
    (chain,) = found.items
    assert (found.is_met, getattr(chain, "done", None), getattr(chain, "open", None)) == (False, ("a", "b"), ("c",))
    last = an_attainment(9, kind=AttainmentKind.PLACEMENT, key="chain", setting="c")
    assert progress_on(rule, *placed, last).is_met


@pytest.mark.parametrize(("days", "met"), [(7, False), (8, True)])
def test_attendance_is_a_percent_of_all_days(days: int, met: bool) -> None:
    rule = CompletionRule(kind=RuleKind.ATTENDANCE, min_percent=80)
    line = an_attainment(1, kind=AttainmentKind.SESSION, key="s", amount=Decimal(days))
    assert progress_on(rule, line).is_met is met


def test_everything_that_must_be_delivered_is_asked_once() -> None:
    rule = CompletionRule(kind=RuleKind.DELIVERABLES_COMPLETED)
    lines = [an_attainment(number, kind=AttainmentKind.PRODUCT, key="charter") for number in (1, 2)]
    assert not progress_on(rule, *lines).is_met
    assert progress_on(rule, *lines, an_attainment(3, kind=AttainmentKind.PRODUCT, key="advice")).is_met
    (nothing,) = completion_of([rule], a_record(), Plan(), progress={}, on=TODAY).rules
    assert nothing.is_met


def test_a_diploma_a_study_load_and_a_requirement_are_rules_too() -> None:
    diploma = an_attainment(1, kind=AttainmentKind.EXTERNAL_DIPLOMA, key=None)
    assert progress_on(CompletionRule(kind=RuleKind.EXTERNAL_DIPLOMA), diploma).is_met
    load: ItemsProgress = progress_on(CompletionRule(kind=RuleKind.STUDY_LOAD_COMPLETED))
    assert [item.requirement for item in load.items] == list(study_load_of(PLAN))
    assert study_load_of(PLAN) == (
        HoursRequirement(of=HoursOf.PRACTICE, min_hours=1200),
        HoursRequirement(of=HoursOf.THEORY, min_hours=130),
    )
    own = CompletionRule(kind=RuleKind.REQUIREMENT, requirement=PiecesRequirement(kind=AttainmentKind.TEST))
    assert not progress_on(own).is_met


def test_the_smallest_step_of_a_rule_comes_first() -> None:
    load: ItemsProgress = progress_on(CompletionRule(kind=RuleKind.STUDY_LOAD_COMPLETED))
    step = load.next_step
    assert step is not None
    assert step.requirement == HoursRequirement(of=HoursOf.THEORY, min_hours=130)


def test_a_programme_is_completed_when_all_its_rules_are_met() -> None:
    none = completion_of([], a_record(), PLAN, progress={}, on=TODAY)
    assert (none.is_met, none.met) == (False, ())
    basic = CompletionRule(kind=RuleKind.ALL_EPAS_OF_TYPE, type=EpaType.BASIC)
    half = completion_of([basic, ALL_CORE], a_record(decisions=declared("b1")), PLAN, progress={}, on=TODAY)
    assert (half.is_met, [one.rule for one in half.met]) == (False, [basic])


def test_a_stage_asks_of_the_programme_as_a_whole() -> None:
    asked = [PiecesRequirement(kind=AttainmentKind.TEST)]
    found = stage_progress(
        "midway", asked, a_record(an_attainment(1, kind=AttainmentKind.TEST, key=None)), PLAN, on=TODAY
    )
    assert (found.stage, found.is_met) == ("midway", True)


# Grounds for exemption.

PORTFOLIO = Ground(key="portfolio", types=frozenset({EpaType.CORE, EpaType.SPECIFIC}))
HEART = Ground(key="heart", types=frozenset({EpaType.BASIC}), epas=frozenset({"h1"}))
WHOLE_TRACK = Ground(key="whole", tracks=frozenset({"lung"}))
CORE_OF_LUNG = Ground(key="core", types=frozenset({EpaType.CORE}), tracks=frozenset({"lung"}))


@pytest.mark.parametrize(
    ("ground", "epa", "kind", "tracks", "covered"),
    [
        (PORTFOLIO, "k1", EpaType.CORE, (), True),
        (PORTFOLIO, "eol", EpaType.CROSS_EPA, (), False),
        (HEART, "h1", EpaType.CORE, (), True),
        (HEART, "h2", EpaType.CORE, (), False),
        (HEART, "b1", EpaType.BASIC, ("lung",), True),
        (WHOLE_TRACK, "k2", EpaType.CORE, ("lung", "heart"), True),
        (WHOLE_TRACK, "k1", EpaType.CORE, (), False),
        (CORE_OF_LUNG, "k1", EpaType.CORE, (), True),
        (CORE_OF_LUNG, "k3", EpaType.CORE, ("heart",), False),
        (Ground(key="nothing"), "k1", EpaType.CORE, ("lung",), False),
    ],
)
def test_a_ground_covers_what_it_names(
    ground: Ground, epa: str, kind: EpaType, tracks: tuple[str, ...], covered: bool
) -> None:
    assert ground.covers(epa, kind, tracks) is covered


def test_an_exemption_rests_on_a_ground_that_the_programme_names() -> None:
    check_ground("portfolio", [PORTFOLIO], epa="k1", kind=EpaType.CORE, tracks=())
    for ground in ("heart", None):
        with pytest.raises(RuleBroken, match="exemption_not_offered"):
            check_ground(ground, [PORTFOLIO], epa="k1", kind=EpaType.CORE, tracks=())


@pytest.mark.parametrize(
    ("hours", "percent", "most"), [(1200, 80, "960"), (130, 100, "130"), (7, 33, "2.31"), (3, 0, "0"), (3, None, None)]
)
def test_the_limit_of_exempted_hours_is_a_percent_of_the_minimum(hours: int, percent: int | None, most: Any) -> None:
    assert most_exempted(hours, percent) == (Decimal(most) if most is not None else None)


# Recording and confirming.


def test_an_amount_is_above_zero() -> None:
    with pytest.raises(RuleBroken, match="amount_not_positive"):
        an_attainment(1, amount=Decimal(0))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"done_on": TOMORROW}, "attained_in_future"),
        ({"done_on": YESTERDAY - timedelta(days=9)}, "attained_before_enrolment"),
        ({"done_on": YESTERDAY - timedelta(days=9), "kind": AttainmentKind.EXTERNAL_DIPLOMA}, None),
        ({"amount": Decimal(5000)}, None),
        ({"amount": Decimal("5000.01")}, "amount_out_of_range"),
        ({"kind": AttainmentKind.EXEMPT_EPA, "has_proof": False}, "proof_missing"),
        ({"has_proof": False}, None),
    ],
)
def test_what_is_recorded_was_done_in_the_programme_by_today(changes: dict[str, Any], code: str | None) -> None:
    whole: dict[str, Any] = {
        "done_on": TODAY,
        "starts_on": YESTERDAY,
        "today": TODAY,
        "amount": Decimal(8),
        "kind": AttainmentKind.HOURS,
        "has_proof": True,
    }
    if code is None:
        check_attainment(**(whole | changes))
        return
    with pytest.raises(RuleBroken, match=code):
        check_attainment(**(whole | changes))


@pytest.mark.parametrize(
    ("kind", "state", "recorded_by", "by", "code"),
    [
        (AttainmentKind.HOURS, AttainmentState.WAITING, TRAINEE, ANNA, None),
        (AttainmentKind.HOURS, AttainmentState.WAITING, ANNA, ANNA, None),
        (AttainmentKind.HOURS, AttainmentState.WAITING, ANNA, TRAINEE, "own_confirmation"),
        (AttainmentKind.HOURS, AttainmentState.CONFIRMED, TRAINEE, ANNA, "attainment_settled"),
        (AttainmentKind.HOURS, AttainmentState.WITHDRAWN, TRAINEE, ANNA, "attainment_settled"),
        (AttainmentKind.EXEMPT_EPA, AttainmentState.WAITING, ANNA, ANNA, "confirmed_by_recorder"),
        (AttainmentKind.EXEMPT_EPA, AttainmentState.WAITING, ANNA, BRAM, None),
        (AttainmentKind.EXEMPT_HOURS, AttainmentState.WAITING, TRAINEE, TRAINEE, "own_confirmation"),
        (AttainmentKind.EXTERNAL_DIPLOMA, AttainmentState.WAITING, TRAINEE, BRAM, None),
    ],
)
def test_somebody_else_confirms(
    kind: AttainmentKind, state: AttainmentState, recorded_by: Any, by: Any, code: str | None
) -> None:
    if code is None:
        check_confirmation(kind, state, recorded_by=recorded_by, by=by, trainee_id=TRAINEE)
        return
    with pytest.raises(RuleBroken, match=code):
        check_confirmation(kind, state, recorded_by=recorded_by, by=by, trainee_id=TRAINEE)


def test_taking_back_tells_why_and_happens_once() -> None:
    check_withdrawal(AttainmentState.CONFIRMED, reason="Twice")
    with pytest.raises(RuleBroken, match="withdrawal_reason_missing"):
        check_withdrawal(AttainmentState.WAITING, reason=" ")
    with pytest.raises(RuleBroken, match="attainment_settled"):
        check_withdrawal(AttainmentState.WITHDRAWN, reason="Twice")


def test_only_what_others_record_and_nothing_hangs_on_counts_at_once() -> None:
    assert counts_at_once(AttainmentKind.HOURS, recorded_by=ANNA, trainee_id=TRAINEE)
    assert not counts_at_once(AttainmentKind.HOURS, recorded_by=TRAINEE, trainee_id=TRAINEE)
    assert not counts_at_once(AttainmentKind.EXEMPT_EPA, recorded_by=ANNA, trainee_id=TRAINEE)
