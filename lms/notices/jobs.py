"""What the worker does for notices: gathers them into mails, each person as they want it."""

from __future__ import annotations

from datetime import datetime

from lms.core import clock
from lms.core.db import transaction
from lms.core.jobs import jobs
from lms.core.logs import log
from lms.notices import actions
from lms.notices.queries import Untold, untold


@jobs.periodic(cron="* * * * *")
@jobs.task(name="notices.gather", queueing_lock="notices.gather", lock="notices.gather")
def gather(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Write the mails that are due: one for each person, in a transaction of their own."""
    now = clock.now()
    with transaction() as session:
        actions.leave_to_the_app(session)
        due = [one for one in untold(session) if one.wishes.want_mail(since=one.since, at=now)]
    told = sum(_told(one, at=now) for one in due)
    if told:
        log.info("mails gathered", number=told)


def _told(one: Untold, *, at: datetime) -> bool:
    """Write the mail of one person; where that fails, the others get theirs all the same."""
    try:
        with transaction() as session:
            return actions.tell_by_mail(session, one.reader_id, one.wishes, at=at)
    except Exception:  # noqa: BLE001 - the log has it, and nobody else is to wait for it.
        log.exception("mail not gathered", reader=str(one.reader_id))
        return False


@jobs.periodic(cron="53 3 * * *")
@jobs.task(name="notices.forget_notices", queueing_lock="notices.forget_notices")
def forget_notices(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Forget the notices that were read more than a year ago."""
    with transaction() as session:
        actions.forget_notices(session, at=clock.now())
