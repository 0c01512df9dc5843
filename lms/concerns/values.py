"""What a concern comes down to: where it stands, when the next step is wanted, and what the trainee reads of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from competencies.concerns import ConcernState, ConcernStep, TrustFactor, state_after
from lms.concerns.models import Concern, ConcernEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What somebody writes down about a trainee."""

    seen_on: date
    seen: str
    said: str
    needed: str
    factors: tuple[TrustFactor, ...] = ()
    epa_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What somebody adds to a concern."""

    step: ConcernStep
    text: str
    talked_on: date | None = None
    due_on: date | None = None
    shares: bool = False


def account_of(concern: Concern) -> Account:
    """Return what was written down when the concern was."""
    return Account(
        seen_on=concern.seen_on,
        seen=concern.seen,
        said=concern.said,
        needed=concern.needed,
        factors=tuple(TrustFactor(one) for one in concern.factors),
        epa_id=concern.epa_id,
    )


def state_of(concern: Concern) -> ConcernState:
    """Return where a concern stands; needs its steps."""
    return state_after(one.step for one in concern.steps)


def due_of(concern: Concern) -> date | None:
    """Return the day by which the next step is wanted, None once it is closed; needs its steps."""
    return concern.steps[-1].due_on if concern.steps else concern.talk_by


def is_shared(concern: Concern) -> bool:
    """Return whether the trainee reads the concern itself, and not only what was agreed; needs its steps."""
    return any(one.shares for one in concern.steps)


def shown_to_trainee(concern: Concern) -> Sequence[ConcernEntry]:
    """Return what the trainee reads of the steps: all where all is shared, else what came since the first talk.

    A correction may be of a text that is not shared, so it goes with that.
    """
    if is_shared(concern):
        return concern.steps
    first = next((one.number for one in concern.steps if one.step is ConcernStep.TALKED), None)
    if first is None:
        return ()
    return [one for one in concern.steps if one.number >= first and one.step is not ConcernStep.CORRECTED]


def will_be_shown(concern: Concern, step: ConcernStep) -> bool:
    """Return whether the trainee reads such a step when it is added; needs the steps before it."""
    if is_shared(concern) or step is ConcernStep.TALKED:
        return True
    return state_of(concern) is not ConcernState.NOTED and step is not ConcernStep.CORRECTED


def not_shown_yet(concern: Concern) -> Sequence[ConcernEntry]:
    """Return what the trainee does not read of the steps, and will once all is shared; needs its steps."""
    shown = {one.number for one in shown_to_trainee(concern)}
    return [one for one in concern.steps if one.number not in shown]
