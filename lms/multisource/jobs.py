"""What the worker does for rounds: brings them to mind, and closes them after their last day."""

from __future__ import annotations

from flask import current_app

from competencies.errors import RuleBroken
from lms.core import clock
from lms.core.db import transaction
from lms.core.jobs import jobs
from lms.core.logs import log
from lms.invitations.tokens import Tokens
from lms.multisource import actions, queries, reminding


@jobs.periodic(cron="17 * * * *")
@jobs.task(name="multisource.remind", queueing_lock="multisource.remind", lock="multisource.rounds")
def remind(timestamp: int) -> None:  # noqa: ARG001 - the queue says which hour it is.
    """Remind those who did not answer, after two days and after five."""
    tokens = Tokens(current_app.config["SECRET_KEY"])
    while True:
        with transaction() as session:
            reminded = reminding.remind(session, tokens=tokens, at=clock.now())
        if reminded:
            log.info("raters reminded", number=reminded)
        if reminded < reminding.AT_ONCE:
            return


@jobs.periodic(cron="21 * * * *")
@jobs.task(name="multisource.close", queueing_lock="multisource.close", lock="multisource.rounds")
def close(timestamp: int) -> None:  # noqa: ARG001 - the queue says which hour it is.
    """Close the rounds whose last day has passed, each in a transaction of its own."""
    with transaction() as session:
        due = queries.due_to_close(session, on=clock.today())
    for round_id in due:
        try:
            with transaction() as session:
                actions.close(session, queries.one_to_close(session, round_id), by=None, at=clock.now())
        except RuleBroken:
            continue  # Somebody closed it a moment before.
    if due:
        log.info("feedback rounds closed", number=len(due))
