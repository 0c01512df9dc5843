"""The files of the catalogue again, rebuilt from the database: nothing of a file is lost when it is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer_group

from competencies.requirements import Combination
from lms.curriculum.models import (
    AssessmentForm,
    CatalogueFile,
    CompetencyDomain,
    Epa,
    EpaCompetency,
    EpaReference,
    EpaRequirement,
    Framework,
    ProgrammeVersion,
    RatingScale,
    RequiredLevel,
    ScaleLevel,
    Stage,
    VocabularyTerm,
)
from lms.curriculum.queries.shared import instruments, reserved_actions

SCALES = "scales"
VOCABULARY = "vocabulary"


def document_of(session: Session, version_id: UUID) -> dict[str, Any]:
    """Return the data of the file that a programme version was loaded from; raise NoResultFound for an unknown one."""
    version = session.scalars(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.id == version_id)
        .options(
            undefer_group("in_full"),
            joinedload(ProgrammeVersion.programme),
            joinedload(ProgrammeVersion.default_scale),
            selectinload(ProgrammeVersion.stages),
            selectinload(ProgrammeVersion.forms).joinedload(AssessmentForm.scale),
            selectinload(ProgrammeVersion.frameworks).selectinload(Framework.domains),
            selectinload(ProgrammeVersion.epas).options(*_EPA_LOADS),
            selectinload(ProgrammeVersion.epa_references)
            .joinedload(EpaReference.epa)
            .joinedload(Epa.programme_version)
            .joinedload(ProgrammeVersion.programme),
        )
    ).one()
    return {
        "schema": "bekwaam-curriculum/1",
        "programme": _programme(version),
        "entry_requirements": version.entry_requirements,
        "exemptions": version.exemptions,
        "stages": [_stage(stage) for stage in version.stages],
        "phases": version.phases,
        "placements": version.placements,
        "completion": version.completion,
        "epas": [_epa(epa) for epa in version.epas],
        "epa_refs": [_reference(reference) for reference in version.epa_references],
        "modules": version.modules,
        "learning_activities": version.learning_activities,
        "cohort": version.cohort_plan,
        "forms": [_form(form) for form in version.forms],
        "frameworks": [_framework(framework) for framework in version.frameworks],
        "crosswalk": version.crosswalk,
        "sources": version.source_urls,
    }


_EPA_LOADS = (
    undefer_group("in_full"),
    joinedload(Epa.scale),
    selectinload(Epa.required_levels).joinedload(RequiredLevel.stage),
    selectinload(Epa.requirements),
    selectinload(Epa.competencies).joinedload(EpaCompetency.domain).joinedload(CompetencyDomain.framework),
)


def _scale_reference(scale: RatingScale | None) -> dict[str, Any] | None:
    return {"id": scale.key, "version": scale.version} if scale else None


def _programme(version: ProgrammeVersion) -> dict[str, Any]:
    return version.details | {
        "key": version.programme.key,
        "version": version.version,
        "status": version.status.value,
        "title": version.title,
        "short_title": version.short_title,
        "summary": version.summary,
        "kind": version.kind.value,
        "provenance": version.provenance.value,
        "provenance_by_field": version.provenance_by_field,
        "sources": version.sources,
        "note": version.note,
        "audience": version.audience,
        "default_scale": _scale_reference(version.default_scale),
    }


_EPA_COLUMNS = (
    "key",
    "official_code",
    "local_code",
    "version",
    "adopted",
    "title",
    "tracks",
    "functions",
    "function_transcending",
    "level_tag",
    "provenance_by_field",
    "sources",
    "note",
    "validity",
    "scope",
    "reserved_actions",
)
"""The columns of an EPA that stand in the file under their own name."""


def _epa(epa: Epa) -> dict[str, Any]:
    optional = {"parent": epa.parent_key, "entry_requirements": epa.entry_requirements, "study_load": epa.study_load}
    given = {name: value for name, value in optional.items() if value is not None}
    return (
        given
        | {name: getattr(epa, name) for name in _EPA_COLUMNS}
        | {
            "order": epa.position,
            "type": epa.type.value,
            "provenance": epa.provenance.value,
            "description": _description(epa),
            "competencies": _competencies(epa),
            "scale": _scale_reference(epa.scale),
            "required_levels": [{"stage": one.stage.key, "level": one.level_code} for one in epa.required_levels],
            "evidence": _entries(epa.requirements),
        }
    )


def _description(epa: Epa) -> dict[str, Any]:
    optional = {} if epa.activities is None else {"activities": epa.activities}
    return optional | {
        "specification": epa.specification,
        "limitations": epa.limitations,
        "risks": epa.risks,
        "knowledge": epa.knowledge,
        "skills": epa.skills,
        "attitudes": epa.attitudes,
        "experience": epa.experience,
        "information_sources": epa.information_sources,
    }


def _competencies(epa: Epa) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for competency in epa.competencies:
        key = competency.element_key or competency.domain.key
        named.setdefault(competency.domain.framework.key, []).append(key)
    return named


def _entries(rows: Sequence[EpaRequirement], parent: int | None = None) -> list[dict[str, Any]]:
    """Return the requirements as they were written, with their parts."""
    return [
        _requirement(row) | ({"of": _entries(rows, row.position)} if row.kind in _COMBINED else {})
        for row in rows
        if row.parent_position == parent
    ]


_COMBINED = frozenset(Combination)


def _requirement(row: EpaRequirement) -> dict[str, Any]:
    if row.rule is not None:
        return row.rule
    conditions = {} if row.conditions is None else {"conditions": row.conditions}
    return conditions | {
        "instrument": row.instrument_key,
        "form": row.form_key,
        "min_count": row.min_count,
        "min_assessors": row.min_assessors,
        "min_level": row.min_level,
        "stage": row.stage_key,
    }


def _stage(stage: Stage) -> dict[str, Any]:
    row = {"key": stage.key, "order": stage.position, "title": stage.title, "provenance": stage.provenance.value}
    return row if stage.requirements is None else row | {"requirements": stage.requirements}


def _reference(row: EpaReference) -> dict[str, Any]:
    return {
        "programme": row.epa.programme_version.programme.key,
        "epa": row.epa.key,
        "requirement": row.requirement.value,
        "required_levels": row.required_levels,
        "provenance": row.provenance.value,
    }


def _form(form: AssessmentForm) -> dict[str, Any]:
    return {
        "key": form.key,
        "title": form.title,
        "instrument": form.instrument_key,
        "scale": form.scale.key if form.scale else None,
        "items": form.items,
        "rater_groups": form.rater_groups,
        "release_rule": form.release_rule,
        "duration_min": form.duration_min,
        "provenance": form.provenance.value,
        "sources": form.sources,
        "note": form.note,
    }


def _framework(framework: Framework) -> dict[str, Any]:
    return {
        "id": framework.key,
        "version": framework.version,
        "title": framework.title,
        "owner": framework.owner,
        "provenance": framework.provenance.value,
        "sources": framework.sources,
        "licence_note": framework.licence_note,
        "note": framework.note,
        "dimensions": framework.dimensions,
        "levels": framework.levels,
        "domains": [_domain(domain) for domain in framework.domains],
    }


def _domain(domain: CompetencyDomain) -> dict[str, Any]:
    return {
        "id": domain.key,
        "order": domain.position,
        "order_known": domain.order_known,
        "title": domain.title,
        "dimensions": domain.dimensions,
        "provenance": domain.provenance.value,
        "sources": domain.sources,
        "elements": domain.elements,
        "indicators": domain.indicators,
    }


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
        for row in instruments(session).values()
    ]


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
