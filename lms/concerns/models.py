"""Concerns and what was added to each; the database refuses every change of either."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.concerns import ConcernStep
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.db import Base, Key, one_of
from lms.curriculum.models import Epa


class Concern(Base):
    """What somebody saw of a trainee that worries them, what they said to the trainee, and what is needed; append-only.

    `factors` are the values of `TrustFactor` that it is about: tags, and never scores.
    """

    __tablename__ = "concerns"

    id: Mapped[Key]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    epa_id: Mapped[UUID | None] = mapped_column(ForeignKey("epas.id"))
    factors: Mapped[list[str]]
    seen_on: Mapped[date]
    seen: Mapped[str]
    said: Mapped[str]
    needed: Mapped[str]
    talk_by: Mapped[date]
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship(lazy="raise")
    epa: Mapped[Epa | None] = relationship(lazy="raise")
    written_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[written_by_id])
    steps: Mapped[list[ConcernEntry]] = relationship(
        lazy="raise", back_populates="concern", order_by="ConcernEntry.number"
    )

    __table_args__ = (
        CheckConstraint("seen <> '' AND said <> '' AND needed <> ''", name="written_whole"),
        CheckConstraint("written_by_id <> trainee_id", name="of_somebody_else"),
    )


class ConcernEntry(Base):
    """Something that was added to a concern: its first has the number 1; append-only.

    `due_on` is the day by which the next one is wanted; `shares` lets the trainee read what the concern itself says.
    """

    __tablename__ = "concern_entries"

    concern_id: Mapped[UUID] = mapped_column(ForeignKey("concerns.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[ConcernStep] = mapped_column(one_of(ConcernStep, "concern_step"))
    text: Mapped[str]
    talked_on: Mapped[date | None]
    due_on: Mapped[date | None]
    shares: Mapped[bool]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]

    concern: Mapped[Concern] = relationship(lazy="raise", back_populates="steps")
    by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("text <> ''", name="something_written"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(step = 'talked') = (talked_on IS NOT NULL)", name="day_of_talk"),
        CheckConstraint("(step = 'closed') <= (due_on IS NULL)", name="closed_waits_for_nothing"),
        CheckConstraint("NOT shares OR step = 'talked'", name="shared_in_a_talk"),
    )
