"""What the index is made of: programme versions and shared frameworks with everything that is looked through."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload, undefer_group

from lms.curriculum.models import CompetencyDomain, Framework, ProgrammeVersion
from lms.search.models import SearchEntry


def versions(session: Session, *, missing: bool = False) -> Sequence[ProgrammeVersion]:
    """Return the programme versions, all of them or those that are not indexed, with EPAs and frameworks in full."""
    wanted = select(ProgrammeVersion).order_by(ProgrammeVersion.id)
    if missing:
        wanted = wanted.where(~_indexed(ProgrammeVersion.id).exists())
    return session.scalars(
        wanted.options(
            undefer_group("in_full"),
            joinedload(ProgrammeVersion.programme),
            selectinload(ProgrammeVersion.epas).undefer_group("in_full"),
            selectinload(ProgrammeVersion.frameworks).selectinload(Framework.domains),
        )
    ).all()


def shared_frameworks(session: Session, *, missing: bool = False) -> Sequence[Framework]:
    """Return the frameworks that all programmes share, all of them or those not indexed, with their domains."""
    wanted = select(Framework).where(Framework.programme_version_id.is_(None)).order_by(Framework.id)
    if missing:
        unknown = select(CompetencyDomain.framework_id).where(~_indexed(CompetencyDomain.id).exists())
        wanted = wanted.where(Framework.id.in_(unknown))
    return session.scalars(wanted.options(selectinload(Framework.domains))).all()


def _indexed(target: InstrumentedAttribute[UUID]) -> Select[UUID]:
    return select(SearchEntry.target_id).where(SearchEntry.target_id == target)
