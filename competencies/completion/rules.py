"""The rules of a diploma as data: all of them must hold to complete the programme."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from competencies.curricula import EpaType, Provenance
from competencies.requirements import AnyRequirement


class RuleKind(StrEnum):
    """What a rule of a diploma asks."""

    ALL_EPAS_OF_TYPE = "all_epas_of_type"
    MIN_EPAS_OF_TYPE = "min_epas_of_type"
    CROSS_EPA_COMPLETED = "cross_epa_completed"
    PLACEMENTS_COMPLETED = "placements_completed"
    ATTENDANCE = "attendance"
    DELIVERABLES_COMPLETED = "deliverables_completed"
    EXTERNAL_DIPLOMA = "external_diploma"
    STUDY_LOAD_COMPLETED = "study_load_completed"
    REQUIREMENT = "requirement"

    @property
    def is_about_epas(self) -> bool:
        """Return whether it asks for EPAs of a type."""
        return self in {RuleKind.ALL_EPAS_OF_TYPE, RuleKind.MIN_EPAS_OF_TYPE, RuleKind.CROSS_EPA_COMPLETED}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRule:
    """One rule of a diploma, with the fields that its kind has; a null stage asks for the level of the declaration."""

    kind: RuleKind
    type: EpaType | None = None
    within_track: bool = False
    at_stage: str | None = None
    min_count: int | None = None
    min_percent: int | None = None
    modules: tuple[str, ...] = ()
    requirement: AnyRequirement | None = None
    title: Mapping[str, str] | None = field(default=None, compare=False)
    provenance: Provenance = field(default=Provenance.DRAFT, compare=False)
