"""Heat maps of a cohort: trainees by EPAs, or for many people levels by EPAs with the number of trainees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.markers import MarkerStyle
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from lms.charts.style import INK, LINE, PAPER, QUIET, TONES, blank, ink_on, tone

T = TypeVar("T")
WIDE, NARROW = 960, 358
MOST_ROWS = 60
"""Over so many trainees a row is thinner than a name; then the rows are levels."""

HEAD = 88
WIDEST_CELL = 44
SMALLEST_WITH_CODE = 22
EDGE = 8
LETTER = 7.2
LONGEST_CODE = 13
PALE = "#b4c0c8"
Square = tuple[int, int]
"""The row and the column of a cell."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A level of a trainee on an EPA: its code, its rank out of the highest of its scale, and whether it has expired.

    Rank 0 is no level yet.
    """

    code: str
    rank: int
    top_rank: int
    is_expired: bool = False


@dataclass(frozen=True, slots=True)
class CohortHeat:
    """Trainees by EPAs, `columns` and `rows` by code and name; a null shade is an EPA that is not for that trainee."""

    columns: Sequence[str]
    rows: Sequence[str]
    shades: Sequence[Sequence[Shade | None]]


@dataclass(frozen=True, slots=True)
class LevelHeat:
    """Levels by EPAs: `counts` holds the trainees at each level, row by row; null is a number too small to show."""

    columns: Sequence[str]
    rows: Sequence[str]
    counts: Sequence[Sequence[int | None]]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the cells lie, in pixels from the lower left."""

    width: int
    height: int
    left: int
    cell_width: float
    cell_height: int

    def square(self, row: int, column: int) -> Path:
        """Return the outline of a cell, one pixel smaller on all sides."""
        x, y = self.left + column * self.cell_width, self.height - HEAD - (row + 1) * self.cell_height
        right, top = x + self.cell_width - 1, y + self.cell_height - 1
        return Path([(x, y), (right, y), (right, top), (x, top), (x, y)], closed=True)

    def middle(self, row: int, column: int) -> tuple[float, float]:
        """Return the middle of a cell."""
        return (
            self.left + (column + 0.5) * self.cell_width - 0.5,
            self.height - HEAD - (row + 0.5) * self.cell_height - 0.5,
        )

    @property
    def has_room(self) -> bool:
        """Return whether a code fits in a cell."""
        return self.cell_width >= SMALLEST_WITH_CODE


def size_of(columns: int, rows: int, *, width: int = WIDE) -> tuple[int, int]:
    """Return the width and height in pixels of a heat map of so many columns and rows."""
    grid = _grid(columns, rows, width)
    return grid.width, grid.height


def cohort_heat_map(heat: CohortHeat, *, width: int = WIDE) -> Figure:
    """Return trainees by EPAs with the level in each cell; hatched is expired, an empty frame is no level."""
    grid = _grid(len(heat.columns), len(heat.rows), width)
    figure, axes = _framed(grid, heat.columns, heat.rows)
    for shade, squares in _alike(heat.shades).items():
        if shade is not None:
            _draw_shade(axes, grid, squares, shade)
    return figure


def level_heat_map(heat: LevelHeat, *, width: int = WIDE) -> Figure:
    """Return levels by EPAs with the number of trainees in each cell, the darker the more of them."""
    grid = _grid(len(heat.columns), len(heat.rows), width)
    figure, axes = _framed(grid, heat.columns, heat.rows)
    most = max((count or 0 for counts in heat.counts for count in counts), default=0)
    for count, squares in _alike(heat.counts).items():
        _draw_count(axes, grid, squares, count, most)
    return figure


def _alike(rows: Sequence[Sequence[T]]) -> dict[T, list[Square]]:
    """Return the cells that look alike together, so that each look is drawn once."""
    alike: defaultdict[T, list[Square]] = defaultdict(list)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            alike[cell].append((row, column))
    return alike


