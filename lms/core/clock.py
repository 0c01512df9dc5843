"""The one place that reads the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day it is in the region."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the day on which that moment falls in the region."""
    return moment.astimezone(HERE).date()
