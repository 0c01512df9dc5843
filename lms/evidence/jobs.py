"""What the worker does for files: it clears what nobody needs."""

from __future__ import annotations

from lms.core import clock
from lms.core.db import transaction
from lms.core.jobs import jobs
from lms.core.logs import log
from lms.evidence import actions


@jobs.periodic(cron="27 * * * *")
@jobs.task(name="evidence.forget_old_uploads", queueing_lock="evidence.forget_old_uploads")
def forget_old_uploads(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Forget the files that have been on their way for a day."""
    with transaction() as session:
        gone = actions.forget_old_uploads(session, at=clock.now())
    if gone:
        log.info("uploads forgotten", number=gone)


@jobs.periodic(cron="33 3 * * *")
@jobs.task(name="evidence.erase_removed", queueing_lock="evidence.erase_removed")
def erase_removed(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Erase the bytes of files that were taken away."""
    with transaction() as session:
        erased = actions.erase_removed(session, at=clock.now())
    if erased:
        log.info("files erased", number=erased)
