"""Choosing the options that a declaration covers."""

from typing import Any

import pytest

from competencies.errors import RuleBroken
from competencies.scope import OtherEpa, ScopeGroup, ScopeOption, ScopeRule, check_scope

TITLE = {"nl": "Behandeling", "en": "Treatment"}
OPTIONS = tuple(ScopeOption(key, {"en": key.capitalize()}) for key in ("surgery", "chemo", "transplant", "radiation"))
RULES = (
    ScopeRule(if_selected="surgery", then_min_total=2),
    ScopeRule(if_selected="radiation", then_requires=("chemo", "surgery")),
    ScopeRule(if_selected="transplant", then_site_needs="accreditation"),
)


def a_group(**changes: Any) -> ScopeGroup:
    """Return a group of four treatments of which one to three are chosen, but for the changes."""
    whole: dict[str, Any] = {
        "key": "treatment",
        "title": TITLE,
        "choose_min": 1,
        "choose_max": 3,
        "options": OPTIONS,
        "rules": RULES,
    }
    return ScopeGroup(**(whole | changes))


@pytest.mark.parametrize(
    ("chosen", "site_attributes"),
    [
        (["chemo"], ()),
        (["surgery", "chemo"], ()),
        (["radiation", "chemo", "surgery"], ()),
        (["transplant"], ["accreditation"]),
        ({"chemo", "transplant", "surgery"}, {"accreditation", "other"}),
    ],
)
def test_a_choice_within_the_rules_is_accepted(chosen: list[str], site_attributes: list[str]) -> None:
    check_scope([a_group()], {"treatment": chosen}, site_attributes=site_attributes)


@pytest.mark.parametrize(
    ("chosen", "code", "facts"),
    [
        ([], "scope_too_few", {"minimum": 1, "chosen": 0}),
        (
            ["surgery", "chemo", "radiation", "transplant"],
            "scope_too_many",
            {"maximum": 3, "chosen": 4},
        ),
        (["chemo", "magic"], "scope_unknown_option", {"option": "magic"}),
        (["surgery"], "scope_total_too_low", {"option": {"en": "Surgery"}, "minimum": 2, "chosen": 1}),
        (["surgery", "surgery"], "scope_total_too_low", {"option": {"en": "Surgery"}, "minimum": 2, "chosen": 1}),
        (["radiation"], "scope_option_requires", {"option": {"en": "Radiation"}, "required": {"en": "Chemo"}}),
        (
            ["radiation", "chemo"],
            "scope_option_requires",
            {"option": {"en": "Radiation"}, "required": {"en": "Surgery"}},
        ),
        (["transplant"], "scope_site_lacks", {"option": {"en": "Transplant"}, "attribute": "accreditation"}),
    ],
)
def test_a_choice_outside_the_rules_is_refused_with_the_facts(
    chosen: list[str], code: str, facts: dict[str, object]
) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_scope([a_group()], {"treatment": chosen})
    assert (broken.value.code, dict(broken.value.facts)) == (code, {"group": TITLE, **facts})


def test_a_group_that_is_not_answered_is_an_empty_choice() -> None:
    with pytest.raises(RuleBroken, match="scope_too_few"):
        check_scope([a_group()], {})


def test_a_group_may_be_left_empty_where_nothing_is_compulsory() -> None:
    check_scope([a_group(choose_min=0)], {})


def test_a_group_without_a_maximum_takes_all_its_options() -> None:
    everything = [option.key for option in OPTIONS]
    check_scope([a_group(choose_max=None)], {"treatment": everything}, site_attributes=["accreditation"])


def test_the_second_group_is_checked_too() -> None:
    with pytest.raises(RuleBroken) as broken:
        check_scope([a_group(), a_group(key="setting", title={"en": "Setting"})], {"treatment": ["chemo"]})
    assert broken.value.facts["group"] == {"en": "Setting"}


@pytest.mark.parametrize("groups", [[], [a_group(choose_min=0)]], ids=["no scope choice", "another group"])
def test_a_choice_in_an_unknown_group_is_refused(groups: list[ScopeGroup]) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_scope(groups, {"elsewhere": ["chemo"]})
    assert (broken.value.code, dict(broken.value.facts)) == ("scope_unknown_group", {"group": "elsewhere"})


HAEMATOLOGY = OtherEpa(None, "onc-s1", title={"en": "Haemato-oncology"})


@pytest.mark.parametrize(
    ("elsewhere", "named"),
    [(HAEMATOLOGY, {"en": "Haemato-oncology"}), (OtherEpa("oncology", "onc-s1"), "onc-s1")],
    ids=["by its title", "by its key where the title is not known"],
)
@pytest.mark.parametrize("chosen", [["transplant"], ["transplant", "chemo"], ["surgery", "transplant"]])
def test_an_option_of_another_epa_is_refused_and_that_epa_is_named(
    chosen: list[str], elsewhere: OtherEpa, named: object
) -> None:
    rules = (RULES[0], ScopeRule(if_selected="transplant", then_belongs_to=elsewhere))
    with pytest.raises(RuleBroken) as broken:
        check_scope([a_group(rules=rules)], {"treatment": chosen}, site_attributes=["accreditation"])
    facts = {"group": TITLE, "option": {"en": "Transplant"}, "epa": named}
    assert (broken.value.code, dict(broken.value.facts)) == ("scope_option_elsewhere", facts)


def test_the_other_options_of_such_a_group_are_free() -> None:
    rules = (ScopeRule(if_selected="transplant", then_belongs_to=HAEMATOLOGY),)
    check_scope([a_group(rules=rules)], {"treatment": ["chemo"]})
