"""The job worker: does what the data's own transaction asked for, and what a killed worker left."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from flask import Flask, current_app
from psycopg import sql
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from lms.core.jobs import ask_for, jobs
from lms.operations.jobs import MOST_ATTEMPTS, take_up_left_jobs
from lms.operations.migrate import migrate
from lms.operations.worker import register_tasks, work
from lms.settings import Settings
from tests.server import ServerUrls

done: list[tuple[str, str]] = []


@jobs.task(name="tests.note")
def note(word: str) -> None:
    done.append((word, current_app.name))


@pytest.fixture
def engine(server_urls: ServerUrls) -> Iterator[Engine]:
    """Give a migrated database of the test's own."""
    name = f"jobs_{uuid4().hex}"
    with psycopg.connect(server_urls.superuser.replace("+psycopg", ""), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} OWNER bekwaam").format(sql.Identifier(name)))
    engine = create_engine(make_url(server_urls.owner).set(database=name))
    migrate(engine)
    done.clear()
    yield engine
    engine.dispose()


def work_off(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    work(Flask("worker"), Settings(database_url=url), until_empty=True)


def test_a_job_exists_if_and_only_if_its_transaction_does(engine: Engine) -> None:
    with Session(engine) as session:
        ask_for(session, note, word="kept")
        session.commit()
        ask_for(session, note, word="undone")
        session.rollback()
    work_off(engine)
    assert done == [("kept", "worker")]


def test_a_job_that_is_done_leaves_no_row(engine: Engine) -> None:
    with Session(engine) as session:
        ask_for(session, note, word="once")
        session.commit()
    work_off(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tests.note'")) == 0


@pytest.mark.parametrize(("attempts", "outcome"), [(1, [("left", "worker")]), (MOST_ATTEMPTS, [])])
def test_a_job_of_a_killed_worker_is_done_by_another_but_not_for_ever(
    engine: Engine, attempts: int, outcome: list[tuple[str, str]]
) -> None:
    with Session(engine) as session:
        ask_for(session, note, word="left")
        ask_for(session, take_up_left_jobs, timestamp=0)
        killed = text(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        leave = text(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker, attempts = :attempts"
            " WHERE task_name = 'tests.note'"
        )
        session.execute(leave, {"worker": session.scalar(killed), "attempts": attempts})
        session.commit()
    work_off(engine)
    work_off(engine)
    assert done == outcome


def test_what_waits_already_is_not_asked_for_twice_and_harms_nothing_beside_it(engine: Engine) -> None:
    with Session(engine) as session:
        ask_for(session, take_up_left_jobs, timestamp=0)
        session.commit()
        ask_for(session, note, word="beside")
        ask_for(session, take_up_left_jobs, timestamp=60)
        session.commit()
        waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'operations.take_up_left_jobs'"
        assert session.scalar(text(waiting)) == 1
    work_off(engine)
    assert done == [("beside", "worker")]


def test_every_feature_with_jobs_is_registered() -> None:
    register_tasks()
    assert "operations.take_up_left_jobs" in jobs.tasks
