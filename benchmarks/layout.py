"""The results as tables: plain for a terminal, Markdown for the README; columns stay where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.figures import PageFigures, Timing
from benchmarks.targets import MOST_GROWTH, MOST_TIMES_FLOOR, Missed, missed

Row = Sequence[str]
HEADINGS = (
    *("page", "p50", "p95", "max", "p50 ×8", "p95 ×8", "req/s ×8", "core ms", "kB", "kB gzip"),
    *("SQL", "rows", "SQL ms", "floor", "×floor", "growth", "targets"),
)
NUMBERS = range(1, len(HEADINGS) - 1)
STATEMENT_HEADINGS = ("page", "statement", "ms", "of the page", "rows", "blocks", "read whole")
NONE = "–"


def page_row(page: PageFigures, *, growth: float | None) -> Row:
    """Return the figures of one page as the cells of its line."""
    alone, together = page.alone, page.together
    return (
        page.title,
        *(milliseconds(figure) for figure in (alone.p50, alone.p95, alone.slowest, together.p50, together.p95)),
        f"{together.per_second:.0f}",
        milliseconds(page.processor),
        f"{page.body / 1000:.1f}",
        f"{page.compressed / 1000:.1f}",
        str(page.statements),
        str(page.rows),
        milliseconds(page.database),
        milliseconds(page.floor.p50) if page.floor else NONE,
        times(page.floor_ratio),
        times(growth),
        verdict(missed(page, growth=growth)),
    )


def verdict(misses: Sequence[Missed]) -> str:
    """Return in words whether the targets are met, and which are not."""
    return f"not met: {', '.join(map(str, misses))}" if misses else "met"


def milliseconds(figure: float) -> str:
    """Return a time with as many digits as it has meaning."""
    return f"{figure:.0f}" if figure >= 100 else f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"


def times(figure: float | None) -> str:
    """Return a ratio, or a dash where there is none."""
    return NONE if figure is None else f"{figure:.2f}"


def one_by_one(timing: Timing) -> str:
    """Return one line on a timing by itself."""
    return f"p50 {milliseconds(timing.p50)} ms, p95 {milliseconds(timing.p95)} ms"


def statement_rows(pages: Iterable[PageFigures], *, slower_than: float) -> list[Row]:
    """Return a line for every statement that takes longer than that many milliseconds or reads a large table whole."""
    rows: list[Row] = []
    for page in pages:
        for statement in sorted(page.explained, key=lambda one: -one.milliseconds):
            if statement.milliseconds > slower_than or statement.scanned:
                what = f"{statement.verb} {', '.join(statement.tables)}"
                cells = (milliseconds(statement.milliseconds), f"{statement.share:.0%}", str(statement.rows))
                rows.append((page.title, what, *cells, str(statement.blocks), ", ".join(statement.scanned) or NONE))
    return rows


def plain(headings: Row, rows: Sequence[Row], *, numbers: Iterable[int] = ()) -> str:
    """Return a table for a terminal: columns as wide as their widest cell, numbers to the right."""
    right = set(numbers)
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]

    def line(row: Row) -> str:
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    return "\n".join([line(headings), line(["-" * width for width in widths]), *map(line, rows)])


def markdown(headings: Row, rows: Sequence[Row], *, numbers: Iterable[int] = ()) -> str:
    """Return a Markdown table with the numbers to the right."""
    right = set(numbers)
    marks = ["---:" if column in right else "---" for column in range(len(headings))]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in (headings, marks, *rows))


def legend() -> str:
    """Return what the columns mean."""
    return (
        "Times in milliseconds, one request at a time and (×8) eight at a time, seen by the client over loopback. "
        "Core ms: what the web server itself worked for a request. "
        "kB: the body as sent and as a proxy would compress it (gzip 6). SQL, rows: statements sent and rows read or "
        "written by a page; SQL ms: what they cost inside PostgreSQL. Floor: the same statements by bare psycopg and "
        "as many bytes by a bare Flask view under the same web server. Growth: p50 over that of the same page on the "
        f"next smaller size. Targets: page p50 < 25 and p95 < 60, rating < 40, cached chart < 5, export of 1,000 × 20 "
        f"< 1000, ×floor ≤ {MOST_TIMES_FLOOR:g}, growth ≤ {MOST_GROWTH:g}."
    )


def fact_rows(facts: Mapping[str, str]) -> list[Row]:
    """Return facts as lines of two cells."""
    return [(name, value) for name, value in facts.items()]
