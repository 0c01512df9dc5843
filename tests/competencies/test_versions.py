"""Moves to another version: tables of cases, and what must hold for whatever there is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.attainments import Attainment, AttainmentKind
from competencies.decisions import Decision, DecisionState, in_force, state_of
from competencies.errors import RuleBroken
from competencies.plans import Plan, PlannedPlacement, PlannedSession
from competencies.progress import epa_progress
from competencies.scope import ScopeGroup, ScopeOption
from competencies.versions import (
    EpaMapping,
    EpaOfVersion,
    MappingKind,
    MappingLine,
    Recognition,
    Unrecognised,
    attained_behind,
    carried,
    carried_attainments,
    check_mapping,
    check_move,
    gains_and_needs,
    mapping_from,
    once_an_act,
    recognitions,
    scale_changes,
    suggested_mapping,
)
from tests.competencies.examples import (
    ANNA,
    BRAM,
    FIVE,
    NOW,
    RUBRIC,
    TODAY,
    TRAINEE,
    a_decision,
    a_requirement,
    an_id,
    an_observation,
)

DAY = timedelta(days=1)
SAME, SPLIT, MERGED = MappingKind.SAME, MappingKind.SPLIT, MappingKind.MERGED
NEW, DROPPED = MappingKind.NEW, MappingKind.DROPPED


def an_epa(number: int, **changes: Any) -> EpaOfVersion:
    whole: dict[str, Any] = {
        "id": an_id(number),
        "key": f"k{number}",
        "code": f"K{number}",
        "title": {"nl": f"Handeling {number}"},
        "scale": FIVE,
    }
    return EpaOfVersion(**(whole | changes))


OLD = tuple(an_epa(number) for number in range(101, 105))
NEWER = tuple(an_epa(number) for number in range(201, 205))
A, B, C, D = (epa.id for epa in OLD)
P, Q, R, S = (epa.id for epa in NEWER)
OPTIONS = (ScopeOption("blood", {"nl": "Bloed"}), ScopeOption("lung", {"nl": "Long"}))
GROUP = ScopeGroup(key="where", title={"nl": "Waar"}, choose_min=1, choose_max=None, options=OPTIONS)


def lines(mapping: EpaMapping) -> set[tuple[MappingKind, tuple[UUID, ...], tuple[UUID, ...]]]:
    return {(line.kind, line.old, line.new) for line in mapping.lines}


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        (
            {P: [A], Q: [B], R: [C], S: [D]},
            {(SAME, (A,), (P,)), (SAME, (B,), (Q,)), (SAME, (C,), (R,)), (SAME, (D,), (S,))},
        ),
        (
            {P: [A], Q: [A], R: [B, C]},
            {(SPLIT, (A,), (P, Q)), (MERGED, (B, C), (R,)), (NEW, (), (S,)), (DROPPED, (D,), ())},
        ),
        ({P: [C, B, A]}, {(MERGED, (A, B, C), (P,)), *((NEW, (), (one,)) for one in (Q, R, S)), (DROPPED, (D,), ())}),
        ({}, {*((NEW, (), (one,)) for one in (P, Q, R, S)), *((DROPPED, (one,), ()) for one in (A, B, C, D))}),
    ],
)
def test_what_happened_follows_from_where_each_new_epa_comes_from(
    origins: dict[UUID, list[UUID]], expected: set[object]
) -> None:
    mapping = mapping_from(origins, old=OLD, new=NEWER)
    assert lines(mapping) == expected
    check_mapping(mapping, old=OLD, new=NEWER)


def test_an_epa_that_is_split_and_merged_at_once_is_refused_by_name() -> None:
    with pytest.raises(RuleBroken) as refused:
        mapping_from({P: [A], Q: [A, B]}, old=OLD, new=NEWER)
    assert (refused.value.code, dict(refused.value.facts)) == ("epa_split_and_merged", {"epa": "K101", "into": "K202"})


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ([MappingLine(SAME, (A,), (P, Q))], "mapping_unsound"),
        ([MappingLine(SPLIT, (A,), (P,))], "mapping_unsound"),
        ([MappingLine(MERGED, (A,), (P,))], "mapping_unsound"),
        ([MappingLine(MERGED, (A, B), (P, Q))], "mapping_unsound"),
        ([MappingLine(NEW, (A,), (P,))], "mapping_unsound"),
        ([MappingLine(DROPPED, (A,), (P,))], "mapping_unsound"),
        ([MappingLine(SAME, (A,), (P,))], "mapping_epa_missing"),
        ([MappingLine(MERGED, (A, B, C, D), (P,))], "mapping_epa_missing"),
        ([MappingLine(SAME, (A,), (P,)), MappingLine(SAME, (A,), (Q,))], "mapping_epa_twice"),
        ([MappingLine(SAME, (A,), (P,)), MappingLine(SAME, (an_id(9),), (Q,))], "mapping_epa_unknown"),
    ],
)
def test_a_mapping_holds_each_epa_once_as_its_kind_demands(changed: Sequence[MappingLine], code: str) -> None:
    with pytest.raises(RuleBroken, match=code):
        check_mapping(EpaMapping(tuple(changed)), old=OLD, new=NEWER)


def test_the_versions_suggest_by_identity_key_code_and_title() -> None:
    shared = an_epa(300, key="shared")
    old = (shared, an_epa(1, key="one"), an_epa(2, code="X-2"), an_epa(3, title={"nl": "Bloed  prikken"}), an_epa(4))
    new = (
        an_epa(14, title={"nl": "bloed prikken"}),
        an_epa(13, key="other", code="x-2"),
        an_epa(12, key="one", code="K9"),
        shared,
        an_epa(15),
    )
    assert lines(suggested_mapping(old=old, new=new)) == {
        (SAME, (an_id(300),), (an_id(300),)),
        (SAME, (an_id(1),), (an_id(12),)),
        (SAME, (an_id(2),), (an_id(13),)),
        (SAME, (an_id(3),), (an_id(14),)),
        (NEW, (), (an_id(15),)),
        (DROPPED, (an_id(4),), ()),
    }


def test_a_change_of_scale_is_named() -> None:
    new = (an_epa(201, scale=RUBRIC), *NEWER[1:])
    mapping = mapping_from({P: [A], Q: [B]}, old=OLD, new=new)
    (change,) = scale_changes(mapping, old=OLD, new=new)
    assert (change.old.code, change.new.code) == ("K101", "K201")


def test_evidence_goes_with_what_its_epa_became_and_says_where_it_came_from() -> None:
    mapping = mapping_from({P: [A], Q: [B], R: [B], S: [C]}, old=OLD, new=NEWER)
    seen = [an_observation(number, epa_id=epa) for number, epa in enumerate((A, B, C, D))]
    result = carried(mapping, seen)
    assert {key: [(one.id, one.given_on_epa) for one in both] for key, both in result.counted.items()} == {
        P: [(seen[0].id, A)],
        Q: [(seen[1].id, B)],
        R: [(seen[1].id, B)],
        S: [(seen[2].id, C)],
    }
    assert [one.epa_id for one in result.on(Q)] == [Q]
    assert result.stays == (seen[3],)


def test_one_act_counts_once_for_a_merged_epa_and_then_at_its_weakest() -> None:
    mapping = mapping_from({P: [A, B]}, old=OLD, new=NEWER)
    act = an_id(77)
    better = an_observation(1, epa_id=A, activity_id=act)
    weaker = an_observation(2, epa_id=B, activity_id=act, level=FIVE.level("2"))
    by_another = an_observation(3, epa_id=B, activity_id=act, assessor_id=BRAM)
    result = carried(mapping, [better, weaker, by_another])
    assert [one.id for one in result.on(P)] == [weaker.id, by_another.id]
    assert [one.id for one in result.twice] == [better.id]


HELD = a_decision(1, epa_id=A, decided_on=TODAY - 9 * DAY, valid_until=TODAY + 90 * DAY)
LOWER = a_decision(
    2, epa_id=B, level=FIVE.level("3"), decided_on=TODAY - 5 * DAY, valid_until=TODAY + 30 * DAY, decided_by=BRAM
)
EXPIRED = a_decision(3, epa_id=B, decided_on=TODAY - 9 * DAY, valid_until=TODAY - DAY)
UPCOMING = a_decision(4, epa_id=A, level=FIVE.level("5"), decided_on=TODAY + 9 * DAY)


def recognised(
    origins: dict[UUID, list[UUID]],
    *decisions: Decision,
    old: Sequence[EpaOfVersion] = OLD,
    new: Sequence[EpaOfVersion] = NEWER,
) -> dict[UUID, Recognition]:
    by_epa = {epa.id: [one for one in decisions if one.epa_id == epa.id] for epa in old}
    found = recognitions(mapping_from(origins, old=old, new=new), by_epa, old=old, new=new, on=TODAY)
    return {one.epa_id: one for one in found}


def test_the_same_epa_keeps_its_declaration_as_it_stands() -> None:
    (one,) = recognised({P: [A]}, HELD)[P].recognised
    assert (one.level, one.decided_on, one.valid_until, one.decisions) == (
        HELD.level,
        HELD.decided_on,
        HELD.valid_until,
        (HELD,),
    )


def test_an_expired_declaration_stays_expired_and_one_to_begin_still_begins() -> None:
    assert [one.valid_until for one in recognised({P: [B]}, EXPIRED)[P].recognised] == [TODAY - DAY]
    assert [one.decided_on for one in recognised({P: [A]}, HELD, UPCOMING)[P].recognised] == [
        HELD.decided_on,
        UPCOMING.decided_on,
    ]


def test_each_part_of_a_split_epa_keeps_the_declaration() -> None:
    found = recognised({P: [A], Q: [A]}, HELD)
    assert [found[key].recognised[0].decisions for key in (P, Q)] == [(HELD,), (HELD,)]


def test_a_merged_epa_takes_the_lowest_level_the_latest_beginning_and_the_earliest_end() -> None:
    (one,) = recognised({P: [A, B]}, HELD, LOWER)[P].recognised
    assert (one.level, one.decided_on, one.valid_until) == (LOWER.level, LOWER.decided_on, LOWER.valid_until)
    assert one.decisions == (HELD, LOWER)


def test_a_merged_epa_holds_until_the_day_before_a_source_gets_its_next_decision() -> None:
    (one,) = recognised({P: [A, B]}, HELD, LOWER, UPCOMING)[P].recognised
    assert one.valid_until == min(LOWER.valid_until or TODAY + 99 * DAY, UPCOMING.decided_on - DAY)


def test_two_parts_that_rest_on_one_declaration_bring_it_once_when_they_merge() -> None:
    mapping = mapping_from({P: [A, B]}, old=OLD, new=NEWER)
    both = {A: [HELD], B: [replace(HELD, epa_id=B)]}
    (found, *_others) = recognitions(mapping, both, old=OLD, new=NEWER, on=TODAY)
    assert [one.id for one in found.recognised[0].decisions] == [HELD.id]


@pytest.mark.parametrize(("chosen", "holds"), [(["blood"], False), (["blood", "bone"], True)])
def test_a_limit_that_the_new_text_no_longer_has_is_not_lifted_by_a_move(chosen: list[str], holds: bool) -> None:
    two = replace(GROUP, options=(ScopeOption("blood", {}), ScopeOption("bone", {})))
    old, new = (an_epa(101, groups=(two,)),), (an_epa(201),)
    found = recognised({P: [A]}, a_decision(1, epa_id=A, scope={"where": chosen}), old=old, new=new)[P]
    assert bool(found.recognised) is holds


@pytest.mark.parametrize(
    ("origins", "decisions", "reason"),
    [
        ({P: [A]}, (), Unrecognised.UNDECIDED),
        ({P: [A, B]}, (), Unrecognised.UNDECIDED),
        ({P: [A, B]}, (HELD,), Unrecognised.NOT_ALL_IN_FORCE),
        ({P: [A, B]}, (HELD, EXPIRED), Unrecognised.NOT_ALL_IN_FORCE),
        ({P: [A]}, (a_decision(1, epa_id=A, suspended_on=TODAY),), Unrecognised.SUSPENDED),
        ({P: [A]}, (a_decision(1, epa_id=A, level=RUBRIC.level("2")),), Unrecognised.OTHER_SCALE),
        ({P: [A, B]}, (HELD, a_decision(1, epa_id=B, level=RUBRIC.level("2"))), Unrecognised.OTHER_SCALE),
        ({}, (HELD,), None),
    ],
)
def test_what_does_not_hold_on_says_why(
    origins: dict[UUID, list[UUID]], decisions: Sequence[Decision], reason: Unrecognised | None
) -> None:
    found = recognised(origins, *decisions)[P]
    assert (found.recognised, found.reason) == ((), reason)


@pytest.mark.parametrize(
    ("was", "scope", "holds"),
    [
        ((GROUP,), {"where": ["blood"]}, True),
        ((), {"where": ["blood"]}, True),
        ((), {}, False),
        ((GROUP,), {}, True),
        ((), {"where": ["bone"]}, False),
    ],
)
def test_a_declaration_holds_on_only_when_the_new_scope_asks_no_more(
    was: tuple[ScopeGroup, ...], scope: dict[str, list[str]], holds: bool
) -> None:
    old, new = (an_epa(101, groups=was),), (an_epa(201, groups=(GROUP,)),)
    found = recognised({P: [A]}, a_decision(1, epa_id=A, scope=scope), old=old, new=new)[P]
    assert bool(found.recognised) is holds
    assert found.reason is (None if holds else Unrecognised.SCOPE_ASKS_MORE)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": TRAINEE}, "own_move"),
        ({"reason": "  "}, "move_reason_missing"),
        ({"follows": C}, "moved_meanwhile"),
        ({"has_ended": True}, "moved_meanwhile"),
    ],
)
def test_a_move_needs_another_person_a_reason_and_somebody_who_is_still_there(
    changes: dict[str, Any], code: str
) -> None:
    whole: dict[str, Any] = {
        "trainee_id": TRAINEE,
        "by": ANNA,
        "reason": "The old version ends.",
        "follows": A,
        "since": A,
        "has_ended": False,
    }
    check_move(**whole)
    with pytest.raises(RuleBroken, match=code):
        check_move(**(whole | changes))


def test_the_outlook_says_what_is_gained_kept_lost_needed_and_left_behind() -> None:
    origins = {P: [A, B], Q: [C]}
    mapping = mapping_from(origins, old=OLD, new=NEWER)
    asked = [a_requirement()]
    seen = [an_observation(1, epa_id=A), an_observation(2, epa_id=B, assessor_id=BRAM), an_observation(3, epa_id=D)]
    evidence = carried(mapping, seen)
    decisions = {
        A: [HELD],
        B: [LOWER],
        C: [a_decision(5, epa_id=C, level=RUBRIC.level("2"))],
        D: [a_decision(6, epa_id=D)],
    }
    target: dict[str, Any] = {"target": FIVE.level("4"), "stage": None, "on": TODAY}
    outlook = gains_and_needs(
        mapping,
        before={key: epa_progress(asked, [one for one in seen if one.epa_id == key], **target) for key in (A, B, C, D)},
        after={epa.id: epa_progress(asked, evidence.on(epa.id), **target) for epa in NEWER},
        decisions=decisions,
        recognitions=recognitions(mapping, decisions, old=OLD, new=NEWER, on=TODAY),
        evidence=evidence,
        on=TODAY,
    )  # fmt: skip
    assert [one.epa_id for one in outlook.gained] == [P]
    assert [one.epa_id for one in outlook.recognised] == [P]
    assert [(one.epa_id, one.lost) for one in outlook.lost] == [(Q, Unrecognised.OTHER_SCALE)]
    assert [one.epa_id for one in outlook.still_needed] == [P, Q, R, S]
    assert [len(one.needs) for one in outlook.prospects] == [0, 1, 1, 1]
    assert [(one.epa_id, one.observations, one.decision is not None) for one in outlook.left_behind] == [(D, 1, True)]


@st.composite
def mappings(draw: st.DrawFn) -> EpaMapping:
    """Draw a sound mapping: each old EPA is dropped, kept, split or merged."""
    free, origins = list(NEWER), dict[UUID, list[UUID]]()
    for epa in OLD:
        step = draw(st.sampled_from(["drop", "keep", "split", "merge"]))
        alone = [key for key, sources in origins.items() if sum(sources[0] in one for one in origins.values()) == 1]
        if step == "merge" and alone:
            origins[draw(st.sampled_from(alone))].append(epa.id)
        elif step != "drop":
            for _ in range(2 if step == "split" else 1):
                if free:
                    origins[free.pop().id] = [epa.id]
    return mapping_from(origins, old=OLD, new=NEWER)


@given(mappings(), st.data())
def test_a_move_never_loses_evidence(mapping: EpaMapping, data: st.DataObject) -> None:
    check_mapping(mapping, old=OLD, new=NEWER)
    drawn = data.draw(
        st.lists(
            st.tuples(st.sampled_from([A, B, C, D]), st.integers(1, 3), st.sampled_from(FIVE.levels)),
            max_size=12,
        )
    )
    seen = [
        an_observation(number, epa_id=epa, activity_id=an_id(500 + act), level=level, instrument=f"kind{number % 2}")
        for number, (epa, act, level) in enumerate(drawn)
    ]
    result = carried(mapping, seen)
    counted = {one.id for both in result.counted.values() for one in both}
    assert counted | {one.id for one in (*result.twice, *result.stays)} == {one.id for one in seen}
    assert not counted & {one.id for one in result.stays}
    for epa_id, both in result.counted.items():
        assert all(one.epa_id == epa_id and one.given_on_epa in mapping.sources_of(epa_id) for one in both)
        assert len({(one.activity_id, one.instrument) for one in both}) == len(both)
    assert all(not mapping.targets_of(one.epa_id) for one in result.stays)


@given(mappings(), st.data())
def test_recognition_never_raises_a_level_nor_puts_off_an_end(mapping: EpaMapping, data: st.DataObject) -> None:
    days = st.integers(-30, 30).map(lambda number: TODAY + number * DAY)
    drawn = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from([A, B, C, D]), st.sampled_from(FIVE.levels), days, st.none() | st.integers(0, 40)
            ),
            max_size=8,
        )
    )
    decisions: dict[UUID, list[Decision]] = {A: [], B: [], C: [], D: []}
    for number, (epa, level, on, months) in enumerate(drawn):
        ends = None if months is None else on + months * DAY
        decisions[epa].append(
            a_decision(number, epa_id=epa, level=level, decided_on=on, valid_until=ends, recorded_at=NOW)
        )
    for found in recognitions(mapping, decisions, old=OLD, new=NEWER, on=TODAY):
        for one in found.recognised:
            assert all(one.level.rank <= decision.level.rank for decision in one.decisions)
            assert all(one.decided_on >= decision.decided_on for decision in one.decisions)
            last_days = [decision.valid_until for decision in one.decisions if decision.valid_until]
            sources = mapping.sources_of(found.epa_id)
            if mapping.kind_of(found.epa_id) is MERGED:
                later = [
                    decision for source in sources for decision in decisions[source] if decision.decided_on > TODAY
                ]
                last_days += [decision.decided_on - DAY for decision in later]
            assert one.valid_until == min(last_days, default=None)
            assert {decision.epa_id for decision in one.decisions} == set(sources)


def test_without_doubles_nothing_is_left_out() -> None:
    seen = [an_observation(1), an_observation(2)]
    assert once_an_act(seen) == tuple(seen)


EXEMPTION = Attainment(
    id=an_id(70), kind=AttainmentKind.EXEMPT_EPA, key="a", done_on=TODAY, recorded_by=ANNA, confirmed_by=BRAM
)
KEYS = {A: "a", B: "b", C: "c", D: "d", P: "p", Q: "q", R: "r", S: "s"}


def exempted(mapping: EpaMapping, *attainments: Attainment) -> list[tuple[str | None, bool]]:
    """Return from what the attainments free after the move, and whether that is confirmed."""
    after = carried_attainments(attainments, mapping, KEYS)
    return [(one.key, one.confirmed_by is not None) for one in after]


def test_an_exemption_follows_what_its_epa_became() -> None:
    mapping = mapping_from({P: [A], Q: [B], R: [B]}, old=OLD, new=NEWER)
    assert exempted(mapping, EXEMPTION) == [("p", True)]
    assert exempted(mapping, replace(EXEMPTION, key="b")) == [("q", True), ("r", True)]
    assert exempted(mapping, replace(EXEMPTION, key="c")) == []
    assert exempted(mapping, replace(EXEMPTION, key="p")) == []


def test_merged_epas_are_exempted_where_all_of_them_were_and_only_as_the_weakest() -> None:
    mapping = mapping_from({P: [A, B]}, old=OLD, new=NEWER)
    other = replace(EXEMPTION, id=an_id(71), key="b")
    assert exempted(mapping, EXEMPTION) == []
    assert exempted(mapping, EXEMPTION, other) == [("p", True)]
    assert exempted(mapping, EXEMPTION, replace(other, confirmed_by=None)) == [("p", False)]
    (both,) = carried_attainments([EXEMPTION, replace(other, withdrawn_on=TODAY)], mapping, KEYS)
    assert both.withdrawn_on == TODAY


def test_what_the_new_version_does_not_have_stays_behind_by_name() -> None:
    mapping = mapping_from({P: [A, B]}, old=OLD, new=NEWER)
    hours = replace(EXEMPTION, id=an_id(72), kind=AttainmentKind.HOURS, key="practice")
    placement = replace(EXEMPTION, id=an_id(73), kind=AttainmentKind.PLACEMENT, key="care_chain", setting="ward")
    product = replace(EXEMPTION, id=an_id(74), kind=AttainmentKind.PRODUCT, key="essay")
    session = replace(EXEMPTION, id=an_id(75), kind=AttainmentKind.SESSION, key="day-1")
    own = replace(product, id=an_id(76), key=None)
    taught = PlannedSession(key="day-1", module="m", days=Decimal(1))
    old = Plan(placements=(PlannedPlacement(key="care_chain", settings=("ward", "home")),), sessions=(taught,))
    known = [EXEMPTION, hours, placement, product, session, own]

    def behind(new: Plan, pieces: set[str]) -> list[Attainment]:
        return list(attained_behind(known, mapping, KEYS, plans=(old, new), pieces=({"essay"}, pieces)))

    assert behind(old, {"essay"}) == [EXEMPTION]
    fewer = Plan(placements=(PlannedPlacement(key="care_chain", settings=("home",)),))
    assert behind(fewer, set()) == [EXEMPTION, placement, product, session]


def test_a_decision_is_overtaken_from_the_day_of_the_one_on_what_its_epa_became() -> None:
    held = replace(HELD, overtaken_on=TODAY)
    assert state_of(held, [held], on=TODAY) is DecisionState.SUPERSEDED
    assert in_force([held], on=TODAY) is None
    assert in_force([held], on=TODAY - DAY) == (held if held.decided_on < TODAY else None)
