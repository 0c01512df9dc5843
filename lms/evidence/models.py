"""The files that show what was done, and those that are still on their way."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base, Key, one_of
from lms.core.files import key_of
from lms.evidence.values import FileKind


class EvidenceFile(Base):
    """A file with an activity. Its bytes lie in the store of files under its hash; `name` is a label and no place.

    `given_hash` is that of the file as it was sent, which for an image is not what is kept. A file that was taken away
    stays as a row, with who did it and when; `erased_at` says when its bytes went, where nothing else needs them.
    """

    __tablename__ = "evidence_files"

    id: Mapped[Key]
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[FileKind] = mapped_column(one_of(FileKind, "file_kind"))
    name: Mapped[str]
    size: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    given_hash: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("octet_length(hash) = 32 AND octet_length(given_hash) = 32", name="hashes_whole"),
        CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="removed_by_somebody"),
        CheckConstraint("erased_at IS NULL OR removed_at IS NOT NULL", name="erased_after_removal"),
        Index(
            "uq_evidence_files_activity_id_given_hash",
            "activity_id",
            "given_hash",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_evidence_files_organisation_id_hash", "organisation_id", "hash"),
        Index(
            "ix_evidence_files_to_erase",
            "removed_at",
            postgresql_where=text("removed_at IS NOT NULL AND erased_at IS NULL"),
        ),
    )

    @property
    def key(self) -> str:
        """Where its bytes lie in the store."""
        return key_of(self.organisation_id, self.hash)


class Upload(Base):
    """A file on its way in pieces; the browser made its key, so that it can go on after a lost connection.

    `received` is how many bytes have come; the pieces lie in the store until the file is used, or a day has passed.
    """

    __tablename__ = "uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (CheckConstraint("size > 0 AND received BETWEEN 0 AND size", name="received_fits_size"),)
