"""The files of the catalogue again, rebuilt from the database: nothing of a file is lost when it is loaded."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer_group

from lms.curriculum.models import (
    AssessmentForm,
    CompetencyDomain,
    Epa,
    EpaReference,
    Framework,
    ProgrammeVersion,
    Stage,
)
from lms.curriculum.queries.epa_documents import epa_blocks, scale_reference


def document_of(session: Session, version_id: UUID) -> dict[str, Any]:
    """Return the data of the file that a programme version was loaded from; raise NoResultFound for an unknown one.

    Six statements, however much the version holds.
    """
    version = session.scalars(_version(), {"version_id": version_id}).one()
    listed = {} if version.contexts is None else {"contexts": version.contexts}
    return listed | {
        "schema": "bekwaam-curriculum/1",
        "programme": _programme(version),
        "entry_requirements": version.entry_requirements,
        "exemptions": version.exemptions,
        "stages": [_stage(stage) for stage in version.stages],
        "phases": version.phases,
        "placements": version.placements,
        "completion": version.completion,
        "epas": epa_blocks(session, version_id),
        "epa_refs": [_reference(reference) for reference in version.epa_references],
        "modules": version.modules,
        "learning_activities": version.learning_activities,
        "cohort": version.cohort_plan,
        "forms": [_form(form) for form in version.forms],
        "frameworks": [_framework(framework) for framework in version.frameworks],
        "crosswalk": version.crosswalk,
        "sources": version.source_urls,
    }


@cache
def _version() -> Select[ProgrammeVersion]:
    return (
        select(ProgrammeVersion)
        .where(ProgrammeVersion.id == bindparam("version_id", type_=Uuid))
        .options(
            undefer_group("in_full"),
            joinedload(ProgrammeVersion.programme),
            joinedload(ProgrammeVersion.default_scale),
            selectinload(ProgrammeVersion.stages),
            selectinload(ProgrammeVersion.forms).joinedload(AssessmentForm.scale),
            selectinload(ProgrammeVersion.frameworks).joinedload(Framework.domains),
            selectinload(ProgrammeVersion.epa_references)
            .joinedload(EpaReference.epa)
            .joinedload(Epa.programme_version)
            .joinedload(ProgrammeVersion.programme),
        )
    )


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
        "default_scale": scale_reference(version.default_scale),
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
