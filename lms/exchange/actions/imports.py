"""The way of a file: handed in, read and compared by a worker, decided on by a person, applied whole or not at all."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.authoring.actions import start_draft
from lms.core.audit import record
from lms.core.keys import uuid7
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.exchange.actions.packages import Owner, store_package
from lms.exchange.actions.previews import (
    PackagePlan,
    Plan,
    ProgrammePlan,
    keep_lines,
    keep_preview,
    owner_of,
    plan_of,
    refusal_lines,
)
from lms.exchange.codecs import Imported
from lms.exchange.models import Change, Import, ImportState
from lms.exchange.queries.imports import uploaded_before

KEPT_FOR = timedelta(days=30)
CHANGING = (Change.NEW, Change.CHANGED, Change.REMOVED)


def hand_in(
    session: Session,
    content: bytes,
    *,
    name: str,
    codec: str,
    owner: Owner,
    language: str,
    by: User,
    at: datetime,
) -> Import:
    """Keep a file that somebody handed in, for a worker to read; return the import that it begins."""
    one = Import(
        id=uuid7(),
        uploaded_by_id=by.id,
        uploaded_at=at,
        file_name=name,
        size=len(content),
        content=content,
        codec=codec,
        language=language,
        state=ImportState.WAITING,
        counts={},
        **owner,
    )
    session.add(one)
    session.flush()
    facts = {"file": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "format": codec}
    record(session, "import.handed_in", subject=_place(one), target=one.id, by=by.id, at=at, after=facts)
    return one


def _place(one: Import) -> UUID:
    """Return the organisation or alliance that an import is for; the database holds that there is one."""
    return one.organisation_id or one.alliance_id or one.id


def begin_reading(one: Import) -> bool:
    """Say that a worker reads the file, and return whether there is anything to read."""
    if one.state not in {ImportState.WAITING, ImportState.READING} or one.content is None:
        return False
    one.state = ImportState.READING
    return True


def show_preview(session: Session, one: Import, imported: Imported) -> None:
    """Keep what the file would change, for somebody to decide on; what the checks refuse is kept as refused."""
    try:
        plan = plan_of(session, one, imported)
    except CurriculumRefused as refusal:
        refuse(session, one, refusal)
        return
    keep_preview(session, one, plan.preview)
    one.state = ImportState.READY


def refuse(session: Session, one: Import, refusal: CurriculumRefused) -> None:
    """Keep what is wrong with the file."""
    keep_lines(session, one, refusal_lines(refusal))
    one.state = ImportState.REFUSED


def give_up(one: Import) -> None:
    """Say that something of ours failed while the file was worked on."""
    one.state = ImportState.FAILED


def ask_to_apply(one: Import) -> None:
    """Let a worker apply an import; raise RuleBroken where there is nothing to apply, or somebody asked already."""
    if one.state is not ImportState.READY:
        raise RuleBroken("import_not_ready")
    if not any(one.counts.get(change.value) for change in CHANGING):
        raise RuleBroken("import_changes_nothing")
    one.state = ImportState.APPLYING
    one.base_changed = False


def apply(session: Session, one: Import, imported: Imported, *, by: User, at: datetime) -> None:
    """Do what the preview said, whole; where what it was compared with has changed, keep a new preview instead."""
    _take_turns(session, one)
    plan = plan_of(session, one, imported)
    if plan.preview.base_hash != one.base_hash:
        keep_preview(session, one, plan.preview)
        one.state, one.base_changed = ImportState.READY, True
        return
    one.result_id = _applied(session, one, plan, by=by, at=at)
    one.state, one.applied_at = ImportState.APPLIED, at


def _take_turns(session: Session, one: Import) -> None:
    """Wait for whoever is applying another file to the same thing."""
    about = f"import {one.place_id} {one.target_key}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(about, 0))))


def _applied(session: Session, one: Import, plan: Plan, *, by: User, at: datetime) -> UUID:
    if isinstance(plan, ProgrammePlan):
        return _start_draft(session, one, plan, by=by, at=at)
    return _store(session, one, plan, by=by, at=at)


def _start_draft(session: Session, one: Import, plan: ProgrammePlan, *, by: User, at: datetime) -> UUID:
    draft = start_draft(session, plan.data, based_on=plan.based_on, owner=one.place_id, by=by, at=at)
    return draft.id


def _store(session: Session, one: Import, plan: PackagePlan, *, by: User, at: datetime) -> UUID:
    stored = store_package(session, plan.package, plan.stored, owner=owner_of(one), codec=one.codec, at=at)
    facts = {"identifier": stored.identifier, "content": stored.content_hash.hex(), **one.counts}
    record(session, "package.imported", subject=stored.id, target=one.id, by=by.id, at=at, after=facts)
    return stored.id


def forget_old_imports(session: Session, *, at: datetime) -> int:
    """Forget the files and previews that were handed in a month ago; return how many. What they made stays."""
    old = uploaded_before(at - KEPT_FOR)
    gone = session.execute(delete(Import).where(Import.id.in_(old)))
    return gone.rowcount if isinstance(gone, CursorResult) else 0
