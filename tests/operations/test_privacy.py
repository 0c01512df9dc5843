"""`bekwaam check` finds out when the database no longer keeps reflections to their writers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, make_url, pool, text

from lms.core.db import database
from lms.operations.chains import Difference
from lms.operations.privacy import check_privacy
from tests.server import ServerUrls


@pytest.fixture
def engine(own_database: Flask) -> Iterator[Engine]:
    with own_database.app_context():
        url = database.engine.url
    engine = create_engine(url, poolclass=pool.NullPool)
    yield engine
    engine.dispose()


def said_of(connection: Connection) -> str | None:
    """Return the difference that is found, and None where all is right."""
    try:
        check_privacy(connection, lambda _rows: None)
    except Difference as found:
        return str(found)
    return None


def test_a_database_as_it_was_made_is_right(engine: Engine) -> None:
    counted: list[int] = []
    with engine.connect() as connection:
        check_privacy(connection, counted.append)
    assert counted == [4]


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ("ALTER TABLE reflections NO FORCE ROW LEVEL SECURITY", "table reflections is off, or does not bind its owner"),
        ("ALTER TABLE reflection_shares DISABLE ROW LEVEL SECURITY", "table reflection_shares is off"),
        ("CREATE POLICY open ON reflections USING (true)", "policy open of the table reflections"),
        ("DROP POLICY of_reader ON reflections", "policy of_reader of the table reflections"),
    ],
)
def test_a_policy_that_is_undone_is_named(engine: Engine, change: str, difference: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(change))
        assert difference in str(said_of(connection))


def test_a_role_that_passes_by_the_policies_is_named(engine: Engine, server_urls: ServerUrls) -> None:
    url = make_url(server_urls.superuser).set(database=engine.url.database)
    superuser = create_engine(url, poolclass=pool.NullPool)
    with superuser.connect() as connection:
        assert "The role postgres passes by the policies" in str(said_of(connection))
    superuser.dispose()
