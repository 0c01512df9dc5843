"""Jobs: rows of the same transaction as the data, run by a worker, tried again after a failure."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

from flask import current_app
from procrastinate import App, PsycopgConnector
from procrastinate.tasks import Task
from sqlalchemy.orm import Session

P = ParamSpec("P")

jobs = App(connector=PsycopgConnector())
"""The one queue; features add their tasks in `<feature>/jobs.py`."""


def enqueue(session: Session, task: Task[Any, Any, Any], **arguments: str | int) -> None:
    """Add a job in the caller's transaction: it exists if and only if the data does."""
    task.configure(connection=session.connection().connection.driver_connection).defer(**arguments)


def in_own_context(work: Callable[P, None]) -> Callable[P, None]:
    """Give each run of a task an app context, and so a database session, of its own."""

    @functools.wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with current_app.app_context():
            work(*args, **kwargs)

    return run
