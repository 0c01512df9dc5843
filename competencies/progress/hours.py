"""How many hours count, with the exempted ones up to their limit, and how many were at one organisation."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from uuid import UUID

from competencies.attainments import Attainment, AttainmentKind, HoursOf
from competencies.exemptions import HoursLimits, most_exempted
from competencies.plans import Plan
from competencies.progress.reasons import SetAside, reason_against
from competencies.progress.records import Record
from competencies.requirements import HoursRequirement

WORKING_DAY = 8
"""The hours after which more hours weigh as one act more, where the smallest step is looked for."""


@dataclass(frozen=True, slots=True)
class HoursStep:
    """So many hours more; `in_one_organisation` of them where most hours already were."""

    requirement: HoursRequirement
    hours: Decimal
    in_one_organisation: Decimal

    @property
    def size(self) -> int:
        """Return how many acts it takes: working days."""
        return ceil(self.hours / WORKING_DAY)


@dataclass(frozen=True, slots=True)
class HoursProgress:
    """How many hours count; each attainment is in `counted` or `set_aside` with the part of its hours that is."""

    requirement: HoursRequirement
    counted: tuple[tuple[Attainment, Decimal], ...]
    set_aside: tuple[tuple[Attainment, SetAside, Decimal], ...]

    @property
    def amount(self) -> Decimal:
        """Return the hours that count."""
        return sum((hours for _one, hours in self.counted), Decimal(0))

    @property
    def exempted(self) -> Decimal:
        """Return how many of the hours that count are exempted."""
        return sum((hours for one, hours in self.counted if one.kind.is_exemption), Decimal(0))

    @property
    def in_one_organisation(self) -> Decimal:
        """Return the most hours that were done at one organisation; exempted ones were done nowhere."""
        done: defaultdict[UUID, Decimal] = defaultdict(Decimal)
        for one, hours in self.counted:
            if one.organisation_id is not None and not one.kind.is_exemption:
                done[one.organisation_id] += hours
        return max(done.values(), default=Decimal(0))

    @property
    def hours_missing(self) -> Decimal:
        """Return how many hours more are needed in all."""
        return max(Decimal(0), self.requirement.min_hours - self.amount)

    @property
    def missing_in_one_organisation(self) -> Decimal:
        """Return how many hours more are needed at the organisation that has most."""
        return max(Decimal(0), self.requirement.min_in_one_organisation - self.in_one_organisation)

    @property
    def is_met(self) -> bool:
        """Return whether nothing is missing."""
        return not self.hours_missing and not self.missing_in_one_organisation

    @property
    def next_step(self) -> HoursStep | None:
        """Return the least that would meet it, or null when it is met: hours there are hours too."""
        if self.is_met:
            return None
        there = self.missing_in_one_organisation
        return HoursStep(self.requirement, max(self.hours_missing, there), there)

    @property
    def size(self) -> int:
        """Return how many acts it still takes; 0 when it is met."""
        step = self.next_step
        return step.size if step else 0


def hours_progress(requirement: HoursRequirement, record: Record, plan: Plan, *, on: date) -> HoursProgress:
    """Return which hours count on that day, with a reason for the rest."""
    counted: list[tuple[Attainment, Decimal]] = []
    set_aside: list[tuple[Attainment, SetAside, Decimal]] = []
    room = most_exempted(requirement.min_hours, _percent(plan.limits, requirement.of))
    for one in record.of_kind(AttainmentKind.HOURS, AttainmentKind.EXEMPT_HOURS):
        if one.key != requirement.of:
            continue
        reason = reason_against(one, on)
        if reason is not None:
            set_aside.append((one, reason, one.amount))
            continue
        part = one.amount
        if one.kind.is_exemption and room is not None:
            part = min(part, room)
            room -= part
        if part:
            counted.append((one, part))
        if part < one.amount:
            set_aside.append((one, SetAside.MORE_THAN_EXEMPTED, one.amount - part))
    return HoursProgress(requirement, tuple(counted), tuple(set_aside))


def _percent(limits: HoursLimits, of: HoursOf) -> int | None:
    """Return the most percent of the minimum that may be exempted, or null where nobody named one."""
    return {HoursOf.PRACTICE: limits.practice_percent, HoursOf.THEORY: limits.theory_percent}.get(of)
