"""How many products, tests or diplomas count, different ones where the requirement names them."""

from dataclasses import dataclass
from datetime import date

from competencies.attainments import Attainment
from competencies.progress.reasons import SetAside, reason_against
from competencies.progress.records import Record
from competencies.requirements import PiecesRequirement


@dataclass(frozen=True, slots=True)
class PiecesStep:
    """So many more, of those that are `open` where the requirement names them."""

    requirement: PiecesRequirement
    pieces: int
    open: tuple[str, ...]

    @property
    def size(self) -> int:
        """Return how many acts it takes."""
        return self.pieces


@dataclass(frozen=True, slots=True)
class PiecesProgress:
    """Which pieces count and which do not."""

    requirement: PiecesRequirement
    counted: tuple[Attainment, ...]
    set_aside: tuple[tuple[Attainment, SetAside], ...]

    @property
    def count(self) -> int:
        """Return how many count."""
        return len(self.counted)

    @property
    def open(self) -> tuple[str, ...]:
        """Return those that the requirement names and that are not there yet."""
        done = {one.key for one in self.counted}
        return tuple(key for key in self.requirement.keys if key not in done)

    @property
    def missing(self) -> int:
        """Return how many more are needed."""
        return max(0, self.requirement.min_count - self.count)

    @property
    def is_met(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing

    @property
    def next_step(self) -> PiecesStep | None:
        """Return the least that would meet it, or null when it is met."""
        return PiecesStep(self.requirement, self.missing, self.open) if self.missing else None

    @property
    def size(self) -> int:
        """Return how many acts it still takes; 0 when it is met."""
        return self.missing


def pieces_progress(requirement: PiecesRequirement, record: Record, *, on: date) -> PiecesProgress:
    """Return what counts on that day, with a reason for the rest; what the requirement does not name is passed over."""
    counted: list[Attainment] = []
    set_aside: list[tuple[Attainment, SetAside]] = []
    for one in record.of_kind(requirement.kind):
        if requirement.keys and one.key not in requirement.keys:
            continue
        reason = reason_against(one, on)
        if reason is None and requirement.keys and one.key in {other.key for other in counted}:
            reason = SetAside.TWICE
        if reason is None:
            counted.append(one)
        else:
            set_aside.append((one, reason))
    return PiecesProgress(requirement, tuple(counted), tuple(set_aside))
