"""What the worker does for requests that wait: brings them to mind, and ends them when their time is over."""

from __future__ import annotations

from lms.assessments import start_drafts, waiting
from lms.core import clock
from lms.core.db import transaction
from lms.core.jobs import jobs
from lms.core.logs import log


@jobs.periodic(cron="7 * * * *")
@jobs.task(name="assessments.remind", queueing_lock="assessments.remind", lock="assessments.waiting")
def remind(timestamp: int) -> None:  # noqa: ARG001 - the queue says which hour it is.
    """Remind those who hold a request, after the days that its programme says."""
    while True:
        with transaction() as session:
            reminded = waiting.remind(session, at=clock.now())
        if reminded:
            log.info("holders reminded", number=reminded)
        if reminded < waiting.AT_ONCE:
            return


@jobs.periodic(cron="11 * * * *")
@jobs.task(name="assessments.expire", queueing_lock="assessments.expire", lock="assessments.waiting")
def expire(timestamp: int) -> None:  # noqa: ARG001 - the queue says which hour it is.
    """End the requests whose last day has passed, each in a transaction of its own."""
    now = clock.now()
    with transaction() as session:
        due = waiting.due_to_expire(session, on=clock.today())
    ended = 0
    for assessment_id in due:
        with transaction() as session:
            ended += waiting.expire(session, assessment_id, at=now)
    if ended:
        log.info("requests expired", number=ended)


@jobs.periodic(cron="23 3 * * *")
@jobs.task(name="assessments.forget_start_drafts", queueing_lock="assessments.forget_start_drafts")
def forget_start_drafts(timestamp: int) -> None:  # noqa: ARG001 - the queue says which day it is.
    """Remove what assessors typed unasked and did not give within two weeks."""
    with transaction() as session:
        start_drafts.forget_old(session, at=clock.now())
