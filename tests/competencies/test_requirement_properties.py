"""What must hold for requirements of every kind, whatever a file holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from competencies.attainments import Attainment, AttainmentKind, HoursOf
from competencies.completion import CompletionRule, RuleKind, completion_of
from competencies.curricula import EpaType, ExpectedLevel
from competencies.exemptions import HoursLimits, most_exempted
from competencies.observations import Context, Observation
from competencies.people import Role
from competencies.plans import Plan, PlannedEpa, PlannedPlacement, PlannedSession
from competencies.progress import (
    AnyProgress,
    CombinedProgress,
    HoursProgress,
    PiecesProgress,
    PlacementProgress,
    Record,
    RequirementProgress,
    SessionsProgress,
    judge,
)
from competencies.requirements import (
    AnyRequirement,
    Combination,
    CombinedRequirement,
    HoursRequirement,
    PiecesRequirement,
    PlacementRequirement,
    ReflectionsRequirement,
    SessionsRequirement,
    Spread,
)
from tests.competencies.examples import FIVE, TODAY, a_decision, a_requirement, an_attainment, an_id, an_observation

SETTINGS = ("ward", "clinic", "home")
PLAN = Plan(
    epas=tuple(
        PlannedEpa(key=key, type=EpaType.CORE, scale=FIVE, expected=(ExpectedLevel("end", FIVE.level("4")),))
        for key in ("k1", "k2", "k3")
    ),
    placements=(PlannedPlacement(key="chain", settings=SETTINGS, min_count=2, min_settings=2),),
    sessions=tuple(PlannedSession(key=key, module="m", days=Decimal(2)) for key in ("s1", "s2", "s3")),
    deliverables=("a", "b"),
    limits=HoursLimits(practice_percent=80),
)
KEYS = {
    AttainmentKind.HOURS: ("practice", "theory"),
    AttainmentKind.PLACEMENT: ("chain",),
    AttainmentKind.SESSION: ("s1", "s2", "s3", "other"),
    AttainmentKind.PRODUCT: ("a", "b", None),
    AttainmentKind.TEST: ("exam", None),
    AttainmentKind.EXTERNAL_DIPLOMA: (None,),
    AttainmentKind.EXEMPT_HOURS: ("practice", "theory"),
    AttainmentKind.EXEMPT_EPA: ("k1", "k2"),
}
DAYS = st.integers(-40, 1).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def attainments(draw: st.DrawFn) -> list[Attainment]:
    """Draw things that were recorded, confirmed or not, some withdrawn, each with its own identity."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from(sorted(KEYS)))
        placed = kind is AttainmentKind.PLACEMENT
        whole = {
            "kind": kind,
            "key": draw(st.sampled_from(KEYS[kind])),
            "setting": draw(st.sampled_from([*SETTINGS, "moon"])) if placed else None,
            "amount": draw(st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(30), Decimal("77.25")])),
            "done_on": draw(DAYS),
            "organisation_id": draw(st.sampled_from([None, an_id(51), an_id(52)])),
            "passed": draw(st.booleans()),
            "confirmed_by": draw(st.sampled_from([None, an_id(11), an_id(12)])),
            "withdrawn_on": draw(st.sampled_from([None, None, None, TODAY])),
        }
        made.append(an_attainment(number, **whole))
    return made


@st.composite
def observations(draw: st.DrawFn) -> list[Observation]:
    """Draw observations in any context, by people with any roles, some of them simulated."""
    fields: dict[str, st.SearchStrategy[Any]] = {
        "instrument": st.sampled_from(["kpb", "reflection"]),
        "observed_on": DAYS,
        "assessor_id": st.sampled_from([an_id(11), an_id(12), an_id(13)]),
        "by_trainee": st.booleans(),
        "level": st.sampled_from(FIVE.levels),
        "is_simulated": st.booleans(),
        "contexts": st.sampled_from([{}, {Context.DEPARTMENT: "a"}, {Context.DEPARTMENT: "b"}]),
        "assessor_roles": st.sampled_from([frozenset(), frozenset({Role.TRAINER})]),
    }
    drawn = draw(st.lists(st.fixed_dictionaries(fields), max_size=8))
    return [an_observation(number, **each) for number, each in enumerate(drawn)]


