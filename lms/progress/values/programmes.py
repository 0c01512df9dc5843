"""The EPAs of a programme, as progress looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from competencies.completion import CompletionRule
from competencies.curricula import EpaType, ExpectedLevel
from competencies.plans import Plan
from competencies.requirements import AnyRequirement
from competencies.scales import Level, Scale
from competencies.scope import ScopeGroup
from lms.core.words import in_language

Words = Mapping[str, str]
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class EpaInProgramme:
    """One EPA as a programme asks for it; `expected` holds the levels on the way, the last one of the declaration.

    `version` is the one of the programme. Where EPAs of several versions stand side by side, `told_version` is that of
    an earlier one.
    """

    epa_id: UUID
    key: str
    code: str
    is_concept: bool
    title: Words
    type: EpaType
    tracks: tuple[str, ...]
    scale: Scale | None
    expected: tuple[ExpectedLevel, ...]
    requirements: tuple[AnyRequirement, ...]
    is_reference: bool
    is_optional: bool
    version: str = ""
    told_version: str = ""
    groups: tuple[ScopeGroup, ...] = ()

    @property
    def target(self) -> Level | None:
        """Return the level of the declaration, or null for an EPA without levels."""
        return self.expected[-1].level if self.expected else None

    @property
    def stage(self) -> str | None:
        """Return the key of the stage at which the declaration is expected."""
        return self.expected[-1].stage if self.expected else None

    @property
    def short_code(self) -> str:
        """Return the code without the word that marks it as a concept, for where there is little room."""
        return self.code.removeprefix("CONCEPT-")

    @property
    def marked_code(self) -> str:
        """Return the short code with a sign that tells a concept from an official code; the page explains the sign.

        An EPA of an earlier version beside those of a newer one says which.
        """
        code = f"{self.short_code} (c)" if self.is_concept else self.short_code
        return f"{code} {self.told_version}" if self.told_version else code

    @property
    def picture_code(self) -> str:
        """Return the code where there is hardly any room: an asterisk stands for an earlier version."""
        code = f"{self.short_code} (c)" if self.is_concept else self.short_code
        return f"{code} *" if self.told_version else code

    @property
    def top_rank(self) -> int:
        """Return the highest rank of its scale; 1 where it has none."""
        return self.scale.levels[-1].rank if self.scale else 1

    @property
    def codes_reached(self) -> frozenset[str]:
        """Return the codes of its scale's levels that are the target or above."""
        return (
            frozenset(level.code for level in self.scale.levels if self.is_reached_by(level))
            if self.scale
            else frozenset()
        )

    def applies_to(self, track: str | None) -> bool:
        """Return whether it belongs to that track; an EPA without tracks belongs to all."""
        return not self.tracks or track in self.tracks

    def next_expected(self, level: Level | None) -> ExpectedLevel | None:
        """Return the first expectation that a level does not reach yet, or null when all are reached."""
        return next((one for one in self.expected if level is None or not level.is_at_least(one.level)), None)

    def is_reached_by(self, level: Level | None) -> bool:
        """Return whether that level is the target or above; without a target nothing is reached."""
        return level is not None and self.target is not None and level.is_at_least(self.target)


@dataclass(frozen=True, slots=True)
class ProgrammeOutline:
    """The EPAs of a programme version, its plan and the rules of its diploma, with the titles of what its keys name.

    `titles` holds those of what requirements name: ("placement", key), ("setting", placement, key), ("module", key),
    ("session", key), ("piece", key) and ("epa", key).
    """

    epas: tuple[EpaInProgramme, ...]
    tracks: Mapping[str, Words]
    stages: Mapping[str, Words]
    instruments: Mapping[str, Words]
    forms: Mapping[str, Words]
    conditions: Mapping[str, Words]
    plan: Plan = field(default_factory=Plan)
    rules: tuple[CompletionRule, ...] = ()
    of_stages: Mapping[str, tuple[AnyRequirement, ...]] = field(default_factory=dict)
    titles: Mapping[tuple[str, ...], Words] = field(default_factory=dict)
    version: str = ""
    title_of_programme: Words = field(default_factory=dict)
    loaded_at: datetime = LONG_AGO

    def title(self, *name: str) -> str:
        """Return the title of what requirements name, in the reader's language; its key where it has none."""
        return in_language(self.titles.get(name)) or name[-1]

    def epa(self, epa_id: UUID) -> EpaInProgramme | None:
        """Return the EPA with that id, or null where the programme has it not."""
        return next((epa for epa in self.epas if epa.epa_id == epa_id), None)

    def of_track(self, track: str | None) -> tuple[EpaInProgramme, ...]:
        """Return the EPAs of one track, those of all tracks among them."""
        return tuple(epa for epa in self.epas if epa.applies_to(track))
