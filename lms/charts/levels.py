"""Levels over time: every rating of one trainee on one EPA, and what was declared, on the days of the acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten, wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lms.charts.style import ACCENT, INK, LINE, PAPER, QUIET, blank, tone

WIDE, NARROW = 720, 358
ROW = 40
TOP, BOTTOM, LEGEND_LINE = 12, 30, 22
LABELS_BESIDE = 176
LETTERS_BESIDE = 26
LETTER = 6.6
NEXT_TO = 8.0


@dataclass(frozen=True, slots=True)
class RatedOn:
    """A rating: on which day the act was, the rank that was given, and whether the trainee gave it."""

    on: date
    rank: int
    by_trainee: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared level and the days on which it was in force, both included."""

    since: date
    until: date
    rank: int


@dataclass(frozen=True, slots=True)
class LevelsWords:
    """The words of the chart in the reader's language; `month` names the month of a tick."""

    title: str
    rated: str
    self_rated: str
    declared: str
    required: str
    month: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class LevelsOverTime:
    """What the chart shows: `levels` are (rank, words) from low to high; `required` is a rank or null."""

    levels: Sequence[tuple[int, str]]
    ratings: Sequence[RatedOn]
    declared: Sequence[Declared]
    required: int | None
    first: date
    last: date

    @property
    def has_self_ratings(self) -> bool:
        """Return whether the trainee rated too, which asks for a line of the legend."""
        return any(rated.by_trainee for rated in self.ratings)


def size_of(shown: LevelsOverTime, *, width: int = WIDE) -> tuple[int, int]:
    """Return the width and height of the chart in pixels."""
    return width, TOP + ROW * len(shown.levels) + BOTTOM + LEGEND_LINE * _legend_lines(width)


def levels_over_time(shown: LevelsOverTime, words: LevelsWords, *, width: int = WIDE) -> Figure:
    """Return the ratings as points and the declarations as a step line, on the days of the acts.

    Levels are rows with their words, never a calculated axis; the trainee's own ratings stand apart, under the row.
    """
    width, height = size_of(shown, width=width)
    figure = blank(width, height)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    place = _Place(shown, width, height)
    _draw_levels(axes, place)
    _draw_months(axes, place, words)
    _draw_required(axes, place)
    _draw_declared(axes, place)
    _draw_ratings(axes, place)
    _draw_legend(axes, place, words)
    return figure


class _Place:
    """Where days and ranks lie in pixels; the lowest level at the bottom."""

    def __init__(self, shown: LevelsOverTime, width: int, height: int) -> None:
        self.shown = shown
        self.width = width
        self.is_wide = width >= WIDE
        self.left = LABELS_BESIDE if self.is_wide else 12
        self.right = width - 16
        self.bottom = height - TOP - ROW * len(shown.levels)
        self.rows = {rank: number for number, (rank, _words) in enumerate(shown.levels)}
        self.top_rank = max(self.rows, default=1)
        self.days = max((shown.last - shown.first).days, 1)

    def x(self, day: date) -> float:
        """Return where a day lies; days outside the chart lie on its edge."""
        part = min(max((day - self.shown.first).days / self.days, 0), 1)
        return self.left + NEXT_TO + part * (self.right - self.left - 2 * NEXT_TO)

    def y(self, rank: int) -> float:
        """Return where the line of a level lies; with its words above it where there is no room beside it."""
        return self.bottom + ROW * self.rows[rank] + (ROW / 2 if self.is_wide else 13)


def _draw_levels(axes: Axes, place: _Place) -> None:
    for rank, words in place.shown.levels:
        y = place.y(rank)
        axes.plot([place.left, place.right], [y, y], color=LINE, linewidth=1, zorder=1)
        if place.is_wide:
            text = "\n".join(two_lines(words))
            axes.text(place.left - 10, y, text, fontsize=12, color=INK, ha="right", va="center", linespacing=1.15)
        else:
            axes.text(place.left, y + 10, shorten(words, 52, placeholder="…"), fontsize=11, color=QUIET)


def two_lines(words: str) -> list[str]:
    """Return the words on at most two lines that fit beside the chart; what is left over becomes an ellipsis."""
    lines = wrap(words, LETTERS_BESIDE)
    rest = " ".join(lines[1:])
    return lines if len(lines) < 3 else [lines[0], shorten(rest, LETTERS_BESIDE, placeholder="…")]


