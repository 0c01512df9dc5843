"""Writing a mail down, and sending it: again after a failure, at least once, and marked when it is perhaps twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from procrastinate import RetryStrategy
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lms.core import clock
from lms.core.db import transaction
from lms.core.jobs import ask_for, jobs
from lms.core.keys import uuid7
from lms.core.logs import log
from lms.core.mail.carriers import NotNow, Refused, carrier_for
from lms.core.mail.composing import Letter, NoAddress, composed, letter_of, sealed
from lms.core.mail.models import UNSENT, AddressRefusal, Mail, MailState
from lms.core.sealing import SealBroken
from lms.core.words import LANGUAGES

MOST_ATTEMPTS = 7
AGAIN = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=5, retry_exceptions={NotNow, OperationalError})
"""Again after 5 seconds, then after five times as long each time: a little more than a day in all."""
BEHIND_OTHERS = -10
"""Thousands of mails in the morning keep no other job waiting."""
GIVEN_UP_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=30)


def post(session: Session, *, to: str, language: str | None, template: str, facts: Mapping[str, object]) -> Mail:
    """Write a mail down, to be sent once the transaction is committed; without the commit it never was.

    `template` is the name of a file in templates/mail, `facts` are its variables, as JSON knows them. Whatever a mail
    says travels unprotected: never patient data, a level or a comment.
    """
    mail = Mail(
        id=uuid7(), address=to.strip(), language=language or LANGUAGES[0], template=template, facts=sealed(facts)
    )
    session.add(mail)
    session.flush()
    ask_for(session, send_mail, mail_id=str(mail.id))
    return mail


@jobs.task(name="core.send_mail", retry=AGAIN, priority=BEHIND_OTHERS)
def send_mail(mail_id: str) -> None:
    """Send a mail that waits; one that was being sent when a worker was killed is sent again and says so."""
    carrier = carrier_for(current_app.config["BEKWAAM"])
    letter = _begun(UUID(mail_id), switched_off=carrier is None)
    if letter is None or carrier is None:
        return
    with _settled(letter):
        carrier.carry(composed(letter, at=clock.now()))


def _begun(mail_id: UUID, *, switched_off: bool) -> Letter | None:
    """Note that the mail is being sent, before it is, and return it; None where there is nothing to send (any more)."""
    now = clock.now()
    with transaction() as session:
        mail = session.scalar(select(Mail).where(Mail.id == mail_id, Mail.state.in_(UNSENT)).with_for_update())
        if mail is None:
            return None
        if switched_off:
            _finish(session, mail.id, MailState.SWITCHED_OFF, at=now)
            return None
        mail.repeats += mail.state is MailState.SENDING
        mail.attempts += 1
        mail.state, mail.begun_at = MailState.SENDING, now
        try:
            return letter_of(mail)
        except SealBroken:
            log.error("mail given up", mail=str(mail_id), reason="sealed under another secret")
            _finish(session, mail.id, MailState.GIVEN_UP, at=now)
            return None


@contextmanager
def _settled(letter: Letter) -> Iterator[None]:
    """Keep what became of the mail that is sent in the block; raise `NotNow` where the queue is to try again."""
    try:
        yield
    except Refused as refused:
        with transaction() as session:
            _finish(session, letter.id, MailState.REFUSED, code=refused.code, at=clock.now())
            _note_refusal(session, letter.address, refused.code, at=clock.now())
        log.warning("mail refused", mail=str(letter.id), code=refused.code)
    except NotNow as failure:
        if _waits_again(letter, failure):
            raise
    except NoAddress:
        _give_up(letter, reason="no e-mail address")
    except Exception:
        _give_up(letter, reason="a failure of ours")
        raise
    else:
        with transaction() as session:
            _finish(session, letter.id, MailState.SENT, at=clock.now())
            session.execute(delete(AddressRefusal).where(AddressRefusal.address == letter.address.lower()))
        log.info("mail sent", mail=str(letter.id), attempt=letter.attempts, repeats=letter.repeats)


def _give_up(letter: Letter, *, reason: str) -> None:
    with transaction() as session:
        _finish(session, letter.id, MailState.GIVEN_UP, at=clock.now())
    log.error("mail given up", mail=str(letter.id), reason=reason)


def _waits_again(letter: Letter, failure: NotNow) -> bool:
    """Let the mail wait for a next attempt, or give it up after the last; return whether it waits."""
    last = letter.attempts >= MOST_ATTEMPTS
    with transaction() as session:
        if last:
            _finish(session, letter.id, MailState.GIVEN_UP, code=failure.code, at=clock.now())
        else:
            waiting = {"state": MailState.WAITING, "code": failure.code}
            session.execute(update(Mail).where(Mail.id == letter.id).values(waiting))
    log.warning("mail given up" if last else "mail waits", mail=str(letter.id), code=failure.code)
    return not last


def _finish(session: Session, mail_id: UUID, state: MailState, *, at: datetime, code: int | None = None) -> None:
    done = {"state": state, "facts": None, "done_at": at} | ({"code": code} if code else {})
    session.execute(update(Mail).where(Mail.id == mail_id).values(done))


def _note_refusal(session: Session, address: str, code: int, *, at: datetime) -> None:
    noted = upsert(AddressRefusal).values(address=address.lower(), code=code, since=at)
    session.execute(noted.on_conflict_do_update(index_elements=["address"], set_={"code": code}))


@jobs.periodic(cron="29 3 * * *")
@jobs.task(name="core.forget_mails", queueing_lock="core.forget_mails")
def forget_mails(timestamp: int) -> None:  # noqa: ARG001 - the queue says which minute it is.
    """Give up what no worker could send in three days, and forget mails of a month ago with their addresses."""
    now = clock.now()
    with transaction() as session:
        left = update(Mail).where(Mail.state.in_(UNSENT), Mail.queued_at < now - GIVEN_UP_AFTER)
        session.execute(left.values(state=MailState.GIVEN_UP, facts=None, done_at=now))
        session.execute(delete(Mail).where(Mail.queued_at < now - KEPT_FOR))
