"""What a programme and its EPAs are made of: kinds, provenance, instruments, codes and expected levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from competencies.scales import Level

EPA_SCALE = "epa"
"""The scale key of an instrument that is rated on the scale of the EPA itself."""


class EpaType(StrEnum):
    """The place of an EPA in its route; a cross-EPA learning activity has no levels."""

    BASIC = "basic"
    CORE = "core"
    SPECIFIC = "specific"
    CROSS_EPA = "cross_epa"


class Provenance(StrEnum):
    """Where a text or number comes from, from a listed source down to known-but-unwritten."""

    SOURCED = "sourced"
    ADAPTED = "adapted"
    INFERRED = "inferred"
    DRAFT = "draft"
    PLACEHOLDER = "placeholder"

    @property
    def is_draft(self) -> bool:
        """Return whether the programme owners still have to write or confirm it."""
        return self in {Provenance.DRAFT, Provenance.PLACEHOLDER}

    @property
    def needs_concept_mark(self) -> bool:
        """Return whether a page marks it as concept: everything that no source says."""
        return self is not Provenance.SOURCED


class ProgrammeStatus(StrEnum):
    """The life of a programme version."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    RETIRED = "retired"


class ProgrammeKind(StrEnum):
    """The shape of a programme."""

    EPA_ROUTE = "epa_route"
    THEME_TRACK = "theme_track"
    COHORT = "cohort"
    WORK_LEARNING = "work_learning"


class ResultKind(StrEnum):
    """What an instrument yields: a level, a pass, words, a number of procedures, or facts that meet conditions."""

    LEVEL = auto()
    PASS_FAIL = auto()
    NARRATIVE = auto()
    COUNT = auto()
    CONDITIONS = auto()


@dataclass(frozen=True, slots=True)
class Instrument:
    """A way to observe; `scale_key` names a scale, EPA_SCALE for that of the EPA, or null where nothing is rated."""

    key: str
    result: ResultKind
    scale_key: str | None
    direct_observation: bool

    @property
    def uses_epa_scale(self) -> bool:
        """Return whether it is rated on the scale of the EPA."""
        return self.scale_key == EPA_SCALE


@dataclass(frozen=True, slots=True)
class ShownCode:
    """The code of an EPA as a page shows it, and whether it carries the concept mark."""

    code: str
    is_concept: bool


def shown_code(official_code: str | None, local_code: str) -> ShownCode:
    """Return the official code, or the local one as a concept where no official code is known."""
    return ShownCode(official_code or local_code, is_concept=not official_code)


@dataclass(frozen=True, slots=True)
class ExpectedLevel:
    """The level that is expected of an EPA at a stage."""

    stage: str
    level: Level


def declaration_level(expected_levels: Sequence[ExpectedLevel]) -> Level | None:
    """Return the level of the declaration: the last one expected, or none for an EPA without levels."""
    return expected_levels[-1].level if expected_levels else None


def stage_for(expected_levels: Sequence[ExpectedLevel], level: Level) -> str | None:
    """Return the stage whose requirements a declaration at that level answers to: the last stage not above it."""
    reached = [expected.stage for expected in expected_levels if level.is_at_least(expected.level)]
    return reached[-1] if reached else None
