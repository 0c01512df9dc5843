"""What a programme version plans and asks as values of the domain, with the titles of what requirements name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from competencies.completion import CompletionRule, RuleKind
from competencies.curricula import EpaType, Provenance
from competencies.exemptions import Ground, HoursLimits
from competencies.plans import Plan, PlannedEpa, PlannedPlacement, PlannedSession, StudyLoad
from competencies.requirements import AnyRequirement
from lms.core.db import Words
from lms.core.words import in_language
from lms.curriculum.models import AssessmentInstrument, EpaDemand, ProgrammeVersion, RatingScale, Stage
from lms.curriculum.requirements import Instruments, requirement_of
from lms.curriculum.schemas.requirement_checks import observed_entries
from lms.curriculum.values import ProgrammeEpa, scale_of

Titles = Mapping[tuple[str, ...], Words]
Data = dict[str, Any]


def plan_of(version: ProgrammeVersion, epas: Iterable[ProgrammeEpa] = ()) -> Plan:
    """Return what a programme version plans, its EPAs as far as they are given; needs the version in full."""
    return Plan(
        epas=tuple(map(_epa, epas)),
        placements=tuple(map(_placement, version.placements)),
        sessions=tuple(_sessions(version.modules)),
        deliverables=tuple(one["key"] for one in (version.cohort_plan or {}).get("deliverables", ())),
        study_load=_study_load(version.details),
        limits=_limits(version.details),
        grounds=tuple(map(_ground, version.exemptions)),
    )


def _epa(part: ProgrammeEpa) -> PlannedEpa:
    return PlannedEpa(
        key=part.epa.key,
        type=part.epa.type,
        tracks=tuple(part.epa.tracks),
        scale=scale_of(part.epa.scale) if part.epa.scale else None,
        expected=part.expected,
        is_optional=part.demand is EpaDemand.OPTIONAL,
    )


def _placement(block: Data) -> PlannedPlacement:
    """Return a placement; where it does not say in how many settings, as many as it must be done."""
    settings = tuple(one["key"] for one in block["settings"])
    return PlannedPlacement(
        key=block["key"],
        mandatory=block["mandatory"],
        settings=settings,
        min_count=block["min_count"],
        min_settings=block.get("min_settings", min(block["min_count"], len(settings))),
    )


def _sessions(modules: Iterable[Data]) -> Iterator[PlannedSession]:
    for module in modules:
        for one in module["sessions"]:
            days = Decimal(str(one["days"])) * one["repeat"]
            yield PlannedSession(key=one["key"], module=module["key"], days=days, tracks=tuple(module["tracks"]))


def _study_load(details: Data) -> StudyLoad:
    load = details.get("study_load") or {}
    return StudyLoad(practice_hours=load.get("practice_hours_min"), theory_hours=load.get("theory_hours_min"))


def _limits(details: Data) -> HoursLimits:
    limits = (details.get("study_load") or {}).get("exemption_limits") or {}
    return HoursLimits(
        practice_percent=limits.get("practice_percent_max"), theory_percent=limits.get("theory_percent_max")
    )


def _ground(block: Data) -> Ground:
    grants = block["grants"]
    return Ground(
        key=block["key"],
        types=frozenset(map(EpaType, grants["types"])),
        tracks=frozenset(grants["tracks"]),
        epas=frozenset(grants["epas"]),
    )


def rules_of(version: ProgrammeVersion, instruments: Instruments) -> tuple[CompletionRule, ...]:
    """Return the rules of the diploma in the order of the programme; needs the version in full."""
    return tuple(_rule(block, instruments) for block in version.completion)


def _rule(block: Data, instruments: Instruments) -> CompletionRule:
    return CompletionRule(
        kind=RuleKind(block["rule"]),
        type=EpaType(block["type"]) if "type" in block else None,
        within_track=block.get("within_track", False),
        at_stage=block.get("at_stage"),
        min_count=block.get("min_count"),
        min_percent=block.get("min_percent"),
        modules=tuple(block.get("modules", ())),
        requirement=requirement_of(block["requirement"], instruments) if "requirement" in block else None,
        title=block.get("title"),
        provenance=Provenance(block["provenance"]),
    )


def asked_at_stages(stages: Iterable[Stage], instruments: Instruments) -> dict[str, tuple[AnyRequirement, ...]]:
    """Return what each stage asks beside the EPAs, by its key; stages that ask nothing are not there."""
    return {
        stage.key: tuple(requirement_of(one, instruments) for one in stage.requirements)
        for stage in stages
        if stage.requirements
    }


def entries_of(version: ProgrammeVersion, stages: Iterable[Stage]) -> list[Data]:
    """Return what stages and completion ask beside the EPAs, as the file says it."""
    asked = [one for stage in stages for one in stage.requirements or ()]
    return asked + [rule["requirement"] for rule in version.completion if "requirement" in rule]


def scales_asked(version: ProgrammeVersion, stages: Iterable[Stage]) -> set[UUID]:
    """Return the scales that stages and completion ask levels on; none where these ask no observations."""
    if not any(one["min_level"] for one in observed_entries(entries_of(version, stages))):
        return set()
    return {version.default_scale_id, *map(UUID, (version.requirement_scales or {}).values())}


def instruments_of(
    version: ProgrammeVersion, kinds: Iterable[AssessmentInstrument], scales: Mapping[UUID, RatingScale]
) -> Instruments:
    """Return how the instruments are rated in the stages and the completion of a version; of its scales, these."""
    pinned = {key: UUID(scale) for key, scale in (version.requirement_scales or {}).items()}
    known = {one.key: one for one in kinds}
    on = {key: pinned.get(key, version.default_scale_id) for key in known}
    return Instruments(
        results={key: one.result for key, one in known.items()},
        scales={key: scale_of(scales[scale_id]) for key, scale_id in on.items() if scale_id in scales},
    )


def titles_of(version: ProgrammeVersion, epas: Iterable[ProgrammeEpa] = ()) -> Titles:
    """Return the titles of what requirements name: ("placement", key), ("setting", placement, key) and so on."""
    titles: dict[tuple[str, ...], Words] = {("epa", one.epa.key): one.epa.title for one in epas}
    for placement in version.placements:
        titles["placement", placement["key"]] = placement["title"]
        titles |= {("setting", placement["key"], one["key"]): one["title"] for one in placement["settings"]}
    for module in version.modules:
        titles["module", module["key"]] = module["title"]
        titles |= {("session", one["key"]): one["title"] for one in module["sessions"]}
    pieces = [*version.learning_activities, *(version.cohort_plan or {}).get("deliverables", ())]
    titles |= {("piece", one["key"]): one["title"] for one in pieces}
    return titles | {("ground", one["key"]): one["text"] for one in version.exemptions}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInWords:
    """A plan with the titles of all that requirements name."""

    plan: Plan
    stages: Mapping[str, Words] = field(default_factory=dict)
    instruments: Mapping[str, Words] = field(default_factory=dict)
    forms: Mapping[str, Words] = field(default_factory=dict)
    conditions: Mapping[str, Words] = field(default_factory=dict)
    titles: Titles = field(default_factory=dict)

    def title(self, *name: str) -> str:
        """Return the title of what requirements name, in the reader's language; its key where it has none."""
        return in_language(self.titles.get(name)) or name[-1]
