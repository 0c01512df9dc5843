"""A cohort in numbers, without people: trainees at each level of each EPA, small groups left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from competencies.scales import Level, Scale
from lms.progress.values import CohortMatrix, EpaInProgramme, EpaSummary

SMALLEST_GROUP = 5
"""Fewer people than this could be recognised in a number."""

EXPIRED, WITHOUT = "expired", "without"


@dataclass(frozen=True, slots=True)
class NumberRow:
    """The trainees with one level (null: `kind` says expired or without one), by EPA; a null count is not shown."""

    level: Level | None
    kind: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class CohortNumbers:
    """Numbers of trainees: rows from the highest level down, then expired and without a level; `totals` by EPA."""

    columns: tuple[EpaInProgramme, ...]
    totals: tuple[int | None, ...]
    rows: tuple[NumberRow, ...]


def numbers_of(matrix: CohortMatrix, *, smallest: int = 1) -> CohortNumbers:
    """Return the numbers of a cohort, with every group under `smallest` left out as `without_small` does."""
    summaries = matrix.summary
    shown = [without_small(_counted(epa, one), smallest) for epa, one in zip(matrix.columns, summaries, strict=True)]
    scales = dict.fromkeys(epa.scale for epa in matrix.columns if epa.scale)
    levels = [(level, _key(scale, level)) for scale in scales for level in reversed(scale.levels)]
    keys: list[tuple[Level | None, str]] = [*levels, (None, EXPIRED), (None, WITHOUT)]
    return CohortNumbers(
        columns=matrix.columns,
        totals=tuple(one.trainees if one.trainees >= smallest else None for one in summaries),
        rows=tuple(NumberRow(level, key, tuple(one.get(key, 0) for one in shown)) for level, key in keys),
    )


def without_small(counts: Mapping[str, int], smallest: int) -> dict[str, int | None]:
    """Return the counts of one whole with null for groups under `smallest`; nobody stays 0.

    Where one group alone would be left out, the whole would give it away; then the next smallest goes too. Of a whole
    that is small itself nothing is shown.
    """
    if sum(counts.values()) < smallest:
        return dict.fromkeys(counts)
    hidden = {key for key, count in counts.items() if 0 < count < smallest}
    if len(hidden) == 1:
        rest = [key for key, count in counts.items() if count and key not in hidden]
        hidden |= {min(rest, key=lambda key: counts[key])}
    return {key: None if key in hidden else count for key, count in counts.items()}


def _counted(epa: EpaInProgramme, summary: EpaSummary) -> dict[str, int]:
    """Return the trainees on one EPA by where they stand; together these are all of them."""
    levels = {_key(epa.scale, level): summary.by_level[level.code] for level in epa.scale.levels} if epa.scale else {}
    return levels | {EXPIRED: summary.expired, WITHOUT: summary.without}


def _key(scale: Scale, level: Level) -> str:
    return f"{scale.key}/{scale.version}/{level.code}"
