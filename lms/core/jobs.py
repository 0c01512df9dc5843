"""Jobs: rows in the database, run by a worker, tried again after a failure."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task
from sqlalchemy import Select, Text, cast, column, select, table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

jobs = App(connector=PsycopgConnector())
"""The one queue; features add their tasks in `<feature>/jobs.py`. Each run has an app context of its own."""


def ask_for(session: Session, task: Task[Any, Any, Any], **arguments: str | int) -> None:
    """Let a worker do a task once the transaction of the session is committed; without the commit it never was.

    A task that may wait only once (it has a queueing lock) and waits already is not asked for again.
    """
    with suppress(AlreadyEnqueued), session.begin_nested():
        task.configure(connection=session.connection().connection.driver_connection).defer(**arguments)


_JOBS = table("procrastinate_jobs", column("status"), column("args", JSONB))
_UNFINISHED = ("todo", "doing")


def unfinished_with(argument: str) -> Select[str]:
    """Select that argument, as text, of the jobs that have it and that wait or are being done."""
    value = _JOBS.c.args[argument].astext
    return select(value).where(cast(_JOBS.c.status, Text).in_(_UNFINISHED), value.is_not(None))
