"""What pages and reports show of progress: the EPAs of a programme, and a cohort as trainees by EPAs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from competencies.curricula import EpaType, ExpectedLevel
from competencies.people import EndReason
from competencies.progress import EpaProgress
from competencies.requirements import Requirement
from competencies.scales import Level, Scale

Words = Mapping[str, str]

QUIET_FOR = timedelta(weeks=8)
"""Who was not rated for longer falls behind: the trainer's list says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpaInProgramme:
    """One EPA as a programme asks for it; `expected` holds the levels on the way, the last one of the declaration."""

    epa_id: UUID
    key: str
    code: str
    is_concept: bool
    title: Words
    type: EpaType
    tracks: tuple[str, ...]
    scale: Scale | None
    expected: tuple[ExpectedLevel, ...]
    requirements: tuple[Requirement, ...]
    is_reference: bool
    is_optional: bool

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
    def top_rank(self) -> int:
        """Return the highest rank of its scale; 1 where it has none."""
        return self.scale.levels[-1].rank if self.scale else 1

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
    """The EPAs of a programme version, with the titles of what its keys name."""

    epas: tuple[EpaInProgramme, ...]
    tracks: Mapping[str, Words]
    stages: Mapping[str, Words]
    instruments: Mapping[str, Words]
    forms: Mapping[str, Words]
    conditions: Mapping[str, Words]

    def epa(self, epa_id: UUID) -> EpaInProgramme | None:
        """Return the EPA with that id, or null where the programme has it not."""
        return next((epa for epa in self.epas if epa.epa_id == epa_id), None)

    def of_track(self, track: str | None) -> tuple[EpaInProgramme, ...]:
        """Return the EPAs of one track, those of all tracks among them."""
        return tuple(epa for epa in self.epas if epa.applies_to(track))


class Cell(NamedTuple):
    """Where one trainee stands on one EPA; `level` is that of the newest decision that has begun."""

    level: Level | None = None
    is_expired: bool = False
    decided_on: date | None = None
    valid_until: date | None = None
    decision_id: UUID | None = None
    last_rating: Level | None = None
    last_rated_on: date | None = None
    rating_count: int = 0
    waiting: int = 0

    @property
    def in_force(self) -> Level | None:
        """Return the level that holds today, or null when none was given or it has expired."""
        return None if self.is_expired else self.level


EMPTY = Cell()
"""Nothing was rated, asked or decided yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraineeRow:
    """One trainee of a cohort with a cell for each EPA; null where the EPA is not of the trainee's track.

    `reached` EPAs are in force at or above their target, out of the `asked` ones that have a target.
    """

    enrolment_id: UUID
    trainee_id: UUID
    name: str
    department: str
    track: str | None
    starts_on: date
    planned_end_on: date
    ended_on: date | None
    end_reason: EndReason | None
    cells: tuple[Cell | None, ...]
    reached: int
    asked: int
    last_rated_on: date | None
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EpaSummary:
    """How a cohort stands on one EPA, in trainees.

    `by_level` counts the levels in force by code; who has none is among the `expired` or the `without` a level.
    """

    trainees: int
    asked: int
    reached: int
    by_level: Mapping[str, int]
    expired: int
    without: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating on the EPA's own scale, on the day of the act; `by_trainee` where the trainee gave it."""

    on: date
    level: Level
    by_trainee: bool


class Shown(StrEnum):
    """Which trainees of a cohort are shown."""

    ALL = "all"
    CURRENT = "current"
    ENDED = "ended"


class Order(StrEnum):
    """By what the trainees of a cohort are sorted."""

    NAME = "name"
    START = "start"
    REACHED = "reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which trainees of a cohort to show, and in which order."""

    name: str = ""
    department: str = ""
    track: str = ""
    shown: Shown = Shown.ALL
    order: Order = Order.NAME
    descending: bool = False

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Selection:
        """Return the selection that a query string asks for; what is unknown there means the default."""
        shown, order = arguments.get("shown"), arguments.get("order")
        return cls(
            name=arguments.get("name", "").strip(),
            department=arguments.get("department", ""),
            track=arguments.get("track", ""),
            shown=Shown(shown) if shown in set(Shown) else Shown.ALL,
            order=Order(order) if order in set(Order) else Order.NAME,
            descending=arguments.get("descending") == "1",
        )

    def as_arguments(self) -> dict[str, str]:
        """Return the selection as a query string says it; defaults are left out."""
        said = {
            "name": self.name,
            "department": self.department,
            "track": self.track,
            "shown": self.shown.value,
            "order": self.order.value,
            "descending": "1" if self.descending else "",
        }
        return {key: value for key, value in said.items() if value not in {"", Shown.ALL, Order.NAME}}

    def sorted_by(self, order: Order) -> Selection:
        """Return this selection in another order; the same order again turns it around."""
        return replace(self, order=order, descending=order is self.order and not self.descending)

    def holds(self, row: TraineeRow, *, on: date) -> bool:
        """Return whether the selection shows that trainee on that day."""
        has_ended = row.ended_on is not None and row.ended_on < on
        return (
            self.name.casefold() in row.name.casefold()
            and self.department in {"", row.department}
            and self.track in {"", row.track}
            and (self.shown is Shown.ALL or has_ended is (self.shown is Shown.ENDED))
        )


