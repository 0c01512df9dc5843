"""The files that all programmes share again, rebuilt from the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from lms.curriculum.models import (
    CatalogueFile,
    Framework,
    RatingScale,
    ScaleLevel,
    VocabularyTerm,
)
from lms.curriculum.queries.shared import instrument_forms, instruments, reserved_actions

SCALES = "scales"
VOCABULARY = "vocabulary"


def scales_document(session: Session) -> dict[str, Any]:
    """Return the data of the file of scales, with every version of each scale that was loaded."""
    first = func.min(RatingScale.position).over(partition_by=RatingScale.key)
    scales = session.scalars(
        select(RatingScale)
        .options(selectinload(RatingScale.levels))
        .order_by(first, RatingScale.key, RatingScale.version)
    )
    return {
        "schema": "bekwaam-scales/1",
        "scales": [_scale(scale) for scale in scales],
        "sources": _source_urls(session, SCALES),
    }


def _scale(scale: RatingScale) -> dict[str, Any]:
    return {
        "id": scale.key,
        "version": scale.version,
        "title": scale.title,
        "kind": scale.kind,
        "never_average": True,
        "set_by": scale.set_by,
        "questions": scale.questions,
        "entrusted_from": scale.entrusted_from,
        "provenance": scale.provenance.value,
        "provenance_by_field": scale.provenance_by_field,
        "sources": scale.sources,
        "note": scale.note,
        "levels": [_level(level) for level in scale.levels],
        "parent_scale": scale.parent_scale,
    }


def _level(level: ScaleLevel) -> dict[str, Any]:
    optional = {} if level.questions is None else {"questions": level.questions}
    return optional | {
        "code": level.code,
        "rank": level.rank,
        "title": level.title,
        "meaning": level.meaning,
        "entrusted": level.entrusted,
        "parent": level.parent_code,
        "group": level.group_title,
    }


def vocabulary_document(session: Session) -> dict[str, Any]:
    """Return the data of the vocabulary as it was last loaded."""
    framework = session.scalars(
        select(Framework)
        .where(Framework.programme_version_id.is_(None))
        .options(selectinload(Framework.domains))
        .order_by(Framework.position.desc())
        .limit(1)
    ).one()
    terms: dict[str, list[dict[str, Any]]] = {}
    for term in session.scalars(select(VocabularyTerm).order_by(VocabularyTerm.kind, VocabularyTerm.position)):
        terms.setdefault(term.kind, []).append({"key": term.key, "title": term.title})
    return terms | {
        "schema": "bekwaam-vocabulary/1",
        "instruments": _instruments(session),
        "competency_framework": _shared_framework(framework),
        "reserved_actions": _reserved_actions(session),
        "sources": _source_urls(session, VOCABULARY),
    }


def _instruments(session: Session) -> list[dict[str, Any]]:
    forms = _forms(session)
    return [
        {
            "key": row.key,
            "title": row.title,
            "result": row.result.value,
            "scale": row.scale_key,
            "direct_observation": row.direct_observation,
            "meaning": row.meaning,
            "provenance": row.provenance.value,
        }
        | ({"forms": forms[row.key]} if row.key in forms else {})
        for row in instruments(session).values()
    ]


def _forms(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Return the versions of the forms of each instrument that has any."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in instrument_forms(session):
        form = {"version": row.version, "direction": row.direction.value, "items": row.items}
        found.setdefault(row.instrument_key, []).append(form | {"provenance": row.provenance.value})
    return found


def _shared_framework(framework: Framework) -> dict[str, Any]:
    return {
        "id": framework.key,
        "version": int(framework.version),
        "title": framework.title,
        "provenance": framework.provenance.value,
        "sources": framework.sources,
        "areas": [{"key": domain.key, "title": domain.title} for domain in framework.domains],
    }


def _reserved_actions(session: Session) -> list[dict[str, Any]]:
    return [
        {
            "key": row.key,
            "title": row.title,
            "order_required": row.order_required,
            "confirm": row.confirm,
            "provenance": row.provenance.value,
        }
        for row in reserved_actions(session)
    ]


def _source_urls(session: Session, name: str) -> dict[str, Any]:
    return session.scalars(select(CatalogueFile.source_urls).where(CatalogueFile.name == name)).one()
