"""Rating scales: ordered levels that are compared by rank within one scale and never calculated with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from competencies.errors import RuleBroken


class Direction(StrEnum):
    """Whether a rating looks back (what supervision was given) or ahead (what is needed next time)."""

    RETROSPECTIVE = "retrospective"
    PROSPECTIVE = "prospective"


class SetBy(StrEnum):
    """Who chooses a level of a scale."""

    ASSESSOR = "assessor"
    DECISION_BODY = "decision_body"
    TEAM = "team"
    FACULTY = "faculty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One step of a scale; equal by scale, code and rank. It has no `<`: ask `is_at_least`."""

    scale_key: str
    scale_version: int
    code: str
    rank: int
    title: Mapping[str, str] = field(compare=False)
    meaning: Mapping[str, str] = field(compare=False)
    entrusted: bool = field(default=False, compare=False)
    parent_code: str | None = field(default=None, compare=False)
    group: Mapping[str, str] | None = field(default=None, compare=False)
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)

    def wording(self, direction: "Direction") -> Mapping[str, str]:
        """Return how the level is put to an assessor who looks back or ahead: its own wording, or what it means."""
        return self.questions.get(direction) or self.meaning

    def shares_scale_with(self, other: "Level") -> bool:
        """Return whether both levels are of the same version of the same scale."""
        return (self.scale_key, self.scale_version) == (other.scale_key, other.scale_version)

    def is_at_least(self, minimum: "Level") -> bool:
        """Return whether this level is the minimum or above; raise scale_mismatch for levels of two scales."""
        if not self.shares_scale_with(minimum):
            raise RuleBroken("scale_mismatch", scale=self.scale_key, other=minimum.scale_key)
        return self.rank >= minimum.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One version of a rating scale, its levels from the lowest to the highest rank.

    `questions` holds what is asked of the assessor, by direction, or under "status" where a scale has no direction.
    `entrusted_from` is the code of the first level without supervision, null on a scale that does not entrust.
    """

    key: str
    version: int
    title: Mapping[str, str] = field(compare=False)
    levels: tuple[Level, ...]
    questions: Mapping[str, Mapping[str, str]] = field(compare=False)
    entrusted_from: str | None = None

    def __post_init__(self) -> None:
        """Refuse levels of another scale, out of order or with a rank or code twice: scale_unsound."""
        codes = {level.code for level in self.levels}
        ours = all((level.scale_key, level.scale_version) == (self.key, self.version) for level in self.levels)
        ascending = all(lower.rank < higher.rank for lower, higher in pairwise(self.levels))
        starts_known = self.entrusted_from is None or self.entrusted_from in codes
        if not (self.levels and ours and ascending and starts_known and len(codes) == len(self.levels)):
            raise RuleBroken("scale_unsound", scale=self.key)

    def level(self, code: str) -> Level:
        """Return the level with that code, or raise level_unknown."""
        for level in self.levels:
            if level.code == code:
                return level
        raise RuleBroken("level_unknown", scale=self.key, level=code)

    def at_least(self, level: Level, minimum: Level) -> bool:
        """Return whether a level of this scale is the minimum or above; raise scale_mismatch for one from elsewhere."""
        for one in (level, minimum):
            if one not in self.levels:
                raise RuleBroken("scale_mismatch", scale=self.key, other=one.scale_key)
        return level.is_at_least(minimum)

    def question(self, direction: Direction) -> Mapping[str, str]:
        """Return what an assessor is asked, by language; a scale without directions always asks its one question."""
        return self.questions.get(direction) or self.questions.get("status", {})
