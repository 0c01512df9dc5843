"""A cohort as a region sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lms.progress.values.programmes import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalCohort:
    """A cohort as a region sees it: numbers and no people.

    `trainees` are all who were ever enrolled, null where they are so few that a number would name them. What became of
    them is null where `without_small` leaves it out.
    `decisions_in_force` counts the newest decisions that have begun and are valid, over all its trainees and EPAs; of a
    cohort that is small itself it is null.
    """

    cohort_id: UUID
    organisation: str
    name: str
    programme: Words
    starts_on: date
    planned_end_on: date
    trainees: int | None
    active: int | None
    ended: int | None
    decisions_in_force: int | None
