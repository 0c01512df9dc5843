"""The moves of trainees from one version of a programme to another."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.util import immutabledict

from lms.accounts.models import User
from lms.cohorts.models.enrolments import Enrolment
from lms.core.db import Base, Key
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.models import Organisation


class VersionMove(Base):
    """What became of each EPA from one version of a programme to another, as an organisation sees it.

    `mapping` holds its lines: a kind with the ids of the old and the new EPAs. From the first trainee that was moved by
    it (`used_at`) the database refuses every change.
    """

    __tablename__ = "version_moves"

    id: Mapped[Key]
    from_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"), index=True)
    to_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    mapping: Mapped[list[Any]]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    from_version: Mapped[ProgrammeVersion] = relationship(lazy="raise", foreign_keys=[from_version_id])
    to_version: Mapped[ProgrammeVersion] = relationship(lazy="raise", foreign_keys=[to_version_id])
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    made_by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("from_version_id <> to_version_id", name="versions_differ"),)
    __mapper_args__ = immutabledict({"version_id_col": version})


class EnrolmentMove(Base):
    """One trainee who was moved: who consented and why; append-only.

    `carried` names whose evidence counts for whom from then on, over all moves so far: pairs of the id of an earlier
    EPA and of one of the new version.
    """

    __tablename__ = "enrolment_moves"

    id: Mapped[Key]
    enrolment_id: Mapped[UUID] = mapped_column(ForeignKey("enrolments.id"), index=True)
    version_move_id: Mapped[UUID] = mapped_column(ForeignKey("version_moves.id"), index=True)
    from_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"))
    to_version_id: Mapped[UUID] = mapped_column(ForeignKey("programme_versions.id"))
    carried: Mapped[list[Any]]
    consent_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str]
    moved_at: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship(lazy="raise", foreign_keys=[enrolment_id])
    version_move: Mapped[VersionMove] = relationship(lazy="raise")
    from_version: Mapped[ProgrammeVersion] = relationship(lazy="raise", foreign_keys=[from_version_id])
    to_version: Mapped[ProgrammeVersion] = relationship(lazy="raise", foreign_keys=[to_version_id])
    consent_by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("reason <> ''", name="with_reason"),
        CheckConstraint("from_version_id <> to_version_id", name="versions_differ"),
    )
