"""Loading a programme: a file becomes a new version with everything in it, once and for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.core import audit
from lms.core.keys import uuid7
from lms.curriculum.actions.content import content_hash
from lms.curriculum.actions.rows import Resolved, rows_of
from lms.curriculum.models import Programme, ProgrammeVersion
from lms.curriculum.queries.known import Loaded, loaded
from lms.curriculum.schemas.checking import check_programme, check_shape
from lms.curriculum.schemas.source import Document


@dataclass(frozen=True, slots=True)
class LoadedProgramme:
    """The version that a file stands for, and whether loading it made it."""

    version_id: UUID
    is_new: bool


def load_programme(
    session: Session, document: Document, *, by: UUID | None, at: datetime, around: Loaded | None = None
) -> LoadedProgramme:
    """Load a programme file as a new version; the same content again changes nothing.

    What it names outside itself is taken from `around`, else from what is loaded now. Raises CurriculumRefused with
    everything wrong with the file, and RuleBroken("version_published") when its version is loaded already with other
    content.
    """
    digest = content_hash(document.data)
    same = session.scalar(select(ProgrammeVersion.id).where(ProgrammeVersion.content_hash == digest))
    if same is not None:
        return LoadedProgramme(same, is_new=False)
    check_shape(document, kind="bekwaam-curriculum/1")
    programme = _programme(session, document.data["programme"])
    around = around or loaded(session)
    check_programme(document, around.known())
    version_id = _add_version(session, programme, document.data, digest, around, at=at)
    _record(session, programme, version_id, document.data, digest, by=by, at=at)
    return LoadedProgramme(version_id, is_new=True)


def _programme(session: Session, block: dict[str, Any]) -> Programme:
    """Return the programme of a file, made when it is new; refuse a version that is there already."""
    programme = session.scalars(select(Programme).where(Programme.key == block["key"])).one_or_none()
    if programme is None:
        programme = Programme(id=uuid7(), key=block["key"])
        session.add(programme)
        session.flush()
    published = select(ProgrammeVersion.id).where(
        ProgrammeVersion.programme_id == programme.id, ProgrammeVersion.version == block["version"]
    )
    if session.scalar(published) is not None:
        raise RuleBroken("version_published", name=block["key"], version=block["version"])
    return programme


def _add_version(
    session: Session, programme: Programme, data: dict[str, Any], digest: bytes, around: Loaded, *, at: datetime
) -> UUID:
    version_id = uuid7()
    for model, rows in rows_of(data, version_id, _resolved(around)):
        if model is ProgrammeVersion:
            rows[0] |= {"programme_id": programme.id, "content_hash": digest, "loaded_at": at}
        if rows:
            session.execute(insert(model), rows)
    session.expire_all()
    return version_id


def _resolved(around: Loaded) -> Resolved:
    """Return the ids of everything outside the file that its rows refer to."""
    domains = around.domains
    return Resolved(
        scales={(scale.key, scale.version): scale.id for scale in around.scales},
        newest_scales={key: scale.id for key, scale in around.newest_scales().items()},
        instruments=around.instruments,
        forms={key: form.id for key, form in around.forms.items()},
        domains={(domain.framework.key, domain.key): domain.id for domain in domains},
        elements={(domain.framework.key, one["id"]): domain.id for domain in domains for one in domain.elements},
        epas={(row.programme, row.key): row.id for row in around.epas},
    )


def _record(
    session: Session,
    programme: Programme,
    version_id: UUID,
    data: dict[str, Any],
    digest: bytes,
    *,
    by: UUID | None,
    at: datetime,
) -> None:
    after = {"key": data["programme"]["key"], "version": data["programme"]["version"], "content": digest.hex()}
    counts = {name: len(data[name]) for name in ("epas", "epa_refs", "stages", "forms", "frameworks")}
    audit.record(
        session,
        "programme.version_loaded",
        subject=programme.id,
        target=version_id,
        by=by,
        at=at,
        after=after | counts,
    )
