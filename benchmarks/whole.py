"""One size measured as a whole: its data made ready, the servers started, every page asked for, everything stopped."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from pathlib import Path

import click
import psycopg
import structlog

from benchmarks import machine
from benchmarks.book import Book
from benchmarks.client import Request
from benchmarks.curriculum import written
from benchmarks.data import folder_of, make_ready, plain
from benchmarks.figures import Kind, PageFigures
from benchmarks.layout import milliseconds, one_by_one
from benchmarks.load import Extent, Load
from benchmarks.measuring import TOGETHER, Bench
from benchmarks.pages import Pages
from benchmarks.results import SizeFigures
from benchmarks.serving import Bekwaam, bekwaam, floor
from benchmarks.subjects import subjects
from lms.app import create_app
from lms.core import clock
from lms.core.db import database
from lms.demo.sizes import Size
from lms.operations.installation import with_secret
from lms.settings import Settings

COUNTED = ("activities", "assessments", "decisions", "standings", "audit_entries", "enrolments", "users")


@dataclass(slots=True)
class Spent:
    """The largest share of a core that the client used for a page, and that page."""

    share: float = 0.0
    title: str = ""

    def note(self, share: float, title: str) -> None:
        """Remember the share of a page when it is the largest."""
        if share > self.share:
            self.share, self.title = share, title


def measure_size(size: Size, *, only: str, extent: Extent) -> SizeFigures:
    """Return the figures of every page whose key holds `only`, on data of that size."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # Of our own requests.
    today, folder = clock.today(), folder_of(size)
    say(f"Size {size}: making the data ready")
    make_ready(size, on=today)
    say(f"Size {size}: starting 'bekwaam run'")
    recordings = _emptied(folder / "recordings")
    with bekwaam(folder) as running, floor(running, recordings) as floor_port:
        app = create_app(with_secret(Settings(data_folder=folder, database_url=running.database_url)))
        bench = Bench(app, running, floor_port, recordings, extent)
        try:
            spent = Spent()
            facts = _before(running, bench)
            pages = list(_measured(bench, size, spent, on=today, only=only))
            facts |= _after(running, pages, spent)
        finally:
            with app.app_context():
                database.engine.dispose()
    return SizeFigures(size=size.value, facts=facts, pages=pages)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _measured(bench: Bench, size: Size, spent: Spent, *, on: date, only: str) -> Iterator[PageFigures]:
    """Yield the figures of one page after the other, saying each as it is known."""
    url = plain(bench.running.database_url)
    has = subjects(url, on=on)
    programmes = written(bench.app, (has.cohorts or has.shown_cohorts)[0])
    book = Book(bench.app, has.everybody | {programmes.writer_id})
    for page in Pages(book, has, programmes, url):
        if only in page.key:
            figures, share = bench.measure(page, size=size.value)
            spent.note(share, page.title)
            below = f", floor {milliseconds(figures.floor.p50)}" if figures.floor else ""
            say(f"  {page.title:<48}{one_by_one(figures.alone)}{below}")
            yield figures


def _before(running: Bekwaam, bench: Bench) -> dict[str, str]:
    """Return what is known before anything is asked for."""
    return {
        "processes that wanted a core, before": f"{machine.waiting():.1f}",
        "'bekwaam run' to ready, data there already": f"{running.seconds_to_ready:.2f} s",
        **_contents(plain(running.database_url)),
        **_empty_answers(bench.floor_port),
    }


def _contents(url: str) -> dict[str, str]:
    """Return the size of the database and the number of rows in its tables."""
    with psycopg.connect(url) as connection:
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
        counts = {table: connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() for table in COUNTED}
        version = connection.info.parameter_status("server_version")
    rows = ", ".join(f"{name} {count[0]:,}" for name, count in counts.items() if count)
    return {"PostgreSQL": str(version), "database": size[0] if size else "", "rows": rows}


def _empty_answers(port: int) -> dict[str, str]:
    """Return what the client and the web server take for an empty answer of a bare view: nothing can be below it."""
    facts = {}
    for people in (1, TOGETHER):
        run = Load(port, repeat(Request("/")), expected=200, extent=Extent(most=5000)).run(people)
        rate, cost = run.timing.per_second, 1000 * run.client_share / run.timing.per_second
        facts[f"empty answer, {people} at a time"] = (
            f"{one_by_one(run.timing)}, {rate:.0f} a second; the client used {cost:.3f} ms of a core for each"
        )
    return facts


def _after(running: Bekwaam, pages: Sequence[PageFigures], spent: Spent) -> dict[str, str]:
    """Return what is known when all is measured."""
    written = [f"{page.together.per_second:.0f}" for page in pages if page.kind is Kind.RATING]
    memory = {
        f"memory of {part}": f"{', '.join(f'{figure:.0f}' for figure in figures)} MB"
        for part, figures in running.memory().items()
    }
    return {
        "ratings committed a second, 8 at a time": ", ".join(written),
        **memory,
        "largest share of a core used by the client": f"{spent.share:.0%} ({spent.title})",
        "processes that wanted a core, after": f"{machine.waiting():.1f}",
    }


def say(line: str) -> None:
    """Show how far it is."""
    click.echo(line, err=True)
