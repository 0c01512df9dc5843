"""A roster proposes pairs to both: looked at first, imported once, taken back by a newer one, gone after two weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.core.audit import AuditEntry
from lms.rosters.actions import forget_old
from lms.rosters.models import Roster, RosterPair
from lms.rosters.queries import proposed_to
from tests.assessments.test_starting import filled
from tests.factories import NOW, TODAY, Ward
from tests.pages import Browser, Page

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def lead(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.lead)


def line(ward: Ward, trainee: User, trainer: User, days: int = 0) -> str:
    day = (TODAY + timedelta(days=days)).isoformat()
    return f"{day},{ward.department.name},{trainee.email},{trainer.email}"


def hand_in(lead: Browser, ward: Ward, *lines: str, status: int = 200) -> Page:
    """Return the page that follows when a roster with these lines is handed in."""
    content = "\n".join(["day,department,trainee,trainer", *lines]).encode()
    data = {"csrf_token": lead.token(), "file": (BytesIO(content), "roster.csv")}
    path = f"/organisations/{ward.organisation.id}/roster"
    options = {"data": data, "content_type": "multipart/form-data", "follow_redirects": True}
    return lead._page(lead.answered("POST", path, **options), status)


def pairs(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(RosterPair)) or 0


def test_nothing_is_proposed_before_the_preview_was_seen_and_then_each_pair_once(
    session: Session, ward: Ward, lead: Browser
) -> None:
    rows = [line(ward, ward.trainee, ward.trainer), line(ward, ward.trainee, ward.trainer)]
    preview = hand_in(lead, ward, *rows)
    assert "New: 1. Taken back: 0. As they are: 0." in preview.text
    assert pairs(session) == 0
    assert "1 pair is proposed anew." in lead.send(preview).text
    again = hand_in(lead, ward, rows[0])
    assert "All that this roster says stands here already." in again.text
    assert pairs(session) == 1
    imported = session.scalars(select(AuditEntry).where(AuditEntry.action == "roster.imported")).one()
    assert imported.facts["after"] == {"gone": 0, "new": 1, "same": 0}


def test_a_newer_roster_shows_and_takes_back_what_it_no_longer_names(
    session: Session, ward: Ward, lead: Browser
) -> None:
    kept, gone = line(ward, ward.trainee, ward.trainer), line(ward, ward.trainee, ward.second_trainer)
    lead.send(hand_in(lead, ward, kept, gone, line(ward, ward.trainee, ward.second_trainer, days=1)))
    preview = hand_in(lead, ward, kept)
    assert "New: 0. Taken back: 1. As they are: 1." in preview.text
    assert ward.second_trainer.name in preview.text
    lead.send(preview)
    assert {one.trainer_id for one in session.scalars(select(RosterPair)) if one.day == TODAY} == {ward.trainer.id}
    assert pairs(session) == 2


def test_a_preview_that_is_old_changes_nothing(session: Session, ward: Ward, lead: Browser) -> None:
    first = hand_in(lead, ward, line(ward, ward.trainee, ward.trainer))
    lead.send(hand_in(lead, ward, line(ward, ward.trainee, ward.second_trainer)))
    assert "Taken back: 1" in lead.send(first, status=409).text
    assert pairs(session) == 1


def test_each_mistake_is_said_at_its_cell_and_nothing_is_kept(session: Session, ward: Ward, lead: Browser) -> None:
    other = Ward(session)
    page = hand_in(
        lead,
        ward,
        line(ward, ward.trainee, ward.trainer),
        f"yesterday,{ward.department.name},{ward.trainee.email},{ward.trainer.email}",
        f"{TODAY},Elsewhere,{ward.trainer.email},{ward.lead.email}",
        line(ward, other.trainee, other.trainer),
        line(ward, ward.trainee, ward.trainer, days=-15),
        status=422,
    )
    for cell in ("A3", "B4", "C4", "D4", "C5", "D5", "A6"):
        assert f"<b>{cell}</b>" in page.source
    assert session.scalar(select(func.count()).select_from(Roster)) == 0


def test_both_see_it_for_four_days_and_one_tap_leads_to_the_filled_in_form(
    session: Session, ward: Ward, lead: Browser, client_of: ClientOf
) -> None:
    lead.send(hand_in(lead, ward, line(ward, ward.trainee, ward.second_trainer, days=-3)))
    trainee, trainer = client_of(ward.trainee), client_of(ward.second_trainer)
    to_log = next(link for link in trainee.get("/").links() if "of=" in link)
    page = trainee.get(to_log)
    assert f'value="{TODAY - timedelta(days=3)}"' in page.source
    ask = trainee.send(page, {"note": "Placed an infusion", "epas": [filled(session)["epa"]]})
    chosen = ask.filled(ask.form(), {})["assessors"]
    assert chosen in (str(ward.second_trainer.id), [str(ward.second_trainer.id)])
    to_start = next(link for link in trainer.get("/").links() if "/assessments/start/" in link)
    trainer.send(trainer.get(to_start), filled(session))
    assert "You worked together" not in trainer.get("/").text
    assert proposed_to(session, ward.trainee.id, on=TODAY) == []


def test_a_proposal_comes_on_its_day_and_goes_after_three(session: Session, ward: Ward, lead: Browser) -> None:
    lead.send(hand_in(lead, ward, line(ward, ward.trainee, ward.trainer)))
    seen = {days: len(proposed_to(session, ward.trainee.id, on=TODAY + timedelta(days=days))) for days in (-1, 0, 3, 4)}
    assert seen == {-1: 0, 0: 1, 3: 1, 4: 0}


def test_each_dismisses_it_for_themselves(session: Session, ward: Ward, lead: Browser, client_of: ClientOf) -> None:
    lead.send(hand_in(lead, ward, line(ward, ward.trainee, ward.trainer)))
    trainee = client_of(ward.trainee)
    trainee.send(trainee.get("/"), action="/dismiss")
    assert proposed_to(session, ward.trainee.id, on=TODAY) == []
    assert len(proposed_to(session, ward.trainer.id, on=TODAY)) == 1


def test_after_two_weeks_nothing_is_left(session: Session, ward: Ward, lead: Browser) -> None:
    lead.send(hand_in(lead, ward, line(ward, ward.trainee, ward.trainer)))
    for days, left in ((14, 1), (15, 0)):
        at = NOW + timedelta(days=days)
        forget_old(session, on=TODAY + timedelta(days=days), before=at - timedelta(days=14, hours=12))
        assert pairs(session) == left
