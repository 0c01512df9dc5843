"""Concerns: what somebody saw that worries them, told to the trainee, followed up and closed; nothing is ever edited.

Knowing what to document, and early, is what teachers lack who do not dare to fail a trainee
(https://pubmed.ncbi.nlm.nih.gov/16199466). Trust has five factors (doi 10.1007/s40037-018-0430-0); here they are tags,
and never scores.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from competencies.errors import RuleBroken

TALK_WITHIN = timedelta(days=7)
"""Within so many days somebody talks with the trainee about what was written down; our assumption."""


class TrustFactor(StrEnum):
    """What trust in a trainee rests on, and what a concern may be about."""

    ABILITY = "ability"
    HUMILITY = "humility"
    INTEGRITY = "integrity"
    RELIABILITY = "reliability"
    ADEQUATE_EXPOSURE = "adequate_exposure"


class ConcernState(StrEnum):
    """Where a concern stands."""

    NOTED = "noted"
    TALKED = "talked"
    CLOSED = "closed"


class ConcernStep(StrEnum):
    """What is added to a concern, each time as something new."""

    TALKED = "talked"
    FOLLOWED_UP = "followed_up"
    CORRECTED = "corrected"
    CLOSED = "closed"


_STEPS = {
    ConcernState.NOTED: (ConcernStep.TALKED, ConcernStep.FOLLOWED_UP, ConcernStep.CORRECTED),
    ConcernState.TALKED: tuple(ConcernStep),
    ConcernState.CLOSED: (ConcernStep.CORRECTED,),
}
_LEADS_TO = {ConcernStep.TALKED: ConcernState.TALKED, ConcernStep.CLOSED: ConcernState.CLOSED}


def state_after(steps: Iterable[ConcernStep]) -> ConcernState:
    """Return where a concern stands after these steps, in the order in which they were added."""
    state = ConcernState.NOTED
    for step in steps:
        state = _LEADS_TO.get(step, state)
    return state


def steps_from(state: ConcernState) -> tuple[ConcernStep, ...]:
    """Return what can be added to a concern that stands there: it is closed only after the trainee was talked with."""
    return _STEPS[state]


def talk_by(written_on: date) -> date:
    """Return the day by which somebody talks with the trainee."""
    return written_on + TALK_WITHIN


def check_concern(*, seen_on: date, starts_on: date, ended_on: date | None, today: date) -> None:
    """Accept the day on which it was seen: within the enrolment, and not to come.

    Raises RuleBroken concern_in_future, concern_before_enrolment or concern_after_enrolment.
    """
    if seen_on > today:
        raise RuleBroken("concern_in_future")
    if seen_on < starts_on:
        raise RuleBroken("concern_before_enrolment", starts_on=starts_on)
    if ended_on is not None and seen_on > ended_on:
        raise RuleBroken("concern_after_enrolment", ended_on=ended_on)


def check_step(
    state: ConcernState, step: ConcernStep, *, talked_on: date | None, due_on: date | None, seen_on: date, today: date
) -> None:
    """Accept a step, or raise RuleBroken: concern_step, talk_in_future, talk_before_seen or follow_up_past."""
    if step not in steps_from(state):
        raise RuleBroken("concern_step", state=state)
    if talked_on is not None and talked_on > today:
        raise RuleBroken("talk_in_future")
    if talked_on is not None and talked_on < seen_on:
        raise RuleBroken("talk_before_seen", seen_on=seen_on)
    if due_on is not None and due_on < today:
        raise RuleBroken("follow_up_past")


def due_after(step: ConcernStep, *, due_on: date | None, before: date | None) -> date | None:
    """Return the day of the next step: as agreed, else as it was before; a concern that is closed waits for none."""
    return None if step is ConcernStep.CLOSED else due_on or before
