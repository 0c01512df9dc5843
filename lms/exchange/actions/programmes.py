"""Noting that somebody took a programme, or what all programmes share, away as a file."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lms.core.audit import record
from lms.curriculum.models import CatalogueFile, ProgrammeVersion


def note_programme_taken_away(
    session: Session, version: ProgrammeVersion, *, to: str, by: UUID | None, at: datetime
) -> None:
    """Note in the audit chain of a programme who took a version away; `by` is null for the operator."""
    facts = {"key": version.programme.key, "version": version.version, "format": to}
    record(session, "programme.taken_away", subject=version.programme_id, target=version.id, by=by, at=at, after=facts)


def note_shared_file_taken_away(
    session: Session, file: CatalogueFile, *, to: str, by: UUID | None, at: datetime
) -> None:
    """Note in the audit chain of the scales, or of the vocabulary, who took it away."""
    record(session, f"{file.name}.taken_away", subject=file.id, by=by, at=at, after={"format": to})