def _draw_months(axes: Axes, place: _Place, words: LevelsWords) -> None:
    for day in months_between(place.shown.first, place.shown.last, most=6 if place.is_wide else 3):
        x = place.x(day)
        axes.plot([x, x], [place.bottom - 4, place.bottom], color=QUIET, linewidth=1)
        axes.text(x, place.bottom - 8, words.month(day), fontsize=11, color=QUIET, ha="center", va="top")
    axes.plot([place.left, place.right], [place.bottom, place.bottom], color=QUIET, linewidth=1)


def _draw_required(axes: Axes, place: _Place) -> None:
    if place.shown.required in place.rows:
        y = place.y(place.shown.required)
        axes.plot([place.left, place.right], [y, y], color=ACCENT, linewidth=1.5, linestyle=(0, (5, 4)), zorder=2)


def _draw_declared(axes: Axes, place: _Place) -> None:
    before: Declared | None = None
    for one in place.shown.declared:
        x, y = place.x(one.since), place.y(one.rank)
        if before is not None and before.until >= one.since - timedelta(days=1):
            axes.plot([x, x], [place.y(before.rank), y], color=INK, linewidth=3, zorder=3)
        axes.plot([x, place.x(one.until)], [y, y], color=INK, linewidth=3, zorder=3)
        before = one


def _draw_ratings(axes: Axes, place: _Place) -> None:
    for rated, aside in _side_by_side(place.shown.ratings):
        x, y = place.x(rated.on) + aside, place.y(rated.rank)
        if rated.by_trainee:
            axes.plot([x], [y - 11], "D", markersize=7, markerfacecolor=PAPER, markeredgecolor=QUIET, zorder=4)
        else:
            colour = tone(rated.rank, place.top_rank)
            axes.plot([x], [y], "o", markersize=10, markerfacecolor=colour, markeredgecolor=INK, zorder=5)


def _side_by_side(ratings: Sequence[RatedOn]) -> Iterator[tuple[RatedOn, float]]:
    """Yield the ratings in a fixed order, each with how far aside: equal ones of one day never cover each other."""
    seen: Counter[RatedOn] = Counter()
    for rated in sorted(ratings, key=lambda one: (one.on, one.rank, one.by_trainee)):
        number = seen[rated]
        seen[rated] += 1
        yield rated, 8.0 * ((number + 1) // 2) * (1 if number % 2 else -1)


def _draw_legend(axes: Axes, place: _Place, words: LevelsWords) -> None:
    marks = [(words.rated, _dot), (words.declared, _thick), (words.required, _dashed)]
    if place.shown.has_self_ratings:
        marks.append((words.self_rated, _diamond))
    x, y = float(place.left), place.bottom - BOTTOM - 10
    for text, mark in marks:
        needed = 30 + LETTER * len(text)
        if x > place.left and x + needed > place.right:
            x, y = float(place.left), y - LEGEND_LINE
        mark(axes, x + 2, y)
        axes.text(x + 24, y, text, fontsize=11, color=INK, va="center")
        x += needed + 14


def _dot(axes: Axes, x: float, y: float) -> None:
    axes.plot([x + 9], [y], "o", markersize=10, markerfacecolor=tone(2, 4), markeredgecolor=INK)


def _diamond(axes: Axes, x: float, y: float) -> None:
    axes.plot([x + 9], [y], "D", markersize=7, markerfacecolor=PAPER, markeredgecolor=QUIET)


def _thick(axes: Axes, x: float, y: float) -> None:
    axes.plot([x, x + 18], [y, y], color=INK, linewidth=3)


def _dashed(axes: Axes, x: float, y: float) -> None:
    axes.plot([x, x + 18], [y, y], color=ACCENT, linewidth=1.5, linestyle=(0, (5, 4)))


def _legend_lines(width: int) -> int:
    return 1 if width >= WIDE else 2


def months_between(first: date, last: date, *, most: int) -> list[date]:
    """Return the first days of months from first to last, evenly spaced and at most so many; the first day if none."""
    before, through = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    starts = [date(month // 12, month % 12 + 1, 1) for month in range(before + 1, through + 1)]
    if not starts:
        return [first]
    step = next(size for size in (1, 2, 3, 4, 6, 12, 24, 60, 120, 600) if len(starts) <= most * size)
    return [day for day in starts if (day.year * 12 + day.month - 1) % step == 0] or starts[:1]
