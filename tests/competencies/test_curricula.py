"""Provenance, shown codes, expected levels, and requirements by stage."""

import pytest

from competencies.curricula import (
    EPA_SCALE,
    ExpectedLevel,
    Instrument,
    Provenance,
    ResultKind,
    ShownCode,
    declaration_level,
    shown_code,
    stage_for,
)
from competencies.errors import RuleBroken
from competencies.requirements import requirements_for
from tests.competencies.examples import FIVE, RUBRIC, a_requirement


@pytest.mark.parametrize(
    ("provenance", "is_draft", "needs_mark"),
    [
        (Provenance.SOURCED, False, False),
        (Provenance.ADAPTED, False, True),
        (Provenance.INFERRED, False, True),
        (Provenance.DRAFT, True, True),
        (Provenance.PLACEHOLDER, True, True),
    ],
)
def test_everything_but_sourced_is_marked(provenance: Provenance, is_draft: bool, needs_mark: bool) -> None:
    assert (provenance.is_draft, provenance.needs_concept_mark) == (is_draft, needs_mark)


@pytest.mark.parametrize(
    ("official", "local", "shown"),
    [
        ("LZ-ONC-2", "CONCEPT-ONC-K2", ShownCode("LZ-ONC-2", is_concept=False)),
        (None, "CONCEPT-ONC-K1", ShownCode("CONCEPT-ONC-K1", is_concept=True)),
        ("", "CONCEPT-ONC-K1", ShownCode("CONCEPT-ONC-K1", is_concept=True)),
    ],
)
def test_an_official_code_goes_before_the_local_one(official: str | None, local: str, shown: ShownCode) -> None:
    assert shown_code(official, local) == shown


@pytest.mark.parametrize(("scale_key", "expected"), [(EPA_SCALE, True), ("rubric-3", False), (None, False)])
def test_an_instrument_says_whether_it_uses_the_scale_of_the_epa(scale_key: str | None, expected: bool) -> None:
    assert Instrument("kpb", ResultKind.LEVEL, scale_key, direct_observation=True).uses_epa_scale is expected


def expected_levels(*codes: str) -> list[ExpectedLevel]:
    """Return those levels, expected at stages s0, s1 and so on."""
    return [ExpectedLevel(f"s{order}", FIVE.level(code)) for order, code in enumerate(codes)]


@pytest.mark.parametrize(("codes", "last"), [(["3", "4"], "4"), (["4"], "4"), (["4", "3"], "3")])
def test_the_level_of_the_declaration_is_the_last_one(codes: list[str], last: str) -> None:
    assert declaration_level(expected_levels(*codes)) == FIVE.level(last)


def test_an_epa_without_levels_has_no_level_of_declaration() -> None:
    assert declaration_level([]) is None


@pytest.mark.parametrize(
    ("codes", "level", "stage"),
    [
        (["2", "3", "4"], "1", None),
        (["2", "3", "4"], "2", "s0"),
        (["2", "3", "4"], "3", "s1"),
        (["2", "3", "4"], "5", "s2"),
        (["3", "4", "4"], "4", "s2"),
        ([], "4", None),
    ],
    ids=["below all", "first", "second", "above all", "level twice", "no levels"],
)
def test_a_declaration_answers_to_the_last_stage_that_its_level_reaches(
    codes: list[str], level: str, stage: str | None
) -> None:
    assert stage_for(expected_levels(*codes), FIVE.level(level)) == stage


def test_a_stage_is_not_found_by_a_level_of_another_scale() -> None:
    with pytest.raises(RuleBroken, match="scale_mismatch"):
        stage_for(expected_levels("3"), RUBRIC.level("3"))


ALWAYS, AT_BASIC, AT_END = (a_requirement(stage=stage) for stage in (None, "basic", "end"))


@pytest.mark.parametrize(
    ("stage", "expected"),
    [("basic", (ALWAYS, AT_BASIC)), ("end", (ALWAYS, AT_END)), ("other", (ALWAYS,)), (None, (ALWAYS,))],
)
def test_a_stage_has_its_own_requirements_and_those_of_every_declaration(
    stage: str | None, expected: tuple[object, ...]
) -> None:
    assert requirements_for([ALWAYS, AT_BASIC, AT_END], stage) == expected
