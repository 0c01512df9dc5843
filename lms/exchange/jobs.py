"""What the worker does for exchange: reads files, applies them, and forgets old ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask_babel import force_locale
from procrastinate import RetryStrategy
from psycopg.errors import ProgramLimitExceeded
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.core import clock
from lms.core.db import transaction, write_apart
from lms.core.jobs import jobs
from lms.core.logs import log
from lms.core.words import rule_text
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.exchange import actions
from lms.exchange.codecs import Imported
from lms.exchange.models import Import, ImportPhase, ImportProgress, ImportState
from lms.exchange.progress import Tell
from lms.exchange.queries.imports import import_to_change
from lms.exchange.queries.packages import packages_to_complete
from lms.exchange.register import codec_by

AGAIN = RetryStrategy(max_attempts=3, wait=5, retry_exceptions={OperationalError})
"""When the database was away: a file that cannot be read stays so however often it is tried."""


@jobs.task(name="exchange.read_import", retry=AGAIN)
def read_import(import_id: str) -> None:
    """Read a file that was handed in and keep what it would change; the same again after a worker was killed."""
    with transaction() as session:
        one = import_to_change(session, UUID(import_id), with_file=True)
        if one is None or not actions.begin_reading(one):
            return
        file = _File(one)
    with _given_up_on_failure(import_id), force_locale(file.language):
        _keep_preview(import_id, file)


class _File:
    """What the worker needs of an import while no transaction is open."""

    def __init__(self, one: Import) -> None:
        self.content, self.name, self.codec, self.language = one.content or b"", one.file_name, one.codec, one.language

    def read(self, tell: Tell) -> Imported:
        """Return what the file holds; raise CurriculumRefused."""
        tell(ImportPhase.READING, 0, 0)
        return codec_by(self.codec).read(self.content, self.name)


def _keep_preview(import_id: str, file: _File) -> None:
    tell = _teller(import_id)
    try:
        imported = file.read(tell)
    except CurriculumRefused as refusal:
        with transaction() as session:
            if one := _still(session, import_id, ImportState.READING):
                actions.refuse(session, one, refusal, at=clock.now())
        return
    with transaction() as session:
        if one := _still(session, import_id, ImportState.READING):
            actions.show_preview(session, one, imported, at=clock.now(), tell=tell)


def _teller(import_id: str) -> Tell:
    """Return what keeps how far the work is, at once and beside it, for the page that waits."""

    def tell(phase: ImportPhase, done: int, total: int) -> None:
        of_this = ImportProgress.import_id == UUID(import_id)
        write_apart(update(ImportProgress).where(of_this).values(phase=phase, done=done, total=total))

    return tell


@jobs.task(name="exchange.apply_import", retry=AGAIN)
def apply_import(import_id: str, user_id: str) -> None:
    """Apply an import in one transaction, or nothing of it; done already, it is not done again."""
    with transaction() as session:
        one = _still(session, import_id, ImportState.APPLYING, with_file=True)
        if one is None:
            return
        file = _File(one)
    with _given_up_on_failure(import_id), force_locale(file.language):
        try:
            _apply(import_id, file, by=UUID(user_id))
        except (CurriculumRefused, RuleBroken) as refusal:
            _keep_refusal(import_id, file, refusal)


def _apply(import_id: str, file: _File, *, by: UUID) -> None:
    tell = _teller(import_id)
    imported = file.read(tell)
    with transaction() as session:
        if one := _still(session, import_id, ImportState.APPLYING):
            actions.apply(session, one, imported, by=session.get_one(User, by), at=clock.now(), tell=tell)


def _keep_refusal(import_id: str, file: _File, refusal: CurriculumRefused | RuleBroken) -> None:
    """Say why nothing was applied: what is stored now does not allow it."""
    if isinstance(refusal, RuleBroken):
        refusal = CurriculumRefused([Problem(file.name, None, "", rule_text(refusal))])
    with transaction() as session:
        if one := _still(session, import_id, ImportState.APPLYING):
            actions.refuse(session, one, refusal, at=clock.now())


def _still(session: Session, import_id: str, state: ImportState, *, with_file: bool = False) -> Import | None:
    """Return the import, locked, if it is still in that state: another worker may have been faster."""
    one = import_to_change(session, UUID(import_id), with_file=with_file)
    return one if one is not None and one.state is state else None


@contextmanager
def _given_up_on_failure(import_id: str) -> Iterator[None]:
    """Say on the page of the import that something of ours failed, and let the job fail."""
    try:
        yield
    except Exception as failure:
        if _database_was_away(failure):
            raise  # The job is done again; after the last time `give_up_left` says so.
        with transaction() as session:
            if one := import_to_change(session, UUID(import_id)):
                actions.give_up(session, one, at=clock.now())
        raise


def _database_was_away(failure: Exception) -> bool:
    """Return whether the same may go well later; what is too much for an index is so every time."""
    return isinstance(failure, OperationalError) and not isinstance(failure.orig, ProgramLimitExceeded)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="exchange.give_up_left", queueing_lock="exchange.give_up_left")
def give_up_left(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Say of imports whose job failed for the last time, or ended its worker too often, that they went wrong."""
    with transaction() as session:
        left = actions.give_up_left(session, at=clock.now())
    if left:
        log.error("imports given up", number=left)


@jobs.periodic(cron="43 3 * * *")
@jobs.task(name="exchange.forget_old_imports", queueing_lock="exchange.forget_old_imports")
def forget_old_imports(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Forget the files and previews that were handed in a month ago."""
    with transaction() as session:
        gone = actions.forget_old_imports(session, at=clock.now())
    log.info("imports forgotten", number=gone)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="exchange.offer_programmes", queueing_lock="exchange.offer_programmes")
def offer_programmes(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Make the packages of programme versions that were loaded, published or retired since the last minute."""
    with transaction() as session:
        offered = actions.offer_programmes(session, at=clock.now())
    if offered:
        log.info("programmes offered", number=offered)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="exchange.complete_packages", queueing_lock="exchange.complete_packages")
def complete_packages(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Write the files of packages that were stored before files were kept."""
    with transaction() as session:
        waiting = packages_to_complete(session)
    for package_id in waiting:
        _complete(package_id)


def _complete(package_id: UUID) -> None:
    """Complete one package; where that fails, the others get their files all the same."""
    try:
        with transaction() as session:
            actions.complete(session, package_id)
    except Exception as failure:
        if _database_was_away(failure):
            raise
        log.exception("package not completed", package=str(package_id))