def leaves(*, bounded: bool) -> st.SearchStrategy[AnyRequirement]:
    """Return requirements of every kind but combined ones; bounded ones name a window or a most."""
    limits: dict[str, st.SearchStrategy[Any]] = {
        "within_months": st.sampled_from([None, 1] if bounded else [None]),
        "max_simulated": st.sampled_from([None, 0, 1] if bounded else [None]),
    }
    seen = st.builds(
        a_requirement,
        min_count=st.integers(1, 3),
        min_assessors=st.integers(0, 2),
        assessor_roles=st.sampled_from([{}, {Role.TRAINER: 1}]),
        spread=st.sampled_from([(), (Spread(Context.DEPARTMENT, 2),)]),
        **limits,
    )
    percents = st.sampled_from([None, 50])
    hours = st.sampled_from([40, 100])
    return st.one_of(
        seen,
        st.builds(
            HoursRequirement, of=st.sampled_from(HoursOf), min_hours=hours, min_percent_in_one_organisation=percents
        ),
        st.builds(PlacementRequirement, placement=st.just("chain"), min_settings=st.sampled_from([None, 1, 3])),
        st.builds(SessionsRequirement, min_percent=st.sampled_from([10, 50, 100])),
        st.builds(SessionsRequirement, modules=st.just(("m",)), min_count=st.integers(1, 3)),
        st.builds(
            PiecesRequirement,
            kind=st.sampled_from([AttainmentKind.PRODUCT, AttainmentKind.TEST]),
            min_count=st.integers(1, 2),
            keys=st.sampled_from([(), ("a", "b")]),
        ),
        st.builds(ReflectionsRequirement, min_count=st.integers(1, 3)),
    )


def of_every_kind(*, bounded: bool = True) -> st.SearchStrategy[AnyRequirement]:
    """Return requirements of every kind, combined up to three deep."""

    def together(parts: st.SearchStrategy[AnyRequirement]) -> st.SearchStrategy[AnyRequirement]:
        some = st.lists(parts, min_size=1, max_size=3).map(tuple)
        return st.builds(CombinedRequirement, kind=st.sampled_from(Combination), of=some, n=st.just(1))

    return st.recursive(leaves(bounded=bounded), together, max_leaves=6)


def record_of(attained: list[Attainment], seen: list[Observation]) -> Record:
    return Record(attainments=tuple(attained), observations=tuple(seen))


def each_leaf(progress: AnyProgress) -> list[AnyProgress]:
    if isinstance(progress, CombinedProgress):
        return [leaf for part in progress.parts for leaf in each_leaf(part)]
    return [progress]


@given(of_every_kind(bounded=False), attainments(), observations())
def test_more_in_the_file_never_makes_a_met_requirement_unmet(
    requirement: AnyRequirement, attained: list[Attainment], seen: list[Observation]
) -> None:
    lists = [(attained[:size], seen) for size in range(len(attained) + 1)]
    lists += [(attained, seen[:size]) for size in range(len(seen) + 1)]
    steps = [judge(requirement, record_of(*one), PLAN, on=TODAY) for one in lists]
    for before, after in pairwise(steps[: len(attained) + 1]):
        assert after.is_met or not before.is_met
        assert after.size <= before.size
    for before, after in pairwise(steps[len(attained) + 1 :]):
        assert after.is_met or not before.is_met
        assert after.size <= before.size


@given(of_every_kind(), attainments(), observations())
def test_it_says_met_exactly_when_nothing_more_is_needed(
    requirement: AnyRequirement, attained: list[Attainment], seen: list[Observation]
) -> None:
    progress = judge(requirement, record_of(attained, seen), PLAN, on=TODAY)
    assert (progress.next_step is None) is progress.is_met
    assert (progress.size == 0) is progress.is_met
    if progress.next_step is not None:
        assert progress.next_step.size == progress.size > 0


