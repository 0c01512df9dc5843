"""Deciding on an import: only what somebody saw is applied, and what no worker is left for is given up."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.exchange.jobs import apply_import, complete_packages, give_up_left
from lms.exchange.models import FrameworkPackage, Import, ImportState, PackageFile, PackageItem
from lms.exchange.queries.imports import import_to_change
from lms.exchange.queries.packages import packages_to_complete
from tests.exchange.files import apply, hand_in, imported, lines, newest, press_import, read
from tests.exchange.packages import as_file, make_public, small_package
from tests.factories import Ward, make_organisation
from tests.pages import Browser

FINISHED = text("UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status)")


@pytest.fixture
def lead(session: Session, client_of: Callable[[User | None], Browser]) -> Browser:
    """Return the browser of a programme lead."""
    return client_of(Ward(session).lead)


def state_of(session: Session, one: Import) -> ImportState | None:
    """Return how far an import is now."""
    return session.scalar(select(Import.state).where(Import.id == one.id))


def overtaken(lead: Browser, session: Session) -> UUID:
    """Let a package come in between the preview of another file and its import, and return that import's key."""
    hand_in(lead, as_file(small_package(statement="Mine")))
    mine = read(session)
    imported(lead, session, small_package(statement="Theirs"))
    press_import(lead, mine.id)
    apply_import(import_id=str(mine.id), user_id=str(mine.uploaded_by_id))
    session.expire_all()
    return mine.id


def test_when_somebody_else_was_faster_nothing_is_imported_and_there_is_a_new_preview(
    lead: Browser, session: Session
) -> None:
    mine = session.get_one(Import, overtaken(lead, session))
    assert mine.state is ImportState.READY
    assert ("changed", "item", "Mine") in lines(session, mine)
    assert "Somebody else changed this meanwhile" in lead.get(f"/imports/{mine.id}").text
    assert session.scalars(select(PackageItem.statement).where(PackageItem.position == 0)).one() == "Theirs"


def test_a_page_that_shows_an_older_preview_imports_nothing_and_gets_the_new_one(
    lead: Browser, session: Session
) -> None:
    hand_in(lead, as_file(small_package(statement="Mine")))
    old = lead.get(f"/imports/{read(session).id}")
    imported(lead, session, small_package(statement="Theirs"))
    one = session.scalars(select(Import).where(Import.state == ImportState.READY)).one()
    press_import(lead, one.id)
    apply_import(import_id=str(one.id), user_id=str(one.uploaded_by_id))
    answer = lead.send(old, action=f"/imports/{one.id}/apply", status=409)
    assert "after you opened the preview" in answer.text
    assert "Mine" in answer.text
    assert state_of(session, one) is ImportState.READY
    press_import(lead, one.id)
    assert state_of(session, one) is ImportState.APPLYING


def test_a_request_that_names_no_preview_imports_nothing(lead: Browser, session: Session) -> None:
    hand_in(lead, as_file(small_package()))
    one = read(session)
    lead.post(f"/imports/{one.id}/apply", status=409)
    assert state_of(session, one) is ImportState.READY


def test_whoever_waited_for_an_import_sees_what_the_one_before_did_with_it(lead: Browser, session: Session) -> None:
    hand_in(lead, as_file(small_package()))
    one = newest(session)
    session.execute(text("UPDATE imports SET state = 'applying' WHERE id = :key"), {"key": one.id})
    assert import_to_change(session, one.id) is one
    assert one.state is ImportState.APPLYING


@pytest.mark.parametrize(
    ("status", "state"),
    [("todo", ImportState.APPLYING), ("doing", ImportState.APPLYING), ("failed", ImportState.FAILED)],
)
def test_an_import_is_given_up_once_no_job_is_left_for_it(
    lead: Browser, session: Session, status: str, state: ImportState
) -> None:
    hand_in(lead, as_file(small_package()))
    one = read(session)
    press_import(lead, one.id)
    session.execute(FINISHED, {"status": status})
    give_up_left(timestamp=0)
    assert state_of(session, one) is state
    assert ("went wrong on our side" in lead.get(f"/imports/{one.id}").text) == (state is ImportState.FAILED)


def test_an_import_that_waits_for_a_person_needs_no_job(lead: Browser, session: Session) -> None:
    stored = imported(lead, session, small_package())
    hand_in(lead, as_file(small_package(statement="Another")))
    one = read(session)
    session.execute(FINISHED, {"status": "failed"})
    give_up_left(timestamp=0)
    assert state_of(session, one) is ImportState.READY
    assert session.get_one(FrameworkPackage, stored.id).item_count == 3
    press_import(lead, one.id)
    assert apply(session).state is ImportState.APPLIED


def test_a_package_that_cannot_be_written_keeps_no_other_from_its_file(session: Session) -> None:
    first, bad, last = (make_public(session, small_package(), make_organisation(session)).id for _number in range(3))
    session.execute(delete(PackageFile).where(PackageFile.package_id.in_([first, bad, last])))
    session.execute(text("UPDATE packages SET document = '[]' WHERE id = :bad"), {"bad": bad})
    session.expire_all()
    assert packages_to_complete(session) == [first, bad, last]
    complete_packages(timestamp=0)
    assert packages_to_complete(session) == [bad]
