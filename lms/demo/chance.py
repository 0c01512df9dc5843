"""Repeatable chance: every random choice and every key of the demonstration comes from here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from lms.core.keys import uuid7

T = TypeVar("T")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Chance(Random):
    """Random numbers from a text, with the choices that histories are made of."""

    def key(self, at: datetime) -> UUID:
        """Return a key as it would have been made at that moment."""
        return uuid7((at - EPOCH) // _MILLISECOND, self.randbytes(10))

    def happens(self, share: float) -> bool:
        """Return true in that share of cases."""
        return self.random() < share

    def moment(self, day: date, *, between: tuple[int, int] = (7, 21)) -> datetime:
        """Return a moment of the day between two whole hours (UTC)."""
        begin, end = between
        seconds = int((begin + (end - begin) * self.random()) * 3600)
        return datetime.combine(day, time(), UTC) + timedelta(seconds=seconds)

    def days(self, middle: float, spread: float) -> float:
        """Return a number of days, log-normally distributed around its median."""
        return middle * float(self.lognormvariate(0, spread))

    def day_in(self, begin: date, days: float) -> date:
        """Return a day of the stretch of so many days."""
        return begin + timedelta(days=int(days * self.random()))

    def some_of(self, things: Sequence[T], number: int) -> list[T]:
        """Return so many different things in random order, or all where there are fewer."""
        return self.sample(things, min(number, len(things)))
