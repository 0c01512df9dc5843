"""What the worker does for rosters."""

from __future__ import annotations

from lms.core import clock
from lms.core.db import transaction
from lms.core.jobs import jobs
from lms.rosters.actions import forget_old
from lms.rosters.matching import KEPT_FOR


@jobs.periodic(cron="29 3 * * *")
@jobs.task(name="rosters.forget_old", queueing_lock="rosters.forget_old")
def forget_old_rosters(timestamp: int) -> None:  # noqa: ARG001 - the queue says which day it is.
    """Remove rosters and what they proposed after two weeks."""
    with transaction() as session:
        forget_old(session, on=clock.today(), before=clock.now() - KEPT_FOR)
