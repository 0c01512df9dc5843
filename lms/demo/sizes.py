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
    """The number of organisations, and of measured cohorts beside the region for show."""

    organisations: int
    measured_cohorts: int

    @property
    def is_measured(self) -> bool:
        """Return whether there is more than the region for show."""
        return self.measured_cohorts > 0


EXTENTS = {Size.S: Extent(11, 0), Size.M: Extent(11, 20), Size.L: Extent(100, 400)}
