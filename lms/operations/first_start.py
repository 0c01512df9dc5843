"""A database made ready to serve: its tables up to date and the shipped programmes in it."""

from __future__ import annotations

import click
from sqlalchemy import Engine, create_engine, pool
from sqlalchemy.orm import Session

from lms.core import clock
from lms.curriculum.actions import load_catalogue
from lms.operations.migrate import migrate
from lms.settings import Settings


def prepare(settings: Settings) -> None:
    """Bring the database of these settings up to date; what is there already stays as it is."""
    click.echo("Bringing the tables and the programmes up to date", err=True)
    engine = create_engine(settings.database_url or "", poolclass=pool.NullPool)
    migrate(engine)
    _load_programmes(engine)


def _load_programmes(engine: Engine) -> None:
    with Session(engine) as session, session.begin():  # Without the app: importing it takes longer than all of this.
        summary = load_catalogue(session, by=None, at=clock.now())
    if summary.loaded:
        click.echo(f"Loaded the programmes {', '.join(summary.loaded)}", err=True)