@given(of_every_kind(), attainments(), observations())
def test_the_numbers_of_each_explanation_add_up(
    requirement: AnyRequirement, attained: list[Attainment], seen: list[Observation]
) -> None:
    for leaf in each_leaf(judge(requirement, record_of(attained, seen), PLAN, on=TODAY)):
        match leaf:
            case HoursProgress() | SessionsProgress():
                parts = [(one, part) for one, part in leaf.counted] + [
                    (one, part) for one, _why, part in leaf.set_aside
                ]
                told = {one.id: sum(part for other, part in parts if other.id == one.id) for one, _part in parts}
                assert told == {one.id: one.amount for one, _part in parts}
                assert all(part > 0 for _one, part in parts)
            case PlacementProgress() | PiecesProgress() | RequirementProgress():
                told_of = [one.id for one in leaf.counted] + [one.id for one, _why in leaf.set_aside]
                assert len(told_of) == len(set(told_of))


@given(of_every_kind(), attainments(), observations())
def test_everything_of_the_kind_counts_or_says_why_not(
    requirement: AnyRequirement, attained: list[Attainment], seen: list[Observation]
) -> None:
    for leaf in each_leaf(judge(requirement, record_of(attained, seen), PLAN, on=TODAY)):
        match leaf:
            case HoursProgress():
                kinds = {AttainmentKind.HOURS, AttainmentKind.EXEMPT_HOURS}
                known = {one.id for one in attained if one.kind in kinds and one.key == leaf.requirement.of}
                assert {one.id for one, _part in leaf.counted} | {
                    one.id for one, _why, _part in leaf.set_aside
                } == known
            case PlacementProgress():
                known = {one.id for one in attained if one.kind is AttainmentKind.PLACEMENT}
                assert {one.id for one in leaf.counted} | {one.id for one, _why in leaf.set_aside} == known
            case RequirementProgress():
                known = {one.id for one in seen if one.instrument == leaf.requirement.instrument}
                assert {one.id for one in leaf.counted} | {one.id for one, _why in leaf.set_aside} == known


@given(attainments(), st.integers(1, 200))
def test_exempted_hours_never_exceed_their_limit(attained: list[Attainment], minimum: int) -> None:
    requirement = HoursRequirement(of=HoursOf.PRACTICE, min_hours=minimum)
    progress = judge(requirement, record_of(attained, []), PLAN, on=TODAY)
    limit = most_exempted(minimum, 80)
    assert isinstance(progress, HoursProgress)
    assert limit is not None
    assert progress.exempted <= limit <= minimum


@given(of_every_kind(), attainments(), observations(), st.randoms())
def test_the_order_of_the_file_does_not_matter(
    requirement: AnyRequirement, attained: list[Attainment], seen: list[Observation], random: Any
) -> None:
    shuffled = record_of(random.sample(attained, len(attained)), random.sample(seen, len(seen)))
    assert judge(requirement, shuffled, PLAN, on=TODAY) == judge(requirement, record_of(attained, seen), PLAN, on=TODAY)


RULES = (
    CompletionRule(kind=RuleKind.ALL_EPAS_OF_TYPE, type=EpaType.CORE),
    CompletionRule(kind=RuleKind.MIN_EPAS_OF_TYPE, type=EpaType.CORE, min_count=2),
    CompletionRule(kind=RuleKind.PLACEMENTS_COMPLETED),
    CompletionRule(kind=RuleKind.ATTENDANCE, min_percent=80),
    CompletionRule(kind=RuleKind.DELIVERABLES_COMPLETED),
    CompletionRule(kind=RuleKind.EXTERNAL_DIPLOMA),
)


@given(attainments(), st.lists(st.sampled_from(["k1", "k2", "k3"]), max_size=4))
def test_more_in_the_file_never_takes_a_rule_of_the_diploma_away(
    attained: list[Attainment], declared: list[str]
) -> None:
    whole = Record(decisions={key: [a_decision(number)] for number, key in enumerate(declared)})
    steps = [
        completion_of(RULES, replace(whole, attainments=tuple(attained[:size])), PLAN, progress={}, on=TODAY)
        for size in range(len(attained) + 1)
    ]
    for before, after in pairwise(steps):
        assert {one.rule.kind for one in before.met} <= {one.rule.kind for one in after.met}
    assert steps[-1].is_met is (len(steps[-1].met) == len(RULES))
