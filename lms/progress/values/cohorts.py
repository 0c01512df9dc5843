"""A cohort as trainees by EPAs, and which of them to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from competencies.people import EndReason
from competencies.scales import Scale
from lms.progress.values.programmes import EpaInProgramme
from lms.progress.values.trainees import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class TraineeRow:
    """One trainee of a cohort with a cell for each EPA; null where the EPA is not of the trainee's track or version.

    What was earned on an EPA of an earlier version and shows nowhere else has its cell there. `version` is the one that
    the trainee follows, `has_moved` says that it was another one before. `reached` EPAs are in force at or above their
    target, out of the `asked` ones that have a target.
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
    version: str = ""
    has_moved: bool = False


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


@dataclass(frozen=True)
class CohortMatrix:
    """A cohort on one day: trainees by name in rows, the EPAs of the programme in columns.

    Where trainees follow different versions, the EPAs of the newest come first, then those of the earlier ones.
    """

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
    def versions(self) -> tuple[str, ...]:
        """Return the versions of its EPAs, the newest first; one where all trainees follow the same."""
        return tuple(dict.fromkeys(epa.version for epa in self.columns))

    @property
    def followed(self) -> Mapping[str, int]:
        """Return how many of its trainees follow each version."""
        return Counter(row.version for row in self.rows)

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

    @cached_property
    def summary(self) -> tuple[EpaSummary, ...]:
        """Return how its trainees stand on each EPA, in the order of the columns."""
        return tuple(
            _summary_of(column, [row.cells[at] for row in self.rows]) for at, column in enumerate(self.columns)
        )


def _summary_of(column: EpaInProgramme, cells: list[Cell | None]) -> EpaSummary:
    """Return the numbers of trainees behind one column."""
    applied = [cell for cell in cells if cell is not None]
    held = Counter(cell.level.code for cell in applied if cell.level is not None and not cell.is_expired)
    levels = column.scale.levels if column.scale else ()
    expired = sum(cell.is_expired for cell in applied)
    return EpaSummary(
        trainees=len(applied),
        asked=len(applied) if column.target else 0,
        reached=sum(held[code] for code in column.codes_reached),
        by_level={level.code: held[level.code] for level in levels},
        expired=expired,
        without=len(applied) - held.total() - expired,
        waiting=sum(cell.waiting > 0 for cell in applied),
    )
