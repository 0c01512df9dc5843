"""Notices, how each person wants to get them by mail, and the secret addresses of calendars."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.core.db import Base, Key, one_of


class NoticeKind(StrEnum):
    """What a notice tells; each has words (`words.py`) and a page that it leads to (`places.py`)."""

    ACTIVITY_CORRECTED = "activity_corrected"
    ASSESSMENT_EXPIRED = "assessment_expired"
    ASSESSMENT_EXTENDED = "assessment_extended"
    ASSESSMENT_HANDED_ON = "assessment_handed_on"
    ASSESSMENT_HANDED_TO = "assessment_handed_to"
    ASSESSMENT_REMINDER = "assessment_reminder"
    ASSESSMENT_REQUESTED = "assessment_requested"
    ASSESSMENT_STARTED = "assessment_started"
    ASSESSMENT_SUBMITTED = "assessment_submitted"
    ASSESSMENT_DECLINED = "assessment_declined"
    ASSESSMENT_DISOWNED = "assessment_disowned"
    ASSESSMENT_NOT_OBSERVED = "assessment_not_observed"
    CONCERN_ADDED_TO = "concern_added_to"
    CONCERN_OVERDUE = "concern_overdue"
    CONCERN_TALKED = "concern_talked"
    CONCERN_WRITTEN = "concern_written"
    DECISION_TAKEN = "decision_taken"
    DRAFT_REVIEW_ASKED = "draft_review_asked"
    FEEDBACK_ASKED = "feedback_asked"
    FEEDBACK_CLOSED = "feedback_closed"
    FEEDBACK_CONVERSATION = "feedback_conversation"
    FEEDBACK_REMINDER = "feedback_reminder"
    MOVE_MADE = "move_made"
    REFLECTION_SHARED = "reflection_shared"


class Delivery(StrEnum):
    """When a person wants mail."""

    DIGEST = "digest"
    IMMEDIATE = "immediate"
    APP_ONLY = "app_only"


class Notice(Base):
    """That something happened which somebody should know: who did it and to what, and never a word of its content.

    `about_id` is the key of the thing whose page it leads to. `to_mail` as long as it may still go into a mail.
    """

    __tablename__ = "notices"

    id: Mapped[Key]
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[NoticeKind] = mapped_column(one_of(NoticeKind, "notice_kind"))
    about_id: Mapped[UUID]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    to_mail: Mapped[bool] = mapped_column(default=True, server_default=true())

    reader: Mapped[User] = relationship(lazy="raise", foreign_keys=[reader_id])
    by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[by_id])

    __table_args__ = (
        CheckConstraint("NOT to_mail OR read_at IS NULL", name="mailed_while_unread"),
        Index("ix_notices_in_order", "reader_id", text("(read_at IS NULL)"), "at", "id"),
        Index("ix_notices_unread_about_id", "about_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notices_to_mail", "reader_id", "at", postgresql_where=text("to_mail")),
    )


class MailChoice(Base):
    """How a person wants mail; without a row: once a day. `digest_on` is the day of the last digest.

    Between the hours, in the time of the region, nothing is sent; they may reach over midnight.
    """

    __tablename__ = "mail_choices"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    delivery: Mapped[Delivery] = mapped_column(one_of(Delivery, "delivery"), default=Delivery.DIGEST)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    digest_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours_whole"),
        CheckConstraint("quiet_from <> quiet_until", name="quiet_hours_last"),
    )


class CalendarFeed(Base):
    """That a person has an address at which calendars fetch their days; its secret is stored as SHA-256 only."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")
