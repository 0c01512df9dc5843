"""A database made ready to serve: its tables up to date and the shipped programmes in it."""

from __future__ import annotations

import click
from sqlalchemy import create_engine, pool

from lms.app import create_app
from lms.core import clock
from lms.core.db import transaction
from lms.curriculum.actions import load_catalogue
from lms.operations.migrate import migrate
from lms.settings import Settings


def prepare(settings: Settings) -> None:
    """Bring the database of these settings up to date; what is there already stays as it is."""
    click.echo("Bringing the tables up to date", err=True)
    migrate(create_engine(settings.database_url or "", poolclass=pool.NullPool))
    app = create_app(settings)
    with app.app_context():
        _load_programmes()


def _load_programmes() -> None:
    with transaction() as session:
        summary = load_catalogue(session, by=None, at=clock.now())
    if summary.loaded:
        click.echo(f"Loaded the programmes {', '.join(summary.loaded)}", err=True)
