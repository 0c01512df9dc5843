"""Activities: what a trainee may log, and until when it may still be changed."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from competencies.errors import RuleBroken
from competencies.observations import ActivityKind, Context

REFLECTION_NOTE = "Reflectie"
"""All that the line of a reflection says in a logbook: it is counted, and its text is its writer's alone."""
LARGEST_QUANTITY = 999
"""The most procedures that one line of a logbook may count."""
LARGEST_SERIES = 60
"""The most activities that can be logged at once."""


def check_day(performed_on: date, *, starts_on: date, ended_on: date | None, today: date) -> None:
    """Accept a day that has come and lies within the enrolment (null: it has not ended), or raise RuleBroken."""
    if performed_on > today:
        raise RuleBroken("activity_in_future", performed_on=performed_on)
    if performed_on < starts_on:
        raise RuleBroken("activity_before_enrolment", performed_on=performed_on, starts_on=starts_on)
    if ended_on is not None and performed_on > ended_on:
        raise RuleBroken("activity_after_enrolment", performed_on=performed_on, ended_on=ended_on)


def check_place(department_id: UUID, *, departments: Collection[UUID]) -> None:
    """Accept a department of the organisations that train together, or raise department_not_involved."""
    if department_id not in departments:
        raise RuleBroken("department_not_involved", department=department_id)


def check_epas(chosen: Collection[UUID], *, offered: Collection[UUID]) -> None:
    """Accept one or more EPAs of the trainee's programme and track, or raise RuleBroken."""
    if not chosen:
        raise RuleBroken("activity_without_epa")
    if not set(chosen) <= set(offered):
        raise RuleBroken("epa_not_offered")


def check_contexts(chosen: Mapping[Context, str], *, offered: Mapping[Context, Collection[str]]) -> None:
    """Accept contexts of the lists of the trainee's programme, or raise context_not_offered."""
    for context, key in chosen.items():
        if key not in offered.get(context, ()):
            raise RuleBroken("context_not_offered", context=context)


def check_quantity(quantity: int) -> None:
    """Accept a number of procedures from 1 to LARGEST_QUANTITY, or raise quantity_out_of_range."""
    if not 1 <= quantity <= LARGEST_QUANTITY:
        raise RuleBroken("quantity_out_of_range", quantity=quantity, largest=LARGEST_QUANTITY)


def check_series(activities: int) -> None:
    """Accept a number of activities to log at once, from 1 to LARGEST_SERIES, or raise RuleBroken."""
    if activities < 1:
        raise RuleBroken("series_empty")
    if activities > LARGEST_SERIES:
        raise RuleBroken("series_too_long", activities=activities, largest=LARGEST_SERIES)


def check_change(*, is_rated: bool, was: ActivityKind, to: ActivityKind) -> None:
    """Accept a change of an activity that nobody rated yet, or raise RuleBroken."""
    if is_rated:
        raise RuleBroken("activity_rated")
    _check_kind(was, to)


def check_correction(
    *, rated_on: date | None, was: ActivityKind, to: ActivityKind, performed_on: date, reason: str, is_changed: bool
) -> None:
    """Accept a correction of an activity that was rated, on `rated_on` for the first time, or raise RuleBroken.

    It says why. The rating stays, so the act stays before it; and a reflection that counted stays as it was written,
    for nobody but its writer reads it.
    """
    if rated_on is None:
        raise RuleBroken("activity_not_rated")
    if ActivityKind.REFLECTION in {was, to}:
        raise RuleBroken("reflection_stays")
    _check_kind(was, to)
    if not is_changed:
        raise RuleBroken("correction_empty")
    if not reason.strip():
        raise RuleBroken("correction_reason_missing")
    if performed_on > rated_on:
        raise RuleBroken("performed_after_rating", performed_on=performed_on, rated_on=rated_on)


def _check_kind(was: ActivityKind, to: ActivityKind) -> None:
    """Accept another kind: a feedback round stays one, because its answers count together; nothing else becomes one.

    So it is with a reflection, whose text is kept elsewhere.
    """
    if was is not to and ActivityKind.FEEDBACK_ROUND in {was, to}:
        raise RuleBroken("round_stays_round", was=was, to=to)
    if was is not to and ActivityKind.REFLECTION in {was, to}:
        raise RuleBroken("reflection_stays_reflection", was=was, to=to)
