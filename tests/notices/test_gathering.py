"""Gathering notices into mails: each person as they want it, in their language, and nothing that is read already."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.core import clock
from lms.core.mail import AddressRefusal, Mail
from lms.notices.actions import MOST_IN_A_MAIL, choose_mail, forget_notices, read, settle
from lms.notices.jobs import gather
from lms.notices.models import Delivery, MailChoice, Notice, NoticeKind
from tests.factories import NOW, make_user
from tests.mailbox import letters, page, plain
from tests.notices.told import ASKED, tell

TOMORROW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
"""Seven in the morning of the day after, in the region."""


@pytest.fixture
def asker(session: Session) -> User:
    return make_user(session, "Trainee")


def wanting(
    session: Session, delivery: Delivery, *, quiet: tuple[time, time] | None = None, language: str = "en"
) -> User:
    person = make_user(session, "Reader", language=language)
    choose_mail(session, person, delivery=delivery, quiet=quiet, by=person, at=NOW)
    return person


def gathered(session: Session, monkeypatch: pytest.MonkeyPatch, at: datetime) -> list[str]:
    """Gather at that moment, and return the addresses of all mails that were written so far."""
    monkeypatch.setattr(clock, "now", lambda: at)
    gather(0)
    session.expire_all()
    return list(session.scalars(select(Mail.address).order_by(Mail.id)))


def test_at_once_is_within_the_minute_and_only_once(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = wanting(session, Delivery.IMMEDIATE)
    tell(session, reader, asker)
    assert gathered(session, monkeypatch, NOW) == [reader.email]
    assert gathered(session, monkeypatch, NOW + timedelta(minutes=1)) == [reader.email]


def test_without_a_choice_all_of_a_day_comes_in_one_mail_in_the_morning(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = make_user(session, "Reader")
    for hours in range(3):
        tell(session, reader, asker, at=NOW + timedelta(hours=hours))
    assert gathered(session, monkeypatch, TOMORROW - timedelta(minutes=1)) == []
    assert gathered(session, monkeypatch, TOMORROW) == [reader.email]
    (letter,) = letters(session)
    assert letter["Subject"] == "Bekwaam: 3 things for you"
    assert plain(letter).count(f"{asker.name} asks you for an assessment") == 3


def test_a_day_has_one_digest_even_after_a_worker_that_was_away(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = make_user(session, "Reader")
    tell(session, reader, asker, at=NOW - timedelta(days=3))
    late = TOMORROW - timedelta(minutes=2)
    assert gathered(session, monkeypatch, late) == [reader.email]
    tell(session, reader, asker, at=late)
    assert gathered(session, monkeypatch, TOMORROW + timedelta(hours=9)) == [reader.email]
    assert gathered(session, monkeypatch, TOMORROW + timedelta(days=1)) == [reader.email] * 2


def test_in_quiet_hours_nothing_is_written_and_afterwards_all(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = wanting(session, Delivery.IMMEDIATE, quiet=(time(10), time(12)))
    tell(session, reader, asker)
    assert gathered(session, monkeypatch, NOW) == []  # Half past ten in the region.
    assert gathered(session, monkeypatch, NOW + timedelta(hours=2)) == [reader.email]


def test_who_wants_no_mail_gets_none_not_even_later(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = wanting(session, Delivery.APP_ONLY)
    notice = tell(session, reader, asker)
    assert gathered(session, monkeypatch, TOMORROW) == []
    assert (notice.to_mail, notice.read_at) == (False, None)
    choose_mail(session, reader, delivery=Delivery.IMMEDIATE, quiet=None, by=reader, at=TOMORROW)
    assert gathered(session, monkeypatch, TOMORROW) == []


def test_what_was_read_or_settled_meanwhile_is_not_mailed(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = make_user(session, "Reader")
    read(session, tell(session, reader, asker), at=NOW)
    settle(session, ASKED, about=tell(session, reader, asker).about_id, at=NOW)
    assert gathered(session, monkeypatch, TOMORROW) == []


def test_a_closed_account_and_an_address_that_refuses_get_no_mail(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, refusing = make_user(session), make_user(session, email="Refusing@Test.example.org")
    gone.disabled_at = NOW
    session.add(AddressRefusal(address="refusing@test.example.org", code=550, since=NOW))
    for reader in (gone, refusing):
        tell(session, reader, asker)
    assert gathered(session, monkeypatch, TOMORROW) == []
    session.execute(text("DELETE FROM address_refusals"))
    assert gathered(session, monkeypatch, TOMORROW) == [refusing.email]


def test_each_reads_it_in_their_own_language_with_a_link_for_each(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = wanting(session, Delivery.IMMEDIATE, language="nl")
    asked = tell(session, reader, asker)
    draft = tell(session, reader, asker, kind=NoticeKind.DRAFT_REVIEW_ASKED, at=NOW + timedelta(minutes=1))
    gathered(session, monkeypatch, NOW + timedelta(minutes=2))
    (letter,) = letters(session)
    assert letter["Subject"] == "Bekwaam: 2 berichten voor je"
    assert f"{asker.name} vraagt je om een beoordeling" in plain(letter)
    for said in (plain(letter), page(letter)):
        assert f"http://127.0.0.1:8000/assessments/{asked.about_id}/submit" in said
        assert f"http://127.0.0.1:8000/drafts/{draft.about_id}/review" in said
    assert letter["List-Unsubscribe"] == "<http://127.0.0.1:8000/account/mail>"


def test_a_mail_names_some_and_counts_the_others(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = wanting(session, Delivery.IMMEDIATE)
    for _number in range(MOST_IN_A_MAIL + 3):
        tell(session, reader, asker)
    gathered(session, monkeypatch, NOW)
    (letter,) = letters(session)
    assert plain(letter).count("asks you for an assessment") == MOST_IN_A_MAIL
    assert "And 3 more." in plain(letter)


def test_gathering_for_nobody_costs_two_statements_and_the_count_does_not_grow_with_notices(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    statements.clear()
    gathered(session, monkeypatch, NOW)
    assert len([one for one in statements if "mails" not in one]) == 2
    reader = make_user(session, "Reader")
    counts = []
    for number in (1, 9):
        for _one in range(number):
            tell(session, reader, asker, at=NOW - timedelta(days=2))
        session.execute(text("DELETE FROM mail_choices"))
        statements.clear()
        gathered(session, monkeypatch, TOMORROW)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14


def test_a_mail_that_cannot_be_written_keeps_no_other_waiting(
    session: Session, asker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, reader = make_user(session, "Odd", language="tlh-xx-??"), make_user(session, "Reader")
    tell(session, odd, asker, at=NOW - timedelta(hours=1))
    tell(session, reader, asker)
    assert gathered(session, monkeypatch, TOMORROW) == [reader.email]


def test_what_was_read_long_ago_is_forgotten_and_what_nobody_read_stays(session: Session, asker: User) -> None:
    reader = make_user(session, "Reader")
    long_ago = NOW - timedelta(days=366)
    read(session, tell(session, reader, asker, at=long_ago), at=long_ago)
    kept = [tell(session, reader, asker, at=long_ago), tell(session, reader, asker, at=long_ago)]
    read(session, kept[1], at=NOW - timedelta(days=364))
    forget_notices(session, at=NOW)
    assert set(session.scalars(select(Notice.id).where(Notice.reader_id == reader.id))) == {one.id for one in kept}


def test_nobody_is_told_what_they_did_themselves(session: Session, asker: User) -> None:
    with pytest.raises(Exception, match="No row was found"):
        tell(session, asker, asker)
    assert session.scalars(select(Notice).where(Notice.reader_id == asker.id)).all() == []


def test_a_choice_is_on_record_and_keeps_the_day_of_the_last_digest(session: Session, asker: User, app: Flask) -> None:
    session.add(MailChoice(user_id=asker.id, delivery=Delivery.DIGEST, digest_on=NOW.date()))
    session.flush()
    choose_mail(session, asker, delivery=Delivery.IMMEDIATE, quiet=(time(22), time(7)), by=asker, at=NOW)
    session.expire_all()
    chosen = session.get_one(MailChoice, asker.id)
    assert (chosen.delivery, chosen.quiet_from, chosen.digest_on) == (Delivery.IMMEDIATE, time(22), NOW.date())
    facts = session.execute(text("SELECT facts::text FROM audit_entries WHERE action = 'account.mail_chosen'"))
    assert facts.scalars().one() == KEPT


KEPT = (
    '{"after":{"delivery":"immediate","quiet_hours":["22:00","07:00"]},"before":{"delivery":"digest","quiet_hours":[]}}'
)
