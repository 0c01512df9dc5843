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
