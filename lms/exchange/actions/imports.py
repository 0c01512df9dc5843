"""The way of a file: handed in, read and compared by a worker, decided on by a person, applied whole or not at all."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.authoring.actions import start_draft
from lms.core.audit import record
from lms.core.keys import uuid7
from lms.curriculum.actions.shared import take_turns
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
from lms.exchange.actions.shared import SharedPlan, load_shared
from lms.exchange.codecs import Imported
from lms.exchange.guards import MEGABYTE
from lms.exchange.models import Change, Import, ImportPhase, ImportProgress, ImportState
from lms.exchange.progress import Tell, in_silence
from lms.exchange.queries.imports import left_imports, uploaded_before, waiting_of

KEPT_FOR = timedelta(days=30)
MOST_WAITING = 20
LARGEST_WAITING = 250 * MEGABYTE
"""So many files, and so many bytes, of one person may wait to be decided on."""

MOST_SAID = 500
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
    """Keep a file that somebody handed in, for a worker to read; return the import that it begins.

    Raises RuleBroken, and keeps everything that waits already: too_many_waiting, waiting_too_large.
    """
    _check_room(session, len(content), by=by.id)
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
        progress=ImportProgress(),
        **owner,
    )
    session.add(one)
    session.flush()
    facts = {"file": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "format": codec}
    record(session, "import.handed_in", subject=_place(one), target=one.id, by=by.id, at=at, after=facts)
    return one


def _check_room(session: Session, size: int, *, by: UUID) -> None:
    """Accept one more file of a person; two that are handed in at once take turns."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"uploads {by}", 0))))
    number, stored = waiting_of(session, by)
    if number >= MOST_WAITING:
        raise RuleBroken("too_many_waiting", waiting=number)
    if stored + size > LARGEST_WAITING:
        raise RuleBroken(
            "waiting_too_large", waiting=number, stored=stored // MEGABYTE, most=LARGEST_WAITING // MEGABYTE
        )


def _place(one: Import) -> UUID:
    """Return the organisation or alliance that an import is for; the database holds that there is one."""
    return one.organisation_id or one.alliance_id or one.id


def begin_reading(one: Import) -> bool:
    """Say that a worker reads the file, and return whether there is anything to read."""
    if one.state not in {ImportState.WAITING, ImportState.READING} or one.content is None:
        return False
    one.state = ImportState.READING
    return True


def show_preview(session: Session, one: Import, imported: Imported, *, at: datetime, tell: Tell = in_silence) -> None:
    """Keep what the file would change, for somebody to decide on; what the checks refuse is kept as refused."""
    try:
        plan = plan_of(session, one, imported, tell)
    except CurriculumRefused as refusal:
        refuse(session, one, refusal, at=at)
        return
    keep_preview(session, one, plan.preview, tell)
    one.state = ImportState.READY
    _record(session, "import.read", one, by=None, at=at, after={**one.counts})


def _record(
    session: Session, action: str, one: Import, *, by: UUID | None, at: datetime, after: dict[str, object]
) -> None:
    """Record in the chain of the place what happened to a file; null for `by` is the worker."""
    facts = {"file": one.file_name} | after
    record(session, action, subject=_place(one), target=one.id, by=by, at=at, after=facts)


def refuse(session: Session, one: Import, refusal: CurriculumRefused, *, at: datetime) -> None:
    """Keep what is wrong with the file; the file itself is of no more use."""
    keep_lines(session, one, refusal_lines(refusal))
    one.state, one.content = ImportState.REFUSED, None
    first = str(refusal.errors[0])[:MOST_SAID] if refusal.errors else ""
    _record(session, "import.refused", one, by=None, at=at, after={"problems": len(refusal.errors), "first": first})


def give_up(session: Session, one: Import, *, at: datetime) -> None:
    """Say that something of ours failed while the file was worked on."""
    one.state, one.content = ImportState.FAILED, None
    _record(session, "import.failed", one, by=None, at=at, after={})


def give_up_left(session: Session, *, at: datetime) -> int:
    """Give up the imports that are to be read or applied and that no job is left for; return how many."""
    left = left_imports(session)
    for one in left:
        give_up(session, one, at=at)
    return len(left)


