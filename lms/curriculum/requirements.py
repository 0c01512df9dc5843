"""Requirements of every kind as values of the domain, from the rows of an EPA and from the entries of a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from competencies.attainments import AttainmentKind, HoursOf
from competencies.curricula import ResultKind
from competencies.observations import Context
from competencies.people import Role
from competencies.requirements import (
    AnyRequirement,
    Combination,
    CombinedRequirement,
    DeclarationRequirement,
    HoursRequirement,
    PiecesRequirement,
    PlacementRequirement,
    ReflectionsRequirement,
    Requirement,
    SessionsRequirement,
    Spread,
)
from competencies.scales import Level, Scale
from lms.curriculum.models import Epa, EpaRequirement
from lms.curriculum.values import scale_of

Entry = dict[str, Any]
Rows = Mapping[int | None, Sequence[EpaRequirement]]

_PIECES = {
    "products": AttainmentKind.PRODUCT,
    "tests": AttainmentKind.TEST,
    "external_diploma": AttainmentKind.EXTERNAL_DIPLOMA,
}


def requirements_of(epa: Epa) -> tuple[AnyRequirement, ...]:
    """Return what the evidence on an EPA must hold, in the order of its description."""
    below: defaultdict[int | None, list[EpaRequirement]] = defaultdict(list)
    for row in epa.requirements:
        below[row.parent_position].append(row)
    return tuple(_of_row(row, below) for row in below[None])


def _of_row(row: EpaRequirement, below: Rows) -> AnyRequirement:
    if row.kind is not None:
        parts = tuple(_of_row(part, below) for part in below.get(row.position, ()))
        return _of_kind((row.rule or {}) | {"kind": row.kind}, parts)
    if row.instrument is None:
        raise TypeError("A requirement on observations has an instrument.")
    minimum = scale_of(row.scale).level(row.min_level) if row.scale and row.min_level else None
    columns = {
        "instrument": row.instrument_key,
        "form": row.form_key,
        "min_count": row.min_count,
        "min_assessors": row.min_assessors,
        "conditions": row.conditions or {},
        "stage": row.stage_key,
    }
    return _observed((row.rule or {}) | columns, row.instrument.result, minimum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """What the instruments that entries name result in, and the scale that each of their minimum levels is on."""

    results: Mapping[str, ResultKind]
    scales: Mapping[str, Scale]


def requirement_of(entry: Entry, instruments: Instruments) -> AnyRequirement:
    """Return the requirement that an entry of a file says; for those of stages and of the completion."""
    if "kind" in entry:
        parts = entry["of"] if isinstance(entry.get("of"), list) else ()
        return _of_kind(entry, tuple(requirement_of(part, instruments) for part in parts))
    key, code = entry["instrument"], entry["min_level"]
    return _observed(entry, instruments.results[key], instruments.scales[key].level(code) if code else None)


def _observed(entry: Entry, result: ResultKind, minimum: Level | None) -> Requirement:
    return Requirement(
        instrument=entry["instrument"],
        result=result,
        form=entry["form"],
        min_count=entry["min_count"],
        min_assessors=entry["min_assessors"],
        minimum=minimum,
        stage=entry.get("stage"),
        conditions=entry.get("conditions", {}),
        within_months=entry.get("within_months"),
        assessor_roles={Role(role): least for role, least in entry.get("assessor_roles", {}).items()},
        spread=tuple(Spread(Context(one["over"]), one["min_different"]) for one in entry.get("spread", ())),
        max_simulated=entry.get("max_simulated"),
    )


def _of_kind(entry: Entry, parts: tuple[AnyRequirement, ...]) -> AnyRequirement:
    """Return a requirement of another kind than observations."""
    stage = entry.get("stage")
    match entry["kind"]:
        case "reflections":
            return ReflectionsRequirement(min_count=entry["min_count"], stage=stage)
        case "declaration":
            return DeclarationRequirement(
                epa=entry["epa"], minimum=entry.get("min_level"), scope=entry.get("scope", {}), stage=stage
            )
        case "all_of" | "any_of" | "n_of" as how:
            return CombinedRequirement(kind=Combination(how), of=parts, n=entry.get("n"), stage=stage)
        case "products" | "tests" | "external_diploma" as what:
            named = tuple(entry.get(what, ()))
            return PiecesRequirement(kind=_PIECES[what], min_count=entry.get("min_count", 1), keys=named, stage=stage)
        case _:
            return _planned(entry, stage)


def _planned(entry: Entry, stage: str | None) -> AnyRequirement:
    """Return a requirement on what the programme plans."""
    match entry["kind"]:
        case "hours":
            return HoursRequirement(
                of=HoursOf(entry["of"]),
                min_hours=entry["min_hours"],
                min_percent_in_one_organisation=entry.get("min_percent_in_one_organisation"),
                stage=stage,
            )
        case "placement":
            return PlacementRequirement(
                placement=entry["placement"], min_settings=entry.get("min_settings"), stage=stage
            )
        case "sessions":
            return SessionsRequirement(
                modules=tuple(entry["modules"]),
                min_percent=entry.get("min_percent"),
                min_count=entry.get("min_count"),
                stage=stage,
            )
        case unknown:
            raise TypeError(f"There is no kind of requirement {unknown}.")