def _grid(columns: int, rows: int, width: int) -> _Grid:
    """Return the grid for so many columns and rows: cells as wide as there is room for, but no wider than is calm."""
    is_wide = width >= WIDE
    left = 190 if is_wide else 108
    cell_width = min((width - left - EDGE) / max(columns, 1), float(WIDEST_CELL))
    cell_height = 22 if is_wide else 20
    used = max(int(left + cell_width * columns + EDGE), NARROW)
    return _Grid(used, HEAD + rows * cell_height + EDGE, left, cell_width, cell_height)


def _framed(grid: _Grid, columns: Sequence[str], rows: Sequence[str]) -> tuple[Figure, Axes]:
    """Return a figure and its axes with the codes above, the names beside, and pixels for units."""
    figure = blank(grid.width, grid.height)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, grid.width), ylim=(0, grid.height))
    axes.set_axis_off()
    turned = 90 if max(map(len, columns), default=0) * LETTER > grid.cell_width else 0
    for column, code in enumerate(columns):
        x, _y = grid.middle(0, column)
        axes.text(
            x,
            grid.height - HEAD + 6,
            _cut(code, LONGEST_CODE),
            fontsize=11,
            color=QUIET,
            rotation=turned,
            ha="center",
            va="bottom",
        )
    letters = int((grid.left - 12) / LETTER)
    for row, name in enumerate(rows):
        _x, y = grid.middle(row, 0)
        axes.text(
            grid.left - 8,
            y,
            _cut(name, letters),
            fontsize=12 if grid.has_room else 11,
            ha="right",
            va="center_baseline",
        )
    return figure, axes


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _draw_shade(axes: Axes, grid: _Grid, squares: Sequence[Square], shade: Shade) -> None:
    """Draw all cells of one level; an expired one is hatched without its tone, so that it is not taken for a level."""
    if not shade.rank:
        _fill(axes, grid, squares, face=PAPER, edge=LINE)
        return
    if shade.is_expired:
        _fill(axes, grid, squares, face=PAPER, edge=PALE, hatch="///")
    else:
        _fill(axes, grid, squares, face=tone(shade.rank, shade.top_rank), edge="none")
    if grid.has_room:
        _write(axes, grid, squares, shade.code, INK if shade.is_expired else ink_on(shade.rank, shade.top_rank))


def _draw_count(axes: Axes, grid: _Grid, squares: Sequence[Square], count: int | None, most: int) -> None:
    """Draw all cells with one number of trainees; nobody is an empty frame, too few to show a star."""
    if not count:
        _fill(axes, grid, squares, face=PAPER, edge=LINE)
        if count is None:
            _write(axes, grid, squares, "*", INK)
        return
    step = 1 + (len(TONES) - 1) * count // most
    _fill(axes, grid, squares, face=TONES[step - 1], edge="none")
    if grid.has_room:
        _write(axes, grid, squares, str(count), ink_on(step, len(TONES)))


def _fill(
    axes: Axes, grid: _Grid, squares: Sequence[Square], *, face: str, edge: str, hatch: str | None = None
) -> None:
    outline = Path.make_compound_path(*(grid.square(row, column) for row, column in squares))
    axes.add_patch(PathPatch(outline, facecolor=face, edgecolor=edge, linewidth=1, hatch=hatch, clip_on=False))


def _write(axes: Axes, grid: _Grid, squares: Sequence[Square], code: str, colour: str) -> None:
    """Write one code in many cells: its letters are an outline that is drawn once and used again."""
    letters = TextPath((0, 0), code, size=11)
    box = letters.get_extents()
    centred = letters.transformed(Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2))
    # A mark is scaled to its widest reach, so this leaves letters as they are.
    size = 2 * float(np.abs(np.asarray(centred.vertices)).max())
    xs, ys = zip(*(grid.middle(row, column) for row, column in squares), strict=True)
    mark = MarkerStyle(centred)
    axes.plot(xs, ys, linestyle="", marker=mark, markersize=size, color=colour, markeredgewidth=0, clip_on=False)
