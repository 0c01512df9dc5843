"""Where one trainee stands on the EPAs of a programme."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from competencies.curricula import ExpectedLevel
from competencies.progress import EpaProgress
from competencies.scales import Level
from lms.progress.values.programmes import EpaInProgramme

QUIET_FOR = timedelta(weeks=8)
"""Who was not rated for longer falls behind: the trainer's list says so."""


class Cell(NamedTuple):
    """Where one trainee stands on one EPA; `level` is that of the newest decision that has begun.

    `is_carried_on` says that all of it shows on an EPA of the version that the trainee moved to.
    """

    level: Level | None = None
    is_expired: bool = False
    decided_on: date | None = None
    valid_until: date | None = None
    decision_id: UUID | None = None
    last_rating: Level | None = None
    last_rated_on: date | None = None
    rating_count: int = 0
    waiting: int = 0
    is_carried_on: bool = False

    @property
    def stays_behind(self) -> bool:
        """Return whether something was earned here that shows on no EPA of a later version."""
        return not self.is_carried_on and (self.level is not None or self.rating_count > 0 or self.waiting > 0)

    @property
    def in_force(self) -> Level | None:
        """Return the level that holds today, or null when none was given or it has expired."""
        return None if self.is_expired else self.level


EMPTY = Cell()
"""Nothing was rated, asked or decided yet."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating on the EPA's own scale, on the day of the act; `by_trainee` where the trainee gave it."""

    on: date
    level: Level
    by_trainee: bool


@dataclass(frozen=True, slots=True)
class EpaLine:
    """One EPA of a trainee: where they stand, how far the evidence is, and which level is expected next."""

    epa: EpaInProgramme
    cell: Cell
    progress: EpaProgress

    @property
    def next_expected(self) -> ExpectedLevel | None:
        """Return the first expectation that the level in force does not reach yet."""
        return self.epa.next_expected(self.cell.in_force)

    @property
    def is_reached(self) -> bool:
        """Return whether the level in force is the one of the declaration or above."""
        return self.epa.is_reached_by(self.cell.in_force)

    @property
    def is_ready(self) -> bool:
        """Return whether nothing stands in the way of a declaration that is not in force yet."""
        return self.epa.target is not None and self.progress.is_met and not self.is_reached


@dataclass(frozen=True, slots=True)
class Guided:
    """One trainee as the trainer sees them in a list; `since` is the last rating, or the start while there is none."""

    reached: int
    asked: int
    waiting: int
    last_logged_on: date | None
    last_rated_on: date | None
    since: date

    def is_behind(self, on: date) -> bool:
        """Return whether nobody has rated the trainee for so long that somebody should ask why."""
        return on - self.since > QUIET_FOR
