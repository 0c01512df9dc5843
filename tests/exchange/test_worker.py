"""The real worker: reads and applies what people asked for, also when the worker before it was killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, pool, select, text
from sqlalchemy.orm import Session

from lms.core import db
from lms.core.jobs import ask_for
from lms.exchange.case.writing import case_of
from lms.exchange.models import FrameworkPackage, Import, ImportState
from lms.exchange.queries.packages import package_in_full
from lms.operations.jobs import take_up_left_jobs
from lms.operations.worker import work
from tests.exchange.files import hand_in, newest, press_import
from tests.exchange.packages import as_file, large_package, small_package
from tests.factories import Ward
from tests.pages import Browser

KILLED = text(
    "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id) "
    "UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id, attempts = 1 FROM dead "
    "WHERE task_name LIKE 'exchange.%_import' AND status = 'todo'"
)
"""The worker took the job up, and was killed before it was done."""


@pytest.fixture
def lead(own_database: Flask) -> Iterator[Browser]:
    """Return the browser of a programme lead, on a database where every commit is real."""
    with own_database.app_context():
        with db.transaction() as session:
            person = Ward(session).lead
        yield Browser(own_database, person)


def worked_off(app: Flask) -> Session:
    """Let a worker do all that waits, and return a session that sees what came of it."""
    db.session().rollback()
    work(app, app.config["BEKWAAM"], until_empty=True)
    db.session().expire_all()
    return db.session()


def kill_the_worker() -> None:
    with db.transaction() as session:
        session.execute(KILLED)
        ask_for(session, take_up_left_jobs, timestamp=0)


@pytest.mark.parametrize("killed", [False, True], ids=["at once", "after a kill"])
def test_a_file_is_read_and_imported_once_whatever_happens_to_a_worker(
    own_database: Flask, lead: Browser, killed: bool
) -> None:
    hand_in(lead, as_file(small_package()))
    if killed:
        kill_the_worker()
        worked_off(own_database)
    session = worked_off(own_database)
    one = newest(session)
    assert one.state is ImportState.READY
    press_import(lead, one.id)
    if killed:
        kill_the_worker()
        worked_off(own_database)
    session = worked_off(own_database)
    assert session.get_one(Import, one.id).state is ImportState.APPLIED
    (stored,) = session.scalars(select(FrameworkPackage).where(FrameworkPackage.programme_version_id.is_(None)))
    assert case_of(package_in_full(session, stored)) == small_package()


def test_how_far_an_import_is_can_be_seen_before_it_is_done(own_database: Flask, lead: Browser) -> None:
    hand_in(lead, as_file(large_package(1500)))
    seen: list[tuple[str, int, int]] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("INSERT INTO import_lines", "INSERT INTO package_")):
            with engine.connect() as another:
                row = another.execute(HOW_FAR).one()
                seen.append((row.phase, row.done, row.total))

    with own_database.app_context():
        work_on = db.session().connection().engine
        engine = create_engine(own_database.config["BEKWAAM"].database_url or "", poolclass=pool.NullPool)
        event.listen(work_on, "before_cursor_execute", look)
        one = newest(worked_off(own_database))
        assert list(dict.fromkeys(seen)) == [("keeping", 0, 3001), ("keeping", 2000, 3001)]
        seen.clear()
        press_import(lead, one.id)
        assert "Waits for a worker" in lead.get(f"/imports/{one.id}").text
        worked_off(own_database)
        event.remove(work_on, "before_cursor_execute", look)
    phases = {phase for phase, _done, _total in seen}
    assert phases == {"storing"}
    assert [done for _phase, done, _total in seen] == sorted(done for _phase, done, _total in seen)
    assert max(done for _phase, done, _total in seen) == 3000
    assert {total for _phase, _done, total in seen} == {3000}


HOW_FAR = text("SELECT phase, done, total FROM import_progress")
