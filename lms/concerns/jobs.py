"""What the worker does for concerns: it brings to mind what is late."""

from __future__ import annotations

from lms.concerns import actions
from lms.core import clock
from lms.core.db import transaction
from lms.core.jobs import jobs
from lms.core.logs import log


@jobs.periodic(cron="23 5 * * *")
@jobs.task(name="concerns.remind", queueing_lock="concerns.remind", lock="concerns.remind")
def remind(timestamp: int) -> None:  # noqa: ARG001 - the queue says which day it is.
    """Tell those who guide a trainee that the next step of a concern is late."""
    with transaction() as session:
        told = actions.remind(session, at=clock.now())
    if told:
        log.info("late concerns brought to mind", number=told)
