"""What is asked about files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from lms.evidence.models import EvidenceFile, Upload


def files_of(session: Session, activity_id: UUID) -> Sequence[EvidenceFile]:
    """Return the files with an activity, the oldest first, those that were taken away too."""
    of_it = select(EvidenceFile).where(EvidenceFile.activity_id == activity_id)
    return session.scalars(of_it.order_by(EvidenceFile.added_at, EvidenceFile.id)).all()


def one_file(session: Session, activity_id: UUID, file_id: UUID) -> EvidenceFile | None:
    """Return a file that an activity holds, None when it holds it no longer."""
    held = select(EvidenceFile).where(EvidenceFile.id == file_id, EvidenceFile.activity_id == activity_id)
    return session.scalar(held.where(EvidenceFile.removed_at.is_(None)))


def same_file(session: Session, activity_id: UUID, given_hash: bytes) -> EvidenceFile | None:
    """Return the file that an activity holds and that was sent with just those bytes."""
    held = select(EvidenceFile).where(EvidenceFile.activity_id == activity_id, EvidenceFile.given_hash == given_hash)
    return session.scalar(held.where(EvidenceFile.removed_at.is_(None)))


def upload_of(session: Session, owner_id: UUID, upload_id: UUID, *, to_change: bool = False) -> Upload | None:
    """Return a file on its way of that person, locked where it is about to change."""
    mine = select(Upload).where(Upload.id == upload_id, Upload.owner_id == owner_id)
    return session.scalar(mine.with_for_update() if to_change else mine)


def uploads_before(moment: datetime) -> Select[Upload]:
    """Return the files on their way that were begun before that moment."""
    return select(Upload).where(Upload.started_at < moment)


def files_to_erase() -> Select[EvidenceFile]:
    """Return the files that were taken away and whose bytes may still be there, by content."""
    gone = EvidenceFile.removed_at.is_not(None) & EvidenceFile.erased_at.is_(None)
    return select(EvidenceFile).where(gone).order_by(EvidenceFile.organisation_id, EvidenceFile.hash)


def is_needed(session: Session, organisation_id: UUID, digest: bytes) -> bool:
    """Whether an activity of the organisation holds a file with that content."""
    return bool(session.scalar(select(_held(organisation_id, digest))))


def _held(organisation_id: UUID, digest: bytes) -> ColumnElement[bool]:
    one = aliased(EvidenceFile)
    return exists().where(one.organisation_id == organisation_id, one.hash == digest, one.removed_at.is_(None))
