"""The tables, brought to the newest version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
ONE_AT_A_TIME = 0x6265_6B77
"""The number of the lock that keeps two hosts from migrating one database together."""


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Bring the tables to that revision; another host that does the same waits, and then finds nothing to do."""
    with engine.connect() as guard, engine.connect() as connection:
        guard.execute(text("SELECT pg_advisory_lock(:number)"), {"number": ONE_AT_A_TIME})
        command.upgrade(configuration(connection=connection), to)
        connection.commit()
        guard.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": ONE_AT_A_TIME})


def configuration(**attributes: object) -> Config:
    """Return Alembic's configuration for our migrations; `connection` is the one they run on."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes.update(attributes)
    return config
