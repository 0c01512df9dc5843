"""What happens to programme versions after they are written: who owns, publishes and retires them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.accounts.models import User
from lms.core.db import Base


class ProgrammeOwner(Base):
    """The organisation or alliance that a programme belongs to; programmes of the catalogue have no owner."""

    __tablename__ = "programme_owners"

    programme_id: Mapped[UUID] = mapped_column(ForeignKey("programmes.id"), primary_key=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    alliance_id: Mapped[UUID | None] = mapped_column(ForeignKey("alliances.id"), index=True)

    __table_args__ = (CheckConstraint("num_nonnulls(organisation_id, alliance_id) = 1", name="one_owner"),)


class Publication(Base):
    """That a version counts from a day on, by whom, and who reviewed it; append-only.

    A version without one came from a file and counts from the moment when it was loaded.
    """

    __tablename__ = "publications"

    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"), primary_key=True)
    effective_on: Mapped[date]
    note: Mapped[str]
    published_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    reviewed_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime]

    published_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[published_by_id])
    reviewed_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[reviewed_by_id])


class Retirement(Base):
    """That no new cohort starts on a version from a day on, by whom and why; append-only."""

    __tablename__ = "retirements"

    programme_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"), primary_key=True)
    retired_on: Mapped[date]
    reason: Mapped[str]
    retired_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]

    retired_by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)
