"""What is asked beside observations: hours, placements, sessions, pieces of work, declarations, and combinations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import TypeAlias

from competencies.attainments import AttainmentKind, HoursOf
from competencies.requirements.observed import Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursRequirement:
    """So many hours; with a percent, that part of the minimum must be at one and the same organisation."""

    of: HoursOf
    min_hours: int
    min_percent_in_one_organisation: int | None = None
    stage: str | None = None

    @property
    def min_in_one_organisation(self) -> int:
        """Return the least whole hours at one organisation.

        The percent is of the minimum, not of all hours: more hours elsewhere never make it harder.
        """
        return ceil(Fraction(self.min_hours * (self.min_percent_in_one_organisation or 0), 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementRequirement:
    """A placement in so many different settings; null is what the placement itself asks."""

    placement: str
    min_settings: int | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsRequirement:
    """Attendance: a percent of the days of these modules (none named: all of the track), or so many sessions."""

    modules: tuple[str, ...] = ()
    min_percent: int | None = None
    min_count: int | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PiecesRequirement:
    """So many products, tests or diplomas; where `keys` names them, different ones of these."""

    kind: AttainmentKind
    min_count: int = 1
    keys: tuple[str, ...] = ()
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectionsRequirement:
    """So many reflections; they are counted and never read."""

    min_count: int
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationRequirement:
    """A declaration in force on an EPA: at the minimum (null: of its declaration), for at least these options."""

    epa: str
    minimum: str | None = None
    scope: Mapping[str, Collection[str]] = field(default_factory=dict, hash=False)
    stage: str | None = None


class Combination(StrEnum):
    """How the parts of a combined requirement hold together."""

    ALL_OF = "all_of"
    ANY_OF = "any_of"
    N_OF = "n_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinedRequirement:
    """Requirements of which all, one, or `n` must be met."""

    kind: Combination
    of: tuple[AnyRequirement, ...]
    n: int | None = None
    stage: str | None = None

    @property
    def needed(self) -> int:
        """Return how many of the parts must be met."""
        if self.kind is Combination.ALL_OF:
            return len(self.of)
        return 1 if self.kind is Combination.ANY_OF else self.n or 1


AnyRequirement: TypeAlias = (
    Requirement
    | HoursRequirement
    | PlacementRequirement
    | SessionsRequirement
    | PiecesRequirement
    | ReflectionsRequirement
    | DeclarationRequirement
    | CombinedRequirement
)
"""A requirement of any kind."""
