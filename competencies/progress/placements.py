"""In which settings a placement was done, and which are still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from competencies.attainments import Attainment, AttainmentKind
from competencies.plans import Plan, PlannedPlacement
from competencies.progress.reasons import SetAside, reason_against
from competencies.progress.records import Record
from competencies.requirements import PlacementRequirement


@dataclass(frozen=True, slots=True)
class PlacementStep:
    """So many placements more, of which `settings` in different ones of those that are `open`."""

    requirement: PlacementRequirement
    placements: int
    settings: int
    open: tuple[str, ...]

    @property
    def size(self) -> int:
        """Return how many acts it takes."""
        return self.placements


@dataclass(frozen=True, slots=True)
class PlacementProgress:
    """Which placements count; `needed` and `min_count` are the different settings and the placements that it takes."""

    requirement: PlacementRequirement
    counted: tuple[Attainment, ...]
    set_aside: tuple[tuple[Attainment, SetAside], ...]
    settings: tuple[str, ...]
    needed: int
    min_count: int

    @property
    def done(self) -> tuple[str, ...]:
        """Return the settings that were done, in the order of the programme."""
        known = {one.setting for one in self.counted}
        return tuple(key for key in self.settings if key in known)

    @property
    def open(self) -> tuple[str, ...]:
        """Return the settings that were not done, in the order of the programme."""
        return tuple(key for key in self.settings if key not in self.done)

    @property
    def settings_missing(self) -> int:
        """Return how many more different settings are needed."""
        return max(0, self.needed - len(self.done))

    @property
    def placements_missing(self) -> int:
        """Return how many more placements are needed."""
        return max(0, self.min_count - len(self.counted))

    @property
    def is_met(self) -> bool:
        """Return whether nothing is missing."""
        return not self.settings_missing and not self.placements_missing

    @property
    def next_step(self) -> PlacementStep | None:
        """Return the least that would meet it, or null when it is met: a placement in a new setting is both."""
        if self.is_met:
            return None
        least = max(self.settings_missing, self.placements_missing)
        return PlacementStep(self.requirement, least, self.settings_missing, self.open)

    @property
    def size(self) -> int:
        """Return how many acts it still takes; 0 when it is met."""
        step = self.next_step
        return step.size if step else 0


def placement_progress(requirement: PlacementRequirement, record: Record, plan: Plan, *, on: date) -> PlacementProgress:
    """Return which placements count on that day, with a reason for the rest."""
    planned = plan.placement(requirement.placement) or PlannedPlacement(key=requirement.placement)
    done = [one for one in record.of_kind(AttainmentKind.PLACEMENT) if one.key == planned.key]
    reasons = [_reason(one, planned.settings, on) for one in done]
    own = requirement.min_settings
    return PlacementProgress(
        requirement,
        counted=tuple(one for one, reason in zip(done, reasons, strict=True) if reason is None),
        set_aside=tuple((one, reason) for one, reason in zip(done, reasons, strict=True) if reason is not None),
        settings=planned.settings,
        needed=planned.min_settings if own is None else own,
        min_count=planned.min_count if own is None else own,
    )


def _reason(one: Attainment, settings: Sequence[str], on: date) -> SetAside | None:
    reason = reason_against(one, on)
    if reason is None and one.setting not in settings:
        return SetAside.NOT_OF_PLAN
    return reason
