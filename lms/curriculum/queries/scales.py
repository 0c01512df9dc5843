"""Rating scales, each version for itself, and where it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from lms.curriculum.models import AssessmentInstrument, CatalogueFile, Epa, ProgrammeVersion, RatingScale
from lms.curriculum.queries.shared_documents import SCALES


def scales_in_list(session: Session) -> Sequence[RatingScale]:
    """Return every version of every scale with its levels, the newest version of each first."""
    first = func.min(RatingScale.position).over(partition_by=RatingScale.key)
    return session.scalars(
        select(RatingScale)
        .options(selectinload(RatingScale.levels))
        .order_by(first, RatingScale.key, RatingScale.version.desc())
    ).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleInUse:
    """A scale with its other versions, what is rated on it, and the sources that it names."""

    scale: RatingScale
    versions: Sequence[RatingScale]
    instruments: Sequence[AssessmentInstrument]
    programmes: Sequence[tuple[ProgrammeVersion, int]]
    source_urls: dict[str, str]


def scale_in_use(session: Session, scale_id: UUID) -> ScaleInUse | None:
    """Return a version of a scale with its levels and everything about its use, or None; six statements."""
    scale = session.scalars(
        select(RatingScale).where(RatingScale.id == scale_id).options(selectinload(RatingScale.levels))
    ).one_or_none()
    if scale is None:
        return None
    versions = select(RatingScale).where(RatingScale.key == scale.key).order_by(RatingScale.version)
    rated = select(AssessmentInstrument).where(AssessmentInstrument.scale_key == scale.key)
    return ScaleInUse(
        scale=scale,
        versions=session.scalars(versions).all(),
        instruments=session.scalars(rated.order_by(AssessmentInstrument.position)).all(),
        programmes=_programmes(session, scale_id),
        source_urls=session.scalar(select(CatalogueFile.source_urls).where(CatalogueFile.name == SCALES)) or {},
    )


def _programmes(session: Session, scale_id: UUID) -> Sequence[tuple[ProgrammeVersion, int]]:
    """Return the programme versions whose EPAs are rated on a scale, with how many EPAs that is."""
    counted = (
        select(Epa.programme_version_id, func.count().label("epas"))
        .where(Epa.scale_id == scale_id)
        .group_by(Epa.programme_version_id)
        .subquery()
    )
    rows = session.execute(
        select(ProgrammeVersion, counted.c.epas)
        .join(counted, counted.c.programme_version_id == ProgrammeVersion.id)
        .order_by(ProgrammeVersion.loaded_at, ProgrammeVersion.id)
    )
    return [(row.ProgrammeVersion, row.epas) for row in rows]
