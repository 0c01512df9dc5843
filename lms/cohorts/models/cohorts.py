"""Cohorts of a programme version."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.util import immutabledict

from lms.accounts.models import User
from lms.core.db import Base, Key
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.models import Organisation


class Cohort(Base):
    """A dated run of a programme version at an organisation; its version is the one that new trainees start on."""

    __tablename__ = "cohorts"

    id: Mapped[Key]
    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str]
    starts_on: Mapped[date]
    planned_end_on: Mapped[date]
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    programme_version: Mapped[ProgrammeVersion] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    lead: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("planned_end_on > starts_on", name="dates_in_order"),
        UniqueConstraint("organisation_id", "name"),
    )
    __mapper_args__ = immutabledict({"version_id_col": version})
