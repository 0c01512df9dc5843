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
    factors: Sequence[TrustFactor] = ()
    epa_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What somebody adds to a concern."""

    step: ConcernStep
    text: str
    talked_on: date | None = None
    due_on: date | None = None
    shares: bool = False


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
    """Return what the trainee reads of the steps: all since the first talk, and before it where all is shared."""
    first = next((place for place, one in enumerate(concern.steps) if one.step is ConcernStep.TALKED), None)
    if first is None:
        return ()
    return concern.steps if is_shared(concern) else concern.steps[first:]
