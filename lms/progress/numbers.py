"""A cohort in numbers, without people: trainees at each level of each EPA, small groups left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from competencies.scales import Level, Scale
from lms.core.small_groups import without_small
from lms.progress.values import CohortMatrix, EpaInProgramme, EpaSummary

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
    return CohortNumbers(
        columns=matrix.columns,
        totals=tuple(one.trainees if one.trainees >= smallest else None for one in summaries),
        rows=tuple(
            NumberRow(level, key, tuple(one.get(key, 0) for one in shown)) for level, key in row_keys(matrix.columns)
        ),
    )


def row_keys(columns: Sequence[EpaInProgramme]) -> Sequence[tuple[Level | None, str]]:
    """Return the level of each row of the numbers, or null, with its key."""
    scales = dict.fromkeys(epa.scale for epa in columns if epa.scale)
    levels = [(level, _key(scale, level)) for scale in scales for level in reversed(scale.levels)]
    return [*levels, (None, EXPIRED), (None, WITHOUT)]


def _counted(epa: EpaInProgramme, summary: EpaSummary) -> dict[str, int]:
    """Return the trainees on one EPA by where they stand; together these are all of them."""
    levels = {_key(epa.scale, level): summary.by_level[level.code] for level in epa.scale.levels} if epa.scale else {}
    return levels | {EXPIRED: summary.expired, WITHOUT: summary.without}


def _key(scale: Scale, level: Level) -> str:
    return f"{scale.key}/{scale.version}/{level.code}"
