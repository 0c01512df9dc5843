"""Why something of the right kind does not count."""

from datetime import date
from enum import StrEnum

from competencies.attainments import Attainment


class SetAside(StrEnum):
    """Why an observation of the right instrument, or an attainment of the right kind, does not count."""

    IN_THE_FUTURE = "in_the_future"
    TOO_LONG_AGO = "too_long_ago"
    OTHER_FORM = "other_form"
    NOT_CONFIRMED = "not_confirmed"
    OTHER_SCALE = "other_scale"
    BELOW_LEVEL = "below_level"
    NOT_PASSED = "not_passed"
    CONDITIONS_UNMET = "conditions_unmet"
    TOO_FEW_ANSWERS = "too_few_answers"
    TOO_MANY_SIMULATED = "too_many_simulated"
    WITHDRAWN = "withdrawn"
    TWICE = "twice"
    NOT_OF_PLAN = "not_of_plan"
    MORE_THAN_EXEMPTED = "more_than_exempted"
    MORE_THAN_PLANNED = "more_than_planned"


def reason_against(attainment: Attainment, on: date) -> SetAside | None:
    """Return why an attainment does not count by itself on that day, or null when it does."""
    if attainment.withdrawn_on is not None and attainment.withdrawn_on <= on:
        return SetAside.WITHDRAWN
    if attainment.done_on > on:
        return SetAside.IN_THE_FUTURE
    if attainment.confirmed_by is None:
        return SetAside.NOT_CONFIRMED
    return None if attainment.passed else SetAside.NOT_PASSED
