"""`bekwaam demo`: load the demonstration."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lms.accounts.passwords import DEMO_PASSWORD, hash_of
from lms.core import clock, files
from lms.core.db import transaction
from lms.demo.loading import CannotLoad, load_demo
from lms.demo.sizes import Size
from lms.operations.refusals import ExitCode


@click.command(epilog="Exit codes: 0 loaded, 2 wrong use, 3 settings, 5 the database does not answer, 9 refused.")
@click.option(
    "--size",
    type=click.Choice([size.value for size in Size]),
    default=Size.S.value,
    show_default=True,
    help="S: a region for show. M: a region at work. L: a country.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed on the same day: the same rows.")
def demo(size: str, seed: int) -> None:
    """Load invented data into a database that has the programmes and no demonstration yet."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Demonstration", total=None)
            with transaction() as session:
                load_demo(
                    session,
                    size=Size(size),
                    seed=seed,
                    today=clock.today(),
                    at=clock.now(),
                    password_hash=hash_of(DEMO_PASSWORD),
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                    keep_file=files.put,
                )
    except CannotLoad as refused:
        click.echo(str(refused), err=True)
        sys.exit(ExitCode.REFUSED)
    click.echo(f"Loaded the demonstration of size {size}.")
