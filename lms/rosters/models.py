"""Rosters that were handed in, and the pairs of trainee and trainer that they propose."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.db import Base, Key
from lms.organisations.models import Department, Organisation


class Roster(Base):
    """A file that was read without a mistake, as keys; `applied_at` once somebody imported it.

    `lines` holds a day, department, enrolment and trainer each. It is removed after two weeks.
    """

    __tablename__ = "rosters"

    id: Mapped[Key]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    file_name: Mapped[str]
    lines: Mapped[list[Any]]
    handed_in_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    handed_in_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    handed_in_by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("applied_at >= handed_in_at", name="applied_after"),)


class RosterPair(Base):
    """That a trainee and a trainer work together on a day at a department, says the roster of an organisation.

    It is proposed to both on that day and three days after; each can dismiss it for themselves. It is removed after
    two weeks, and never evidence of anything.
    """

    __tablename__ = "roster_pairs"

    id: Mapped[Key]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    day: Mapped[date]
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"))
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    dismissed_by_trainee_at: Mapped[datetime | None]
    dismissed_by_trainer_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")
    trainee: Mapped[User] = relationship(lazy="raise", foreign_keys=[trainee_id])
    trainer: Mapped[User] = relationship(lazy="raise", foreign_keys=[trainer_id])

    __table_args__ = (
        CheckConstraint("trainee_id <> trainer_id", name="of_two"),
        UniqueConstraint(
            "organisation_id",
            "day",
            "department_id",
            "enrolment_id",
            "trainer_id",
            name="uq_roster_pairs_all",
        ),
        Index("ix_roster_pairs_trainee_id_day", "trainee_id", "day"),
        Index("ix_roster_pairs_trainer_id_day", "trainer_id", "day"),
        Index("ix_roster_pairs_day", "day"),
    )
