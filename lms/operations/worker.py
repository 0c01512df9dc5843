"""The job worker: does the jobs that wait in the database, each in an app context of its own."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from flask import Flask
from procrastinate import PsycopgConnector
from procrastinate.jobs import DeleteJobCondition

import lms
from lms.core.jobs import jobs
from lms.settings import Settings


def work(app: Flask, settings: Settings, *, until_empty: bool = False) -> None:
    """Do jobs until told to stop, or until none is left."""
    register_tasks()
    address = (settings.database_url or "").replace("+psycopg", "", 1)

    def in_own_context(call: Callable[[], Any], *_: object) -> Any:
        with app.app_context():
            return call()

    with jobs.replace_connector(PsycopgConnector(conninfo=address)) as queue:
        queue.run_worker(
            wait=not until_empty,
            listen_notify=not until_empty,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            shutdown_graceful_timeout=20,
            task_middleware=[in_own_context],
        )


def register_tasks() -> None:
    """Import every `jobs` module of the features: that is how their tasks get into the queue's register."""
    for feature in pkgutil.iter_modules(lms.__path__, "lms."):
        if feature.ispkg and importlib.util.find_spec(f"{feature.name}.jobs"):
            importlib.import_module(f"{feature.name}.jobs")
