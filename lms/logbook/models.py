"""The activities that trainees log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.util import immutabledict

from competencies.observations import ActivityKind
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.db import Base, Key, one_of
from lms.curriculum.models import Epa
from lms.organisations.models import Department

NO_CONTEXTS = text("'{}'::jsonb")


class Activity(Base):
    """Something a trainee did, on a day, at a department, for one or more EPAs.

    `rated_at` is the moment of the first assessment that was given of it: from then on it only changes by a correction
    with a reason, the last one at `corrected_at`; what it said before is kept in its versions.
    `contexts` holds keys of the programme's own lists, by the kind of context. `written_by` is who wrote it down where
    that was not the trainee: an assessor who began by themselves.
    """

    __tablename__ = "activities"

    id: Mapped[Key]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[ActivityKind] = mapped_column(one_of(ActivityKind, "activity_kind"))
    performed_on: Mapped[date]
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"))
    note: Mapped[str]
    quantity: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    contexts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=NO_CONTEXTS)
    rated_at: Mapped[datetime | None]
    corrected_at: Mapped[datetime | None]
    written_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(default=1)

    enrolment: Mapped[Enrolment] = relationship(lazy="raise")
    trainee: Mapped[User] = relationship(lazy="raise", foreign_keys=[trainee_id])
    written_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[written_by_id])
    department: Mapped[Department] = relationship(lazy="raise")
    epas: Mapped[list[Epa]] = relationship(lazy="raise", secondary="activity_epas", order_by="Epa.position")

    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity_sensible"),
        CheckConstraint("corrected_at >= rated_at", name="corrected_after_rated"),
        CheckConstraint("written_by_id <> trainee_id", name="written_by_another"),
        Index("ix_activities_corrected_at", "corrected_at", postgresql_where=text("corrected_at IS NOT NULL")),
        CheckConstraint("kind <> 'reflection' OR note IN ('', 'Reflectie')", name="reflection_says_nothing"),
        Index("ix_activities_trainee_id_performed_on", "trainee_id", "performed_on", "id"),
        Index("ix_activities_enrolment_id_performed_on", "enrolment_id", "performed_on", "id"),
    )
    __mapper_args__ = immutabledict({"version_id_col": version})


class ActivityEpa(Base):
    """An EPA that an activity was about."""

    __tablename__ = "activity_epas"

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    epa_id: Mapped[UUID] = mapped_column(ForeignKey("epas.id"), primary_key=True, index=True)


class ActivityVersion(Base):
    """What an activity said at one time: first as it was assessed, then after each correction, with its reason.

    Append-only; the newest says what the activity itself says, and `bekwaam check` proves it. `epa_ids` are in order.
    """

    __tablename__ = "activity_versions"

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[ActivityKind] = mapped_column(one_of(ActivityKind, "activity_kind"))
    performed_on: Mapped[date]
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"))
    note: Mapped[str]
    quantity: Mapped[int]
    epa_ids: Mapped[list[str]]
    contexts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=NO_CONTEXTS)
    reason: Mapped[str]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]

    department: Mapped[Department] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("(number = 1) = (reason = '')", name="corrected_with_reason"),
    )
