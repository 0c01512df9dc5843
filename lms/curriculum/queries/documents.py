"""The files of the catalogue again, rebuilt from the database: nothing of a file is lost when it is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer_group

from competencies.requirements import Combination
from lms.curriculum.models import (
    AssessmentForm,
    CompetencyDomain,
    Epa,
    EpaCompetency,
    EpaReference,
    EpaRequirement,
    Framework,
    ProgrammeVersion,
    RatingScale,
    RequiredLevel,
    Stage,
)


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