def ask_to_apply(session: Session, one: Import, *, seen: str, by: UUID, at: datetime) -> None:
    """Let a worker apply an import whose preview, compared with what `seen` names, somebody looked at.

    Raises RuleBroken: import_not_ready where somebody asked already, import_changes_nothing, and preview_not_seen
    where the preview was compared anew since.
    """
    if one.state is not ImportState.READY:
        raise RuleBroken("import_not_ready")
    if not any(one.counts.get(change.value) for change in CHANGING):
        raise RuleBroken("import_changes_nothing")
    if seen != one.compared_with:
        raise RuleBroken("preview_not_seen")
    one.state = ImportState.APPLYING
    one.base_changed = False
    session.execute(
        update(ImportProgress)
        .where(ImportProgress.import_id == one.id)
        .values(phase=ImportPhase.WAITING, done=0, total=0)
    )
    _record(session, "import.asked_for", one, by=by, at=at, after={"target": one.target_key, **one.counts})


def discard(session: Session, one: Import, *, by: UUID, at: datetime) -> None:
    """Take back a file that was handed in, with its preview; raise RuleBroken where it is imported, or just now."""
    if one.state in {ImportState.APPLYING, ImportState.APPLIED}:
        raise RuleBroken("import_not_ready")
    _record(session, "import.discarded", one, by=by, at=at, after={"state": one.state.value})
    session.execute(delete(Import).where(Import.id == one.id))


def apply(
    session: Session, one: Import, imported: Imported, *, by: User, at: datetime, tell: Tell = in_silence
) -> None:
    """Do what the preview said, whole; where what it was compared with has changed, keep a new preview instead."""
    _take_turns(session, one)
    plan = plan_of(session, one, imported, tell)
    if plan.preview.base_hash != one.base_hash:
        keep_preview(session, one, plan.preview, tell)
        one.state, one.base_changed = ImportState.READY, True
        _record(session, "import.overtaken", one, by=by.id, at=at, after={**one.counts})
        return
    one.result_id = _applied(session, one, plan, by=by, at=at, tell=tell)
    one.state, one.applied_at, one.content = ImportState.APPLIED, at, None


def _take_turns(session: Session, one: Import) -> None:
    """Wait for whoever is applying another file to the same thing, which is one for all places where it is shared."""
    if one.kind and one.kind.is_shared:
        take_turns(session)
        return
    about = f"import {one.place_id} {one.target_key}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(about, 0))))


def _applied(session: Session, one: Import, plan: Plan, *, by: User, at: datetime, tell: Tell) -> UUID:
    tell(ImportPhase.STORING, 0, 0)
    if isinstance(plan, ProgrammePlan):
        return _start_draft(session, one, plan, by=by, at=at)
    if isinstance(plan, SharedPlan):
        return _load(session, one, plan, by=by, at=at)
    return _store(session, one, plan, by=by, at=at, tell=tell)


def _start_draft(session: Session, one: Import, plan: ProgrammePlan, *, by: User, at: datetime) -> UUID:
    draft = start_draft(session, plan.data, based_on=plan.based_on, owner=one.place_id, by=by, at=at)
    _record(session, "import.applied", one, by=by.id, at=at, after={"draft": draft.id})
    return draft.id


def _load(session: Session, one: Import, plan: SharedPlan, *, by: User, at: datetime) -> UUID:
    file_id = load_shared(session, plan, by=by.id, at=at)
    _record(session, "import.applied", one, by=by.id, at=at, after={"file": plan.preview.target_key})
    return file_id


def _store(session: Session, one: Import, plan: PackagePlan, *, by: User, at: datetime, tell: Tell) -> UUID:
    stored = store_package(session, plan.package, plan.stored, owner=owner_of(one), codec=one.codec, at=at, tell=tell)
    facts = {"identifier": stored.identifier, "content": stored.content_hash.hex(), **one.counts}
    record(session, "package.imported", subject=stored.id, target=one.id, by=by.id, at=at, after=facts)
    return stored.id


def forget_old_imports(session: Session, *, at: datetime) -> int:
    """Forget the files and previews that were handed in a month ago; return how many. What they made stays."""
    old = session.execute(uploaded_before(at - KEPT_FOR)).all()
    for place_id, group in groupby(old, key=lambda row: row.place_id):
        files = list(group)
        facts = {"number": len(files), "last": max(row.uploaded_at for row in files)}
        record(session, "import.forgotten", subject=place_id, by=None, at=at, after=facts)
        session.execute(delete(Import).where(Import.id.in_([row.id for row in files])))
    return len(old)
