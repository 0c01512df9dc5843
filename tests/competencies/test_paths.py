"""What somebody has of a learning path, by which proof, and what they would still need."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.attainments import Attainment, AttainmentKind
from competencies.completion.rules import CompletionRule, RuleKind
from competencies.curricula import EpaType
from competencies.decisions import Decision
from competencies.exemptions import Ground
from competencies.paths import Cover, Declared, KnownEpa, LearningPath, NotCovering, PathEpa, PathLine, what_remains
from competencies.scales import Level
from competencies.scope import ScopeGroup, ScopeOption, ScopeRule
from tests.competencies.examples import ANNA, BRAM, FIVE, NOW, RUBRIC, TODAY, an_id

DAY = timedelta(days=1)
FOUR = FIVE.level("4")
HERE, ELSEWHERE = "oncology", "children"
SURGERY, CHEMO = "surgery", "chemotherapy"
TREATMENT = ScopeGroup(
    key="treatment",
    title={"nl": "Behandelvorm"},
    choose_min=1,
    choose_max=None,
    options=(ScopeOption(SURGERY, {}), ScopeOption(CHEMO, {})),
    rules=(
        ScopeRule(if_selected=SURGERY, then_min_total=2),
        ScopeRule(if_selected=CHEMO, then_site_needs="accreditation"),
    ),
)


def known(number: int, **changes: Any) -> KnownEpa:
    whole: dict[str, Any] = {
        "id": an_id(number),
        "programme": HERE,
        "key": f"k{number}",
        "version": "1",
        "code": None,
        "title": {"nl": f"EPA {number}"},
    } | changes
    return KnownEpa(**whole)


def an_epa(number: int = 1, *, kind: EpaType = EpaType.CORE, **changes: Any) -> PathEpa:
    own: dict[str, Any] = {name: changes.pop(name) for name in ("tracks", "target", "scope") if name in changes}
    whole: dict[str, Any] = {"epa": known(number, **changes), "type": kind, "target": FOUR} | own
    return PathEpa(**whole)


def declared(
    epa: KnownEpa,
    *,
    level: Level = FOUR,
    following: str = HERE,
    days_ago: int = 100,
    days_left: int | None = 100,
    number: int = 500,
    **changes: Any,
) -> Declared:
    decision = Decision(
        id=an_id(number),
        epa_id=epa.id,
        level=level,
        decided_on=TODAY - days_ago * DAY,
        valid_until=None if days_left is None else TODAY + days_left * DAY,
        decided_by=ANNA,
        recorded_at=NOW,
        **changes,
    )
    return Declared(decision=decision, epa=epa, following=following)


def a_path(*epas: PathEpa, **changes: Any) -> LearningPath:
    whole: dict[str, Any] = {"programme": HERE, "epas": epas} | changes
    return LearningPath(**whole)


def line_of(epa: PathEpa, *decisions: Declared, grounds: tuple[Ground, ...] = ()) -> PathLine:
    path = a_path(epa, grounds=grounds)
    answer = what_remains(path, track=None, grounds={one.key for one in grounds}, declared=decisions, on=TODAY)
    return answer.lines[0]


CODED = an_epa(code="LZ-FO-1")
CROSSING = an_epa(crosses_functions=True)
SCOPED = an_epa(scope=(TREATMENT,))


@pytest.mark.parametrize(
    ("epa", "one", "cover"),
    [
        (an_epa(), declared(known(1)), Cover.DECLARED),
        (an_epa(), declared(known(1), days_left=None), Cover.DECLARED),
        (an_epa(), declared(known(1), days_ago=0), Cover.DECLARED),
        (an_epa(), declared(known(1), days_left=0), Cover.DECLARED),
        (an_epa(), declared(known(1), level=FIVE.level("5")), Cover.DECLARED),
        (an_epa(), declared(known(9, key="k1")), Cover.DECLARED),
        (an_epa(), declared(known(1), following=ELSEWHERE), Cover.DECLARED),
        (CODED, declared(known(9, programme=ELSEWHERE, code="LZ-FO-1"), following=ELSEWHERE), Cover.SAME_CODE),
        (CODED, declared(known(9, programme=ELSEWHERE, version="7", code="LZ-FO-1")), Cover.SAME_CODE),
        (CROSSING, declared(CROSSING.epa), Cover.DECLARED),
        (CROSSING, declared(CROSSING.epa, following=ELSEWHERE), Cover.CROSS_FUNCTION),
        (
            CROSSING,
            declared(known(9, programme=ELSEWHERE, title={"nl": "EPA 1"}, crosses_functions=True), following=ELSEWHERE),
            Cover.CROSS_FUNCTION,
        ),
        (SCOPED, declared(known(1), scope={"treatment": [CHEMO]}), Cover.DECLARED),
        (SCOPED, declared(known(1), scope={"treatment": [SURGERY, CHEMO]}), Cover.DECLARED),
    ],
)
def test_a_declaration_that_holds_covers_the_epa(epa: PathEpa, one: Declared, cover: Cover) -> None:
    line = line_of(epa, one)
    assert (line.cover, line.proof, line.set_aside) == (cover, one, ())
    assert line.is_covered


@pytest.mark.parametrize(
    ("epa", "one", "reason"),
    [
        (an_epa(), declared(known(1), days_left=-1), NotCovering.EXPIRED),
        (an_epa(), declared(known(1), days_ago=-1), NotCovering.NOT_BEGUN),
        (an_epa(), declared(known(1), suspended_on=TODAY), NotCovering.SUSPENDED),
        (an_epa(), declared(known(1), level=FIVE.level("3")), NotCovering.BELOW_LEVEL),
        (an_epa(), declared(known(1), level=RUBRIC.level("3")), NotCovering.OTHER_SCALE),
        (an_epa(), declared(known(9, key="k1", version="2")), NotCovering.OTHER_VERSION),
        (an_epa(target=None, kind=EpaType.CROSS_EPA), declared(known(1)), NotCovering.OTHER_SCALE),
        (SCOPED, declared(known(1)), NotCovering.OTHER_SCOPE),
        (SCOPED, declared(known(1), scope={"treatment": [SURGERY]}), NotCovering.OTHER_SCOPE),
        (SCOPED, declared(known(1), scope={"treatment": ["laser"]}), NotCovering.OTHER_SCOPE),
        (CODED, declared(known(9, programme=ELSEWHERE, code="LZ-FO-1"), days_left=-1), NotCovering.EXPIRED),
    ],
)
def test_a_declaration_that_does_not_cover_says_why(epa: PathEpa, one: Declared, reason: NotCovering) -> None:
    line = line_of(epa, one)
    assert (line.cover, line.proof, line.set_aside) == (None, None, ((one, reason),))


@pytest.mark.parametrize(
    "other",
    [
        known(9),
        known(9, programme=ELSEWHERE, key="k1"),
        known(9, programme=ELSEWHERE, code="LZ-FO-2"),
        known(9, programme=ELSEWHERE, title={"nl": "EPA 1"}),
        known(9, programme=ELSEWHERE, title={"nl": "EPA 1"}, crosses_functions=True),
    ],
)
def test_a_declaration_on_another_epa_is_not_even_mentioned(other: KnownEpa) -> None:
    line = line_of(CODED, declared(other))
    assert (line.cover, line.set_aside) == (None, ())


def test_an_older_declaration_does_not_revive_when_the_newest_expired() -> None:
    older = declared(known(1), days_ago=300, days_left=None, number=1)
    newer = declared(known(1), days_ago=200, days_left=-1, number=2)
    assert line_of(an_epa(), older, newer).set_aside == ((newer, NotCovering.EXPIRED),)


def test_the_strongest_cover_is_named_and_what_failed_beside_it() -> None:
    own = declared(CODED.epa, number=1)
    other = declared(known(9, programme=ELSEWHERE, code="LZ-FO-1"), number=2)
    ended = declared(known(8, programme=ELSEWHERE, code="LZ-FO-1"), days_left=-1, number=3)
    line = line_of(CODED, ended, other, own)
    assert (line.cover, line.proof, line.set_aside) == (Cover.DECLARED, own, ((ended, NotCovering.EXPIRED),))


EARLIER = Ground(key="earlier", types=frozenset({EpaType.BASIC}), epas=frozenset({"k1"}))


@pytest.mark.parametrize(
    ("epa", "ground", "cover"),
    [
        (an_epa(1), EARLIER, Cover.MAY_BE_EXEMPTED),
        (an_epa(2), EARLIER, None),
        (an_epa(2, kind=EpaType.BASIC), EARLIER, Cover.MAY_BE_EXEMPTED),
        (an_epa(2, tracks=("heart",)), Ground(key="heart", tracks=frozenset({"heart"})), Cover.MAY_BE_EXEMPTED),
        (
            an_epa(2, kind=EpaType.CROSS_EPA, target=None),
            replace(EARLIER, epas=frozenset({"k2"})),
            Cover.MAY_BE_EXEMPTED,
        ),
    ],
)
def test_a_qualification_may_exempt_and_that_is_not_certain(epa: PathEpa, ground: Ground, cover: Cover | None) -> None:
    path = a_path(epa, grounds=(ground,))
    answer = what_remains(path, track="heart", grounds={ground.key}, declared=(), on=TODAY)
    assert answer.lines[0].cover is cover
    assert not answer.lines[0].is_covered
    assert answer.lines[0].ground == (ground if cover else None)


def exempt(key: str = "k1", **changes: Any) -> Attainment:
    whole: dict[str, Any] = {
        "id": an_id(900),
        "kind": AttainmentKind.EXEMPT_EPA,
        "key": key,
        "done_on": TODAY,
        "recorded_by": ANNA,
        "confirmed_by": BRAM,
    } | changes
    return Attainment(**whole)


@pytest.mark.parametrize(
    ("one", "cover"),
    [
        (exempt(), Cover.EXEMPTED),
        (exempt(withdrawn_on=TODAY + DAY), Cover.EXEMPTED),
        (exempt("k2"), None),
        (exempt(confirmed_by=None), None),
        (exempt(withdrawn_on=TODAY), None),
        (exempt(done_on=TODAY + DAY), None),
    ],
)
def test_an_exemption_in_the_file_covers_when_it_was_confirmed(one: Attainment, cover: Cover | None) -> None:
    line = what_remains(a_path(an_epa()), track=None, exempted=[one], on=TODAY).lines[0]
    assert (line.cover, line.exemption) == (cover, one if cover else None)
    assert line.is_covered == (cover is not None)


def test_a_declaration_goes_before_an_exemption_and_that_before_a_qualification() -> None:
    path = a_path(an_epa(), grounds=(EARLIER,))
    both = what_remains(path, track=None, declared=[declared(known(1))], exempted=[exempt()], on=TODAY)
    assert both.lines[0].cover is Cover.DECLARED
    assert what_remains(path, track=None, grounds={"earlier"}, exempted=[exempt()], on=TODAY).lines[0].ground is None


def test_a_qualification_that_somebody_does_not_have_exempts_nothing() -> None:
    answer = what_remains(a_path(an_epa(), grounds=(EARLIER,)), track=None, grounds=(), declared=(), on=TODAY)
    assert answer.lines[0].cover is None


ALL_CORE = CompletionRule(kind=RuleKind.ALL_EPAS_OF_TYPE, type=EpaType.CORE, within_track=True)
ONE_SPECIFIC = CompletionRule(kind=RuleKind.MIN_EPAS_OF_TYPE, type=EpaType.SPECIFIC, min_count=1)
CROSS = CompletionRule(kind=RuleKind.CROSS_EPA_COMPLETED)
PLACEMENTS = CompletionRule(kind=RuleKind.PLACEMENTS_COMPLETED)


def test_each_rule_says_how_many_are_needed_covered_and_left() -> None:
    path = a_path(
        an_epa(1, tracks=("heart",)),
        an_epa(2, tracks=("heart",)),
        an_epa(3, tracks=("lung",)),
        an_epa(4, kind=EpaType.SPECIFIC),
        an_epa(5, kind=EpaType.SPECIFIC),
        an_epa(6, kind=EpaType.CROSS_EPA, target=None),
        an_epa(7, kind=EpaType.BASIC),
        rules=(ALL_CORE, ONE_SPECIFIC, CROSS, PLACEMENTS),
        grounds=(Ground(key="six", epas=frozenset({"k6"})),),
    )
    decisions = [declared(known(number), number=number) for number in (1, 4, 5)]
    answer = what_remains(path, track="heart", grounds={"six"}, declared=decisions, on=TODAY)
    assert [line.epa.epa.key for line in answer.lines] == ["k1", "k2", "k4", "k5", "k6", "k7"]
    counts = [(one.needed, one.covered, one.exemptible, one.remaining) for one in answer.rules]
    assert counts == [(2, 1, 0, 1), (1, 1, 0, 0), (1, 0, 1, 0), (0, 0, 0, 0)]
    assert [line.epa.epa.key for line in answer.by_choice] == ["k7"]
    assert answer.remaining == 1


EPAS = st.builds(
    lambda number, kind, tracks, code, crosses: an_epa(
        number, kind=kind, tracks=tracks, code=code, crosses_functions=crosses
    ),
    st.integers(1, 12),
    st.sampled_from([EpaType.BASIC, EpaType.CORE, EpaType.SPECIFIC]),
    st.sampled_from([(), ("heart",), ("lung",)]),
    st.sampled_from([None, "A-1", "A-2"]),
    st.booleans(),
)
PATHS = st.lists(EPAS, max_size=8, unique_by=lambda one: one.epa.id).map(
    lambda epas: a_path(*epas, rules=(ALL_CORE, ONE_SPECIFIC), grounds=(EARLIER,))
)
DECLARATIONS = st.lists(
    st.builds(
        lambda number, level, ago, left, following, code: declared(
            known(number, code=code, programme=following),
            level=FIVE.level(level),
            following=following,
            days_ago=ago,
            days_left=max(left, -ago),
            number=600 + number,
        ),
        st.integers(1, 14),
        st.sampled_from("2345"),
        st.integers(-5, 400),
        st.integers(-20, 400),
        st.sampled_from([HERE, ELSEWHERE]),
        st.sampled_from([None, "A-1"]),
    ),
    max_size=6,
    unique_by=lambda one: one.epa.id,
)
TRACKS = st.sampled_from([None, "heart", "lung"])


@given(PATHS, DECLARATIONS, TRACKS, st.booleans())
def test_the_numbers_add_up_and_every_cover_has_its_proof(
    path: LearningPath, decisions: list[Declared], track: str | None, has_ground: bool
) -> None:
    answer = what_remains(path, track=track, grounds={"earlier"} if has_ground else (), declared=decisions, on=TODAY)
    assert [line.epa for line in answer.lines] == [one for one in path.epas if one.is_for(track)]
    for rule in answer.rules:
        assert rule.covered + rule.exemptible + rule.remaining == rule.needed
        assert min(rule.covered, rule.exemptible, rule.remaining) >= 0
    for line in answer.lines:
        assert line.is_covered == (line.proof is not None)
        assert line.may_be_exempted == (line.ground is not None)
        assert line.proof not in [one for one, _reason in line.set_aside]
    asked = {line.epa.epa.id for rule in answer.rules for line in rule.lines}
    assert asked | {line.epa.epa.id for line in answer.by_choice} == {line.epa.epa.id for line in answer.lines}


@given(PATHS, DECLARATIONS, TRACKS)
def test_a_declaration_or_a_qualification_more_never_leaves_more_to_do(
    path: LearningPath, decisions: list[Declared], track: str | None
) -> None:
    fewer = [
        what_remains(path, track=track, grounds=(), declared=decisions[:count], on=TODAY).remaining
        for count in range(len(decisions) + 1)
    ]
    assert fewer == sorted(fewer, reverse=True)
    assert what_remains(path, track=track, grounds={"earlier"}, declared=decisions, on=TODAY).remaining <= fewer[-1]


@given(PATHS, DECLARATIONS, TRACKS)
def test_what_has_expired_covers_nothing(path: LearningPath, decisions: list[Declared], track: str | None) -> None:
    later = TODAY + timedelta(days=500)
    answer = what_remains(path, track=track, grounds=(), declared=decisions, on=later)
    assert not any(line.is_covered for line in answer.lines)
    assert {reason for line in answer.lines for _one, reason in line.set_aside} <= {NotCovering.EXPIRED}
