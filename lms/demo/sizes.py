"""How much demonstration data there is of each size."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MEASURED_COHORT = 50
WIDE_COHORT = 1_000


class Size(StrEnum):
    """A region for show, a region at work, a country."""

    S = "S"
    M = "M"
    L = "L"


@dataclass(frozen=True, slots=True)
class Extent:
    """How many organisations and measured cohorts there are, and how many trainers more than for show.

    `more_trainers` are at every organisation, `trainers_of_wide` at the first, where the cohort of a thousand is.
    """

    organisations: int
    measured_cohorts: int
    more_trainers: int
    trainers_of_wide: int


EXTENTS = {Size.S: Extent(11, 0, 0, 0), Size.M: Extent(11, 20, 28, 120), Size.L: Extent(100, 400, 28, 120)}
