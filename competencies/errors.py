"""How a rule of the domain says no: a code and the facts; whoever shows it finds the words."""

from collections.abc import Mapping
from types import MappingProxyType

RULE_CODES = frozenset(
    {
        "assessment_step",
        "decided_in_future",
        "decider_not_allowed",
        "epa_without_level",
        "four_eyes",
        "level_above_target",
        "level_unknown",
        "own_decision",
        "quantity_negative",
        "requirements_unmet",
        "scale_mismatch",
        "scale_unsound",
        "scope_option_requires",
        "scope_site_lacks",
        "scope_too_few",
        "scope_too_many",
        "scope_total_too_low",
        "scope_unknown_group",
        "scope_unknown_option",
        "valid_until_before_decision",
    }
)
"""Every code that a rule of the domain is broken with; a test over the source keeps this list equal to it."""


class RuleBroken(Exception):
    """A refusal: which rule (`code`) and what it was about (`facts`)."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, object] = MappingProxyType(facts)
