"""What happened to the versions of a programme: from when they count, and whether they are retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import Select, String, bindparam, select
from sqlalchemy.orm import Session, joinedload

from lms.core.clock import day_of
from lms.curriculum.models import Programme, ProgrammeVersion, Publication, Retirement


@dataclass(frozen=True, slots=True)
class VersionLife:
    """A version with its publication (none: it came from a file) and its retirement (none: it still counts)."""

    version: ProgrammeVersion
    publication: Publication | None
    retirement: Retirement | None

    @property
    def effective_on(self) -> date:
        """The day from which the version counts."""
        return self.publication.effective_on if self.publication else day_of(self.version.loaded_at)

    def is_retired(self, *, on: date) -> bool:
        """Whether no new cohort starts on the version on that day."""
        return self.retirement is not None and self.retirement.retired_on <= on


def lives_of(session: Session, keys: Sequence[str] | None = None) -> Sequence[VersionLife]:
    """Return the versions of these programmes, or of all, by programme, the newest first."""
    versions = (
        select(ProgrammeVersion, Publication, Retirement)
        .join(ProgrammeVersion.programme)
        .outerjoin(Publication, Publication.programme_version_id == ProgrammeVersion.id)
        .outerjoin(Retirement, Retirement.programme_version_id == ProgrammeVersion.id)
        .options(
            joinedload(ProgrammeVersion.programme),
            joinedload(Publication.published_by),
            joinedload(Publication.reviewed_by),
            joinedload(Retirement.retired_by),
        )
        .order_by(Programme.key, ProgrammeVersion.loaded_at.desc(), ProgrammeVersion.id.desc())
    )
    if keys is not None:
        versions = versions.where(Programme.key.in_(keys))
    return [VersionLife(*row) for row in session.execute(versions)]


def life_of(session: Session, version_id: UUID) -> VersionLife | None:
    """Return a version with what happened to it, or None for an unknown one."""
    row = session.execute(
        select(ProgrammeVersion, Publication, Retirement)
        .outerjoin(Publication, Publication.programme_version_id == ProgrammeVersion.id)
        .outerjoin(Retirement, Retirement.programme_version_id == ProgrammeVersion.id)
        .where(ProgrammeVersion.id == version_id)
        .options(
            joinedload(ProgrammeVersion.programme),
            joinedload(Publication.published_by),
            joinedload(Publication.reviewed_by),
            joinedload(Retirement.retired_by),
        )
    ).one_or_none()
    return VersionLife(*row) if row else None


def versions_of(session: Session, key: str) -> Sequence[str]:
    """Return the names of the versions that a programme has."""
    return session.scalars(_versions(), {"key": key}).all()


@cache
def _versions() -> Select[str]:
    key = bindparam("key", type_=String)
    return select(ProgrammeVersion.version).join(ProgrammeVersion.programme).where(Programme.key == key)
