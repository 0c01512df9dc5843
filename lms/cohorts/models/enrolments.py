"""The trainees enrolled in cohorts, and who guides whom."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.util import immutabledict

from competencies.people import EndReason
from lms.accounts.models import User
from lms.cohorts.models.cohorts import Cohort
from lms.core.db import Base, Key, one_of
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.models import Department


class Enrolment(Base):
    """A trainee in a cohort, with dates, department and version of the programme of their own.

    The version is that of the cohort at the start, until the trainee is moved: `move_id` is then the last move.
    """

    __tablename__ = "enrolments"

    id: Mapped[Key]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"), index=True)
    move_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolment_moves.id", use_alter=True))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"), index=True)
    track: Mapped[str | None]
    starts_on: Mapped[date]
    planned_end_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[EndReason | None] = mapped_column(one_of(EndReason, "end_reason"))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    cohort: Mapped[Cohort] = relationship(lazy="raise")
    programme_version: Mapped[ProgrammeVersion] = relationship(lazy="raise")
    trainee: Mapped[User] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")
    trainers: Mapped[list[EnrolmentTrainer]] = relationship(
        lazy="raise", back_populates="enrolment", order_by="EnrolmentTrainer.starts_on"
    )

    __table_args__ = (
        UniqueConstraint("cohort_id", "trainee_id"),
        CheckConstraint("planned_end_on > starts_on", name="dates_in_order"),
        CheckConstraint("ended_on >= starts_on", name="end_after_start"),
        CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
    )
    __mapper_args__ = immutabledict({"version_id_col": version})


class EnrolmentTrainer(Base):
    """The days on which a trainer guides an enrolled trainee; both ends included."""

    __tablename__ = "enrolment_trainers"

    id: Mapped[Key]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)
    trainer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    enrolment: Mapped[Enrolment] = relationship(lazy="raise", back_populates="trainers")
    trainer: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        Index(
            "uq_enrolment_trainers_open",
            "enrolment_id",
            "trainer_id",
            unique=True,
            postgresql_where=text("ends_on IS NULL"),
        ),
    )
