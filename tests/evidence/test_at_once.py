"""Two browsers send the same file at the same time: it is kept once, and erasing never takes what comes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import User
from lms.core import files
from lms.core.db import transaction
from lms.evidence import actions
from lms.evidence.models import EvidenceFile
from lms.evidence.receiving import Received
from lms.evidence.verification import taken_in, verified
from lms.logbook.holding import add_file, remove_file
from lms.logbook.models import Activity
from tests.evidence.made import pdf
from tests.factories import NOW, Ward
from tests.logbook.activities import log_activity

AT_ONCE = 4


@pytest.fixture
def activity_id(own_database: Flask) -> UUID:
    with own_database.app_context(), transaction() as session:
        return log_activity(session, Ward(session)).id


def add(app: Flask, activity_id: UUID, barrier: Barrier) -> UUID:
    with app.app_context(), ExitStack() as opened:
        given = Received(verified(taken_in([pdf(b"(at once)")], opened), opened), "verslag.pdf")
        barrier.wait(20)
        with transaction() as session:
            activity = session.get_one(Activity, activity_id)
            trainee = session.get_one(User, activity.trainee_id)
            return add_file(session, activity, given, by=trainee, at=NOW).id


def erase(app: Flask, barrier: Barrier) -> int:
    with app.app_context():
        barrier.wait(20)
        with transaction() as session:
            return actions.erase_removed(session, at=NOW)


def test_the_same_file_at_once_is_kept_once(own_database: Flask, activity_id: UUID) -> None:
    barrier = Barrier(AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        added = list(pool.map(lambda _: add(own_database, activity_id, barrier), range(AT_ONCE)))
    assert len(set(added)) == 1
    with own_database.app_context(), transaction() as session:
        assert session.scalar(select(func.count()).select_from(EvidenceFile)) == 1


def test_what_comes_back_while_it_is_erased_is_there(own_database: Flask, activity_id: UUID) -> None:
    for _ in range(5):
        first = add(own_database, activity_id, Barrier(1))
        with own_database.app_context(), transaction() as session:
            activity, file = session.get_one(Activity, activity_id), session.get_one(EvidenceFile, first)
            remove_file(session, activity, file, by=session.get_one(User, activity.trainee_id), at=NOW)
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            erasing = pool.submit(erase, own_database, barrier)
            again = pool.submit(add, own_database, activity_id, barrier).result(30)
            erasing.result(30)
        with own_database.app_context(), transaction() as session:
            kept = session.get_one(EvidenceFile, again)
            assert files.digest_of(kept.key) == kept.hash
            trainee = session.get_one(User, kept.owner_id)
            remove_file(session, session.get_one(Activity, activity_id), kept, by=trainee, at=NOW)
