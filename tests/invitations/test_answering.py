"""Answering without an account: by a link in a mail, or by a code on the trainee's phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.invitations import MOST_OPEN, Identity
from competencies.observations import AssessmentStatus
from competencies.people import Role
from lms.accounts.actions import create_user
from lms.accounts.models import User
from lms.accounts.queries import person_by_email, user_by_email
from lms.assessments.models import Assessment
from lms.assessments.queries import observations_of
from lms.core import clock
from lms.invitations.models import Invitation
from lms.logbook.models import Activity
from lms.standings.queries import standings_of
from tests.factories import NOW, Ward, give_role, make_user
from tests.invitations.invited import EMAIL, GUEST, NAME, ROLE, WHO, give, invite, last_link, show_code
from tests.logbook.activities import log_activity
from tests.mailbox import letters, plain
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def activity(session: Session, ward: Ward) -> Activity:
    return log_activity(session, ward)


@pytest.fixture
def outside(client_of: ClientOf) -> Browser:
    return client_of(None)


def about(session: Session, activity: Activity) -> Assessment:
    return session.scalars(select(Assessment).where(Assessment.activity_id == activity.id)).one()


def test_a_trainee_invites_somebody_who_assesses_in_two_taps(
    session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    trainee = client_of(ward.trainee)
    page = trainee.get(f"/activities/{activity.id}/invite")
    after = trainee.send(page, {"email": EMAIL, "name": NAME, "role": ROLE})
    assert f"A link is on its way to {EMAIL}." in after.text
    form = outside.get(last_link(session))
    assert activity.note in form.text
    assert [form.hidden(name) for name in ("name", "role", "email")] == [NAME, ROLE, EMAIL]
    sent = outside.send(form, {"level": "3"})
    assert "it is sent" in sent.heading
    given = about(session, activity)
    assert (given.status, given.level_code, given.identity) == (AssessmentStatus.SUBMITTED, "3", Identity.KNOWN_ADDRESS)
    assert given.stated_role == ROLE
    shown = trainee.get(f"/assessments/{given.id}").text
    assert f", {ROLE} (Link sent by e-mail)" in shown
    assert f", {ROLE} (Link sent by e-mail)" in trainee.get(f"/activities/{activity.id}").text


def test_an_answer_counts_at_once_but_never_as_that_of_a_role(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    trainer = make_user(session, "Trainer", email=EMAIL)
    give_role(session, trainer, Role.TRAINER, ward.organisation)
    _made, link = invite(app, session, ward, activity)
    give(outside, link)
    epa_id = about(session, activity).epa_id
    (seen,) = observations_of(session, [ward.enrolment.id], epa_id=epa_id, roles=True)[ward.enrolment.id, epa_id]
    assert (seen.assessor_id, seen.assessor_roles, seen.identity) == (trainer.id, frozenset(), Identity.KNOWN_ADDRESS)
    (standing,) = standings_of(session, [ward.enrolment.id]).values()
    assert (standing.rating_count, standing.waiting_count, standing.last_rating_code) == (1, 0, "3")


def test_a_code_on_the_phone_asks_who_answers(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    trainee = client_of(ward.trainee)
    shown = trainee.send(trainee.get(f"/activities/{activity.id}/code"))
    made = session.scalars(select(Invitation)).one()
    picture = trainee.raw(f"/codes/{made.id}/code.svg")
    assert picture.content_type == "image/svg+xml"
    assert b"style" not in picture.data
    assert f"/codes/{made.id}/code.svg" in shown.source
    _again, link = made, show_code(app, session, ward, activity)[1]
    assert "Fill this in." in give(outside, link, status=422)
    assert "it is sent" in outside.send(outside.get(link), {"level": "4", **WHO}).heading
    given = about(session, activity)
    assert (given.level_code, given.identity, given.stated_role) == ("4", Identity.SHOWN_CODE, ROLE)
    assert given.requested_at == given.answered_at == NOW


def test_who_made_the_code_sees_that_it_was_answered(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    made, link = show_code(app, session, ward, activity)
    give(outside, link, WHO)
    trainee = client_of(ward.trainee)
    assert NAME in trainee.get(f"/codes/{made.id}").text
    assert trainee.raw(f"/codes/{made.id}/code.svg").status_code == 404
    trainee.post(f"/codes/{made.id}/withdraw", status=409)
    trainee.post(f"/invitations/{made.id}/renew", status=409)


def test_the_same_address_is_the_same_assessor_whoever_invited_it(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    give(outside, link)
    other = Ward(session)
    second = log_activity(session, other)
    _made, link = show_code(app, session, other, second)
    give(outside, link, {"name": "Somebody Else", "role": "Physician", "email": EMAIL.upper()})
    first, then = about(session, activity), about(session, second)
    assert first.assessor_id == then.assessor_id
    assert session.get_one(User, first.assessor_id).name == NAME, "a code renames nobody"


def test_who_corrects_their_own_name_by_their_own_link_is_called_so(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    give(outside, link, {"name": "Hendrik de Vries"})
    person = person_by_email(session, EMAIL)
    assert person is not None
    assert (person.name, person.outside) == ("Hendrik de Vries", True)


def test_somebody_from_outside_has_no_account_until_one_is_made_and_keeps_what_they_gave(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    give(outside, link)
    assert user_by_email(session, EMAIL) is None
    outside.send(outside.get("/sign-in"), {"email": EMAIL, "password": "whatever it is"}, status=422)
    user = create_user(session, email=EMAIL, name="R. de Vries", password="a long password", by=None, at=NOW)
    assert about(session, activity).assessor_id == user.id
    assert user_by_email(session, EMAIL) is user
    assert outside.send(outside.get("/sign-in"), {"email": EMAIL, "password": "a long password"}).heading


def test_somebody_from_outside_is_offered_nowhere_and_cannot_get_a_role(
    app: Flask, session: Session, ward: Ward, activity: Activity, client_of: ClientOf
) -> None:
    invite(app, session, ward, activity)
    assert NAME not in client_of(ward.trainee).get(f"/activities/{activity.id}/ask").text
    administrator = client_of(ward.administrator)
    page = administrator.get(f"/organisations/{ward.organisation.id}")
    refused = administrator.send(
        page, {"email": EMAIL, "role": "trainer"}, action=f"/organisations/{ward.organisation.id}/roles", status=422
    )
    assert "Nobody has an account" in refused.text


def test_who_has_an_account_finds_the_request_there_too_and_the_link_ends_with_their_answer(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    colleague = make_user(session, "Colleague", email=EMAIL)
    _made, link = invite(app, session, ward, activity)
    asked = about(session, activity)
    assert asked.assessor_id == colleague.id
    browser = client_of(colleague)
    browser.send(browser.get(f"/assessments/{asked.id}/submit"), {"level": "2"})
    session.refresh(asked)
    assert (asked.status, asked.identity) == (AssessmentStatus.SUBMITTED, Identity.ACCOUNT)
    assert "This link was used" in outside.get(link, status=410).heading


def test_nobody_invites_themselves(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    trainee = client_of(ward.trainee)
    page = trainee.get(f"/activities/{activity.id}/invite")
    refused = trainee.send(page, {"email": ward.trainee.email.upper(), "name": NAME, "role": ROLE}, status=422)
    assert "Nobody can assess themselves." in refused.text
    _made, link = show_code(app, session, ward, activity)
    assert "Nobody can assess themselves." in give(
        outside, link, {"name": NAME, "role": ROLE, "email": ward.trainee.email}, status=422
    )
    assert session.scalar(select(Assessment).where(Assessment.activity_id == activity.id)) is None


def test_an_address_that_anybody_can_have_is_remarked_upon_and_not_refused(
    session: Session, ward: Ward, activity: Activity, client_of: ClientOf
) -> None:
    trainee = client_of(ward.trainee)
    page = trainee.get(f"/activities/{activity.id}/invite")
    after = trainee.send(page, {"email": "rik@gmail.com", "name": NAME, "role": ROLE})
    assert "an address that anybody can make" in after.text
    assert about(session, activity).status is AssessmentStatus.REQUESTED


def test_the_mail_says_who_asks_and_not_what_was_done(
    app: Flask, session: Session, ward: Ward, activity: Activity
) -> None:
    invite(app, session, ward, activity)
    said = plain(letters(session)[-1])
    assert ward.trainee.name in said
    assert activity.note not in said
    assert "14 days" in said


def test_another_link_ends_the_one_before_and_is_not_sent_at_once(
    app: Flask,
    session: Session,
    ward: Ward,
    activity: Activity,
    outside: Browser,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, old = invite(app, session, ward, activity)
    trainee, address = client_of(ward.trainee), f"/assessments/{made.assessment_id}"
    renewal = f"/invitations/{made.id}/renew"
    assert renewal not in trainee.get(address).source
    trainee.post(renewal, status=409)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    trainee.send(trainee.get(address), action=renewal)
    outside.get(old, status=404)
    assert "it is sent" in outside.send(outside.get(last_link(session)), {"level": "3"}).heading


def test_only_so_many_links_of_one_trainee_are_open(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    links = [show_code(app, session, ward, activity)[1] for _one in range(MOST_OPEN)]
    with pytest.raises(RuleBroken, match="too_many_links"):
        invite(app, session, ward, activity)
    give(outside, links[0], WHO)
    invite(app, session, ward, log_activity(session, ward))


def test_what_was_sent_can_be_read_back_for_a_day_in_that_browser(
    app: Flask,
    session: Session,
    ward: Ward,
    activity: Activity,
    outside: Browser,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _made, link = invite(app, session, ward, activity)
    give(outside, link)
    assert "Calm and complete." in outside.get(link).text
    assert "This link was used" in client_of(None).get(link, status=410).heading
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=24))
    assert "This link was used" in outside.get(link, status=410).heading


def test_a_refused_answer_keeps_what_was_typed(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    page = outside.get(link)
    refused = outside.send(page, {"comment": "Typed already", "role": "Intensivist"}, status=422)
    assert "Typed already" in refused.source
    assert "Intensivist" in refused.source
    assert "it is sent" in outside.send(refused, {"level": "3"}).heading


def test_an_activity_that_changed_meanwhile_is_shown_again(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    page = outside.get(link)
    activity.note = "Placed two infusions"
    session.flush()
    refused = outside.send(page, {"level": "3"}, status=409)
    assert "Placed two infusions" in refused.text
    assert "it is sent" in outside.send(refused).heading


def test_the_page_is_small_needs_few_requests_and_leads_nowhere_else(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, statements: list[str]
) -> None:
    _made, link = invite(app, session, ward, activity)
    statements.clear()
    page = outside.get(link)
    assert len(statements) <= 6
    assert page.links() == []
    fetched = [tag.get("href") or "" for tag in page.tree.iter("link")]
    fetched += [tag.get("src") or "" for name in ("script", "img") for tag in page.tree.iter(name)]
    sizes = [len(outside.raw(path).data) for path in {*fetched}]
    assert len({*fetched}) + 1 <= 8
    assert len(page.source.encode()) + sum(sizes) < 60_000
    assert GUEST.name in page.source
