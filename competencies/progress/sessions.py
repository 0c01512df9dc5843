"""How many days or sessions were attended of those that the programme plans."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from competencies.attainments import Attainment, AttainmentKind
from competencies.plans import Plan, PlannedSession
from competencies.progress.reasons import SetAside, reason_against
from competencies.progress.records import Record
from competencies.requirements import SessionsRequirement


@dataclass(frozen=True, slots=True)
class SessionsStep:
    """So many days more (sessions where sessions are counted), of those that are `open`."""

    requirement: SessionsRequirement
    amount: Decimal
    open: tuple[str, ...]

    @property
    def size(self) -> int:
        """Return how many acts it takes."""
        return ceil(self.amount)


@dataclass(frozen=True, slots=True)
class SessionsProgress:
    """What was attended of `planned`; each attainment is in `counted` or `set_aside` with that part of its days."""

    requirement: SessionsRequirement
    planned: tuple[PlannedSession, ...]
    counted: tuple[tuple[Attainment, Decimal], ...]
    set_aside: tuple[tuple[Attainment, SetAside, Decimal], ...]

    @property
    def attended(self) -> tuple[str, ...]:
        """Return the sessions of which anything counts, in the order of the programme."""
        keys = {one.key for one, _days in self.counted}
        return tuple(one.key for one in self.planned if one.key in keys)

    @property
    def open(self) -> tuple[str, ...]:
        """Return the sessions of which days are still open, in the order of the programme."""
        days: defaultdict[str | None, Decimal] = defaultdict(Decimal)
        for one, part in self.counted:
            days[one.key] += part
        return tuple(one.key for one in self.planned if days[one.key] < one.days)

    @property
    def days_planned(self) -> Decimal:
        """Return the days of all sessions together."""
        return sum((one.days for one in self.planned), Decimal(0))

    @property
    def amount(self) -> Decimal:
        """Return the days that count, or the number of sessions where sessions are counted."""
        if self.requirement.min_count is not None:
            return Decimal(len(self.attended))
        return sum((days for _one, days in self.counted), Decimal(0))

    @property
    def needed(self) -> Decimal:
        """Return the days, or the number of sessions, that it takes."""
        if self.requirement.min_count is not None:
            return Decimal(self.requirement.min_count)
        return self.days_planned * (self.requirement.min_percent or 0) / 100

    @property
    def missing(self) -> Decimal:
        """Return how many more are needed, in the unit of `amount`."""
        return max(Decimal(0), self.needed - self.amount)

    @property
    def is_met(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing

    @property
    def next_step(self) -> SessionsStep | None:
        """Return the least that would meet it, or null when it is met."""
        return SessionsStep(self.requirement, self.missing, self.open) if self.missing else None

    @property
    def size(self) -> int:
        """Return how many acts it still takes; 0 when it is met."""
        return ceil(self.missing)


def sessions_progress(requirement: SessionsRequirement, record: Record, plan: Plan, *, on: date) -> SessionsProgress:
    """Return what was attended by that day, with a reason for the rest; sessions of other modules are passed over."""
    planned = plan.sessions_of(requirement.modules, record.track)
    room = {one.key: one.days for one in planned}
    counted: list[tuple[Attainment, Decimal]] = []
    set_aside: list[tuple[Attainment, SetAside, Decimal]] = []
    for one in record.of_kind(AttainmentKind.SESSION):
        if one.key is None or one.key not in room:
            continue
        reason = reason_against(one, on)
        if reason is not None:
            set_aside.append((one, reason, one.amount))
            continue
        part = min(one.amount, room[one.key])
        room[one.key] -= part
        if part:
            counted.append((one, part))
        if part < one.amount:
            set_aside.append((one, SetAside.MORE_THAN_PLANNED, one.amount - part))
    return SessionsProgress(requirement, planned, tuple(counted), tuple(set_aside))
