"""What changes the files with activities, and those on their way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.core import files
from lms.core.audit import record
from lms.evidence import queries
from lms.evidence.models import EvidenceFile, Upload
from lms.evidence.values import LARGEST_FILE, LONGEST_NAME, MEGABYTE, MOST_FILES, Verified, clean_name

ON_THE_WAY = "uploads"
"""Where the pieces of files lie that are on their way."""
MOST_UPLOADS = 40
"""The most files that one person has on their way."""
KEPT_FOR = timedelta(days=1)
"""How long a file on its way is waited for, and a file that nobody names is left alone."""


def keep(
    session: Session,
    verified: Verified,
    name: str,
    *,
    activity_id: UUID,
    organisation_id: UUID,
    trainee_id: UUID,
    by: User,
    at: datetime,
) -> EvidenceFile:
    """Keep a verified file with an activity, and return it; the same file twice is one.

    The bytes are kept before the row says so: what is left after a failure is found by `erase_unneeded`. The caller
    holds the lock of the activity.
    """
    if same := queries.same_file(session, activity_id, verified.given_digest):
        return same
    held = [one for one in queries.files_of(session, activity_id) if one.removed_at is None]
    if len(held) >= MOST_FILES:
        raise RuleBroken("files_too_many", most=MOST_FILES)
    _hold(session, organisation_id, verified.digest)
    verified.content.seek(0)
    files.put(files.key_of(organisation_id, verified.digest), verified.content)
    kept = EvidenceFile(
        activity_id=activity_id,
        owner_id=by.id,
        organisation_id=organisation_id,
        kind=verified.kind,
        name=clean_name(name, verified.kind),
        size=verified.size,
        hash=verified.digest,
        given_hash=verified.given_digest,
        added_at=at,
    )
    session.add(kept)
    session.flush()
    record(session, "evidence.added", subject=trainee_id, by=by.id, at=at, target=kept.id, after=facts_of(kept))
    return kept


def _hold(session: Session, organisation_id: UUID, digest: bytes) -> None:
    """Let nobody else keep or erase the same content until the transaction ends."""
    held = func.hashtextextended(files.key_of(organisation_id, digest), 0)
    session.execute(select(func.pg_advisory_xact_lock(held)))


def facts_of(file: EvidenceFile) -> dict[str, object]:
    """Return what the audit keeps of a file: never its name, for it may say too much."""
    return {"activity": file.activity_id, "file_kind": file.kind, "size": file.size, "hash": file.hash.hex()}


def remove(session: Session, file: EvidenceFile, *, trainee_id: UUID, by: User, at: datetime) -> None:
    """Take a file away from its activity; its bytes go when a worker finds that nothing else needs them."""
    if file.removed_at is not None:
        return
    file.removed_at, file.removed_by_id = at, by.id
    record(session, "evidence.removed", subject=trainee_id, by=by.id, at=at, target=file.id, before=facts_of(file))


def start_upload(
    session: Session, upload_id: UUID, *, name: str, size: int, owner: User, at: datetime
) -> Upload | None:
    """Begin to receive a file in pieces; begun already, it goes on where it was. None where the key is another's."""
    if going := session.get(Upload, upload_id):
        return going if going.owner_id == owner.id else None
    if size > LARGEST_FILE:
        raise RuleBroken("file_too_large", most=LARGEST_FILE // MEGABYTE)
    if size < 1:
        raise RuleBroken("file_empty")
    waiting = session.scalar(select(func.count()).where(Upload.owner_id == owner.id)) or 0
    if waiting >= MOST_UPLOADS:
        raise RuleBroken("uploads_too_many", most=MOST_UPLOADS)
    upload = Upload(id=upload_id, owner_id=owner.id, name=name[-LONGEST_NAME:], size=size, started_at=at)
    session.add(upload)
    session.flush()
    return upload


def take_piece(upload: Upload, piece: bytes, *, offset: int) -> bool:
    """Keep the next piece of a file on its way; return whether it was the next and not one that came before."""
    if offset != upload.received or not piece:
        return False
    if offset + len(piece) > upload.size:
        raise RuleBroken("file_longer")
    files.put(f"{ON_THE_WAY}/{upload.id}/{offset:012}", piece)
    upload.received += len(piece)
    return True


def pieces_of(upload: Upload) -> Iterator[bytes]:
    """Return a file that has come whole, piece by piece; raise RuleBroken for one that has not."""
    if upload.received < upload.size:
        raise RuleBroken("file_incomplete")
    for key in sorted(files.keys_below(f"{ON_THE_WAY}/{upload.id}")):
        yield from files.pieces_of(key)


def forget_upload(session: Session, upload: Upload) -> None:
    """Forget a file on its way, with its pieces."""
    session.delete(upload)
    session.flush()
    files.forget(list(files.keys_below(f"{ON_THE_WAY}/{upload.id}")))


def forget_old_uploads(session: Session, *, at: datetime) -> int:
    """Forget the files that were on their way for a day, and pieces that belong to none; return how many."""
    old = session.scalars(queries.uploads_before(at - KEPT_FOR).with_for_update(skip_locked=True)).all()
    for upload in old:
        forget_upload(session, upload)
    left = {str(key) for key in session.scalars(select(Upload.id))}
    lost = files.keys_below(ON_THE_WAY, before=at - KEPT_FOR)
    files.forget([key for key in lost if key.split("/")[1] not in left])
    return len(old)


def erase_removed(session: Session, *, at: datetime) -> int:
    """Erase the bytes of files that were taken away, where no activity needs them, and return how many."""
    erased = 0
    removed = session.scalars(queries.files_to_erase()).all()
    for (organisation_id, digest), rows in groupby(removed, key=attrgetter("organisation_id", "hash")):
        _hold(session, organisation_id, digest)
        if not queries.is_needed(session, organisation_id, digest):
            files.forget([files.key_of(organisation_id, digest)])
            erased += 1
        for row in rows:
            row.erased_at = at
    return erased + _erase_lost(session, before=at - KEPT_FOR)


def _erase_lost(session: Session, *, before: datetime) -> int:
    """Erase what was kept for a row that was never written, because its transaction failed."""
    rows = session.execute(
        select(EvidenceFile.organisation_id, EvidenceFile.hash).where(EvidenceFile.removed_at.is_(None))
    )
    needed = {files.key_of(*row) for row in rows}
    lost = 0
    for key in files.keys_below("", before=before):
        place, _, digest = (key + "//").split("/")[:3]
        if place == ON_THE_WAY or key in needed:
            continue
        _hold(session, UUID(place), bytes.fromhex(digest))
        if not queries.is_needed(session, UUID(place), bytes.fromhex(digest)):
            files.forget([key])
            lost += 1
    return lost
