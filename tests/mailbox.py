"""The mails that wait in the database, as they would go out; no worker and no mail server needed."""

from __future__ import annotations

from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core import clock
from lms.core.mail import Mail, MailState
from lms.core.mail.composing import composed, letter_of


def letters(session: Session) -> list[EmailMessage]:
    """Return the mails that wait, the first written first."""
    session.flush()
    waiting = select(Mail).where(Mail.state == MailState.WAITING).order_by(Mail.id)
    return [composed(letter_of(mail), at=clock.now()) for mail in session.scalars(waiting)]


def plain(message: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def page(message: EmailMessage) -> str:
    """Return the HTML of a mail."""
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())
