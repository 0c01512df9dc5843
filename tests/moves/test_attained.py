"""Exemptions and other attainments after a move, and what the preview says of each trainee before anybody consents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.attainments import AttainmentKind
from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.attainments import actions, queries
from lms.attainments.models import AttainmentRow
from lms.cohorts.models import EnrolmentMove
from lms.curriculum.actions import publish_version
from lms.paths.queries import exempted_from
from tests.attainments.attained import account, record
from tests.factories import NOW, TODAY
from tests.moves.examples import LATER, Moving
from tests.moves.test_actions import way_back
from tests.pages import Browser, text_of
from tests.progress.history import decided

Clients = Callable[[User | None], Browser]
DAY = timedelta(days=1)


@pytest.fixture
def ward(session: Session) -> Moving:
    return Moving(session)


def exempted(session: Session, ward: Moving, *keys: str) -> None:
    """Exempt the trainee from EPAs of the old version, with four eyes."""
    for key in keys:
        row = record(session, ward, account(AttainmentKind.EXEMPT_EPA, key=key), by=ward.lead)
        session.refresh(row, ["steps"])
        actions.confirm(session, row, by=ward.committee_member, at=NOW)


def freed_from(session: Session, ward: Moving) -> list[str]:
    session.expire_all()
    known = queries.attained(session, [ward.enrolment.id])[ward.enrolment.id]
    return sorted(one.key or "" for one in known if one.kind is AttainmentKind.EXEMPT_EPA and one.confirmed_by)


def test_exemptions_follow_the_mapping_and_come_home_again(session: Session, ward: Moving) -> None:
    exempted(session, ward, "onc-k1", "onc-k2", "onc-k3", "onc-k5")
    ward.publish(session)
    ward.moved(session)
    assert freed_from(session, ward) == ["onc-k1", "onc-k2a", "onc-k2b"]
    ward.moved(session, way_back(session, ward, {"onc-k1": ["onc-k1"], "onc-k2": ["onc-k2a", "onc-k2b"]}))
    assert freed_from(session, ward) == ["onc-k1", "onc-k2"]
    rows = session.scalars(select(AttainmentRow.key)).all()
    assert sorted(one or "" for one in rows) == ["onc-k1", "onc-k2", "onc-k3", "onc-k5"]


def test_what_would_still_be_needed_reads_exemptions_through_the_moves_since(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    exempted(session, ward, "onc-k2", "onc-k5")
    ward.publish(session)
    ward.moved(session)
    session.expire_all()
    known = exempted_from(session, ward.trainee.id, "oncologieverpleegkundige")
    assert sorted(one.key or "" for one in known if one.confirmed_by) == freed_from(session, ward)
    page = client_of(ward.trainee).get("/paths/oncologieverpleegkundige")
    lines = [text_of(one) for one in page.tree.iter("li") if (one.get("class") or "") == "met"]
    assert sum("Exempted on" in one for one in lines) == 2
    assert all(any(f"New text of {key}" in one for one in lines) for key in ("onc-k2a", "onc-k2b"))


def test_what_was_known_before_the_move_stands_under_the_keys_of_then(session: Session, ward: Moving) -> None:
    exempted(session, ward, "onc-k2")
    ward.publish(session)
    ward.moved(session)
    then = queries.attained(session, [ward.enrolment.id], known_at=NOW)[ward.enrolment.id]
    assert [one.key for one in then] == ["onc-k2"]


def test_the_file_names_an_exemption_as_the_version_did_in_which_it_was_given(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    exempted(session, ward, "onc-k1", "onc-k3")
    given = [ward.epa(session, key, ward.old).title["en"] for key in ("onc-k1", "onc-k3")]
    ward.publish(session)
    ward.moved(session)
    client = client_of(ward.trainee)
    page = client.get(f"/enrolments/{ward.enrolment.id}/attainments")
    assert all(title in page.text for title in given)
    assert "onc-k3" not in page.text
    row = session.scalars(select(AttainmentRow).where(AttainmentRow.key == "onc-k3")).one()
    assert client.get(f"/attainments/{row.id}").heading == given[1]


def test_the_preview_names_what_does_not_count_on(session: Session, ward: Moving, client_of: Clients) -> None:
    exempted(session, ward, "onc-k1", "onc-k3", "onc-k5")
    ward.publish(session)
    move = ward.prepared(session)
    client = client_of(ward.lead)
    assert "2 exemptions and other attainments do not count on." in client.get(f"/moves/{move.id}").text
    page = client.get(f"/moves/{move.id}/enrolments/{ward.enrolment.id}")
    assert "What does not count on" in page.text
    titles = [ward.epa(session, key, ward.old).title["en"] for key in ("onc-k3", "onc-k5")]
    assert all(title in page.text.partition("What does not count on")[2] for title in titles)


def test_the_preview_says_who_cannot_be_moved_and_why_before_anybody_consents(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    decided(session, ward, "onc-k3", "5", on=TODAY - 3 * DAY)
    decided(session, ward, "onc-k4", "5", on=TODAY - 2 * DAY)
    ward.publish(session)
    ward.moved(session)
    session.expire_all()
    decided(session, ward, "onc-k34", "2")
    back = way_back(session, ward, {})
    client = client_of(ward.lead)
    page = client.get(f"/moves/{back.id}?all=1")
    assert "cannot be moved" in page.text
    assert "trainees" not in page.filled(page.form("/consent"), {})
    told = client.get(f"/moves/{back.id}/enrolments/{ward.enrolment.id}")
    assert "This trainee cannot be moved" in told.text
    with pytest.raises(RuleBroken, match="move_revives_decision"), session.begin_nested():
        ward.moved(session, ward.loaded_move(session, back.id))


def test_the_preview_says_that_the_new_version_has_not_the_track(
    session: Session, ward: Moving, client_of: Clients
) -> None:
    ward.publish(session)
    ward.enrolment.track = "lung"
    move = ward.prepared(session)
    page = client_of(ward.lead).get(f"/moves/{move.id}")
    assert "cannot be moved" in page.text
    with pytest.raises(RuleBroken, match="track_unknown"), session.begin_nested():
        ward.moved(session, ward.loaded_move(session, move.id))
    assert session.scalars(select(EnrolmentMove)).all() == []


def test_the_preview_says_from_when_anybody_can_move(session: Session, ward: Moving, client_of: Clients) -> None:
    ward.publish(session)
    on = TODAY + 9 * DAY
    publish_version(session, ward.new, effective_on=on, note="", reviewed_by=ward.lead.id, by=ward.lead, at=LATER)
    move = ward.prepared(session)
    assert "Until then nobody can be moved to it" in client_of(ward.lead).get(f"/moves/{move.id}").text
