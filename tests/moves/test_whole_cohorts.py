"""A whole cohort moved by one consent: everybody whom nothing forbids, one after the other, and nobody by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, EnrolmentMove, VersionMove
from lms.core import audit
from lms.moves import queries
from lms.moves.jobs import move_cohort
from lms.moves.queries.trainees import PAGE
from lms.progress.history import differences
from tests.factories import NOW
from tests.moves.examples import LATER, Moving
from tests.pages import Browser, Page

Clients = Callable[[User | None], Browser]
ASKED = text("SELECT args FROM procrastinate_jobs WHERE task_name = 'moves.move_cohort' AND status = 'todo'")
DONE = text("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = 'moves.move_cohort'")
CONSENT = "/cohort-consent"
NOTHING_ELSE: Mapping[str, str] = MappingProxyType({})


@pytest.fixture
def ward(session: Session) -> Moving:
    """Return a ward with more trainees than stand on a page, and a newer version to move them to."""
    ward = Moving(session)
    for _number in range(PAGE + 1):
        ward.fellow(session)
    ward.publish(session)
    return ward


@pytest.fixture
def move(session: Session, ward: Moving) -> VersionMove:
    return ward.prepared(session)


def consent(
    client: Browser, ward: Moving, move: VersionMove, said: Mapping[str, str] = NOTHING_ELSE, status: int = 200
) -> Page:
    """Consent to the move of the whole cohort of the ward."""
    values = {"whole-cohort": str(ward.cohort.id), "whole-reason": "The old version ends.", **said}
    return client.send(client.get(f"/moves/{move.id}"), values, action=CONSENT, status=status)


def work(session: Session) -> None:
    """Do what a worker was asked for."""
    for arguments in session.scalars(ASKED).all():
        move_cohort(**arguments)
    session.execute(DONE)
    session.expire_all()


def following(session: Session, ward: Moving, version_id: UUID) -> int:
    rows = select(Enrolment.id).where(
        Enrolment.cohort_id == ward.cohort.id, Enrolment.programme_version_id == version_id
    )
    return len(session.scalars(rows).all())


def test_everybody_of_the_cohort_is_moved_by_one_consent_and_reads_whose_it_was(
    session: Session, ward: Moving, move: VersionMove, client_of: Clients
) -> None:
    client = client_of(ward.lead)
    page = consent(client, ward, move)
    assert f"{PAGE + 2} trainees are being moved." in page.source
    assert "A whole cohort is being moved" in page.text
    work(session)
    assert following(session, ward, ward.new.id) == PAGE + 2
    assert {one.reason for one in session.scalars(select(EnrolmentMove))} == {"The old version ends."}
    assert session.execute(differences()).all() == []
    page = client.get(f"/moves/{move.id}")
    assert "A whole cohort is being moved" not in page.text
    assert "Nobody of your organisation follows" in page.text
    assert "moved this from version" in client_of(ward.trainee).get("/").text


def test_who_cannot_be_moved_stays_in_the_list_and_keeps_nobody_else(
    session: Session, ward: Moving, move: VersionMove, client_of: Clients
) -> None:
    ward.enrolment.track = "lung"
    session.flush()
    client = client_of(ward.lead)
    consent(client, ward, move)
    work(session)
    assert following(session, ward, ward.new.id) == PAGE + 1
    assert following(session, ward, ward.old.id) == 1
    assert "cannot be moved" in client.get(f"/moves/{move.id}").text


def test_consent_for_a_cohort_needs_a_cohort_and_a_reason_and_is_on_record(
    session: Session, ward: Moving, move: VersionMove, client_of: Clients
) -> None:
    client = client_of(ward.lead)
    page = consent(client, ward, move, {"whole-reason": " "}, 422)
    assert page.filled(page.form(CONSENT), {})["whole-cohort"] == [str(ward.cohort.id)]
    assert "Fill this in." in consent(client, ward, move, {"whole-cohort": ""}, 422).text
    assert session.scalars(ASKED).all() == []
    consent(client, ward, move, {"whole-new_ones_too": "y"})
    entry = audit.trail_of(session, subject=move.id)[-1]
    assert (entry.action, entry.actor_id) == ("move.consented", ward.lead.id)
    assert entry.facts["after"]["trainees"] == PAGE + 2
    session.expire_all()
    assert session.get_one(Cohort, ward.cohort.id).programme_version_id == ward.new.id


def test_a_job_that_is_done_twice_moves_nobody_twice(
    session: Session, ward: Moving, move: VersionMove, client_of: Clients
) -> None:
    consent(client_of(ward.lead), ward, move)
    (arguments,) = session.scalars(ASKED).all()
    for _time in range(2):
        move_cohort(**arguments | {"enrolment_ids": " ".join(arguments["enrolment_ids"].split()[:2])})
    assert len(session.scalars(select(EnrolmentMove)).all()) == 2


def test_a_mapping_that_changed_since_it_was_read_moves_no_cohort(
    session: Session, ward: Moving, move: VersionMove, client_of: Clients
) -> None:
    client = client_of(ward.lead)
    page = client.get(f"/moves/{move.id}")
    move.made_at = LATER
    session.flush()
    values = {"whole-cohort": str(ward.cohort.id), "whole-reason": "Read before."}
    client.send(page, values, action=CONSENT, status=409)
    assert session.scalars(ASKED).all() == []


def test_who_was_moved_stands_in_pages_the_latest_first(session: Session, ward: Moving, move: VersionMove) -> None:
    for one in queries.followers(session, move, by=ward.lead.id, size=5).rows:
        session.add(
            EnrolmentMove(
                enrolment_id=one.id,
                version_move_id=move.id,
                from_version_id=move.from_version_id,
                to_version_id=move.to_version_id,
                carried=[],
                consent_by_id=ward.lead.id,
                reason="Ends",
                moved_at=NOW,
            )
        )
    session.flush()
    seen, after = [], None
    for number in (2, 2, 1):
        page = queries.moved_by(session, move.id, after=after, size=2)
        assert len(page.rows) == number
        seen += [one.id for one in page.rows]
        after = UUID(page.next_cursor) if page.next_cursor else None
    assert after is None
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 5
