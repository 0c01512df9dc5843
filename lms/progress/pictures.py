"""Charts of dossiers and cohorts in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest

from flask_babel import format_date

from competencies.entrustment import Decision
from competencies.own_ratings import Month
from lms.charts import heat_map, levels
from lms.charts import own_months as months_chart
from lms.charts.style import svg_of
from lms.core.words import _, in_language
from lms.progress.captions import level_words
from lms.progress.numbers import EXPIRED, CohortNumbers, NumberRow, numbers_of, row_keys
from lms.progress.values import Cell, CohortMatrix, EpaInProgramme, Rated

WIDE = "wide"
NARROW = "narrow"


def levels_size(shown: levels.LevelsOverTime, size: str) -> tuple[int, int]:
    """Return the width and height in pixels of levels over time."""
    return levels.size_of(shown, width=levels_width(size))


def cohort_size(columns: Sequence[EpaInProgramme], trainees: int, size: str) -> tuple[int, int]:
    """Return the width and height in pixels of the heat map of so many trainees."""
    rows = trainees if trainees <= heat_map.MOST_ROWS else len(row_keys(columns))
    return heat_map.size_of(len(columns), rows, width=heat_width(size))


def numbers_size(numbers: CohortNumbers, size: str) -> tuple[int, int]:
    """Return the width and height in pixels of the heat map of a cohort in numbers."""
    return heat_map.size_of(len(numbers.columns), len(numbers.rows), width=heat_width(size))


def heat_width(size: str | None) -> int:
    """Return how wide a heat map may be, in pixels."""
    return heat_map.NARROW if size == NARROW else heat_map.WIDE


def levels_width(size: str | None) -> int:
    """Return how wide levels over time are, in pixels."""
    return levels.NARROW if size == NARROW else levels.WIDE


def levels_shown(
    epa: EpaInProgramme, ratings: Sequence[Rated], decisions: Sequence[Decision], *, since: date, until: date
) -> levels.LevelsOverTime:
    """Return what the chart of levels over time shows of one trainee on one EPA, until a day."""
    of_scale = epa.scale.levels if epa.scale else ()
    return levels.LevelsOverTime(
        levels=[(level.rank, level_words(level)) for level in of_scale],
        ratings=[levels.RatedOn(one.on, one.level.rank, one.by_trainee) for one in ratings],
        declared=periods_in_force(decisions, until=until),
        required=epa.target.rank if epa.target else None,
        first=min([since, *(one.on for one in ratings), *(one.decided_on for one in decisions)]),
        last=until,
    )


def periods_in_force(decisions: Sequence[Decision], *, until: date) -> list[levels.Declared]:
    """Return the days on which each decision was in force, in order: until another begins, it expires, or `until`."""
    begun = sorted(
        (one for one in decisions if one.decided_on <= until),
        key=lambda one: (one.decided_on, one.recorded_at, one.id),
    )
    periods = []
    for one, following in zip_longest(begun, begun[1:]):
        if following is not None and following.decided_on == one.decided_on:
            continue
        end = min(
            until, one.valid_until or until, one.overtaken_on or until, following.decided_on if following else until
        )
        periods.append(levels.Declared(one.decided_on, end, one.level.rank))
    return periods


def draw_levels(shown: levels.LevelsOverTime, epa: EpaInProgramme, *, width: int) -> bytes:
    """Return levels over time as SVG in the reader's language."""
    words = levels.LevelsWords(
        title=_("Levels over time: %(epa)s", epa=in_language(epa.title)),
        rated=_("Assessment"),
        self_rated=_("Own rating"),
        declared=_("Declaration in force"),
        required=_("Needed level"),
        month=lambda day: format_date(day, "MMM y"),
    )
    return svg_of(levels.levels_over_time(shown, words, width=width), title=words.title)


def months_width(size: str | None) -> int:
    """Return how wide the months of own ratings are, in pixels."""
    return months_chart.NARROW if size == NARROW else months_chart.WIDE


def months_size(size: str) -> tuple[int, int]:
    """Return the width and height in pixels of the months of own ratings."""
    return months_chart.size_of(width=months_width(size))


def month_name(first: date) -> str:
    """Return the name of a month with its year, by its first day."""
    name: str = format_date(first, "MMMM y")
    return name


def draw_months(months: Sequence[Month], *, width: int) -> bytes:
    """Return the months of own ratings as SVG in the reader's language."""
    words = months_chart.MonthsWords(
        title=_("Ratings you gave in each month"),
        delays=(_("within 3 days"), _("after 4 to 14 days"), _("after more than 14 days")),
        month=lambda day: format_date(day, "MMM yy"),
    )
    return svg_of(months_chart.own_months(months, words, width=width), title=words.title)


def draw_cohort(matrix: CohortMatrix, *, title: str, width: int) -> bytes:
    """Return a cohort as SVG: trainees by EPAs, or levels by EPAs where trainees would be thinner than their names."""
    if len(matrix.rows) > heat_map.MOST_ROWS:
        return draw_numbers(numbers_of(matrix), title=title, width=width)
    heat = heat_map.CohortHeat(
        columns=[epa.picture_code for epa in matrix.columns],
        rows=[row.name for row in matrix.rows],
        shades=[
            [_shade(epa, cell) for epa, cell in zip(matrix.columns, row.cells, strict=True)] for row in matrix.rows
        ],
    )
    return svg_of(heat_map.cohort_heat_map(heat, width=width), title=title)


def _shade(epa: EpaInProgramme, cell: Cell | None) -> heat_map.Shade | None:
    if cell is None:
        return None
    if cell.level is None:
        return heat_map.Shade("", 0, epa.top_rank)
    return heat_map.Shade(cell.level.code, cell.level.rank, epa.top_rank, cell.is_expired)


def draw_numbers(numbers: CohortNumbers, *, title: str, width: int) -> bytes:
    """Return the numbers of a cohort as SVG: levels by EPAs."""
    heat = heat_map.LevelHeat(
        columns=[epa.picture_code for epa in numbers.columns],
        rows=[row_words(row) for row in numbers.rows],
        counts=[row.counts for row in numbers.rows],
    )
    return svg_of(heat_map.level_heat_map(heat, width=width), title=title)


def row_words(row: NumberRow) -> str:
    """Return what a row of numbers counts."""
    if row.level is not None:
        return level_words(row.level)
    return _("Expired") if row.kind == EXPIRED else _("No level yet")
