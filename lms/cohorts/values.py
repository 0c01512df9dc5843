"""What cohorts are made with: the tracks and length of a programme, the size of a cohort, the mapping of a move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from competencies.entrustment import valid_until_for
from competencies.versions import EpaMapping, MappingKind, MappingLine
from lms.curriculum.models import ProgrammeVersion

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CohortSize:
    """How many trainees a cohort has on a day; `active` ones began and did not end, `ended` ones are past their end."""

    trainees: int = 0
    active: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalCohort:
    """A cohort as a region sees it: numbers and no people.

    `trainees` are all who were ever enrolled. What became of them is null where `without_small` leaves it out.
    `decisions_in_force` counts the newest decisions that have begun and are valid, over all its trainees and EPAs; of a
    cohort that is small itself it is null.
    """

    cohort_id: UUID
    organisation: str
    name: str
    programme: Words
    starts_on: date
    planned_end_on: date
    trainees: int
    active: int | None
    ended: int | None
    decisions_in_force: int | None


def tracks_of(version: ProgrammeVersion) -> dict[str, Words]:
    """Return the titles of the tracks of a programme by key, in its order; empty where it has none."""
    return {track["key"]: track["title"] for track in version.details.get("tracks") or ()}


def months_of(version: ProgrammeVersion) -> int | None:
    """Return how many months the programme takes at most, or None where it does not say."""
    duration = version.details.get("duration_months") or {}
    months: int | None = duration.get("max") or duration.get("min")
    return months


def planned_end(version: ProgrammeVersion, starts_on: date) -> date | None:
    """Return the last day of the programme for who starts on that day, or None where it has no length."""
    following = valid_until_for(months_of(version), starts_on)
    return following - timedelta(days=1) if following else None


def mapping_of(rows: Sequence[Mapping[str, Any]]) -> EpaMapping:
    """Return a stored mapping."""
    return EpaMapping(
        tuple(
            MappingLine(MappingKind(row["kind"]), tuple(map(UUID, row["old"])), tuple(map(UUID, row["new"])))
            for row in rows
        )
    )
