"""The bytes of files: they go once nothing needs them, and never before; `bekwaam check` finds what is missing."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.core import files
from lms.evidence import actions
from lms.evidence.models import EvidenceFile
from lms.evidence.receiving import Received
from lms.evidence.verification import taken_in, verified
from lms.logbook.holding import add_file, remove_file
from lms.logbook.models import Activity
from lms.operations.chains import Difference
from lms.operations.files import check_every_file, check_sample
from tests.evidence.made import pdf
from tests.factories import NOW, Ward
from tests.logbook.activities import log_activity

LATER = NOW + timedelta(days=400)


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def keep(session: Session, ward: Ward, activity: Activity, content: bytes) -> EvidenceFile:
    with ExitStack() as opened:
        given = Received(verified(taken_in([content], opened), opened), "verslag.pdf")
        return add_file(session, activity, given, by=ward.trainee, at=NOW)


def remove(session: Session, ward: Ward, activity: Activity, file: EvidenceFile) -> None:
    remove_file(session, activity, file, by=ward.trainee, at=NOW)
    session.flush()


def test_the_bytes_go_with_the_last_file_that_needs_them(session: Session, ward: Ward) -> None:
    one, other = log_activity(session, ward), log_activity(session, ward)
    first, second = (keep(session, ward, activity, pdf(b"(twice)")) for activity in (one, other))
    assert first.key == second.key
    remove(session, ward, one, first)
    actions.erase_removed(session, at=NOW)
    assert files.is_kept(second.key)
    assert first.erased_at == NOW
    remove(session, ward, other, second)
    actions.erase_removed(session, at=NOW)
    assert not files.is_kept(second.key)


def test_a_file_can_come_back_after_it_was_taken_away(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    first = keep(session, ward, activity, pdf(b"(back)"))
    remove(session, ward, activity, first)
    second = keep(session, ward, activity, pdf(b"(back)"))
    assert second.id != first.id
    actions.erase_removed(session, at=NOW)
    assert files.digest_of(second.key) == second.hash


def test_the_same_content_of_two_organisations_is_kept_apart(session: Session, ward: Ward) -> None:
    other = Ward(session)
    here = keep(session, ward, log_activity(session, ward), pdf(b"(apart)"))
    there = keep(session, other, log_activity(session, other), pdf(b"(apart)"))
    assert here.hash == there.hash
    assert here.key != there.key


def test_what_was_kept_for_a_row_that_never_came_is_erased_after_a_day(session: Session, ward: Ward) -> None:
    held = keep(session, ward, log_activity(session, ward), pdf(b"(held)"))
    lost = files.key_of(ward.organisation.id, bytes(range(32)))
    files.put(lost, b"lost")
    actions.erase_removed(session, at=NOW - timedelta(days=400))
    assert files.is_kept(lost)
    actions.erase_removed(session, at=LATER)
    assert not files.is_kept(lost)
    assert files.is_kept(held.key)


@pytest.mark.parametrize("check", [check_sample, check_every_file])
def test_the_check_finds_missing_and_changed_bytes(session: Session, ward: Ward, check: object) -> None:
    assert callable(check)
    file = keep(session, ward, log_activity(session, ward), pdf(b"(checked)"))
    seen: list[int] = []
    check(session.connection(), seen.append)
    assert sum(seen) == 1
    files.put(file.key, pdf(b"(another)"))
    with pytest.raises(Difference, match=f"{file.id}.*not those that were added"):
        check(session.connection(), seen.append)
    files.forget([file.key])
    with pytest.raises(Difference, match=f"{file.id}.*not in the store"):
        check(session.connection(), seen.append)


def test_the_check_finds_a_row_that_the_record_does_not_know(session: Session, ward: Ward) -> None:
    file = keep(session, ward, log_activity(session, ward), pdf(b"(recorded)"))
    session.execute(update(EvidenceFile).values(size=file.size + 1))
    with pytest.raises(Difference, match="audit record"):
        check_sample(session.connection(), lambda _: None)
