"""Reflections and with whom they are shared: tables that hold nothing for whoever does not say who is reading.

Both have row security that binds the owner of the tables too. Who reads is a setting of the transaction, which
`lms.reflections.readers` makes; without it no row is there.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.util import immutabledict

from lms.accounts.models import User
from lms.core.db import Base, Key
from lms.logbook.models import Activity


class Reflection(Base):
    """What somebody wrote for themselves.

    `about` is the activity that it looks back on; `line` is the line of the logbook by which it is counted, which says
    that there is a reflection and nothing of what is in it.
    """

    __tablename__ = "reflections"

    id: Mapped[Key]
    writer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str]
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id"), index=True)
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id"), unique=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    writer: Mapped[User] = relationship(lazy="raise")
    about: Mapped[Activity | None] = relationship(lazy="raise", foreign_keys=[about_id])
    line: Mapped[Activity | None] = relationship(lazy="raise", foreign_keys=[line_id])
    shares: Mapped[list[ReflectionShare]] = relationship(
        lazy="raise", back_populates="reflection", order_by="ReflectionShare.shared_at, ReflectionShare.id"
    )

    __table_args__ = (
        UniqueConstraint("id", "writer_id"),
        CheckConstraint("text <> ''", name="something_written"),
        Index("ix_reflections_writer_id_created_at", "writer_id", "created_at", "id"),
    )
    __mapper_args__ = immutabledict({"version_id_col": version})


class ReflectionShare(Base):
    """That a writer lets one person read one reflection, until it is taken back."""

    __tablename__ = "reflection_shares"

    id: Mapped[Key]
    reflection_id: Mapped[UUID]
    writer_id: Mapped[UUID]
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    shared_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    reflection: Mapped[Reflection] = relationship(lazy="raise", back_populates="shares")
    reader: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        ForeignKeyConstraint(["reflection_id", "writer_id"], ["reflections.id", "reflections.writer_id"]),
        CheckConstraint("reader_id <> writer_id", name="with_somebody_else"),
        CheckConstraint("revoked_at >= shared_at", name="moments_in_order"),
        Index(
            "uq_reflection_shares_open",
            "reflection_id",
            "reader_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_reflection_shares_reader_id", "reader_id"),
    )
