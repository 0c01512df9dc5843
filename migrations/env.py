"""How Alembic reaches the database: with the address that the command hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine, pool

from lms.tables import metadata

LONGEST_LOCK_WAIT = "5s"


def run() -> None:
    """Upgrade or downgrade; where a table stays locked the migration fails, and the hospital need not wait."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    with engine.connect() as opened:
        _migrate(opened)


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        include_object=_ours,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.execute(f"SET lock_timeout = '{LONGEST_LOCK_WAIT}'")
        context.run_migrations()


def _ours(_thing: object, name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:
    """Leave the tables of the job queue to the queue's own schema."""
    return not (name or "").startswith(("procrastinate", "idx_procrastinate"))


run()
