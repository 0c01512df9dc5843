"""A checked programme file as rows of the tables, in the order in which they refer to one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from competencies.curricula import Instrument
from lms.core.db import Base
from lms.core.keys import uuid7
from lms.curriculum.models import (
    AssessmentForm,
    CompetencyDomain,
    Epa,
    EpaCompetency,
    EpaReference,
    EpaRequirement,
    Framework,
    ProgrammeVersion,
    RequiredLevel,
    Stage,
)
from lms.curriculum.schemas.requirement_checks import observed_entries

Row = dict[str, Any]
DETAILS = (
    "cluster",
    "tracks",
    "regulation",
    "duration_months",
    "contract_hours_per_week_min",
    "study_load",
    "record_fields",
)
"""The blocks of a programme that are stored together, as they are."""
OPTIONAL_DETAILS = ("requests",)
"""Those of them that a file may leave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The ids of what is loaded already, by the keys that files know."""

    scales: Mapping[tuple[str, int], UUID]
    newest_scales: Mapping[str, UUID]
    instruments: Mapping[str, Instrument]
    forms: Mapping[str, UUID]
    domains: Mapping[tuple[str, str], UUID]
    elements: Mapping[tuple[str, str], UUID]
    epas: Mapping[tuple[str, str], UUID]

    def scale(self, reference: Row | None) -> UUID | None:
        """Return the id of a version of a scale, or None for none."""
        return self.scales[reference["id"], reference["version"]] if reference else None


def rows_of(data: Row, version_id: UUID, resolved: Resolved) -> Iterator[tuple[type[Base], list[Row]]]:
    """Yield the rows of a programme file table by table; what the file itself defines goes before what is loaded."""
    stages = [_stage(stage, version_id) for stage in data["stages"]]
    frameworks = [_framework(block, version_id, place) for place, block in enumerate(data["frameworks"], start=1)]
    domains = [
        _domain(domain, framework["id"])
        for framework, block in zip(frameworks, data["frameworks"], strict=True)
        for domain in block["domains"]
    ]
    forms = [_form(form, version_id, place, resolved) for place, form in enumerate(data["forms"], start=1)]
    epas = [_epa(epa, version_id, resolved) for epa in data["epas"]]
    own = _Own(
        stages={row["key"]: row["id"] for row in stages},
        forms={**resolved.forms, **{row["key"]: row["id"] for row in forms}},
        domains={**resolved.domains, **_domain_ids(frameworks, domains)},
        elements={**resolved.elements, **_element_ids(frameworks, domains)},
    )
    yield ProgrammeVersion, [_version(data, version_id, resolved)]
    yield Stage, stages
    yield Framework, frameworks
    yield CompetencyDomain, domains
    yield AssessmentForm, forms
    yield Epa, epas
    pairs = list(zip(data["epas"], epas, strict=True))
    yield RequiredLevel, [row for epa, stored in pairs for row in _required_levels(epa, stored, own)]
    yield EpaRequirement, [row for epa, stored in pairs for row in _requirements(epa, stored, own, resolved)]
    yield EpaCompetency, [row for epa, stored in pairs for row in _competencies(epa, stored["id"], own)]
    yield (
        EpaReference,
        [_reference(block, version_id, place, resolved) for place, block in enumerate(data["epa_refs"], 1)],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """The ids that the rows of EPAs refer to, those of the file itself first."""

    stages: Mapping[str, UUID]
    forms: Mapping[str, UUID]
    domains: Mapping[tuple[str, str], UUID]
    elements: Mapping[tuple[str, str], UUID]


def _domain_ids(frameworks: list[Row], domains: list[Row]) -> dict[tuple[str, str], UUID]:
    keys = {row["id"]: row["key"] for row in frameworks}
    return {(keys[row["framework_id"]], row["key"]): row["id"] for row in domains}


def _element_ids(frameworks: list[Row], domains: list[Row]) -> dict[tuple[str, str], UUID]:
    """Return the id of the domain that each element is part of."""
    keys = {row["id"]: row["key"] for row in frameworks}
    return {(keys[row["framework_id"]], one["id"]): row["id"] for row in domains for one in row["elements"]}


def _version(data: Row, version_id: UUID, resolved: Resolved) -> Row:
    block = data["programme"]
    row = {name: block[name] for name in ("version", "status", "kind", "title", "short_title", "summary", "audience")}
    row |= {name: block[name] for name in ("provenance", "provenance_by_field", "sources", "note")}
    whole = ("entry_requirements", "exemptions", "phases", "placements", "completion", "modules")
    row |= {name: data[name] for name in (*whole, "learning_activities", "crosswalk")}
    return row | {
        "id": version_id,
        "default_scale_id": resolved.scale(block["default_scale"]),
        "details": {name: block[name] for name in (*DETAILS, *OPTIONAL_DETAILS) if name in block},
        "cohort_plan": data["cohort"],
        "source_urls": data["sources"],
        "contexts": data.get("contexts"),
        "requirement_scales": _requirement_scales(data, resolved),
    }


def _requirement_scales(data: Row, resolved: Resolved) -> dict[str, str]:
    """Return the scale of each instrument that stages and completion ask a level of, but for those of the EPA."""
    entries = [one for stage in data["stages"] for one in stage.get("requirements", [])]
    entries += [rule["requirement"] for rule in data["completion"] if "requirement" in rule]
    used = {one["instrument"] for one in observed_entries(entries) if one["min_level"] is not None}
    named = {key: resolved.instruments[key] for key in sorted(used)}
    return {
        key: str(resolved.newest_scales[one.scale_key])
        for key, one in named.items()
        if one.scale_key is not None and not one.uses_epa_scale
    }


def _stage(block: Row, version_id: UUID) -> Row:
    row = {name: block[name] for name in ("key", "title", "provenance")} | {"requirements": block.get("requirements")}
    return row | {"id": uuid7(), "programme_version_id": version_id, "position": block["order"]}


def _framework(block: Row, version_id: UUID, position: int) -> Row:
    names = ("version", "title", "owner", "licence_note", "note", "dimensions", "levels", "provenance", "sources")
    row = {name: block[name] for name in names}
    return row | {"id": uuid7(), "programme_version_id": version_id, "key": block["id"], "position": position}


def _domain(block: Row, framework_id: UUID) -> Row:
    names = ("order_known", "title", "dimensions", "elements", "indicators", "provenance", "sources")
    row = {name: block[name] for name in names}
    return row | {"id": uuid7(), "framework_id": framework_id, "key": block["id"], "position": block["order"]}


def _form(block: Row, version_id: UUID, position: int, resolved: Resolved) -> Row:
    names = ("key", "title", "items", "rater_groups", "release_rule", "duration_min", "provenance", "sources", "note")
    return {name: block[name] for name in names} | {
        "id": uuid7(),
        "programme_version_id": version_id,
        "position": position,
        "instrument_key": block["instrument"],
        "scale_id": resolved.newest_scales[block["scale"]] if block["scale"] else None,
    }


_LEFT_OUT = ("activities", "entry_requirements", "study_load")
"""What an EPA may leave out of its description and its block."""

_EPA_COLUMNS = (
    "key",
    "official_code",
    "local_code",
    "version",
    "adopted",
    "title",
    "type",
    "tracks",
    "functions",
    "function_transcending",
    "level_tag",
    "provenance",
    "provenance_by_field",
    "sources",
    "note",
    "scope",
    "validity",
    "reserved_actions",
)


def _epa(block: Row, version_id: UUID, resolved: Resolved) -> Row:
    return {name: block[name] for name in _EPA_COLUMNS} | {
        **dict.fromkeys(_LEFT_OUT),
        **block["description"],
        **{name: block[name] for name in _LEFT_OUT if name in block},
        "parent_key": block.get("parent"),
        "id": uuid7(),
        "programme_version_id": version_id,
        "position": block["order"],
        "scale_id": resolved.scale(block["scale"]),
    }


def _required_levels(block: Row, epa: Row, own: _Own) -> Iterator[Row]:
    for position, one in enumerate(block["required_levels"], start=1):
        yield {
            "epa_id": epa["id"],
            "position": position,
            "stage_id": own.stages[one["stage"]],
            "scale_id": epa["scale_id"],
            "level_code": one["level"],
        }


_IN_COLUMNS = frozenset({"instrument", "form", "min_count", "min_assessors", "min_level", "stage", "conditions"})
"""What of a requirement the columns say; one that has other keys, or leaves one out, is kept as it was written too."""


def _requirements(block: Row, epa: Row, own: _Own, resolved: Resolved) -> Iterator[Row]:
    """Yield the requirements of an EPA, the parts of a combined one directly behind it."""
    for position, (parent, one) in enumerate(_in_order(block["evidence"]), start=1):
        rule = {name: value for name, value in one.items() if name != "of" or not isinstance(value, list)}
        plain = parent is None and one.keys() | {"conditions"} == _IN_COLUMNS
        yield {
            "epa_id": epa["id"],
            "position": position,
            "parent_position": parent,
            "kind": one.get("kind"),
            "rule": None if plain else rule,
            "stage_key": one.get("stage"),
            **(_observed(one, epa, own, resolved) if "kind" not in one else dict.fromkeys(_OBSERVED)),
        }


def _in_order(entries: list[Row]) -> list[tuple[int | None, Row]]:
    """Return the requirements with the position of the one that each is part of, a combined one before its parts."""
    found: list[tuple[int | None, Row]] = []
    waiting: list[tuple[int | None, Row]] = [(None, entry) for entry in reversed(entries)]
    while waiting:
        parent, entry = waiting.pop()
        found.append((parent, entry))
        if isinstance(entry.get("of"), list):
            waiting.extend((len(found), part) for part in reversed(entry["of"]))
    return found


_OBSERVED = (
    "instrument_key",
    "form_id",
    "form_key",
    "min_count",
    "min_assessors",
    "min_level",
    "scale_id",
    "conditions",
)


def _observed(one: Row, epa: Row, own: _Own, resolved: Resolved) -> Row:
    """Return what the columns say of a requirement on observations."""
    return {name: one[name] for name in ("min_count", "min_assessors", "min_level")} | {
        "instrument_key": one["instrument"],
        "form_id": own.forms[one["form"]] if one["form"] else None,
        "form_key": one["form"],
        "scale_id": _scale_of_minimum(one, epa, resolved),
        "conditions": one.get("conditions"),
    }


def _scale_of_minimum(requirement: Row, epa: Row, resolved: Resolved) -> UUID | None:
    """Return the scale that a minimum level is on, or None where the instrument does not rate."""
    instrument = resolved.instruments[requirement["instrument"]]
    if instrument.scale_key is None:
        return None
    return epa["scale_id"] if instrument.uses_epa_scale else resolved.newest_scales[instrument.scale_key]


def _competencies(block: Row, epa_id: UUID, own: _Own) -> Iterator[Row]:
    """Yield the domains that an EPA names, and the elements with the domain that each is part of."""
    named = [(framework, key) for framework, keys in block["competencies"].items() for key in keys]
    for position, name in enumerate(named, start=1):
        domain_id = own.domains.get(name)
        yield {
            "epa_id": epa_id,
            "position": position,
            "domain_id": domain_id or own.elements[name],
            "element_key": None if domain_id else name[1],
        }


def _reference(block: Row, version_id: UUID, position: int, resolved: Resolved) -> Row:
    return {name: block[name] for name in ("requirement", "required_levels", "provenance")} | {
        "programme_version_id": version_id,
        "position": position,
        "epa_id": resolved.epas[block["programme"], block["epa"]],
    }
