"""Each kind of requirement at its edges: exactly at the count, the day, the hour, the setting; why not otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from competencies.attainments import Attainment, AttainmentKind, HoursOf
from competencies.curricula import EpaType, ExpectedLevel, ResultKind
from competencies.exemptions import HoursLimits
from competencies.observations import Context
from competencies.people import Role
from competencies.plans import Plan, PlannedEpa, PlannedPlacement, PlannedSession
from competencies.progress import (
    CombinedProgress,
    CombinedStep,
    DeclarationProgress,
    HoursProgress,
    Obstacle,
    PiecesProgress,
    PlacementProgress,
    PlacementStep,
    RequirementProgress,
    SessionsProgress,
    SetAside,
    judge,
    progress_towards,
)
from competencies.requirements import (
    AnyRequirement,
    Combination,
    CombinedRequirement,
    DeclarationRequirement,
    HoursRequirement,
    PiecesRequirement,
    PlacementRequirement,
    ReflectionsRequirement,
    SessionsRequirement,
    Spread,
)
from tests.competencies.examples import (
    ANNA,
    BRAM,
    CEES,
    FIVE,
    RUBRIC,
    TODAY,
    TRAINEE,
    a_decision,
    a_level,
    a_record,
    a_requirement,
    an_attainment,
    an_id,
    an_observation,
)

HERE, THERE = an_id(51), an_id(52)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
CHAIN = ("outpatient", "ward", "home_care")
PLAN = Plan(
    epas=(
        PlannedEpa(
            key="k1",
            type=EpaType.CORE,
            scale=FIVE,
            expected=(ExpectedLevel("midway", FIVE.level("3")), ExpectedLevel("end", FIVE.level("4"))),
        ),
        PlannedEpa(key="eol", type=EpaType.CROSS_EPA),
    ),
    placements=(PlannedPlacement(key="chain", settings=CHAIN, min_count=1, min_settings=3),),
    sessions=(
        PlannedSession(key="s1", module="m1", days=Decimal(1)),
        PlannedSession(key="s2", module="m1", days=Decimal("0.5")),
        PlannedSession(key="s3", module="m2", days=Decimal("3.5")),
        PlannedSession(key="s4", module="m3", days=Decimal(5), tracks=("heart",)),
    ),
    limits=HoursLimits(practice_percent=80, theory_percent=100),
)


def hours(number: int, amount: float, **changes: Any) -> Attainment:
    return an_attainment(number, amount=Decimal(str(amount)), **changes)


def exempted(number: int, amount: float, **changes: Any) -> Attainment:
    return hours(number, amount, kind=AttainmentKind.EXEMPT_HOURS, **changes)


def placed(number: int, setting: str | None, **changes: Any) -> Attainment:
    return an_attainment(
        number, kind=AttainmentKind.PLACEMENT, key="chain", setting=setting, amount=Decimal(1), **changes
    )


def attended(number: int, key: str, days: float = 1, **changes: Any) -> Attainment:
    return an_attainment(number, kind=AttainmentKind.SESSION, key=key, amount=Decimal(str(days)), **changes)


def made(number: int, key: str | None = None, **changes: Any) -> Attainment:
    return an_attainment(number, **({"kind": AttainmentKind.PRODUCT, "key": key, "amount": Decimal(1)} | changes))


def judged(requirement: AnyRequirement, *attainments: Attainment, on: date = TODAY, **record: Any) -> Any:
    return judge(requirement, a_record(*attainments, **record), PLAN, on=on)


# Observations: the window, the roles, the contexts, the simulated.


@pytest.mark.parametrize(
    ("observed_on", "reason"),
    [
        (date(2026, 3, 15), None),
        (date(2025, 9, 15), None),
        (date(2025, 9, 14), SetAside.TOO_LONG_AGO),
        (date(2026, 3, 16), SetAside.IN_THE_FUTURE),
    ],
)
def test_what_was_seen_so_many_months_ago_to_the_day_still_counts(observed_on: date, reason: SetAside | None) -> None:
    progress = progress_towards(a_requirement(within_months=6), [an_observation(1, observed_on=observed_on)], on=TODAY)
    assert [why for _seen, why in progress.set_aside] == ([reason] if reason else [])


def test_a_window_reaches_the_last_day_of_a_shorter_month() -> None:
    seen = an_observation(1, observed_on=date(2026, 2, 28))
    assert progress_towards(a_requirement(within_months=1), [seen], on=date(2026, 3, 31)).counted
    assert not progress_towards(a_requirement(within_months=1), [seen], on=date(2026, 4, 29)).counted


LEAD = frozenset({Role.PROGRAMME_LEAD, Role.TRAINER})
TRAINER = frozenset({Role.TRAINER})


@pytest.mark.parametrize(
    ("seen", "missing"),
    [
        ([], {Role.PROGRAMME_LEAD: 1}),
        ([(ANNA, TRAINER), (BRAM, TRAINER)], {Role.PROGRAMME_LEAD: 1}),
        ([(ANNA, TRAINER), (BRAM, LEAD)], {}),
        ([(ANNA, LEAD), (ANNA, LEAD)], {}),
        ([(ANNA, TRAINER), (BRAM, frozenset())], {Role.PROGRAMME_LEAD: 1}),
    ],
)
def test_a_role_is_held_by_a_different_person_on_the_day_of_the_act(
    seen: list[tuple[Any, frozenset[Role]]], missing: dict[Role, int]
) -> None:
    observations = [
        an_observation(number, assessor_id=by, assessor_roles=roles) for number, (by, roles) in enumerate(seen)
    ]
    progress = progress_towards(a_requirement(assessor_roles={Role.PROGRAMME_LEAD: 1}), observations, on=TODAY)
    assert dict(progress.roles_missing) == missing
    assert progress.is_met is (not missing and len({by for by, _roles in seen}) > 1)


def test_two_of_a_role_are_two_people() -> None:
    requirement = a_requirement(min_count=1, min_assessors=1, assessor_roles={Role.PROGRAMME_LEAD: 2})
    twice = [an_observation(number, assessor_roles=LEAD) for number in (1, 2)]
    progress = progress_towards(requirement, twice, on=TODAY)
    assert (progress.is_met, dict(progress.roles_missing)) == (False, {Role.PROGRAMME_LEAD: 1})
    step = progress.next_step
    assert step is not None
    assert (step.observations, step.assessors, step.roles) == (1, 0, ((Role.PROGRAMME_LEAD, 1),))


def test_the_next_step_is_the_largest_of_what_lacks() -> None:
    requirement = a_requirement(
        assessor_roles={Role.TRAINER: 1}, spread=(Spread(Context.DEPARTMENT, 3),), min_count=2, min_assessors=2
    )
    step = progress_towards(requirement, [an_observation(1, contexts={Context.DEPARTMENT: "a"})], on=TODAY).next_step
    assert step is not None
    assert (step.observations, step.assessors) == (2, 1)
    assert step.spread == ((requirement.spread[0], 2),)


@pytest.mark.parametrize(
    ("places", "missing"), [((), 2), (("a",), 1), (("a", "a"), 1), (("a", "b"), 0), ((None, "a"), 1)]
)
def test_what_is_not_known_of_a_context_is_no_other_one(places: tuple[str | None, ...], missing: int) -> None:
    spread = Spread(Context.PATIENT_GROUP, 2)
    seen = [
        an_observation(number, contexts={Context.PATIENT_GROUP: place} if place else {Context.DEPARTMENT: "x"})
        for number, place in enumerate(places)
    ]
    requirement = a_requirement(min_count=1, min_assessors=0, spread=(spread,))
    progress = progress_towards(requirement, seen, on=TODAY)
    assert dict(progress.spread_missing) == ({spread: missing} if missing else {})
    assert len(progress.counted) == len(places)


@pytest.mark.parametrize(("most", "counted"), [(None, 3), (0, 1), (1, 2), (2, 3), (3, 3)])
def test_no_more_simulated_ones_count_than_named(most: int | None, counted: int) -> None:
    seen = [an_observation(1, is_simulated=True), an_observation(2, is_simulated=True), an_observation(3)]
    progress = progress_towards(a_requirement(max_simulated=most), seen, on=TODAY)
    assert (progress.count, len(progress.set_aside)) == (counted, 3 - counted)
    assert {why for _seen, why in progress.set_aside} <= {SetAside.TOO_MANY_SIMULATED}


def test_a_line_of_a_simulated_logbook_counts_whole_or_not() -> None:
    requirement = a_requirement(
        instrument="logbook", result=ResultKind.COUNT, min_count=10, min_assessors=1, minimum=None, max_simulated=5
    )
    seen = [
        an_observation(number, instrument="logbook", quantity=quantity, is_simulated=simulated)
        for number, (quantity, simulated) in enumerate([(4, True), (2, True), (1, True), (5, False)])
    ]
    progress = progress_towards(requirement, seen, on=TODAY)
    assert (progress.count, [one.quantity for one, _why in progress.set_aside]) == (10, [2])


# Hours.

PRACTICE = HoursRequirement(of=HoursOf.PRACTICE, min_hours=100)


@pytest.mark.parametrize(
    ("lines", "amount", "reasons"),
    [
        ([], 0, []),
        ([hours(1, 100)], 100, []),
        ([hours(1, 99.75)], Decimal("99.75"), []),
        ([hours(1, 60), hours(2, 40)], 100, []),
        ([hours(1, 100, key="theory")], 0, []),
        ([hours(1, 100, confirmed_by=None)], 0, [SetAside.NOT_CONFIRMED]),
        ([hours(1, 100, done_on=TOMORROW)], 0, [SetAside.IN_THE_FUTURE]),
        ([hours(1, 100, withdrawn_on=TODAY)], 0, [SetAside.WITHDRAWN]),
        ([hours(1, 100, withdrawn_on=TOMORROW)], 100, []),
        ([exempted(1, 80), hours(2, 20)], 100, []),
        ([exempted(1, 80.5), hours(2, 20)], 100, [SetAside.MORE_THAN_EXEMPTED]),
        ([exempted(1, 50), exempted(2, 50)], 80, [SetAside.MORE_THAN_EXEMPTED]),
        ([exempted(1, 80), exempted(2, 5)], 80, [SetAside.MORE_THAN_EXEMPTED]),
        ([exempted(1, 80, confirmed_by=None)], 0, [SetAside.NOT_CONFIRMED]),
    ],
)
def test_hours_count_when_confirmed_and_exempted_ones_up_to_the_limit(
    lines: list[Attainment], amount: Decimal, reasons: list[SetAside]
) -> None:
    progress: HoursProgress = judged(PRACTICE, *lines)
    assert progress.amount == amount
    assert [reason for _one, reason, _part in progress.set_aside] == reasons
    assert progress.is_met is (amount >= 100)
    assert progress.hours_missing == max(0, 100 - amount)


def test_theory_may_be_exempted_whole_and_self_study_has_no_limit() -> None:
    for of in (HoursOf.THEORY, HoursOf.SELF_STUDY):
        progress: HoursProgress = judged(HoursRequirement(of=of, min_hours=130), exempted(1, 130, key=of.value))
        assert progress.is_met
        assert progress.exempted == 130


@pytest.mark.parametrize(
    ("lines", "there", "met"),
    [
        ([hours(1, 60, organisation_id=HERE), hours(2, 40, organisation_id=THERE)], 60, True),
        ([hours(1, 59, organisation_id=HERE), hours(2, 41, organisation_id=THERE)], 59, False),
        ([hours(1, 59, organisation_id=HERE), hours(2, 60, organisation_id=THERE)], 60, True),
        ([hours(1, 100)], 0, False),
        ([exempted(1, 80, organisation_id=HERE), hours(2, 20, organisation_id=HERE)], 20, False),
        ([hours(1, 60, organisation_id=HERE), hours(2, 900, organisation_id=THERE)], 900, True),
    ],
)
def test_the_percent_at_one_organisation_is_of_the_minimum(lines: list[Attainment], there: int, met: bool) -> None:
    requirement = HoursRequirement(of=HoursOf.PRACTICE, min_hours=100, min_percent_in_one_organisation=60)
    progress: HoursProgress = judged(requirement, *lines)
    assert progress.in_one_organisation == there
    assert progress.is_met is met


def test_hours_at_the_organisation_with_most_are_hours_too() -> None:
    requirement = HoursRequirement(of=HoursOf.PRACTICE, min_hours=100, min_percent_in_one_organisation=60)
    progress: HoursProgress = judged(
        requirement, hours(1, 50, organisation_id=HERE), hours(2, 45, organisation_id=THERE)
    )
    step = progress.next_step
    assert step is not None
    assert step.hours == step.in_one_organisation == 10
    assert step.size == 2


# Placements.


@pytest.mark.parametrize(
    ("done", "met", "needed", "open_settings"),
    [
        ([], False, 3, CHAIN),
        (["ward", "outpatient"], False, 1, ("home_care",)),
        (["ward", "ward", "ward"], False, 2, ("outpatient", "home_care")),
        (["ward", "outpatient", "home_care"], True, 0, ()),
    ],
)
def test_the_care_chain_is_whole_in_three_different_settings(
    done: list[str], met: bool, needed: int, open_settings: tuple[str, ...]
) -> None:
    lines = [placed(number, setting) for number, setting in enumerate(done)]
    progress: PlacementProgress = judged(PlacementRequirement(placement="chain"), *lines)
    assert (progress.is_met, progress.open, len(progress.counted)) == (met, open_settings, len(done))
    asked = progress.requirement
    assert progress.next_step == (None if met else PlacementStep(asked, needed, needed, open_settings))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"confirmed_by": None}, SetAside.NOT_CONFIRMED),
        ({"done_on": TOMORROW}, SetAside.IN_THE_FUTURE),
        ({"withdrawn_on": YESTERDAY}, SetAside.WITHDRAWN),
        ({"setting": "moon"}, SetAside.NOT_OF_PLAN),
        ({"setting": None}, SetAside.NOT_OF_PLAN),
    ],
)
def test_a_placement_that_does_not_count_says_why(changes: dict[str, Any], reason: SetAside) -> None:
    line = placed(1, **({"setting": "ward"} | changes))
    progress: PlacementProgress = judged(PlacementRequirement(placement="chain"), line)
    assert progress.set_aside == ((line, reason),)


def test_an_own_number_of_settings_goes_before_that_of_the_placement() -> None:
    asked = PlacementRequirement(placement="chain", min_settings=2)
    assert judged(asked, placed(1, "ward"), placed(2, "home_care")).is_met
    assert not judged(asked, placed(1, "ward"), placed(2, "ward")).is_met


# Sessions.


@pytest.mark.parametrize(
    ("lines", "amount", "met"),
    [
        ([], 0, False),
        ([attended(1, "s1"), attended(2, "s3", 3)], 4, True),
        ([attended(1, "s1"), attended(2, "s3", 2.5)], Decimal("3.5"), False),
        ([attended(1, "s1", 2), attended(2, "s3", 3)], 4, True),
        ([attended(1, "s4", 5), attended(2, "s3", 3)], 3, False),
        ([attended(1, "s1", confirmed_by=None), attended(2, "s3", 3)], 3, False),
    ],
)
def test_attendance_is_a_percent_of_the_days_that_are_planned_for_the_track(
    lines: list[Attainment], amount: Decimal, met: bool
) -> None:
    progress: SessionsProgress = judged(SessionsRequirement(min_percent=80), *lines)
    assert progress.days_planned == 5
    assert progress.needed == 4
    assert (progress.amount, progress.is_met) == (amount, met)


def test_days_beyond_those_of_a_session_do_not_count_and_say_so() -> None:
    progress: SessionsProgress = judged(
        SessionsRequirement(min_percent=80), attended(1, "s2", 0.5), attended(2, "s2", 0.5)
    )
    assert (progress.amount, progress.open) == (Decimal("0.5"), ("s1", "s3"))
    assert [(reason, part) for _one, reason, part in progress.set_aside] == [
        (SetAside.MORE_THAN_PLANNED, Decimal("0.5"))
    ]


def test_sessions_can_be_counted_and_those_of_other_modules_are_passed_over() -> None:
    asked = SessionsRequirement(modules=("m1",), min_count=2)
    assert judged(asked, attended(1, "s1"), attended(2, "s1"), attended(3, "s3")).missing == 1
    assert judged(asked, attended(1, "s1", 0.25), attended(2, "s2", 0.25)).is_met


def test_who_follows_a_track_is_asked_its_sessions_too() -> None:
    progress: SessionsProgress = judged(SessionsRequirement(min_percent=100), track="heart")
    assert progress.days_planned == 10


def test_a_programme_without_sessions_asks_no_days() -> None:
    assert judge(SessionsRequirement(min_percent=80), a_record(), Plan(), on=TODAY).is_met


# Products, tests, diplomas and reflections.


@pytest.mark.parametrize(
    ("requirement", "lines", "count", "reasons"),
    [
        (PiecesRequirement(kind=AttainmentKind.PRODUCT, min_count=2), [made(1), made(2)], 2, []),
        (PiecesRequirement(kind=AttainmentKind.PRODUCT, min_count=2), [made(1, "a"), made(2, "a")], 2, []),
        (
            PiecesRequirement(kind=AttainmentKind.PRODUCT, min_count=2, keys=("a", "b")),
            [made(1, "a"), made(2, "a")],
            1,
            [SetAside.TWICE],
        ),
        (PiecesRequirement(kind=AttainmentKind.PRODUCT, keys=("a",)), [made(1, "c"), made(2)], 0, []),
        (PiecesRequirement(kind=AttainmentKind.PRODUCT), [made(1, confirmed_by=None)], 0, [SetAside.NOT_CONFIRMED]),
        (PiecesRequirement(kind=AttainmentKind.TEST), [made(1)], 0, []),
        (
            PiecesRequirement(kind=AttainmentKind.TEST),
            [made(1, kind=AttainmentKind.TEST, passed=False)],
            0,
            [SetAside.NOT_PASSED],
        ),
        (PiecesRequirement(kind=AttainmentKind.TEST), [made(1, kind=AttainmentKind.TEST)], 1, []),
        (
            PiecesRequirement(kind=AttainmentKind.EXTERNAL_DIPLOMA),
            [made(1, kind=AttainmentKind.EXTERNAL_DIPLOMA)],
            1,
            [],
        ),
    ],
)
def test_pieces_count_once_each_where_they_are_named(
    requirement: PiecesRequirement, lines: list[Attainment], count: int, reasons: list[SetAside]
) -> None:
    progress: PiecesProgress = judged(requirement, *lines)
    assert (progress.count, [why for _one, why in progress.set_aside]) == (count, reasons)
    assert progress.is_met is (count >= requirement.min_count)


def test_a_failed_test_is_passed_later() -> None:
    failed = made(1, kind=AttainmentKind.TEST, key="exam", passed=False, done_on=YESTERDAY)
    passed = made(2, kind=AttainmentKind.TEST, key="exam")
    assert judged(PiecesRequirement(kind=AttainmentKind.TEST, keys=("exam",)), failed, passed).is_met


def test_reflections_are_counted_whoever_assessed_them_or_not() -> None:
    own = {"instrument": "reflection", "level": None, "assessor_id": TRAINEE, "by_trainee": True}
    seen = (an_observation(1, **own), an_observation(2, **own))
    progress: RequirementProgress = judged(ReflectionsRequirement(min_count=3), observations=seen)
    assert (progress.count, progress.observations_missing) == (2, 1)


# Declarations.

ASKED = DeclarationRequirement(epa="k1", scope={"treatment": ["surgery"]})
WIDE = {"treatment": ["surgery", "chemotherapy"]}


@pytest.mark.parametrize(
    ("decisions", "obstacle"),
    [
        ([], Obstacle.NOT_DECLARED),
        ([{}], None),
        ([{"level": FIVE.level("5")}], None),
        ([{"level": FIVE.level("3")}], Obstacle.BELOW_LEVEL),
        ([{"level": RUBRIC.level("3")}], Obstacle.OTHER_SCALE),
        ([{"level": a_level("five", 4, scale_version=2)}], Obstacle.OTHER_SCALE),
        ([{"valid_until": TODAY}], None),
        ([{"decided_on": YESTERDAY, "valid_until": YESTERDAY}], Obstacle.EXPIRED),
        ([{"decided_on": TOMORROW}], Obstacle.NOT_BEGUN),
        ([{"suspended_on": TODAY}], Obstacle.SUSPENDED),
        ([{"suspended_on": TOMORROW}], None),
        ([{"decided_on": YESTERDAY, "valid_until": YESTERDAY, "suspended_on": YESTERDAY}], Obstacle.EXPIRED),
        ([{"scope": {}}], Obstacle.OTHER_SCOPE),
        ([{"scope": {"treatment": ["chemotherapy"]}}], Obstacle.OTHER_SCOPE),
        ([{"decided_on": YESTERDAY}, {"level": FIVE.level("2")}], Obstacle.BELOW_LEVEL),
        ([{"decided_on": YESTERDAY, "level": FIVE.level("2")}, {}], None),
    ],
)
def test_a_declaration_counts_when_it_is_in_force_at_the_level_and_covers_what_is_asked(
    decisions: list[dict[str, Any]], obstacle: Obstacle | None
) -> None:
    taken = [a_decision(number, **({"scope": WIDE} | changes)) for number, changes in enumerate(decisions)]
    progress: DeclarationProgress = judged(ASKED, decisions={"k1": taken})
    assert progress.standing.obstacle is obstacle
    assert progress.is_met is (obstacle is None)


def test_a_lower_level_can_be_asked_and_an_unknown_epa_never_counts() -> None:
    lower = [a_decision(1, level=FIVE.level("3"))]
    assert judged(DeclarationRequirement(epa="k1", minimum="3"), decisions={"k1": lower}).is_met
    nowhere = judged(DeclarationRequirement(epa="elsewhere"), decisions={"elsewhere": lower})
    assert nowhere.standing.obstacle is Obstacle.NOT_OF_PLAN


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"confirmed_by": None}, SetAside.NOT_CONFIRMED),
        ({"withdrawn_on": TODAY}, SetAside.WITHDRAWN),
        ({"done_on": TOMORROW}, SetAside.IN_THE_FUTURE),
    ],
)
def test_an_exempted_epa_counts_and_says_so(changes: dict[str, Any], reason: SetAside | None) -> None:
    freed = made(1, "k1", kind=AttainmentKind.EXEMPT_EPA, **changes)
    standing = judged(ASKED, freed).standing
    assert (standing.counts, standing.is_exempted) == (reason is None, reason is None)
    assert standing.set_aside == (((freed, reason),) if reason else ())
    assert standing.obstacle is (Obstacle.NOT_DECLARED if reason else None)


def test_a_declaration_goes_before_an_exemption() -> None:
    freed = made(1, "k1", kind=AttainmentKind.EXEMPT_EPA)
    standing = judged(ASKED, freed, decisions={"k1": [a_decision(1, scope=WIDE)]}).standing
    assert (standing.counts, standing.is_exempted) == (True, False)


# Combinations.

NEAR, FAR = HoursRequirement(of=HoursOf.PRACTICE, min_hours=108), HoursRequirement(of=HoursOf.THEORY, min_hours=400)
PAPER = PiecesRequirement(kind=AttainmentKind.PRODUCT)


def combined(kind: Combination, *of: AnyRequirement, n: int | None = None) -> CombinedRequirement:
    return CombinedRequirement(kind=kind, of=of, n=n)


@pytest.mark.parametrize(
    ("requirement", "lines", "count", "met"),
    [
        (combined(Combination.ALL_OF, NEAR, PAPER), [hours(1, 108)], 1, False),
        (combined(Combination.ALL_OF, NEAR, PAPER), [hours(1, 108), made(2)], 2, True),
        (combined(Combination.ANY_OF, NEAR, PAPER), [], 0, False),
        (combined(Combination.ANY_OF, NEAR, PAPER), [made(2)], 1, True),
        (combined(Combination.N_OF, NEAR, FAR, PAPER, n=2), [made(2)], 1, False),
        (combined(Combination.N_OF, NEAR, FAR, PAPER, n=2), [made(2), hours(1, 108)], 2, True),
    ],
)
def test_all_of_any_of_and_n_of(
    requirement: CombinedRequirement, lines: list[Attainment], count: int, met: bool
) -> None:
    progress: CombinedProgress = judged(requirement, *lines)
    assert (progress.count, progress.is_met) == (count, met)


def test_the_next_step_of_a_combination_takes_the_nearest_parts() -> None:
    either = combined(Combination.ANY_OF, FAR, combined(Combination.ALL_OF, NEAR, PAPER), NEAR)
    progress: CombinedProgress = judged(either, hours(1, 100))
    (nearest,) = progress.nearest
    assert nearest.requirement == NEAR
    step = progress.next_step
    assert isinstance(step, CombinedStep)
    assert (step.size, [one.size for one in step.steps]) == (1, [1])
    assert judged(combined(Combination.N_OF, FAR, NEAR, PAPER, n=2), hours(1, 100)).size == 2


@pytest.mark.parametrize("assessor", [ANNA, BRAM, CEES])
def test_observations_count_inside_combinations(assessor: Any) -> None:
    inside = combined(Combination.ANY_OF, FAR, a_requirement(min_count=1, min_assessors=1))
    assert judged(inside, observations=(an_observation(1, assessor_id=assessor),)).is_met
