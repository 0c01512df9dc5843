"""Waiting requests: who holds one and since when, when it is brought to mind, and when it ends without an answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from competencies.errors import RuleBroken

MOST_HANDS = 3
"""So often a request can be handed on: who gets it as the fourth answers, declines or lets it expire."""
LONGEST_TERM = 90
"""The most days that a programme can let a request wait."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a programme deals with requests that wait, all in days; a reminder that is None is not sent.

    Reminders count from the day on which the holder got the request, the rest from the day on which it was asked.
    """

    first_reminder: int | None = 2
    second_reminder: int | None = 5
    expiry: int = 14
    extension: int = 7

    @property
    def reminders(self) -> tuple[int, ...]:
        """Return after how many days the holder is reminded, the soonest first."""
        return tuple(one for one in (self.first_reminder, self.second_reminder) if one is not None)

    def expires_on(self, asked_on: date) -> date:
        """Return the last day on which a request of that day can be answered."""
        return asked_on + timedelta(days=self.expiry)

    def extended(self, expires_on: date) -> date:
        """Return the last day of a request that is given more time."""
        return expires_on + timedelta(days=self.extension)

    def next_reminder(self, held_on: date, *, sent: int) -> date | None:
        """Return the day of the reminder after those that were sent, or None when there is none any more."""
        left = self.reminders[sent:]
        return held_on + timedelta(days=left[0]) if left else None

    def reminders_due(self, held_on: date, *, on: date) -> int:
        """Return how many reminders should have been sent by a day: several that were missed are one reminder."""
        return sum(held_on + timedelta(days=days) <= on for days in self.reminders)


USUAL = Terms()
"""What holds where a programme says nothing."""


def terms_from(block: Mapping[str, Any] | None) -> Terms:
    """Return the terms that the block `requests` of a programme gives, or the usual ones."""
    if block is None:
        return USUAL
    return Terms(
        first_reminder=block["first_reminder_days"],
        second_reminder=block["second_reminder_days"],
        expiry=block["expiry_days"],
        extension=block["extension_days"],
    )


def check_hand_on(
    to: UUID, *, name: str, holders: Sequence[UUID], trainee_id: UUID, assessors: Collection[UUID], is_personal: bool
) -> None:
    """Accept the next holder of a request, or raise RuleBroken with the first rule broken.

    `holders` are all who have held it, the present one too: it comes back to nobody, and ends after MOST_HANDS. What
    was asked of one person alone `is_personal`: an answer in a feedback round, or one by a link.
    """
    if is_personal:
        raise RuleBroken("hand_on_personal")
    if to in holders:
        raise RuleBroken("held_before", assessor=name)
    if to == trainee_id:
        raise RuleBroken("own_assessment")
    if to not in assessors:
        raise RuleBroken("assessor_not_available", assessor=to)
    if len(holders) > MOST_HANDS:
        raise RuleBroken("handed_on_too_often", most=MOST_HANDS)


def check_extension(*, is_extended: bool, is_personal: bool) -> None:
    """Accept that a request is given more time, which happens once, or raise RuleBroken."""
    if is_personal:
        raise RuleBroken("extension_by_link")
    if is_extended:
        raise RuleBroken("extended_before")


def check_load(*, name: str, open_now: int, limit: int) -> None:
    """Accept one more request to somebody who has so many open, or raise over_limit."""
    if open_now >= limit:
        raise RuleBroken("over_limit", assessor=name, open=open_now, limit=limit)


def middle(days: Sequence[int]) -> float | None:
    """Return the median of delays in days, or None of none."""
    return float(median(days)) if days else None
