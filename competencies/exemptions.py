"""Exemptions: which EPAs a ground for exemption covers, and how many hours may be exempted at most."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from competencies.curricula import EpaType
from competencies.errors import RuleBroken


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground for exemption that a programme names, and what it frees from: EPAs by key, by type, by track."""

    key: str
    types: frozenset[EpaType] = frozenset()
    tracks: frozenset[str] = frozenset()
    epas: frozenset[str] = frozenset()

    def covers(self, epa: str, kind: EpaType, tracks: Collection[str]) -> bool:
        """Return whether an EPA is covered: named itself, or of a named type and for a named track.

        A ground without types covers all EPAs of its tracks, one without tracks the types whatever the track; an EPA
        without tracks is for all.
        """
        if epa in self.epas:
            return True
        if self.types:
            return kind in self.types and (not self.tracks or not tracks or not self.tracks.isdisjoint(tracks))
        return not self.tracks.isdisjoint(tracks)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursLimits:
    """The most that may be exempted, as a percentage of the minimum hours; null is a limit that nobody named."""

    practice_percent: int | None = None
    theory_percent: int | None = None


def most_exempted(min_hours: int, percent: int | None) -> Decimal | None:
    """Return the most hours that an exemption can count for, rounded down to a hundredth, or null without a limit."""
    if percent is None:
        return None
    return Decimal(Fraction(min_hours * percent * 100, 100).__floor__()) / 100


def check_ground(
    ground: str | None, grounds: Iterable[Ground], *, epa: str, kind: EpaType, tracks: Collection[str]
) -> None:
    """Accept an exemption of an EPA on a ground that covers it, or raise RuleBroken exemption_not_offered."""
    if not any(one.key == ground and one.covers(epa, kind, tracks) for one in grounds):
        raise RuleBroken("exemption_not_offered")
