"""The jobs that look after the queue itself."""

from __future__ import annotations

from procrastinate.jobs import Job, Status

from lms.core.jobs import jobs

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
