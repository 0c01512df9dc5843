"""Limits on what callers may do in a stretch of time, where nothing may be written to count it: kept in the process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Limit:
    """So many times in a stretch of time; the counts begin anew with each stretch, so that they never grow for long."""

    most: int
    stretch: timedelta
    _counts: Counter[str] = field(default_factory=Counter)
    _since: datetime = LONG_AGO
    _lock: Lock = field(default_factory=Lock)

    def count(self, who: str, *, at: datetime) -> None:
        """Count one more for that caller."""
        with self._lock:
            if at - self._since >= self.stretch:
                self._counts.clear()
                self._since = at
            self._counts[who] += 1

    def is_reached(self, who: str, *, at: datetime) -> bool:
        """Return whether the caller had as many as there may be in this stretch."""
        with self._lock:
            return at - self._since < self.stretch and self._counts[who] >= self.most
