"""What the figures have to be, and whether they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.figures import Kind, PageFigures

MOST_TIMES_FLOOR = 2.0
MOST_GROWTH = 1.2


@dataclass(frozen=True, slots=True)
class Limit:
    """The milliseconds that half of the requests, and 95 of 100, stay under; measured one at a time."""

    p50: float
    p95: float | None = None


LIMITS = {
    Kind.PAGE: Limit(25, 60),
    Kind.RATING: Limit(40),
    Kind.CACHED_CHART: Limit(5),
    Kind.LARGE_EXPORT: Limit(1000),
}


@dataclass(frozen=True, slots=True)
class Missed:
    """A target that was not met: which one, what was measured and what the limit is."""

    what: str
    measured: float
    limit: float

    def __str__(self) -> str:
        return f"{self.what} {self.measured:.1f} > {self.limit:g}"


def missed(page: PageFigures, *, growth: float | None) -> list[Missed]:
    """Return the targets that a page does not meet; `growth` is its ratio to the same page on less data."""
    return [Missed(what, measured, limit) for what, measured, limit in _held(page, growth) if measured > limit]


def _held(page: PageFigures, growth: float | None) -> Iterator[tuple[str, float, float]]:
    """Yield what was measured beside its limit, as far as there is one."""
    limit = LIMITS.get(page.kind)
    if limit:
        yield "p50", page.alone.p50, limit.p50
    if limit and limit.p95:
        yield "p95", page.alone.p95, limit.p95
    if page.floor_ratio is not None:
        yield "×floor", page.floor_ratio, MOST_TIMES_FLOOR
    if growth is not None:
        yield "growth", growth, MOST_GROWTH
