"""Competency frameworks: each with its domains, what compares it with others, and where it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarResult, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from competencies.frameworks import Correspondence
from lms.curriculum.crosswalks import correspondences_of
from lms.curriculum.models import CompetencyDomain, Epa, EpaCompetency, Framework, ProgrammeVersion
from lms.curriculum.queries.programmes import newest_versions


@dataclass(frozen=True, slots=True)
class FrameworkInList:
    """A framework with the number of its domains; the shared one has no programme."""

    framework: Framework
    domains: int
    programme: ProgrammeVersion | None


def frameworks_in_list(session: Session) -> tuple[FrameworkInList, ...]:
    """Return the shared frameworks, then those of the newest version of every programme, in one statement."""
    count = select(func.count()).where(CompetencyDomain.framework_id == Framework.id).correlate(Framework)
    rows = session.execute(
        select(Framework, count.scalar_subquery().label("domains"), ProgrammeVersion)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == Framework.programme_version_id)
        .where(_current())
        .order_by(ProgrammeVersion.loaded_at.nulls_first(), Framework.position)
    )
    return tuple(FrameworkInList(row.Framework, row.domains, row.ProgrammeVersion) for row in rows)


def _current() -> ColumnElement[bool]:
    return or_(Framework.programme_version_id.is_(None), Framework.programme_version_id.in_(newest_versions()))


def one_framework(session: Session, framework_id: UUID) -> Framework | None:
    """Return a framework with its domains and the programme version that it is part of, or None."""
    return session.scalars(
        select(Framework)
        .where(Framework.id == framework_id)
        .options(
            selectinload(Framework.domains),
            joinedload(Framework.programme_version).joinedload(ProgrammeVersion.programme),
        )
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class Company:
    """The frameworks that one can be compared with, by key, and all that is known of what corresponds."""

    frameworks: dict[str, Framework]
    known: tuple[Correspondence, ...]

    def of(self, framework: Framework) -> list[Framework]:
        """Return those that something is known about in comparison with this one, directly or by way of another."""
        near = {one.target[0] for each in self.known for one in (each, each.reverse) if one.origin[0] == framework.key}
        further = {one.target[0] for each in self.known for one in (each, each.reverse) if one.origin[0] in near}
        keys = (near | further) - {framework.key}
        return [self.frameworks[key] for key in self.frameworks if key in keys]


def company_of(session: Session, framework: Framework) -> Company:
    """Return the frameworks beside one, those of its own programme version first, with their domains."""
    own = framework.programme_version_id
    lines: ScalarResult[list[Any]] = session.scalars(
        select(ProgrammeVersion.crosswalk)
        .where(or_(ProgrammeVersion.id == own, ProgrammeVersion.id.in_(newest_versions())))
        .order_by(ProgrammeVersion.id != own, ProgrammeVersion.id)
    )
    known = tuple(correspondences_of(line for crosswalk in lines for line in crosswalk))
    rows = session.scalars(
        select(Framework)
        .where(or_(Framework.programme_version_id == own, _current()))
        .options(selectinload(Framework.domains))
        .order_by(Framework.programme_version_id != own, Framework.position)
    )
    beside: dict[str, Framework] = {}
    for row in rows:
        beside.setdefault(row.key, row)
    return Company(beside | {framework.key: framework}, known)


def uses_of(session: Session, framework: Framework) -> Sequence[EpaCompetency]:
    """Return where EPAs name the domains of a framework, with EPA and programme, in the order of both.

    Of the newest versions, and of the version that the framework is part of.
    """
    return session.scalars(
        select(EpaCompetency)
        .join(EpaCompetency.domain)
        .join(EpaCompetency.epa)
        .join(Epa.programme_version)
        .where(
            CompetencyDomain.framework_id == framework.id,
            or_(
                Epa.programme_version_id == framework.programme_version_id,
                Epa.programme_version_id.in_(newest_versions()),
            ),
        )
        .options(contains_eager(EpaCompetency.epa).contains_eager(Epa.programme_version))
        .order_by(CompetencyDomain.position, ProgrammeVersion.id, Epa.position)
    ).all()


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
