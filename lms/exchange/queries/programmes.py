"""Versions of programmes as packages: with everything that they refer to, and which of them are not offered yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from competencies.packages import Package
from lms.core.db import Words
from lms.curriculum.models import (
    CompetencyDomain,
    Epa,
    EpaReference,
    Framework,
    Programme,
    ProgrammeOwner,
    ProgrammeVersion,
    Publication,
    Retirement,
)
from lms.curriculum.queries import document_of, scales_document
from lms.exchange.case.programme import Surroundings, package_of_programme
from lms.exchange.models import FrameworkPackage
from lms.organisations.models import Alliance, Organisation

FORMAT = "programme/1"
"""How offered packages are made; a new number lets all of them be made anew."""

OURS = "Bekwaam"
"""Who made the programmes that ship."""


def package_of_version(session: Session, version: ProgrammeVersion, *, base: str = "") -> Package:
    """Return a version of a programme as a package, at addresses with that base."""
    return package_of_programme(document_of(session, version.id), _surroundings(session, version, base))


def _surroundings(session: Session, version: ProgrammeVersion, base: str) -> Surroundings:
    publication = session.get(Publication, version.id)
    retirement = session.get(Retirement, version.id)
    moments = (version.loaded_at, retirement.recorded_at if retirement else version.loaded_at)
    return Surroundings(
        creator=_owner_name(session, version.programme_id) or OURS,
        changed_at=max(moments),
        base=base,
        starts_on=publication.effective_on if publication else None,
        retired_on=retirement.retired_on if retirement else None,
        scales={(scale["id"], scale["version"]): scale for scale in scales_document(session)["scales"]},
        titles=titles_of_areas(session),
        referred=_referred(session, version.id),
    )


def _owner_name(session: Session, programme_id: UUID) -> str | None:
    return session.scalar(
        select(Organisation.name)
        .join(ProgrammeOwner, ProgrammeOwner.organisation_id == Organisation.id)
        .where(ProgrammeOwner.programme_id == programme_id)
        .union_all(
            select(Alliance.name)
            .join(ProgrammeOwner, ProgrammeOwner.alliance_id == Alliance.id)
            .where(ProgrammeOwner.programme_id == programme_id)
        )
    )


def titles_of_areas(session: Session) -> Mapping[tuple[str, str], Words]:
    """Return the titles of all frameworks and their domains by framework and key, the newest of each."""
    rows = session.execute(
        select(Framework.key, Framework.title, CompetencyDomain.key, CompetencyDomain.title)
        .join(CompetencyDomain.framework)
        .outerjoin(ProgrammeVersion, ProgrammeVersion.id == Framework.programme_version_id)
        .order_by(ProgrammeVersion.loaded_at.nulls_last(), Framework.position)
    )
    titles: dict[tuple[str, str], Any] = {}
    for framework, title, key, domain_title in rows:
        titles[framework, ""], titles[framework, key] = title, domain_title
    return titles


def _referred(session: Session, version_id: UUID) -> Mapping[tuple[str, str], tuple[str, Words]]:
    """Return the version and the title of the EPAs of other programmes that a version uses."""
    rows = session.execute(
        select(Programme.key, ProgrammeVersion.version, Epa.key, Epa.title)
        .join(ProgrammeVersion, ProgrammeVersion.programme_id == Programme.id)
        .join(Epa, Epa.programme_version_id == ProgrammeVersion.id)
        .join(EpaReference, EpaReference.epa_id == Epa.id)
        .where(EpaReference.programme_version_id == version_id)
    )
    return {(programme, epa): (version, title) for programme, version, epa, title in rows}


def versions_to_offer(session: Session, *, on: date) -> Sequence[tuple[ProgrammeVersion, FrameworkPackage | None]]:
    """Return the versions that count by that day and whose package is missing or out of date, the oldest first.

    Each comes with the package that there is.
    """
    rows = session.execute(
        select(ProgrammeVersion, FrameworkPackage)
        .outerjoin(FrameworkPackage, FrameworkPackage.programme_version_id == ProgrammeVersion.id)
        .outerjoin(Retirement, Retirement.programme_version_id == ProgrammeVersion.id)
        .outerjoin(Publication, Publication.programme_version_id == ProgrammeVersion.id)
        .where(
            or_(Publication.effective_on.is_(None), Publication.effective_on <= on),
            or_(
                FrameworkPackage.id.is_(None),
                FrameworkPackage.codec != FORMAT,
                Retirement.recorded_at > FrameworkPackage.changed_at,
            ),
        )
        .options(joinedload(ProgrammeVersion.programme))
        .order_by(ProgrammeVersion.loaded_at, ProgrammeVersion.id)
    )
    return [(version, package) for version, package in rows]
