"""How far combined requirements are met: which of their parts are, and the nearest that still have to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from competencies.progress.declarations import DeclarationProgress, DeclarationStep
from competencies.progress.hours import HoursProgress, HoursStep
from competencies.progress.observed import NextStep, RequirementProgress
from competencies.progress.pieces import PiecesProgress, PiecesStep
from competencies.progress.placements import PlacementProgress, PlacementStep
from competencies.progress.sessions import SessionsProgress, SessionsStep
from competencies.requirements import CombinedRequirement


@dataclass(frozen=True, slots=True)
class CombinedStep:
    """The least steps that together meet a combined requirement."""

    requirement: CombinedRequirement
    steps: tuple[AnyStep, ...]

    @property
    def size(self) -> int:
        """Return how many acts it takes."""
        return sum(step.size for step in self.steps)


@dataclass(frozen=True, slots=True)
class CombinedProgress:
    """How far each part is, and so the whole."""

    requirement: CombinedRequirement
    parts: tuple[AnyProgress, ...]

    @property
    def count(self) -> int:
        """Return how many parts are met."""
        return sum(part.is_met for part in self.parts)

    @property
    def missing(self) -> int:
        """Return how many parts more must be met."""
        return max(0, self.requirement.needed - self.count)

    @property
    def is_met(self) -> bool:
        """Return whether enough parts are met."""
        return not self.missing

    @property
    def nearest(self) -> tuple[AnyProgress, ...]:
        """Return the unmet parts that take the fewest acts, as many as are missing, in the order they are written."""
        unmet = [(part.size, place) for place, part in enumerate(self.parts) if not part.is_met]
        return tuple(self.parts[place] for place in sorted(place for _size, place in sorted(unmet)[: self.missing]))

    @property
    def next_step(self) -> CombinedStep | None:
        """Return the least that would meet it, or null when it is met."""
        if self.is_met:
            return None
        return CombinedStep(self.requirement, tuple(step for part in self.nearest if (step := part.next_step)))

    @property
    def size(self) -> int:
        """Return how many acts it still takes; 0 when it is met."""
        return sum(part.size for part in self.nearest)


AnyProgress: TypeAlias = (
    RequirementProgress
    | HoursProgress
    | PlacementProgress
    | SessionsProgress
    | PiecesProgress
    | DeclarationProgress
    | CombinedProgress
)
"""How far a requirement of any kind is met."""

AnyStep: TypeAlias = NextStep | HoursStep | PlacementStep | SessionsStep | PiecesStep | DeclarationStep | CombinedStep
"""The least that would still meet a requirement of any kind."""
