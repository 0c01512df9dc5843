"""What a draft can refer to outside itself, with its words."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from lms.authoring.editing import Around
from lms.authoring.editing.choices import ScaleWords
from lms.core.db import Words
from lms.curriculum.models import (
    AssessmentForm,
    CompetencyDomain,
    Epa,
    Framework,
    Programme,
    ProgrammeVersion,
    RatingScale,
)
from lms.curriculum.queries import known, vocabulary
from lms.curriculum.queries.programmes import newest_versions


def around(session: Session, document: dict[str, Any]) -> Around:
    """Return what surrounds the parts of a document: what they can refer to, and how it is called."""
    key = (document.get("programme") or {}).get("key")
    return Around(
        document=document,
        known=known(session),
        vocabulary=vocabulary(session),
        scales=_scales(session),
        frameworks=_frameworks(session),
        domains=_domains(session),
        forms=_forms(session),
        epas=_epas(session, without=key),
    )


def _scales(session: Session) -> list[ScaleWords]:
    scales = session.scalars(
        select(RatingScale)
        .options(selectinload(RatingScale.levels))
        .order_by(RatingScale.position, RatingScale.version)
    )
    return [
        ScaleWords(
            key=scale.key,
            version=scale.version,
            title=scale.title,
            levels=[(level.code, level.title) for level in scale.levels],
        )
        for scale in scales
    ]


def _frameworks(session: Session) -> dict[str, Words]:
    frameworks = session.execute(
        select(Framework.key, Framework.title)
        .where(Framework.programme_version_id.is_(None) | Framework.programme_version_id.in_(newest_versions()))
        .order_by(Framework.programme_version_id.is_not(None), Framework.position)
    )
    return {row.key: row.title for row in frameworks}


def _domains(session: Session) -> dict[str, list[tuple[str, Words]]]:
    domains = session.execute(
        select(Framework.key.label("framework"), CompetencyDomain.key, CompetencyDomain.title)
        .join(CompetencyDomain.framework)
        .where(Framework.programme_version_id.is_(None) | Framework.programme_version_id.in_(newest_versions()))
        .order_by(
            Framework.programme_version_id.is_not(None), Framework.key, Framework.version, CompetencyDomain.position
        )
    )
    found: defaultdict[str, dict[str, Words]] = defaultdict(dict)
    for row in domains:
        found[row.framework][row.key] = row.title
    return {framework: list(titles.items()) for framework, titles in found.items()}


def _forms(session: Session) -> dict[str, Words]:
    forms = session.execute(
        select(AssessmentForm.key, AssessmentForm.title)
        .where(AssessmentForm.programme_version_id.in_(newest_versions()))
        .order_by(AssessmentForm.key)
    )
    return {row.key: row.title for row in forms}


def _epas(session: Session, *, without: str | None) -> dict[str, list[tuple[str, Words]]]:
    """Return the EPAs of all other programmes in their newest versions, by programme."""
    epas = session.execute(
        select(Programme.key.label("programme"), Epa.key, Epa.title)
        .join(Epa.programme_version)
        .join(ProgrammeVersion.programme)
        .where(Epa.programme_version_id.in_(newest_versions()), Programme.key != (without or ""))
        .order_by(Programme.key, Epa.position)
    )
    found: defaultdict[str, list[tuple[str, Words]]] = defaultdict(list)
    for row in epas:
        found[row.programme].append((row.key, row.title))
    return dict(found)
