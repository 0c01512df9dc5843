"""Jobs: rows in the database, run by a worker, tried again after a failure."""

from __future__ import annotations

from procrastinate import App, PsycopgConnector

jobs = App(connector=PsycopgConnector())
"""The one queue; features add their tasks in `<feature>/jobs.py`. Each run has an app context of its own."""
