"""Whether every file with an activity is on record and still there, byte for byte."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from lms.core.files import digest_of, key_of
from lms.evidence.models import EvidenceFile
from lms.operations.chains import Advance, Difference
from lms.operations.recorded import file_is_on_record

SAMPLE = 100
"""How many of the files are read, chosen by chance, where not all are asked for."""

HELD = EvidenceFile.removed_at.is_(None)
FILES: Select[int] = select(func.count()).select_from(EvidenceFile).where(HELD)


def check_files(connection: Connection, advance: Advance, *, whole: bool) -> None:
    """Find every file on record, and its bytes where they must be; raise the first `Difference`.

    Unless `whole`, the bytes of no more than `SAMPLE` files are read.
    """
    unrecorded = select(EvidenceFile.id, EvidenceFile.activity_id).where(~file_is_on_record())
    if found := connection.execute(unrecorded.limit(1)).one_or_none():
        raise Difference(f"File {found.id} (activity {found.activity_id}) is not what the audit record says was added.")
    for file in connection.execute(_to_read(whole=whole)).all():
        _read(file)
        if whole:
            advance(1)
    if not whole:
        advance(connection.execute(FILES).scalar_one())


def _to_read(*, whole: bool) -> Select[UUID, UUID, UUID, bytes]:
    held = select(EvidenceFile.id, EvidenceFile.activity_id, EvidenceFile.organisation_id, EvidenceFile.hash).where(
        HELD
    )
    return held if whole else held.order_by(func.random()).limit(SAMPLE)


def _read(file: Any) -> None:
    digest = digest_of(key_of(file.organisation_id, file.hash))
    if digest is None:
        raise Difference(f"The bytes of file {file.id} (activity {file.activity_id}) are not in the store of files.")
    if digest != file.hash:
        raise Difference(f"The bytes of file {file.id} (activity {file.activity_id}) are not those that were added.")


check_sample = partial(check_files, whole=False)
check_every_file = partial(check_files, whole=True)
