"""`bekwaam check`: says of each check whether all is right, else what the first difference is."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Connection

from lms.core import clock
from lms.core.db import database, transaction
from lms.operations.chains import Difference
from lms.operations.check import CHECKS, Check, one_moment, rebuild_standings
from lms.operations.files import check_every_file, check_sample

DIFFERENT = 1
EXIT_CODES = """\b
Exit codes:
  0  all is right
  1  something differs
  2  wrong use
  3  the settings are refused
  5  the database does not answer"""


@click.command(epilog=EXIT_CODES)
@click.option("--rebuild-standings", "rebuild", is_flag=True, help="First rewrite the standings that differ, audited.")
@click.option("--files", "whole", is_flag=True, help="Read every file whole, not only a hundred of them.")
def check(*, rebuild: bool, whole: bool) -> None:
    """Verify the record, the standings, the decisions, the assessments and the files; name each's first difference."""
    if rebuild:
        _rebuild()
    with one_moment(database.engine) as connection:
        differs = [_differs(_thorough(one) if whole else one, connection) for one in CHECKS]
    if any(differs):
        sys.exit(DIFFERENT)


def _thorough(one: Check) -> Check:
    return one._replace(run=check_every_file) if one.run is check_sample else one


def _rebuild() -> None:
    with transaction() as session:
        changed = rebuild_standings(session, at=clock.now())
    click.echo(f"Rewrote {changed} standings from the history.")


def _progress() -> Progress:
    """Return a progress bar on the error stream that is only drawn on a terminal, and leaves nothing behind."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _differs(one: Check, connection: Connection) -> bool:
    """Do one check, say what came out, and return whether something differs."""
    rows = connection.execute(one.rows).scalar_one()
    difference = None
    with _progress() as progress:
        task = progress.add_task(one.name, total=rows)
        try:
            one.run(connection, lambda more: progress.advance(task, more))
        except Difference as found:
            difference = found
    click.echo(f"{one.name}: DIFFERENT. {difference}" if difference else f"{one.name}: right ({rows} rows).")
    return difference is not None
