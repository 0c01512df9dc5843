"""The region for show, loaded once for the tests that read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, create_engine, pool
from sqlalchemy.orm import Session

from tests.demo.loaded import load


@pytest.fixture(scope="session")
def shown(copy_of_filled: Callable[[], str]) -> Iterator[Engine]:
    """Return a database that holds the region for show."""
    engine = create_engine(copy_of_filled(), poolclass=pool.NullPool)
    with Session(engine) as session, session.begin():
        load(session)
    yield engine
    engine.dispose()


@pytest.fixture
def region(shown: Engine) -> Iterator[Session]:
    """Return a session on the region for show, whose writes are undone."""
    with Session(shown) as session:
        yield session
        session.rollback()
