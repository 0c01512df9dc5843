"""Figures of what was measured, and the ratios between them; no measuring here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a page is to the person who waits for it; each kind has its own target."""

    PAGE = "page"
    RATING = "rating"
    CACHED_CHART = "cached chart"
    LARGE_EXPORT = "large export"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Timing:
    """How long requests took at one concurrency: milliseconds from the first byte sent to the last byte read."""

    concurrency: int
    requests: int
    p50: float
    p95: float
    slowest: float
    per_second: float

    @classmethod
    def of(cls, seconds: Sequence[float], *, concurrency: int, within: float) -> Timing:
        """Return the figures of requests that took so many seconds each and together `within` seconds."""
        times = sorted(1000 * one for one in seconds)
        rate = len(times) / within
        return cls(concurrency, len(times), percentile(times, 50), percentile(times, 95), times[-1], rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFigures:
    """One statement of a page as PostgreSQL itself explains it; `scanned` are large tables that it read whole."""

    verb: str
    tables: tuple[str, ...]
    milliseconds: float
    share: float
    rows: int
    blocks: int
    scanned: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigures:
    """All that is known of one page on one size of data.

    `processor` is the milliseconds of a core that the web server used for one request, which other work on the machine
    changes less than it changes times.
    """

    key: str
    title: str
    kind: Kind
    size: str
    alone: Timing
    together: Timing
    processor: float
    body: int
    compressed: int
    statements: int
    rows: int
    floor: Timing | None
    explained: tuple[StatementFigures, ...]

    @property
    def floor_ratio(self) -> float | None:
        """How many times its floor the page takes."""
        return ratio(self.alone.p50, self.floor.p50) if self.floor else None

    @property
    def database(self) -> float:
        """The milliseconds that the database worked for the page, planning left out."""
        return sum(statement.milliseconds for statement in self.explained)


def percentile(ascending: Sequence[float], share: float) -> float:
    """Return the smallest figure that so many percent of the figures do not exceed (nearest rank)."""
    if not ascending:
        raise ValueError("There is no percentile of no figures")
    return ascending[max(math.ceil(len(ascending) * share / 100) - 1, 0)]


def ratio(one: float, other: float) -> float | None:
    """Return how many times the other the one is, or None where there is nothing to compare with."""
    return one / other if other > 0 else None
