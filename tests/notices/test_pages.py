"""The pages of notices, of mail and of the calendar's address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.core.audit import AuditEntry
from lms.core.mail import AddressRefusal
from lms.notices.models import CalendarFeed, Delivery, MailChoice, Notice, NoticeKind
from lms.notices.queries import PAGE, notices_of
from tests.assessments.requests import ask_for
from tests.factories import NOW, Ward, make_user
from tests.logbook.activities import log_activity
from tests.notices.told import tell
from tests.pages import Browser, Page

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainer(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainer)


def buttons(page: Page) -> list[str]:
    """Return the words of the notices on a page, in order."""
    return [" ".join("".join(one.itertext()).split()) for one in page.tree.findall(".//ul[@class='entries']//b")]


def test_a_notice_is_opened_with_one_press_and_is_read_then(session: Session, ward: Ward, trainer: Browser) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    home = trainer.get("/")
    assert "Notices 1" in " ".join("".join(home.tree.itertext()).split())
    page = trainer.get("/notices")
    assert buttons(page) == [f"{ward.trainee.name} asks you for an assessment"]
    assert "New" in page.text
    notice = session.scalars(select(Notice).where(Notice.about_id == asked.id)).one()
    assert trainer.send(page, action=f"/notices/{notice.id}/open").path == f"/assessments/{asked.id}/submit"
    assert "New" not in trainer.get("/notices").text
    assert notice.read_at == NOW


def test_reading_the_list_changes_nothing(session: Session, ward: Ward, trainer: Browser) -> None:
    notice = tell(session, ward.trainer, ward.trainee)
    trainer.get("/notices")
    assert (notice.read_at, notice.to_mail) == (None, True)


def test_all_are_read_at_once(session: Session, ward: Ward, trainer: Browser) -> None:
    others = tell(session, ward.second_trainer, ward.trainee)
    for _number in range(3):
        tell(session, ward.trainer, ward.trainee)
    page = trainer.send(trainer.get("/notices"), action="/notices/read")
    assert "All your notices are read." in page.text
    assert "New" not in page.text
    assert others.read_at is None


def test_nobody_opens_the_notice_of_another(session: Session, ward: Ward, client_of: ClientOf) -> None:
    notice = tell(session, ward.trainer, ward.trainee)
    client_of(ward.second_trainer).post(f"/notices/{notice.id}/open", status=404)
    assert notice.read_at is None


ABOUT_NOBODY = {one for one in NoticeKind if one.value.startswith("concern_")} | {
    NoticeKind.ASSESSMENT_DISOWNED,
    NoticeKind.ASSESSMENT_EXPIRED,
    NoticeKind.FEEDBACK_CLOSED,
    NoticeKind.FEEDBACK_REMINDER,
}
"""What names nobody: nobody did it, or who did it says too much."""


def test_every_kind_says_who_did_what_in_both_languages(session: Session, ward: Ward, client_of: ClientOf) -> None:
    for kind in NoticeKind:
        tell(session, ward.second_trainer, ward.trainee, kind=kind)
    browser = client_of(ward.second_trainer)
    english = buttons(browser.get("/notices"))
    ward.second_trainer.language = "nl"
    dutch = buttons(browser.get("/notices"))
    assert len(set(english)) == len(set(dutch)) == len(NoticeKind)
    assert not set(english) & set(dutch)
    assert len([one for one in english if ward.trainee.name in one]) == len(NoticeKind) - len(ABOUT_NOBODY)


def test_without_notices_the_page_says_what_comes_here(ward: Ward, client_of: ClientOf) -> None:
    assert "Nothing yet." in client_of(ward.auditor).get("/notices").text


def test_pages_of_notices_begin_with_the_unread_and_leave_none_out(session: Session, ward: Ward) -> None:
    wanted = []
    for number in range(25):
        notice = tell(session, ward.trainer, ward.trainee, at=NOW + timedelta(minutes=number // 2))
        if number % 3 == 0:
            notice.read_at, notice.to_mail = NOW, False
        wanted.append(notice)
    session.flush()
    wanted.sort(key=lambda one: (one.read_at is None, one.at, one.id), reverse=True)
    found: list[Notice] = []
    page = notices_of(session, ward.trainer.id, size=4)
    found += page.rows
    while page.next_cursor:
        page = notices_of(session, ward.trainer.id, after=page.next_cursor, size=4)
        found += page.rows
    assert [one.id for one in found] == [one.id for one in wanted]


@pytest.mark.parametrize(
    "cursor", ["x", "1_", "1_x_y", "1_1e400_x", "0_1.0_nokey", "1_nan_00000000-0000-7000-8000-000000000000"]
)
def test_a_cursor_that_is_none_shows_the_beginning(ward: Ward, trainer: Browser, cursor: str) -> None:
    trainer.get(f"/notices?after={cursor}")


def test_the_list_costs_two_statements_and_the_count_none(
    session: Session, ward: Ward, trainer: Browser, statements: list[str]
) -> None:
    def count(path: str) -> int:
        session.expire_all()
        statements.clear()
        trainer.get(path)
        return len(statements)

    before = count("/notices"), count("/account")
    for _number in range(PAGE + 5):
        tell(session, ward.trainer, ward.trainee)
    assert (count("/notices"), count("/account")) == before
    assert before[0] == 2
    assert "Older" in trainer.get("/notices").text


def test_mail_is_chosen_and_kept_on_record(session: Session, ward: Ward, trainer: Browser) -> None:
    typed = {"delivery": "immediate", "quiet_from": "22:00", "quiet_until": "07:30"}
    page = trainer.send(trainer.get("/account/mail"), typed, action="/account/mail")
    assert "This is how you get mail from now on." in page.text
    assert 'value="22:00"' in page.source
    chosen = session.get_one(MailChoice, ward.trainer.id)
    assert (chosen.delivery, str(chosen.quiet_from), str(chosen.quiet_until)) == (
        Delivery.IMMEDIATE,
        "22:00:00",
        "07:30:00",
    )
    assert actions_about(session, ward.trainer)[-1] == "account.mail_chosen"


def actions_about(session: Session, person: User) -> list[str]:
    entries = select(AuditEntry.action).where(AuditEntry.subject_id == person.id).order_by(AuditEntry.sequence)
    return list(session.scalars(entries))


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (("22:00", ""), "Fill in both hours"),
        (("", "07:00"), "Fill in both hours"),
        (("08:00", "08:00"), "never end"),
        (("25:00", "07:00"), "time"),
    ],
)
def test_hours_that_make_no_sense_come_back_as_they_were_typed(
    session: Session, ward: Ward, trainer: Browser, hours: tuple[str, str], said: str
) -> None:
    typed = {"delivery": "immediate", "quiet_from": hours[0], "quiet_until": hours[1]}
    page = trainer.send(trainer.get("/account/mail"), typed, action="/account/mail", status=422)
    assert said in page.text
    assert all(f'value="{hour}"' in page.source for hour in hours if hour)
    assert session.get(MailChoice, ward.trainer.id) is None


@pytest.fixture
def refused(session: Session, ward: Ward) -> AddressRefusal:
    refusal = AddressRefusal(address=ward.trainee.email.lower(), code=550, since=NOW)
    session.add(refusal)
    session.flush()
    return refusal


def test_who_cannot_be_reached_reads_so_and_can_have_it_tried_again(
    session: Session, ward: Ward, refused: AddressRefusal, client_of: ClientOf
) -> None:
    browser = client_of(ward.trainee)
    page = browser.get("/account/mail")
    assert "Your address refuses our mail" in page.text
    assert "(answer 550)" in page.text
    after = browser.send(page, action="/account/mail/retries")
    assert "refuses" not in after.text
    assert actions_about(session, ward.trainee)[-1] == "account.mail_tried_again"


def test_the_programme_lead_sees_whose_address_refuses_mail_and_other_readers_do_not(
    session: Session, ward: Ward, refused: AddressRefusal, client_of: ClientOf
) -> None:
    path = f"/cohorts/{ward.cohort.id}"
    assert "Mail is refused" in client_of(ward.lead).get(path).text
    assert "Mail is refused" not in client_of(ward.auditor).get(path).text
    assert "Mail is refused" not in client_of(Ward(session).lead).get("/cohorts").text


def test_the_administrator_of_the_organisation_sees_whose_address_refuses_mail(
    session: Session, ward: Ward, refused: AddressRefusal, client_of: ClientOf
) -> None:
    path = f"/organisations/{ward.organisation.id}"
    assert client_of(ward.administrator).get(path).text.count("Mail is refused") == 1
    assert "Mail is refused" not in client_of(ward.auditor).get(path).text


def test_the_address_of_a_calendar_is_shown_once_and_never_stored(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    browser = client_of(ward.trainee)
    made = browser.send(browser.get("/account/mail"), action="/account/calendar")
    address = next(one.text or "" for one in made.tree.iter("code"))
    assert address.startswith("http://localhost/calendar/")
    secret = address.rpartition("/")[2].removesuffix(".ics")
    feed = session.get_one(CalendarFeed, ward.trainee.id)
    assert secret.encode() not in feed.secret_hash
    assert secret not in browser.get("/account/mail").source
    assert actions_about(session, ward.trainee)[-1] == "account.calendar_made"


def test_a_new_address_and_closing_it_end_the_old_one(session: Session, ward: Ward, client_of: ClientOf) -> None:
    browser, anybody = client_of(ward.trainee), client_of(None)

    def renewed() -> str:
        made = browser.send(browser.get("/account/mail"), action="/account/calendar")
        return next(one.text or "" for one in made.tree.iter("code")).removeprefix("http://localhost")

    first, second = renewed(), renewed()
    assert anybody.raw(first).status_code == 404
    assert anybody.raw(second).status_code == 200
    browser.send(browser.get("/account/mail"), action="/account/calendar/end")
    assert anybody.raw(second).status_code == 404
    assert actions_about(session, ward.trainee)[-1] == "account.calendar_ended"


def test_a_person_without_a_choice_and_one_who_is_nobody_special_can_open_the_page(
    session: Session, client_of: ClientOf
) -> None:
    page = client_of(make_user(session)).get("/account/mail")
    assert "Once a day" in page.text
