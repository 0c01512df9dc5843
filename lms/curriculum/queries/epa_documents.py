"""The EPAs of a file again, rebuilt from the database: what hangs on each comes with it as JSON, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, Uuid, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, undefer_group

from competencies.requirements import Combination
from lms.core.db import JSON_VALUE
from lms.curriculum.models import (
    CompetencyDomain,
    Epa,
    EpaCompetency,
    EpaRequirement,
    Framework,
    RatingScale,
    RequiredLevel,
    Stage,
)

Row = dict[str, Any]


def epa_blocks(session: Session, version_id: UUID) -> list[Row]:
    """Return the EPAs of a programme version as the file has them, in their order; one statement."""
    rows = session.execute(_epas(), {"version_id": version_id})
    return [_epa(row[0], *(found or [] for found in row[1:4])) for row in rows]


@cache
def _epas() -> Select[*tuple[Any, ...]]:
    return (
        select(Epa, _levels(), _requirements(), _competencies())
        .where(Epa.programme_version_id == bindparam("version_id", type_=Uuid))
        .options(undefer_group("in_full"), joinedload(Epa.scale))
        .order_by(Epa.position)
        .execution_options(populate_existing=True)
    )


def scale_reference(scale: RatingScale | None) -> Row | None:
    """Return how a file names a version of a scale."""
    return {"id": scale.key, "version": scale.version} if scale else None


def _levels() -> ScalarSelect[Any]:
    row = _as_map({"stage": Stage.key, "level": RequiredLevel.level_code})
    found = select(_in_order(row, RequiredLevel.position)).join(Stage, Stage.id == RequiredLevel.stage_id)
    return _of_the_epa(found, RequiredLevel.epa_id)


def _requirements() -> ScalarSelect[Any]:
    row = _as_map({name: getattr(EpaRequirement, name) for name in _REQUIREMENT})
    return _of_the_epa(select(_in_order(row, EpaRequirement.position)), EpaRequirement.epa_id)


_REQUIREMENT = (
    "position",
    "parent_position",
    "kind",
    "rule",
    "instrument_key",
    "form_key",
    "min_count",
    "min_assessors",
    "min_level",
    "stage_key",
    "conditions",
)


def _competencies() -> ScalarSelect[Any]:
    key = func.coalesce(EpaCompetency.element_key, CompetencyDomain.key)
    found = (
        select(_in_order(_as_map({"framework": Framework.key, "key": key}), EpaCompetency.position))
        .join(CompetencyDomain, CompetencyDomain.id == EpaCompetency.domain_id)
        .join(Framework, Framework.id == CompetencyDomain.framework_id)
    )
    return _of_the_epa(found, EpaCompetency.epa_id)


def _as_map(columns: dict[str, ColumnElement[Any] | InstrumentedAttribute[Any]]) -> ColumnElement[Any]:
    return func.jsonb_build_object(*[part for name, column in columns.items() for part in (literal(name), column)])


def _in_order(row: ColumnElement[Any], position: InstrumentedAttribute[int]) -> ColumnElement[Any]:
    return func.jsonb_agg(aggregate_order_by(row, position), type_=JSON_VALUE)


def _of_the_epa(found: Select[Any], epa_id: InstrumentedAttribute[UUID]) -> ScalarSelect[Any]:
    return found.where(epa_id == Epa.id).correlate(Epa).scalar_subquery()


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


def _epa(epa: Epa, levels: list[Row], requirements: list[Row], named: list[Row]) -> Row:
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
            "competencies": _by_framework(named),
            "scale": scale_reference(epa.scale),
            "required_levels": levels,
            "evidence": _entries(requirements),
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


def _by_framework(named: list[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in named:
        found.setdefault(one["framework"], []).append(one["key"])
    return found


def _entries(rows: Sequence[Row], parent: int | None = None) -> list[Row]:
    """Return the requirements as they were written, with their parts."""
    return [
        _requirement(row) | ({"of": _entries(rows, row["position"])} if row["kind"] in _COMBINED else {})
        for row in rows
        if row["parent_position"] == parent
    ]


_COMBINED = frozenset(Combination)


def _requirement(row: Row) -> Row:
    if row["rule"] is not None:
        rule: Row = row["rule"]
        return rule
    conditions = {} if row["conditions"] is None else {"conditions": row["conditions"]}
    return conditions | {
        "instrument": row["instrument_key"],
        "form": row["form_key"],
        "min_count": row["min_count"],
        "min_assessors": row["min_assessors"],
        "min_level": row["min_level"],
        "stage": row["stage_key"],
    }
