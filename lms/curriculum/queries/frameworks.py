"""Competencies of frameworks, and the EPAs that name them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lms.curriculum.models import CompetencyDomain, Epa, EpaCompetency, ProgrammeVersion
from lms.curriculum.queries.programmes import newest_versions


def competency(session: Session, domain_id: UUID) -> CompetencyDomain | None:
    """Return a competency with its framework, or None."""
    return session.get(CompetencyDomain, domain_id, options=[joinedload(CompetencyDomain.framework)])


def epas_with_competency(session: Session, domain_id: UUID) -> Sequence[Epa]:
    """Return the EPAs of the newest versions that name a competency among the most relevant, by programme."""
    return session.scalars(
        select(Epa)
        .join(Epa.competencies)
        .join(Epa.programme_version)
        .where(EpaCompetency.domain_id == domain_id, Epa.programme_version_id.in_(newest_versions()))
        .options(contains_eager(Epa.programme_version))
        .order_by(ProgrammeVersion.title["nl"].astext, Epa.position)
    ).all()
