"""Migrations: they make what the models say, and go back and forth over a database that is full."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, pool, text

from lms.operations.migrate import configuration, migrate
from lms.tables import metadata

FUNCTIONS = text(
    "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'"
)
OURS = {"alembic_version"}


@pytest.fixture
def engine(copy_of_demonstration: Callable[[], str]) -> Iterator[Engine]:
    """Return a database that holds the programmes and the demonstration."""
    engine = create_engine(copy_of_demonstration(), poolclass=pool.NullPool)
    yield engine
    engine.dispose()


def differences(engine: Engine) -> list[object]:
    """Return what a new migration would have to change."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_name": of_the_models}
        )
        return list(compare_metadata(context, metadata))


def of_the_models(name: str | None, kind: str, _parents: object) -> bool:
    """Whether it is ours: the tables of the job queue come from the queue."""
    return kind != "table" or (name or "").partition("_")[0] != "procrastinate"


def test_the_tables_are_those_of_the_models(engine: Engine) -> None:
    assert differences(engine) == []


def test_there_is_one_newest_migration_and_one_oldest() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_a_full_database_goes_back_to_nothing_and_forth_again(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM decisions")) > 0
        command.downgrade(configuration(connection=connection), "base")
        connection.commit()
        assert set(inspect(connection).get_table_names()) == OURS
        assert connection.scalar(FUNCTIONS) == 0
    migrate(engine)
    assert differences(engine) == []


def test_each_step_back_can_be_taken_forth_again(engine: Engine) -> None:
    scripts = ScriptDirectory.from_config(configuration())
    for script in list(scripts.walk_revisions())[:-1]:
        with engine.connect() as connection:
            command.downgrade(configuration(connection=connection), str(script.down_revision))
            connection.commit()
        migrate(engine)
        assert differences(engine) == []
