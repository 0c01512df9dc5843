"""Drafts of programme versions, cut into parts that people edit apart from each other, with every text ever sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.util import immutabledict

from competencies.drafts import DraftState, EditKind, Verdict
from lms.accounts.models import User
from lms.core.db import JSON_VALUE, Base, Key, Words, one_of
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.models import Alliance, Organisation


class Draft(Base):
    """A programme version in the making, of one organisation or alliance; `title` and `label` copy its own facts."""

    __tablename__ = "drafts"

    id: Mapped[Key]
    programme_key: Mapped[str] = mapped_column(index=True)
    label: Mapped[str]
    title: Mapped[Words]
    based_on_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_versions.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    alliance_id: Mapped[UUID | None] = mapped_column(ForeignKey("alliances.id"), index=True)
    state: Mapped[DraftState] = mapped_column(one_of(DraftState, "draft_state"))
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    edited_at: Mapped[datetime]
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    submitted_at: Mapped[datetime | None]
    published_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("programme_versions.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    based_on: Mapped[ProgrammeVersion | None] = relationship(lazy="raise", foreign_keys=[based_on_id])
    published_version: Mapped[ProgrammeVersion | None] = relationship(lazy="raise", foreign_keys=[published_version_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    alliance: Mapped[Alliance | None] = relationship(lazy="raise")
    created_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[created_by_id])
    edited_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[edited_by_id])
    submitted_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[submitted_by_id])
    parts: Mapped[list[DraftPart]] = relationship(
        lazy="raise", back_populates="draft", order_by="DraftPart.section, DraftPart.position, DraftPart.id"
    )
    writers: Mapped[list[DraftWriter]] = relationship(lazy="raise", order_by="DraftWriter.user_id")

    __table_args__ = (
        CheckConstraint("num_nonnulls(organisation_id, alliance_id) = 1", name="one_owner"),
        CheckConstraint("(state = 'published') = (published_version_id IS NOT NULL)", name="published_has_version"),
        CheckConstraint("(submitted_by_id IS NULL) = (submitted_at IS NULL)", name="submission_whole"),
    )
    __mapper_args__ = immutabledict({"version_id_col": version})


class DraftPart(Base):
    """A part of a draft that one person edits at a time: a section of the file, or one item of it.

    `section` is the key of the file that it belongs to, `revision` counts the texts that it had.
    """

    __tablename__ = "draft_parts"

    id: Mapped[Key]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("drafts.id"))
    section: Mapped[str]
    key: Mapped[str]
    position: Mapped[int]
    data: Mapped[Any] = mapped_column(JSON_VALUE, nullable=False)
    revision: Mapped[int]
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    edited_at: Mapped[datetime]

    draft: Mapped[Draft] = relationship(lazy="raise", back_populates="parts")
    edited_by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (Index("ix_draft_parts_draft_id_section_position", "draft_id", "section", "position"),)


class DraftEdit(Base):
    """One text of a part as somebody sent it; append-only, and it stays when the part is gone."""

    __tablename__ = "draft_edits"

    id: Mapped[Key]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("drafts.id"))
    part_id: Mapped[UUID]
    section: Mapped[str]
    key: Mapped[str]
    revision: Mapped[int]
    kind: Mapped[EditKind] = mapped_column(one_of(EditKind, "edit_kind"))
    data: Mapped[Any] = mapped_column(JSON_VALUE, nullable=False)
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    edited_at: Mapped[datetime]

    edited_by: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_draft_edits_draft_id_id", "draft_id", "id"),
        Index(
            "uq_draft_edits_part_id_revision",
            "part_id",
            "revision",
            unique=True,
            postgresql_where=text("kind = 'saved'"),
        ),
    )


class DraftWriter(Base):
    """Somebody who changed a draft since it was last approved, and so is no second pair of eyes for it."""

    __tablename__ = "draft_writers"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)

    user: Mapped[User] = relationship(lazy="raise")


class DraftReview(Base):
    """What a second person said of a draft, of which content of it, and of what that was bound to; append-only.

    `bindings` is null for a review from before these were kept.
    """

    __tablename__ = "draft_reviews"

    id: Mapped[Key]
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("drafts.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict, "verdict"))
    remark: Mapped[str]
    content_hash: Mapped[bytes]
    bindings: Mapped[list[Any] | None]
    reviewed_by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[datetime]

    reviewed_by: Mapped[User] = relationship(lazy="raise")
