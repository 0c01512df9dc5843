"""What every test may ask for: the app, a database that forgets, and a browser-like client for a person.

The database is real. Each process gets a copy of one migrated database that holds the shipped programmes; the tests
that use `session` work in a transaction that is rolled back, those that need several connections ask for
`own_database`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import create_engine, event, make_url, pool
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.app import create_app
from lms.core import clock
from lms.core.db import database, transaction
from lms.curriculum.actions import load_catalogue
from lms.operations.migrate import migrate
from lms.search.actions import index_missing
from lms.settings import Mode, Settings
from tests.factories import NOW, TODAY
from tests.pages import Browser

if TYPE_CHECKING:
    from tests.server import ServerUrls

pytest_plugins = ["tests.demonstration", "tests.garbage", "tests.order", "tests.server"]

FILLED = "bekwaam_filled"


def settings_for(url: str) -> Settings:
    """Return the settings of a test installation on that database."""
    return Settings(
        mode=Mode.TEST,
        secret_key="only for tests, " * 4,
        database_url=url,
        metrics_token="metrics-token",
        evidence_store="memory:///",
    )


@pytest.fixture(scope="session")
def copy_of_filled(server_urls: ServerUrls) -> Callable[[], str]:
    """Return a function that makes a fresh copy of the filled database and returns its address."""

    def copy() -> str:
        name = f"copy_{uuid4().hex}"
        with psycopg.connect(_plain(server_urls.superuser), autocommit=True) as server:
            with server.transaction():
                server.execute("SELECT pg_advisory_xact_lock(7)")
                _make_filled(server, server_urls)
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER bekwaam STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(FILLED)
                )
            )
        return make_url(server_urls.owner).set(database=name).render_as_string(hide_password=False)

    return copy


def _plain(url: str) -> str:
    return url.replace("+psycopg", "", 1)


def _make_filled(server: psycopg.Connection[tuple[object, ...]], urls: ServerUrls) -> None:
    """Make the migrated database with the shipped programmes, once a run; the caller holds the lock."""
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [FILLED]).fetchone():
        return
    making = f"{FILLED}_{uuid4().hex}"
    with psycopg.connect(_plain(urls.superuser), autocommit=True) as outside:
        outside.execute(sql.SQL("CREATE DATABASE {} OWNER bekwaam").format(sql.Identifier(making)))
        url = make_url(urls.owner).set(database=making).render_as_string(hide_password=False)
        migrate(create_engine(url, poolclass=pool.NullPool))
        app = create_app(settings_for(url))
        with app.app_context():
            with transaction() as loading:
                load_catalogue(loading, by=None, at=NOW)
                index_missing(loading)
            database.engine.dispose()
        outside.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(FILLED))
        )


@pytest.fixture(scope="session")
def app(copy_of_filled: Callable[[], str]) -> Iterator[Flask]:
    """Return the app of this process, on its own copy of the filled database."""
    app = create_app(settings_for(copy_of_filled()))
    app.config["SESSION_COOKIE_SECURE"] = False
    yield app
    with app.app_context():
        database.engine.dispose()


@pytest.fixture
def session(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Return a session whose every write, and every write of the app meanwhile, is undone at the end of the test."""
    with app.app_context():
        connection = database.engine.connect()
        outer = connection.begin()
        engines = database._app_engines[app]
        monkeypatch.setitem(engines, None, connection)
        database.session.remove()
        database.session.configure(join_transaction_mode="create_savepoint")
        yield database.session()
        database.session.remove()
        outer.rollback()
        connection.close()


@pytest.fixture
def client_of(app: Flask, session: Session, today: date) -> Callable[[User | None], Browser]:
    """Return a function that gives a person's browser, signed in; without a person one where nobody signed in."""
    return lambda user: Browser(app, user)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """Let the clock stand still on a Friday morning, and return that day."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return TODAY


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """Return the list of the statements that are sent to the database, savepoints left out."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "SAVEPOINT" not in statement:
            sent.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def own_database(copy_of_filled: Callable[[], str]) -> Iterator[Flask]:
    """Return an app on a database of its own where commits are real, for tests with several connections."""
    app = create_app(settings_for(copy_of_filled()))
    yield app
    with app.app_context():
        database.session.remove()
        database.engine.dispose()
