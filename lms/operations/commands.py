"""The operator's commands that run Bekwaam: `run`, `worker`, `prepare`, `migrate`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click
from psycopg import errors
from sqlalchemy import create_engine, pool
from sqlalchemy.exc import OperationalError

from lms.core.garbage import without_collecting
from lms.operations.installation import available, with_secret
from lms.operations.refusals import CannotRun, ExitCode
from lms.settings import SettingsRefused, read_settings

P = ParamSpec("P")


def plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Make a command end with one sentence and a documented exit code when it cannot do its work."""

    @wraps(command)
    def run_plainly(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except SettingsRefused as refused:
            _leave(ExitCode.SETTINGS, str(refused))
        except CannotRun as refused:
            _leave(refused.code, str(refused))
        except OperationalError as wrong:
            _leave(*_database_refusal(wrong))

    return run_plainly


def _leave(code: ExitCode, sentence: str) -> None:
    if sentence:
        click.echo(sentence, err=True)
    sys.exit(code)


def _database_refusal(wrong: OperationalError) -> tuple[ExitCode, str]:
    if isinstance(wrong.orig, errors.DiskFull):
        return ExitCode.DATA_FOLDER, "The disk of the database is full: make room and start Bekwaam again."
    said = str(wrong.orig).strip().replace("\n", "; ")
    return (
        ExitCode.DATABASE,
        f"The database does not answer ({said}): see that it runs and that DATABASE_URL is right.",
    )


@click.command()
@plainly
def run() -> None:
    """Start Bekwaam: database, web server and job worker; Ctrl-C stops them."""
    from lms.operations.serve import run as serve

    serve(read_settings())


@click.command()
@plainly
def worker() -> None:
    """Do the jobs that wait in the database, until stopped."""
    with without_collecting():
        from lms.app import create_app
        from lms.core.logs import set_up_logs
        from lms.operations.worker import work

    set_up_logs()
    settings = with_secret(read_settings())
    work(create_app(settings), settings)


@click.command()
@plainly
def prepare() -> None:
    """Bring the tables up to date and load the programmes and, in the demonstration, its region where missing."""
    with without_collecting():
        from lms.operations.first_start import prepare as make_ready

    with available(read_settings()) as settings:
        make_ready(settings)


@click.command()
@plainly
def migrate() -> None:
    """Bring the tables up to date."""
    from lms.operations.migrate import migrate as bring_up_to_date

    with available(read_settings()) as settings:
        bring_up_to_date(create_engine(settings.database_url or "", poolclass=pool.NullPool))


COMMANDS = (run, worker, prepare, migrate)
