"""A database made ready to serve: its tables up to date, the programmes in it, and once the demonstration region."""

from __future__ import annotations

import click
from sqlalchemy import create_engine, pool

from lms.operations.migrate import migrate
from lms.settings import Settings


def prepare(settings: Settings) -> None:
    """Bring the database of these settings up to date; what is there already stays as it is."""
    click.echo("Bringing the tables up to date", err=True)
    migrate(create_engine(settings.database_url or "", poolclass=pool.NullPool))
