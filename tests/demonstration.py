"""The demonstration region for tests that meet the product as a person does: loaded once a run, copied for each.

A pytest plugin: the fixture `copy_of_demonstration` is there for every test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine, make_url, pool
from sqlalchemy.orm import Session

from lms.accounts.passwords import DEMO_PASSWORD, hash_of
from lms.core import clock
from lms.demo.loading import load_demo
from lms.demo.sizes import Size

if TYPE_CHECKING:
    from tests.server import ServerUrls

NAME = "bekwaam_demonstration"
LOCK = 8


@pytest.fixture(scope="session")
def copy_of_demonstration(server_urls: ServerUrls, copy_of_filled: Callable[[], str]) -> Callable[[], str]:
    """Return a function that copies the database with the demonstration, as of today, and returns its address."""

    def copy() -> str:
        name = f"demonstration_{uuid4().hex}"
        with psycopg.connect(server_urls.superuser.replace("+psycopg", "", 1), autocommit=True) as server:
            with server.transaction():
                server.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
                if not server.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).rowcount:
                    _make(server_urls, copy_of_filled())
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER bekwaam STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(NAME)
                )
            )
        return make_url(server_urls.owner).set(database=name).render_as_string(hide_password=False)

    return copy


def _make(urls: ServerUrls, filled: str) -> None:
    """Load the demonstration into this copy of the filled database and give it its name; the caller holds the lock."""
    engine = create_engine(filled, poolclass=pool.NullPool)
    with Session(engine) as session, session.begin():
        load_demo(
            session,
            size=Size.S,
            seed=1,
            today=clock.today(),
            at=clock.now(),
            password_hash=hash_of(DEMO_PASSWORD),
            progress=lambda _done, _total: None,
        )
    with psycopg.connect(urls.superuser.replace("+psycopg", "", 1), autocommit=True) as outside:
        old = sql.Identifier(str(make_url(filled).database))
        outside.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, sql.Identifier(NAME)))
