"""Importing: seen before it counts, whole or not at all, the same twice changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from psycopg.errors import ProgramLimitExceeded
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.core import audit
from lms.exchange import actions
from lms.exchange.case.writing import case_of
from lms.exchange.guards import LARGEST_UPLOAD
from lms.exchange.jobs import read_import
from lms.exchange.models import FrameworkPackage, Import, ImportLine, ImportProgress, ImportState, PackageItem
from lms.exchange.queries.imports import waiting_of
from lms.exchange.queries.packages import package_in_full
from tests.exchange.files import apply, hand_in, imported, lines, newest, press_import, read, send_file
from tests.exchange.packages import SAMPLES, as_file, needs_samples, small_package
from tests.factories import NOW, Ward, make_alliance, make_organisation, person_with
from tests.pages import Browser, Page

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    """Return a hospital with its people."""
    return Ward(session)


@pytest.fixture
def lead(ward: Ward, client_of: ClientOf) -> Browser:
    """Return the browser of its programme lead."""
    return client_of(ward.lead)


def test_a_file_is_kept_and_read_by_a_worker_and_changes_nothing_before_somebody_says_so(
    lead: Browser, session: Session
) -> None:
    page = hand_in(lead, as_file(small_package()))
    assert "Waits to be read" in page.text
    asked = text("SELECT args->>'import_id' FROM procrastinate_jobs WHERE task_name = 'exchange.read_import'")
    assert session.scalars(asked).all() == [str(newest(session).id)]
    one = read(session)
    assert one.state is ImportState.READY
    assert one.counts["new"] == 10
    assert session.scalar(select(FrameworkPackage)) is None
    shown = lead.get(f"/imports/{one.id}")
    assert "Nothing has changed yet" in shown.text
    assert "Second, é" in shown.text
    assert "A link → A link (exactMatchOf)" in shown.text


def test_a_package_is_stored_whole_and_the_import_says_where(lead: Browser, session: Session) -> None:
    stored = imported(lead, session, small_package())
    assert case_of(package_in_full(session, stored)) == small_package()
    page = lead.get(f"/imports/{newest(session).id}")
    assert "This file is imported" in page.text
    assert f"/packages/{stored.id}" in page.links()


@needs_samples
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_package_of_another_tool_is_stored_whole(path: Path, lead: Browser, session: Session) -> None:
    package = json.loads(path.read_bytes())
    stored = imported(lead, session, package)
    assert case_of(package_in_full(session, stored)) == package


def test_a_second_import_of_the_same_package_changes_nothing_and_says_so(lead: Browser, session: Session) -> None:
    stored = imported(lead, session, small_package())
    version = stored.version
    hand_in(lead, as_file(small_package()))
    one = read(session)
    assert set(one.counts) <= {"unchanged", "remark"}
    page = lead.get(f"/imports/{one.id}")
    assert "This file changes nothing" in page.text
    assert "nothing to import" in lead.post(f"/imports/{one.id}/apply", status=409).text
    session.expire_all()
    assert session.get_one(FrameworkPackage, stored.id).version == version


def test_a_changed_package_shows_what_is_new_changed_and_removed_and_keeps_the_rest(
    lead: Browser, session: Session
) -> None:
    stored = imported(lead, session, small_package())
    first, _second, third = session.scalars(select(PackageItem).order_by(PackageItem.position)).all()
    keys = {first.identifier: first.id, third.identifier: third.id}
    changed = small_package(statement="First, said better")
    del changed["CFItems"][1]
    changed["CFItems"].append(changed["CFItems"][0] | {"identifier": "new one", "fullStatement": "Fourth"})
    hand_in(lead, as_file(changed))
    said = lines(session, read(session))
    assert ("changed", "item", "First, said better") in said
    assert ("removed", "item", "Second, é") in said
    assert ("new", "item", "Fourth") in said
    assert ("unchanged", "item", "Third") in said
    assert "fullStatement" in lead.get(f"/imports/{newest(session).id}?change=changed").text
    press_import(lead, newest(session).id)
    apply(session)
    again = session.get_one(FrameworkPackage, stored.id)
    assert case_of(package_in_full(session, again)) == changed
    kept = {item.identifier: item.id for item in session.scalars(select(PackageItem))}
    assert kept.items() >= keys.items()


@pytest.mark.parametrize(
    "failure",
    [RuntimeError("the disk is on fire"), OperationalError("INSERT", {}, ProgramLimitExceeded("index row size"))],
    ids=["ours", "too much for the database"],
)
def test_an_import_that_fails_half_way_leaves_nothing_and_says_so(
    lead: Browser, session: Session, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    hand_in(lead, as_file(small_package()))
    one = read(session)
    press_import(lead, one.id)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise failure

    monkeypatch.setattr("lms.exchange.actions.packages.keep_file", fail)
    with pytest.raises(type(failure)):
        apply(session)
    session.expire_all()
    assert newest(session).state is ImportState.FAILED
    assert session.scalar(select(FrameworkPackage)) is None
    assert "went wrong on our side" in lead.get(f"/imports/{one.id}").text


def test_a_job_that_is_done_twice_is_done_once(lead: Browser, session: Session) -> None:
    stored = imported(lead, session, small_package())
    version = stored.version
    read_import(import_id=str(newest(session).id))
    apply(session)
    assert newest(session).state is ImportState.APPLIED
    assert session.get_one(FrameworkPackage, stored.id).version == version


def test_a_worker_that_was_killed_while_reading_is_followed_by_another(lead: Browser, session: Session) -> None:
    hand_in(lead, as_file(small_package()))
    newest(session).state = ImportState.READING
    session.add(
        ImportLine(import_id=newest(session).id, position=0, change="new", kind="item", key="x", title="x", fields=[])
    )
    session.flush()
    assert read(session).state is ImportState.READY


def test_everything_wrong_with_a_file_is_shown_in_the_language_of_its_reader(
    ward: Ward, session: Session, client_of: ClientOf
) -> None:
    ward.lead.language = "nl"
    session.flush()
    browser = client_of(ward.lead)
    hand_in(browser, b'{"CFDocument": {}, "CFItems": [{}, 1]}')
    one = read(session)
    assert one.state is ImportState.REFUSED
    page = browser.get(f"/imports/{one.id}")
    assert "CFItems[1]" in page.text
    assert "Dit heeft geen identificatie" in page.text


def test_a_file_of_an_unknown_kind_is_refused_at_once_and_kept_nowhere(lead: Browser, session: Session) -> None:
    page = hand_in(lead, b"\x7fELF" + bytes(range(256)), name="virus.exe")
    assert "none of the kinds of file" in page.text
    assert session.scalar(select(Import)) is None


def test_an_empty_file_is_refused_at_once(lead: Browser, session: Session) -> None:
    assert "This file is empty." in hand_in(lead, b"", name="empty.xlsx").text
    assert session.scalar(select(Import)) is None


def test_a_form_without_a_file_is_shown_again(lead: Browser) -> None:
    assert "Choose a file." in lead.post("/imports", {}, status=422).text


def test_only_this_route_takes_large_files_and_only_from_people_who_signed_in(
    lead: Browser, client_of: ClientOf
) -> None:
    large = b'{"CFDocument": "' + b"x" * 3_000_000 + b'"}'
    assert "Waits to be read" in hand_in(lead, large).text
    stranger = client_of(None)
    assert send_file(stranger, "/imports", {}, large).status_code == 413
    assert send_file(lead, "/language", {}, large).status_code == 413


def test_a_file_over_the_limit_is_refused_in_plain_words(lead: Browser) -> None:
    assert hand_in(lead, b" " * (LARGEST_UPLOAD + 100_000)).path == "/imports"


def test_handing_in_and_importing_stand_in_the_audit_record(lead: Browser, session: Session, ward: Ward) -> None:
    stored = imported(lead, session, small_package())
    (handed_in,) = [
        entry for entry in audit.trail_of(session, subject=ward.organisation.id) if entry.action == "import.handed_in"
    ]
    assert handed_in.actor_id == ward.lead.id
    (entry,) = audit.trail_of(session, subject=stored.id)
    assert entry.action == "package.imported"
    assert entry.facts["after"]["new"] == 10


def actions_of(page: Page) -> list[str]:
    """Return where the forms of a page go."""
    return [form.get("action", "") for form in page.tree.iter("form")]


def trail(session: Session, place: UUID) -> list[str]:
    """Return what the audit record says of the files of a place, in order."""
    return [one.action for one in audit.trail_of(session, subject=place) if one.action.startswith("import.")]


def test_every_step_of_a_file_stands_in_the_audit_record(lead: Browser, session: Session, ward: Ward) -> None:
    imported(lead, session, small_package())
    place = ward.organisation.id
    assert trail(session, place) == ["import.handed_in", "import.read", "import.asked_for"]
    hand_in(lead, b'{"CFDocument": {}}')
    read(session)
    hand_in(lead, as_file(small_package(statement="Other")))
    lead.post(f"/imports/{read(session).id}/discard")
    assert trail(session, place)[3:] == [
        "import.handed_in",
        "import.refused",
        "import.handed_in",
        "import.read",
        "import.discarded",
    ]
    asked = audit.trail_of(session, subject=place)[-6]
    assert asked.actor_id == ward.lead.id
    actions.forget_old_imports(session, at=NOW + timedelta(days=31))
    last = audit.trail_of(session, subject=place)[-1]
    assert (last.action, last.facts["after"]["number"]) == ("import.forgotten", 2)


def test_a_file_that_is_taken_back_is_gone_and_an_imported_one_stays(lead: Browser, session: Session) -> None:
    stored = imported(lead, session, small_package())
    assert not any("discard" in one for one in actions_of(lead.get(f"/imports/{newest(session).id}")))
    lead.post(f"/imports/{newest(session).id}/discard", status=409)
    hand_in(lead, as_file(small_package(statement="Other")))
    address = f"/imports/{read(session).id}"
    assert f"{address}/discard" in actions_of(lead.get(address))
    assert "taken back" in lead.post(f"{address}/discard").text
    lead.get(address, status=404)
    assert case_of(package_in_full(session, stored)) == small_package()


@pytest.mark.parametrize(("limit", "value"), [("MOST_WAITING", 2), ("LARGEST_WAITING", 10_000)])
def test_a_person_who_hands_in_too_much_is_refused_in_words_and_keeps_what_waits(
    lead: Browser, session: Session, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(f"lms.exchange.actions.imports.{limit}", value)
    hand_in(lead, as_file(small_package()))
    hand_in(lead, as_file(small_package(statement="Second")))
    waiting = set(session.scalars(select(Import.id)))
    page = hand_in(lead, as_file(small_package(statement="Third" * 2000)))
    assert "still here" in " ".join(page.text.split())
    assert set(session.scalars(select(Import.id))) == waiting
    assert len(waiting) == 2
    lead.post(f"/imports/{newest(session).id}/discard")
    assert "Waits to be read" in hand_in(lead, as_file(small_package())).text


def test_files_that_are_decided_on_take_no_room(lead: Browser, session: Session) -> None:
    imported(lead, session, small_package())
    assert session.scalar(select(Import.content).where(Import.id == newest(session).id)) is None
    hand_in(lead, b'{"CFDocument": {}}')
    assert session.scalar(select(Import.content).where(Import.id == read(session).id)) is None
    assert waiting_of(session, newest(session).uploaded_by_id) == (0, 0)


def test_the_page_of_a_busy_import_says_how_far_it_is(lead: Browser, session: Session) -> None:
    hand_in(lead, as_file(small_package()))
    one = newest(session)
    one.state = ImportState.READING
    session.execute(update(ImportProgress).values(phase="comparing", done=400, total=1600))
    session.expire_all()
    text = " ".join(lead.get(f"/imports/{one.id}").text.split())
    assert "Step 2 of 3: comparing with what is stored, 400 of 1600 (25 %)" in text


def test_each_place_has_its_own_package_with_the_same_identifier(
    lead: Browser, session: Session, client_of: ClientOf
) -> None:
    here = imported(lead, session, small_package())
    other = person_with(session, Role.PROGRAMME_LEAD, make_organisation(session))
    there = imported(client_of(other), session, small_package(statement="Theirs"))
    assert here.id != there.id
    assert case_of(package_in_full(session, here)) == small_package()


def test_a_coordinator_imports_for_the_alliance_and_its_members_read_it(
    ward: Ward, lead: Browser, session: Session, client_of: ClientOf
) -> None:
    alliance = make_alliance(session, ward.organisation)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, alliance)
    stored = imported(client_of(coordinator), session, small_package())
    assert stored.alliance_id == alliance.id
    assert lead.get(f"/packages/{stored.id}").heading == "Small"
    assert f"/imports/{newest(session).id}" not in lead.get("/imports").links()


def test_files_and_previews_are_forgotten_after_a_month_and_what_they_made_stays(
    lead: Browser, session: Session
) -> None:
    stored = imported(lead, session, small_package())
    assert actions.forget_old_imports(session, at=NOW + timedelta(days=29)) == 0
    assert actions.forget_old_imports(session, at=NOW + timedelta(days=31)) == 1
    session.expire_all()
    assert session.scalar(select(Import)) is None
    assert session.scalar(select(ImportLine)) is None
    assert session.get_one(FrameworkPackage, stored.id).item_count == 3


def test_the_pages_of_imports_take_few_statements(lead: Browser, session: Session, statements: list[str]) -> None:
    hand_in(lead, as_file(small_package()))
    one = read(session)
    for address, most in (("/imports", 7), (f"/imports/{one.id}", 8)):
        lead.get(address)
        statements.clear()
        lead.get(address)
        assert len(statements) <= most, "\n".join(statements)
