"""The mails that wait, were sent or could not be, and the addresses that refuse them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, Key, one_of


class MailState(StrEnum):
    """How far a mail is; `sending` for longer than a moment means that a worker was killed on the way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    SWITCHED_OFF = "switched_off"


UNSENT = (MailState.WAITING, MailState.SENDING)


class Mail(Base):
    """One mail to one address; `facts` are sealed, for they may hold a secret link, and erased when it is done.

    `repeats` counts how often it was sent again after a worker was killed while sending: the receiver may have it
    already. `code` is the last answer of the mail server that was no success.
    """

    __tablename__ = "mails"

    id: Mapped[Key]
    address: Mapped[str]
    language: Mapped[str]
    template: Mapped[str]
    facts: Mapped[bytes | None]
    state: Mapped[MailState] = mapped_column(one_of(MailState, "mail_state"), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    repeats: Mapped[int] = mapped_column(default=0)
    code: Mapped[int | None]
    queued_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(state IN ('waiting', 'sending')) = (done_at IS NULL)", name="done_or_not"),
        CheckConstraint("(facts IS NULL) = (done_at IS NOT NULL)", name="facts_while_needed"),
    )


class AddressRefusal(Base):
    """An address, in small letters, that mail servers refuse for good, since when and with which answer."""

    __tablename__ = "address_refusals"

    address: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[int]
    since: Mapped[datetime]
