"""`bekwaam report`: the same reports as on the web, written by the operator of the installation."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn
from uuid import UUID

import click
from flask_babel import force_locale
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from lms.accounts.models import User
from lms.accounts.queries import user_by_email
from lms.cohorts.models import Cohort
from lms.cohorts.queries import one_cohort
from lms.core import clock
from lms.core.db import transaction
from lms.core.words import LANGUAGES, _
from lms.organisations.models import Organisation
from lms.organisations.permissions import duties_of
from lms.progress.queries import cohort_matrix
from lms.progress.values import CohortMatrix, Selection, Shown
from lms.reports import formats
from lms.reports.actions import note_export
from lms.reports.cohort_report import cohort_report
from lms.reports.formats import Format
from lms.reports.output import STANDARD_OUTPUT, place
from lms.reports.tables import Table

REFUSED, NOT_WRITTEN = 9, 10
EXIT_CODES = """\b
Exit codes:
  0   the report is written
  2   wrong use: also a cohort, account, department or track that is not there
  3   the settings are refused
  5   the database does not answer
  9   the account of --as may not read this cohort
  10  the file cannot be written"""

DAY = click.DateTime(["%Y-%m-%d"])


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asks: of which cohort, in which format and place, as whom, and which trainees on which day."""

    cohort: str
    to: Format
    output: str
    on: date
    asker: str | None
    selection: Selection


@click.group()
def report() -> None:
    """Write a report to a file."""


@report.command("cohort", epilog=EXIT_CODES)
@click.argument("cohort")
@click.option("--format", "to", type=click.Choice([one.value for one in Format]), default="text", show_default=True)
@click.option("--output", default=STANDARD_OUTPUT, help="The file to write; - is the terminal.", show_default=True)
@click.option("--on", type=DAY, default=None, help="The day whose state is reported; today where not given.")
@click.option("--name", default="", help="Only trainees with this in their name.")
@click.option("--department", default="", help="Only trainees of the department with this name.")
@click.option("--track", default="", help="Only trainees on the track with this key.")
@click.option("--shown", type=click.Choice([one.value for one in Shown]), default="all", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="nl", show_default=True)
@click.option("--as", "asker", default=None, help="The e-mail address of the account that asks.", metavar="EMAIL")
def cohort_command(
    cohort: str,
    to: str,
    output: str,
    on: datetime | None,
    name: str,
    department: str,
    track: str,
    shown: str,
    language: str,
    asker: str | None,
) -> None:
    """Write the report on COHORT, which is its key or its exact name.

    What is taken away is noted in the audit record: as the account of --as, which must be allowed to, or as the
    operator.
    """
    selection = Selection(name=name, department=department, track=track, shown=Shown(shown))
    wish = Wish(cohort, Format(to), output, on.date() if on else clock.today(), asker, selection)
    _refuse_binary_on_screen(wish)
    with force_locale(language):
        rows = _write(wish)
    if output != STANDARD_OUTPUT:
        click.echo(f"Wrote {rows} trainees to {output}.", err=True)


def _refuse_binary_on_screen(wish: Wish) -> None:
    if wish.to is Format.XLSX and wish.output == STANDARD_OUTPUT and sys.stdout.isatty():
        raise click.UsageError("A workbook cannot be shown on a terminal: name a file with --output.")


def _write(wish: Wish) -> int:
    """Write the report and note it; return how many trainees it holds.

    The note goes before the file gets its name: a file that nobody noted is worse than a note without a file.
    """
    try:
        with place(wish.output) as file, transaction() as session:
            asker, at = _asker(session, wish.asker), clock.now()
            cohort = _cohort(session, wish, asker)
            table = _table(session, cohort, wish, asker, at)
            with _progress(len(table.rows)) as advance:
                formats.write(table, wish.to, file, advance=advance)
            by, filters = asker.id if asker else None, wish.selection.as_arguments()
            note_export(session, cohort.id, table, to=wish.to, filters=filters, by=by, at=at)
    except OSError as wrong:
        _leave(NOT_WRITTEN, f"The report cannot be written to {wish.output}: {wrong.strerror or wrong}.")
    return len(table.rows)


def _asker(session: Session, email: str | None) -> User | None:
    if email is None:
        return None
    user = user_by_email(session, email)
    if user is None or user.disabled_at is not None:
        raise click.UsageError(f"There is no account with the e-mail address {email}.")
    return user


def _cohort(session: Session, wish: Wish, asker: User | None) -> Cohort:
    """Return the cohort with its organisation; refuse none, several, and one that the account may not read."""
    named = Cohort.name == wish.cohort
    key = _as_key(wish.cohort)
    wanted = or_(named, Cohort.id == key) if key else named
    cohorts = session.scalars(
        select(Cohort)
        .where(wanted)
        .join(Organisation)
        .options(joinedload(Cohort.organisation))
        .order_by(Organisation.name)
    ).all()
    if not cohorts:
        raise click.UsageError(f"There is no cohort with the name or key {wish.cohort}.")
    if len(cohorts) > 1:
        choices = ", ".join(f"{cohort.id} ({cohort.organisation.name})" for cohort in cohorts)
        raise click.UsageError(f"Several cohorts are called {wish.cohort}; name one by its key: {choices}.")
    if asker and one_cohort(session, duties_of(asker.id, on=clock.today()), cohorts[0].id) is None:
        _leave(REFUSED, f"{asker.email} may not read the trainees of this cohort.")
    return cohorts[0]


def _as_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _table(session: Session, cohort: Cohort, wish: Wish, asker: User | None, at: datetime) -> Table:
    matrix = cohort_matrix(session, cohort.id, on=wish.on)
    _refuse_unknown(wish.selection, matrix)
    name = asker.name if asker else _("The operator of this installation")
    return cohort_report(session, cohort, matrix, selection=wish.selection, asked_by=name, asked_at=at)


def _refuse_unknown(selection: Selection, matrix: CohortMatrix) -> None:
    """Refuse a filter that nobody in the cohort fits: it is a slip, not a wish for an empty report."""
    roll = matrix.roll
    for option, value, known in (
        ("--department", selection.department, roll.departments),
        ("--track", selection.track, roll.tracks),
    ):
        if value and value not in known:
            raise click.UsageError(f"{option} {value} is not in this cohort; there is: {', '.join(known) or 'none'}.")


@contextmanager
def _progress(rows: int) -> Iterator[Callable[[], None]]:
    """Give what moves a progress bar on, drawn on the error stream where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(_("Writing the report"), total=rows)
        yield lambda: progress.advance(task)


def _leave(code: int, sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)
