"""Rounds of feedback, who is asked in them, what was answered, and the goals that came of it.

An answer holds its round, its group and what was said: not who gave it, and no moment. The row of who was asked says
whether they answered. Nothing joins the two: the keys of answers are random and do not sort by time, and all answers of
a round are written anew, in the order of new keys, when it closes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.multisource import GoalState
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.db import Base, Key, one_of
from lms.curriculum.models import AssessmentForm, InstrumentForm


class FeedbackRound(Base):
    """A round about one trainee, with the form and the groups as they were when it was opened.

    Its form is a version of the shared one of the instrument, or one of a programme. What was answered may be read once
    it is closed and a conversation is planned: on which day, and with whom who guides the trainee.
    """

    __tablename__ = "feedback_rounds"

    id: Mapped[Key]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    instrument_form_id: Mapped[UUID | None] = mapped_column(ForeignKey("instrument_forms.id"))
    form_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment_forms.id"))
    groups: Mapped[list[Any]]
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]
    closes_on: Mapped[date]
    closed_at: Mapped[datetime | None]
    conversation_on: Mapped[date | None]
    guide_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"), index=True)

    enrolment: Mapped[Enrolment] = relationship(lazy="raise")
    trainee: Mapped[User] = relationship(lazy="raise", foreign_keys=[trainee_id])
    guide: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[guide_id])
    instrument_form: Mapped[InstrumentForm | None] = relationship(lazy="raise")
    form: Mapped[AssessmentForm | None] = relationship(lazy="raise")
    raters: Mapped[list[Rater]] = relationship(lazy="raise", back_populates="round", order_by="Rater.id")
    goals: Mapped[list[Goal]] = relationship(lazy="raise", back_populates="round", order_by="Goal.id")

    __table_args__ = (
        CheckConstraint("num_nonnulls(instrument_form_id, form_id) = 1", name="one_form"),
        CheckConstraint("num_nonnulls(conversation_on, guide_id) IN (0, 2)", name="conversation_whole"),
        CheckConstraint("conversation_on IS NULL OR closed_at IS NOT NULL", name="conversation_after_closing"),
        CheckConstraint("guide_id <> trainee_id", name="guide_is_another"),
        Index("uq_feedback_rounds_open", "enrolment_id", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("ix_feedback_rounds_closes_on", "closes_on", postgresql_where=text("closed_at IS NULL")),
    )


class Rater(Base):
    """Who is asked in a round, in which group, and whether they answered: not what, and not when.

    Somebody without an account gets a link. Of its token the SHA-256 is kept, and until it is used the `nonce` of which
    the same token can be made again together with the secret of the installation: for a reminder.
    """

    __tablename__ = "feedback_raters"

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("feedback_rounds.id"))
    group_key: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    stated_role: Mapped[str] = mapped_column(default="", server_default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    nonce: Mapped[bytes | None]
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")
    remind_on: Mapped[date | None]
    has_answered: Mapped[bool] = mapped_column(default=False, server_default=false())
    withdrawn_at: Mapped[datetime | None]

    round: Mapped[FeedbackRound] = relationship(lazy="raise", back_populates="raters")
    user: Mapped[User] = relationship(lazy="raise", foreign_keys=[user_id])

    __table_args__ = (
        UniqueConstraint("round_id", "user_id"),
        CheckConstraint("nonce IS NULL OR token_hash IS NOT NULL", name="nonce_of_link"),
        Index("ix_feedback_raters_remind_on", "remind_on", postgresql_where=text("remind_on IS NOT NULL")),
    )


class FeedbackAnswer(Base):
    """What one of a group said in a round."""

    __tablename__ = "feedback_answers"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("feedback_rounds.id"), index=True)
    group_key: Mapped[str]
    answers: Mapped[dict[str, Any]]

    __table_args__ = (
        Index(
            "uq_feedback_answers_self",
            "round_id",
            unique=True,
            postgresql_where=text("group_key = 'self'"),
        ),
    )


class Goal(Base):
    """What the trainee is going to do after the conversation, by when, how it will be seen, and what became of it."""

    __tablename__ = "feedback_goals"

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("feedback_rounds.id"), index=True)
    what: Mapped[str]
    seen_by: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[GoalState] = mapped_column(one_of(GoalState, "goal_state"), default=GoalState.OPEN)
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    round: Mapped[FeedbackRound] = relationship(lazy="raise", back_populates="goals")

    __table_args__ = (
        CheckConstraint("what <> '' AND seen_by <> ''", name="says_something"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_with_a_moment"),
    )
