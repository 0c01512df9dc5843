"""The versions of a programme, and of an EPA through them: which text counts from when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from lms.core.clock import day_of
from lms.curriculum.models import ProgrammeVersion, Publication, Retirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version of a text, with the days from which it counts and is retired; `id` is that of its page."""

    id: UUID
    version: str
    since: date
    retired_on: date | None
    loaded_at: datetime


def version_lines() -> Select[UUID, UUID, str, datetime, date, date]:
    """Select every programme version with its programme, its label and what says from when until when it counts."""
    return (
        select(
            ProgrammeVersion.id,
            ProgrammeVersion.programme_id,
            ProgrammeVersion.version,
            ProgrammeVersion.loaded_at,
            Publication.effective_on,
            Retirement.retired_on,
        )
        .outerjoin(Publication, Publication.programme_version_id == ProgrammeVersion.id)
        .outerjoin(Retirement, Retirement.programme_version_id == ProgrammeVersion.id)
    )


def edition(
    key: UUID, version: str, loaded_at: datetime, effective_on: date | None, retired_on: date | None
) -> Edition:
    """Return a version; without a day of publication it counts from the day when it was loaded."""
    since = effective_on or day_of(loaded_at)
    return Edition(id=key, version=version, since=since, retired_on=retired_on, loaded_at=loaded_at)


def in_time(editions: Sequence[Edition]) -> tuple[Edition, ...]:
    """Return the versions from the oldest to the newest."""
    return tuple(sorted(editions, key=lambda one: (one.since, one.loaded_at, one.id)))