@dataclass(frozen=True, slots=True)
class CohortMatrix:
    """A cohort on one day: trainees by name in rows, the EPAs of the programme in columns."""

    cohort_id: UUID
    on: date
    columns: tuple[EpaInProgramme, ...]
    rows: tuple[TraineeRow, ...]

    @property
    def departments(self) -> tuple[str, ...]:
        """Return the departments of its trainees, by name."""
        return tuple(sorted({row.department for row in self.rows}))

    @property
    def tracks(self) -> tuple[str, ...]:
        """Return the tracks of its trainees, by key."""
        return tuple(sorted({row.track for row in self.rows if row.track}))

    @property
    def scales(self) -> tuple[Scale, ...]:
        """Return the scales of its EPAs, each once."""
        return tuple(dict.fromkeys(epa.scale for epa in self.columns if epa.scale))

    def only(self, selection: Selection) -> CohortMatrix:
        """Return the trainees of a selection in its order; of those with the same value by name."""
        rows = [row for row in self.rows if selection.holds(row, on=self.on)]
        if selection.order is Order.START:
            rows.sort(key=lambda row: row.starts_on, reverse=selection.descending)
        elif selection.order is Order.REACHED:
            rows.sort(key=lambda row: row.reached, reverse=selection.descending)
        elif selection.descending:
            rows.reverse()
        return replace(self, rows=tuple(rows))

    @property
    def summary(self) -> tuple[EpaSummary, ...]:
        """Return how its trainees stand on each EPA, in the order of the columns."""
        return tuple(
            _summary_of(column, [row.cells[at] for row in self.rows]) for at, column in enumerate(self.columns)
        )


def _summary_of(column: EpaInProgramme, cells: list[Cell | None]) -> EpaSummary:
    """Return the numbers of trainees behind one column."""
    applied = [cell for cell in cells if cell is not None]
    held = Counter(level.code for cell in applied if (level := cell.in_force) is not None)
    levels = column.scale.levels if column.scale else ()
    expired = sum(cell.is_expired for cell in applied)
    return EpaSummary(
        trainees=len(applied),
        asked=len(applied) if column.target else 0,
        reached=sum(column.is_reached_by(cell.in_force) for cell in applied),
        by_level={level.code: held[level.code] for level in levels},
        expired=expired,
        without=len(applied) - held.total() - expired,
        waiting=sum(cell.waiting > 0 for cell in applied),
    )


@dataclass(frozen=True, slots=True)
class EpaLine:
    """One EPA of a trainee: where they stand, how far the evidence is, and which level is expected next."""

    epa: EpaInProgramme
    cell: Cell
    progress: EpaProgress

    @property
    def next_expected(self) -> ExpectedLevel | None:
        """Return the first expectation that the level in force does not reach yet."""
        return self.epa.next_expected(self.cell.in_force)

    @property
    def is_reached(self) -> bool:
        """Return whether the level in force is the one of the declaration or above."""
        return self.epa.is_reached_by(self.cell.in_force)

    @property
    def is_ready(self) -> bool:
        """Return whether nothing stands in the way of a declaration that is not in force yet."""
        return self.epa.target is not None and self.progress.is_met and not self.is_reached


@dataclass(frozen=True, slots=True)
class Guided:
    """One trainee as the trainer sees them in a list; `since` is the last rating, or the start while there is none."""

    reached: int
    asked: int
    waiting: int
    last_logged_on: date | None
    last_rated_on: date | None
    since: date

    def is_behind(self, on: date) -> bool:
        """Return whether nobody has rated the trainee for so long that somebody should ask why."""
        return on - self.since > QUIET_FOR
