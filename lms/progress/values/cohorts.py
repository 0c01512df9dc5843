"""A cohort as trainees by EPAs, and which of them to show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from competencies.people import EndReason
from competencies.scales import Scale
from lms.progress.values.programmes import EpaInProgramme
from lms.progress.values.trainees import Cell

AnyTrainee = TypeVar("AnyTrainee")


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

    @property
    def is_everybody(self) -> bool:
        """Return whether nobody is left out."""
        return self.shown is Shown.ALL and not (self.name or self.department or self.track)

    def chosen_of(self, rows: Iterable[AnyTrainee], *, on: date) -> list[AnyTrainee]:
        """Return the trainees of this selection, out of all by name, in its order; of those with the same by name."""
        chosen: list[Any] = [row for row in rows if self.holds(row, on=on)]
        if self.order is Order.START:
            chosen.sort(key=lambda row: row.starts_on, reverse=self.descending)
        elif self.order is Order.REACHED:
            chosen.sort(key=lambda row: row.reached, reverse=self.descending)
        elif self.descending:
            chosen.reverse()
        return chosen

    def holds(self, row: Any, *, on: date) -> bool:
        """Return whether the selection shows that trainee on that day."""
        if self.is_everybody:
            return True
        has_ended = row.ended_on is not None and row.ended_on < on
        return (
            self.name.casefold() in row.name.casefold()
            and self.department in {"", row.department}
            and self.track in {"", row.track}
            and (self.shown is Shown.ALL or has_ended is (self.shown is Shown.ENDED))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """Who is in a cohort, whoever of them is shown: how many, where, on which tracks, and who follows which version."""

    count: int
    departments: tuple[str, ...]
    tracks: tuple[str, ...]
    followed: Mapping[str, int]
    somebody_moved: bool

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str | None, str, bool]]) -> Roll:
        """Return the roll of trainees, each with department, track, version, and whether they were moved."""
        rows = list(rows)
        return cls(
            count=len(rows),
            departments=tuple(sorted({row[0] for row in rows})),
            tracks=tuple(sorted({row[1] for row in rows if row[1]})),
            followed=Counter(row[2] for row in rows),
            somebody_moved=any(row[3] for row in rows),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortTotals:
    """How the trainees of a selection stand together; `epas` in the order of the columns."""

    trainees: int
    reached: int
    asked: int
    epas: tuple[EpaSummary, ...]

    @property
    def somebody_waits(self) -> bool:
        """Return whether a request waits for an assessor."""
        return any(epa.waiting for epa in self.epas)


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
    def versions(self) -> tuple[str, ...]:
        """Return the versions of its EPAs, the newest first; one where all trainees follow the same."""
        return tuple(dict.fromkeys(epa.version for epa in self.columns))

    @property
    def scales(self) -> tuple[Scale, ...]:
        """Return the scales of its EPAs, each once."""
        return tuple(dict.fromkeys(epa.scale for epa in self.columns if epa.scale))

    @property
    def roll(self) -> Roll:
        """Return who its trainees are."""
        return Roll.of((row.department, row.track, row.version, row.has_moved) for row in self.rows)

    def only(self, selection: Selection) -> CohortMatrix:
        """Return the trainees of a selection in its order; of those with the same value by name."""
        return replace(self, rows=tuple(selection.chosen_of(self.rows, on=self.on)))

    @property
    def summary(self) -> tuple[EpaSummary, ...]:
        """Return how its trainees stand on each EPA, in the order of the columns."""
        return self.totals.epas

    @cached_property
    def totals(self) -> CohortTotals:
        """Return how its trainees stand together."""
        return CohortTotals(
            trainees=len(self.rows),
            reached=sum(row.reached for row in self.rows),
            asked=sum(row.asked for row in self.rows),
            epas=tuple(
                _summary_of(column, [row.cells[at] for row in self.rows]) for at, column in enumerate(self.columns)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortPart:
    """Some trainees of a selection, with who is in the whole cohort, and how all of the selection stand together.

    `trainees` are all of the selection, by key and name; there are no totals where nobody asked for them.
    """

    matrix: CohortMatrix
    roll: Roll
    trainees: tuple[tuple[UUID, str], ...]
    totals: CohortTotals | None

    @classmethod
    def of(cls, whole: CohortMatrix, selection: Selection, part: slice) -> CohortPart:
        """Return a part of what is known whole."""
        chosen = whole.only(selection)
        return cls(
            matrix=replace(chosen, rows=chosen.rows[part]),
            roll=whole.roll,
            trainees=tuple((row.trainee_id, row.name) for row in chosen.rows),
            totals=chosen.totals,
        )


def summary_of(
    column: EpaInProgramme, *, trainees: int, held: Mapping[str, int], expired: int, waiting: int
) -> EpaSummary:
    """Return the numbers of one column, from how many trainees hold each level in force, and how many expired."""
    levels = column.scale.levels if column.scale else ()
    by_level = {level.code: held.get(level.code, 0) for level in levels}
    return EpaSummary(
        trainees=trainees,
        asked=trainees if column.target else 0,
        reached=sum(held.get(code, 0) for code in column.codes_reached),
        by_level=by_level,
        expired=expired,
        without=trainees - sum(held.values()) - expired,
        waiting=waiting,
    )


def _summary_of(column: EpaInProgramme, cells: list[Cell | None]) -> EpaSummary:
    """Return the numbers of trainees behind one column."""
    applied = [cell for cell in cells if cell is not None]
    return summary_of(
        column,
        trainees=len(applied),
        held=Counter(cell.level.code for cell in applied if cell.level is not None and not cell.is_expired),
        expired=sum(cell.is_expired for cell in applied),
        waiting=sum(cell.waiting > 0 for cell in applied),
    )
