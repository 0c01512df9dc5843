"""The jobs that look after the queue itself, the audit record and old sign-ins."""

from __future__ import annotations

from procrastinate.jobs import Job, Status

from lms.accounts.actions import forget_old_sign_ins
from lms.core import clock
from lms.core.audit import seal
from lms.core.db import transaction
from lms.core.jobs import jobs
from lms.core.logs import log

MOST_ATTEMPTS = 5


@jobs.periodic(cron="* * * * *")
@jobs.task(name="operations.take_up_left_jobs", queueing_lock="operations.take_up_left_jobs")
async def take_up_left_jobs(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Let the jobs of workers that were killed be done by another; give up on one that ends every worker."""
    for job in await jobs.job_manager.get_stalled_jobs():
        await _take_up(job)


async def _take_up(job: Job) -> None:
    if job.attempts < MOST_ATTEMPTS:
        await jobs.job_manager.retry_job(job)
    else:
        await jobs.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="operations.seal_audit_record", queueing_lock="operations.seal_audit_record")
def seal_audit_record(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Seal the audit chains that grew; the log keeps number and hash of each seal outside the database."""
    with transaction() as session:
        sealed = seal(session, at=clock.now())
        facts = {"seal": sealed.id, "hash": sealed.hash.hex()} if sealed else None
    if facts:
        log.info("audit sealed", **facts)


@jobs.periodic(cron="17 3 * * *")
@jobs.task(name="operations.forget_sign_ins", queueing_lock="operations.forget_sign_ins")
def forget_sign_ins(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Forget the attempts to sign in that no throttle looks at any more, and the sessions that ended long ago."""
    with transaction() as session:
        forget_old_sign_ins(session, at=clock.now())
