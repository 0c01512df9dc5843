"""How a rule of the domain says no: a code and the facts; whoever shows it finds the words."""

from collections.abc import Mapping
from types import MappingProxyType

RULE_CODES = frozenset(
    {
        "activity_after_enrolment",
        "activity_before_enrolment",
        "activity_in_future",
        "activity_not_rated",
        "activity_rated",
        "activity_without_epa",
        "amount_not_positive",
        "amount_out_of_range",
        "answer_incomplete",
        "answer_unasked",
        "answered_before",
        "assessment_step",
        "assessor_not_available",
        "attained_before_enrolment",
        "attained_in_future",
        "attainment_settled",
        "confirmed_by_recorder",
        "context_not_offered",
        "correction_empty",
        "correction_reason_missing",
        "decided_in_future",
        "decider_not_allowed",
        "department_not_involved",
        "draft_elsewhere",
        "draft_four_eyes",
        "draft_step",
        "epa_not_of_activity",
        "epa_not_offered",
        "epa_split_and_merged",
        "epa_without_level",
        "exemption_not_offered",
        "fact_out_of_range",
        "four_eyes",
        "instrument_not_offered",
        "level_above_target",
        "level_unknown",
        "link_of_another",
        "mapping_epa_missing",
        "mapping_epa_twice",
        "mapping_epa_unknown",
        "mapping_unsound",
        "move_reason_missing",
        "moved_meanwhile",
        "not_the_assessor",
        "own_assessment",
        "own_confirmation",
        "own_decision",
        "own_move",
        "performed_after_rating",
        "proof_missing",
        "quantity_negative",
        "quantity_out_of_range",
        "reason_missing",
        "reflection_stays",
        "reflection_stays_reflection",
        "requirements_unmet",
        "round_stays_round",
        "scale_mismatch",
        "scale_unsound",
        "scope_option_elsewhere",
        "scope_option_requires",
        "scope_site_lacks",
        "scope_too_few",
        "scope_too_many",
        "scope_total_too_low",
        "scope_unknown_group",
        "scope_unknown_option",
        "self_rating_given",
        "self_rating_late",
        "self_rating_of_another",
        "series_empty",
        "series_too_long",
        "too_many_links",
        "valid_until_before_decision",
        "withdrawal_reason_missing",
    }
)
"""Every code that a rule of the domain is broken with; a test over the source keeps this list equal to it."""


class RuleBroken(Exception):
    """A refusal: which rule (`code`) and what it was about (`facts`)."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, object] = MappingProxyType(facts)
