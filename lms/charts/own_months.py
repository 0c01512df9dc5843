"""How many ratings somebody gave in each month, and how long after the act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from competencies.own_ratings import Month
from lms.charts.style import INK, LINE, QUIET, TONES, blank

WIDE, NARROW = 720, 358
HEIGHT = 216
TOP, BOTTOM, LEGEND_LINE = 24, 26, 20
SHADES = (TONES[3], TONES[6], TONES[9])
"""Soon, later and late: ever darker."""
LETTER = 6.4


@dataclass(frozen=True, slots=True)
class MonthsWords:
    """The words of the chart: its title, the three delays in their order, and the name of a month."""

    title: str
    delays: tuple[str, str, str]
    month: Callable[[date], str]


def size_of(*, width: int = WIDE) -> tuple[int, int]:
    """Return the width and height of the chart in pixels."""
    return width, HEIGHT + LEGEND_LINE * (1 if width >= WIDE else 3)


def own_months(months: Sequence[Month], words: MonthsWords, *, width: int = WIDE) -> Figure:
    """Return a bar for each month, as high as its ratings are many, in parts by delay, with the number above it."""
    wide, height = size_of(width=width)
    figure = blank(wide, height)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, wide), ylim=(0, height))
    axes.set_axis_off()
    foot = height - HEIGHT + BOTTOM
    _draw_bars(axes, months, words, width=wide, foot=foot, room=height - TOP - foot)
    axes.plot([8, wide - 8], [foot, foot], color=QUIET, linewidth=1)
    _draw_legend(axes, words, is_wide=wide >= WIDE, top=height - HEIGHT - 6)
    return figure


def _draw_bars(
    axes: Axes, months: Sequence[Month], words: MonthsWords, *, width: int, foot: float, room: float
) -> None:
    most = max((one.count for one in months), default=0) or 1
    step = (width - 16) / max(len(months), 1)
    every = 1 if width >= WIDE else 3
    for number, month in enumerate(months):
        x, y = 8 + step * (number + 0.18), foot
        for part, shade in zip((month.soon, month.later, month.late), SHADES, strict=True):
            if part:
                high = room * part / most
                axes.add_patch(Rectangle((x, y), step * 0.64, high, facecolor=shade, edgecolor=LINE, linewidth=0.5))
                y += high
        middle = x + step * 0.32
        if month.count:
            axes.text(middle, y + 4, str(month.count), fontsize=11, color=INK, ha="center")
        if number % every == 0:
            axes.text(middle, foot - 8, words.month(month.first), fontsize=11, color=QUIET, ha="center", va="top")


def _draw_legend(axes: Axes, words: MonthsWords, *, is_wide: bool, top: float) -> None:
    x, y = 8.0, top
    for text, shade in zip(words.delays, SHADES, strict=True):
        axes.add_patch(Rectangle((x, y - 6), 14, 12, facecolor=shade, edgecolor=QUIET, linewidth=0.5))
        axes.text(x + 20, y, text, fontsize=11, color=INK, va="center")
        x, y = (x + 44 + LETTER * len(text), y) if is_wide else (x, y - LEGEND_LINE)
