"""What was chosen in a feedback round: for each item a bar of each group, cut at the steps that were chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lms.charts.style import INK, QUIET, blank, ink_on, tone

WIDE, NARROW = 720, 358
TITLE, BAR, GAP, LEGEND = 26, 24, 14, 22
MARGIN = 8
BESIDE = 210
"""Pixels for the words of a group, beside its bar where there is room."""
ABOVE = 16
"""Pixels for them above it where there is none."""
LETTER, BOLD = 7.0, 8.6


@dataclass(frozen=True, slots=True)
class Bar:
    """How many of a group chose each step, the lowest first."""

    label: str
    counts: Sequence[int]


@dataclass(frozen=True, slots=True)
class ItemBars:
    """An item with its steps in words, the lowest first, and a bar of each group; `own` says what the trainee chose."""

    title: str
    steps: Sequence[str]
    bars: Sequence[Bar]
    own: str


def size_of(items: Sequence[ItemBars], *, width: int = WIDE) -> tuple[int, int]:
    """Return the width and height of the chart in pixels."""
    return width, sum(_height(one, width) for one in items) + MARGIN


def _height(item: ItemBars, width: int) -> int:
    own = ABOVE if item.own else 0
    return TITLE + own + len(item.bars) * _line(width) + len(_legend(item, width)) * LEGEND + GAP


def _line(width: int) -> int:
    return BAR + 4 if width >= WIDE else BAR + ABOVE + 4


def feedback_bars(items: Sequence[ItemBars], *, width: int = WIDE) -> Figure:
    """Return the items under each other; each part of a bar carries its number, its tone is told under it."""
    width, height = size_of(items, width=width)
    figure = blank(width, height)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    top = float(height)
    for item in items:
        _draw_item(axes, item, top, width)
        top -= _height(item, width)
    return figure


def _draw_item(axes: Axes, item: ItemBars, top: float, width: int) -> None:
    most = int((width - 2 * MARGIN) / LETTER)
    title = shorten(item.title, int((width - 2 * MARGIN) / BOLD), placeholder="…")
    axes.text(MARGIN, top - 18, title, fontsize=13, color=INK, weight="bold")
    y = top - TITLE
    if item.own:
        axes.text(MARGIN, y - 11, shorten(item.own, most, placeholder="…"), fontsize=11, color=QUIET)
        y -= ABOVE
    for bar in item.bars:
        _draw_bar(axes, bar, y, width)
        y -= _line(width)
    for line in _legend(item, width):
        _draw_legend(axes, line, len(item.steps), y)
        y -= LEGEND


def _draw_bar(axes: Axes, bar: Bar, top: float, width: int) -> None:
    is_wide = width >= WIDE
    left = MARGIN + BESIDE if is_wide else MARGIN
    below = top - BAR - (2 if is_wide else ABOVE)
    most = int((BESIDE if is_wide else width - 2 * MARGIN) / LETTER)
    y = below + BAR / 2 if is_wide else top - 8
    axes.text(MARGIN, y, shorten(bar.label, most, placeholder="…"), fontsize=11, color=INK, va="center")
    room, whole, x = width - left - MARGIN, sum(bar.counts), float(left)
    for rank, count in enumerate(bar.counts, start=1):
        if count:
            part = room * count / whole
            colour = tone(rank, len(bar.counts))
            axes.add_patch(Rectangle((x, below), part, BAR, facecolor=colour, edgecolor=QUIET, linewidth=1))
            inside = ink_on(rank, len(bar.counts))
            middle = (x + part / 2, below + BAR / 2)
            axes.text(*middle, str(count), fontsize=12, color=inside, ha="center", va="center_baseline")
            x += part


def _legend(item: ItemBars, width: int) -> list[list[tuple[int, str, float]]]:
    """Return the lines of the legend: of each step its rank, its words, and how far from the left it stands."""
    lines: list[list[tuple[int, str, float]]] = [[]]
    x = float(MARGIN)
    for rank, words in enumerate(item.steps, start=1):
        said = shorten(words, 40, placeholder="…")
        wide = 24 + LETTER * len(said) + 10
        if lines[-1] and x + wide > width:
            lines.append([])
            x = float(MARGIN)
        lines[-1].append((rank, said, x))
        x += wide
    return lines


def _draw_legend(axes: Axes, line: Sequence[tuple[int, str, float]], steps: int, top: float) -> None:
    for rank, words, x in line:
        square = Rectangle((x, top - 17), 14, 12, facecolor=tone(rank, steps), edgecolor=QUIET, linewidth=1)
        axes.add_patch(square)
        axes.text(x + 20, top - 11, words, fontsize=11, color=QUIET, va="center")
