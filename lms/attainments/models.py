"""Attainments: what was recorded, and each step that somebody took with it; both are only ever added to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competencies.attainments import AttainmentKind, AttainmentState
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.db import Base, Key, one_of
from lms.organisations.models import Organisation


class AttainmentRow(Base):
    """Something that was done, attended, handed in, passed or exempted, as it was recorded; never changed afterwards.

    `key` says what it is in the programme (see the domain), `title` says it in words where the programme has none;
    `ground` is the ground of an exemption. What is wrong is withdrawn and recorded anew.
    """

    __tablename__ = "attainments"

    id: Mapped[Key]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[AttainmentKind] = mapped_column(one_of(AttainmentKind, "attainment_kind"))
    key: Mapped[str | None]
    setting: Mapped[str | None]
    ground: Mapped[str | None]
    title: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    started_on: Mapped[date | None]
    done_on: Mapped[date]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    passed: Mapped[bool]
    proof: Mapped[str]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship(lazy="raise")
    trainee: Mapped[User] = relationship(lazy="raise", foreign_keys=[trainee_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    recorded_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[recorded_by_id])
    steps: Mapped[list[AttainmentStep]] = relationship(
        lazy="raise", back_populates="attainment", order_by="AttainmentStep.at, AttainmentStep.step"
    )

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("started_on <= done_on", name="dates_in_order"),
        CheckConstraint(
            "proof <> '' OR kind NOT IN ('exempt_hours', 'exempt_epa', 'external_diploma')", name="proven_where_decided"
        ),
        Index("ix_attainments_enrolment_id", "enrolment_id", "done_on", "id"),
    )


class AttainmentStep(Base):
    """That somebody confirmed, refused or withdrew an attainment; each at most once, and refusing tells why."""

    __tablename__ = "attainment_steps"

    id: Mapped[Key]
    attainment_id: Mapped[UUID] = mapped_column(ForeignKey("attainments.id"))
    step: Mapped[AttainmentState] = mapped_column(one_of(AttainmentState, "attainment_state"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    reason: Mapped[str]

    attainment: Mapped[AttainmentRow] = relationship(lazy="raise", back_populates="steps")
    by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("step <> 'waiting'", name="is_a_step"),
        CheckConstraint("step = 'confirmed' OR reason <> ''", name="reason_given"),
        UniqueConstraint("attainment_id", "step"),
        Index(
            "uq_attainment_steps_answer",
            "attainment_id",
            unique=True,
            postgresql_where=text("step IN ('confirmed', 'refused')"),
        ),
    )
