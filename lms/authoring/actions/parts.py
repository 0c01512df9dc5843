"""Writing in a draft: store a text, add, copy, move and take out parts. Nobody's text is ever lost."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from competencies.drafts import EditKind
from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.authoring.actions.drafts import copy_facts, edited, keep, take_turn
from lms.authoring.documents import PROGRAMME, key_of
from lms.authoring.editing.labels import part_name
from lms.authoring.models import Draft, DraftEdit, DraftPart
from lms.authoring.uses import Use
from lms.core.audit import record
from lms.core.keys import uuid7
from lms.curriculum.actions.content import content_hash


def save_part(
    session: Session, draft: Draft, part: DraftPart, data: Any, *, revision: int, by: User, at: datetime
) -> DraftEdit | None:
    """Store a text of a part that was read at that revision; return a text that was overtaken, else None.

    A text that came after a newer one, or after the part was taken out, is kept and returned. The same text again
    changes nothing. Raises RuleBroken("draft_step") for a draft that is closed.
    """
    take_turn(session, draft)
    if not _is_there(session, part):
        return _kept_beside(session, draft, part, data, revision=revision, by=by, at=at)
    if data == part.data:
        return None
    if revision != part.revision:
        return _kept_beside(session, draft, part, data, revision=revision, by=by, at=at)
    _store(session, draft, part, data, by=by, at=at)
    return None


def _kept_beside(
    session: Session, draft: Draft, part: DraftPart, data: Any, *, revision: int, by: User, at: datetime
) -> DraftEdit:
    edit = keep(session, part, EditKind.CONFLICTING, data, revision=revision, by=by, at=at)
    _record_kept(session, draft, edit, by=by, at=at)
    return edit


def _record_kept(session: Session, draft: Draft, edit: DraftEdit, *, by: User, at: datetime) -> None:
    """Record that a text was kept beside a newer one, or behind the last one of a part that is gone."""
    facts = {"section": edit.section, "revision": edit.revision, "content": content_hash(edit.data).hex()}
    record(session, "draft.text_kept", subject=draft.id, target=edit.part_id, by=by.id, at=at, after=facts)


def _is_there(session: Session, part: DraftPart) -> bool:
    """Read how the part is now; False where somebody took it out meanwhile."""
    try:
        session.refresh(part, ["revision", "data"])
    except InvalidRequestError:
        return False
    return True


def keep_text(
    session: Session, draft: Draft, last: DraftEdit, data: Any, *, revision: int, by: User, at: datetime
) -> DraftEdit:
    """Return a text for a part that was taken out, kept behind its last one; the same text again is kept once."""
    take_turn(session, draft)
    if data == last.data:
        return last
    edit = DraftEdit(
        id=uuid7(),
        draft_id=draft.id,
        part_id=last.part_id,
        section=last.section,
        key=last.key,
        revision=min(revision, last.revision),
        kind=EditKind.CONFLICTING,
        data=data,
        edited_by_id=by.id,
        edited_at=at,
    )
    session.add(edit)
    _record_kept(session, draft, edit, by=by, at=at)
    return edit


def _store(session: Session, draft: Draft, part: DraftPart, data: Any, *, by: User, at: datetime) -> None:
    edited(session, draft, by=by, at=at)
    part.data, part.key, part.revision = data, key_of(data), part.revision + 1
    part.edited_by_id, part.edited_at = by.id, at
    if part.section == PROGRAMME:
        copy_facts(draft, data)
    keep(session, part, EditKind.SAVED, data, by=by, at=at)
    _record_saved(session, draft, part, by=by, at=at)
    session.flush()


def _record_saved(session: Session, draft: Draft, part: DraftPart, *, by: User, at: datetime) -> None:
    after = {"section": part.section, "revision": part.revision, "content": content_hash(part.data).hex()}
    record(session, "draft.part_saved", subject=draft.id, target=part.id, by=by.id, at=at, after=after)


def add_part(
    session: Session, draft: Draft, section: str, data: Any, *, by: User, at: datetime, behind: DraftPart | None = None
) -> DraftPart:
    """Return a new part at the end of its section, or behind another part."""
    take_turn(session, draft)
    edited(session, draft, by=by, at=at)
    there = session.scalars(select(DraftPart).where(DraftPart.draft_id == draft.id, DraftPart.section == section)).all()
    place = behind.position + 1 if behind else max((one.position for one in there), default=0) + 1
    for one in there:
        one.position += one.position >= place
    part = DraftPart(
        id=uuid7(),
        draft_id=draft.id,
        section=section,
        position=place,
        data=data,
        revision=1,
        edited_by_id=by.id,
        edited_at=at,
    )
    part.key = key_of(part.data)
    session.add(part)
    session.flush()
    keep(session, part, EditKind.SAVED, part.data, by=by, at=at)
    _record_saved(session, draft, part, by=by, at=at)
    return part


def duplicate_part(session: Session, draft: Draft, part: DraftPart, *, by: User, at: datetime) -> DraftPart:
    """Return a copy of a part right behind it; it gets a key, and an EPA a code, once it has a name of its own."""
    data = copy.deepcopy(part.data)
    data |= {name: None for name in ("key", "id", "official_code", "local_code") if name in data}
    return add_part(session, draft, part.section, data, by=by, at=at, behind=part)


def move_part(session: Session, draft: Draft, part: DraftPart, *, down: bool, by: User, at: datetime) -> None:
    """Let a part change places with the one before it, or after it; the first and the last stay where they are."""
    take_turn(session, draft)
    row = session.scalars(
        select(DraftPart)
        .where(DraftPart.draft_id == draft.id, DraftPart.section == part.section)
        .order_by(DraftPart.position, DraftPart.id)
    ).all()
    place = row.index(part)
    other = place + 1 if down else place - 1
    if 0 <= other < len(row):
        edited(session, draft, by=by, at=at)
        ordered = list(row)
        ordered[place], ordered[other] = ordered[other], ordered[place]
        _number(ordered)
        after = {"section": part.section, "position": part.position}
        record(session, "draft.part_moved", subject=draft.id, target=part.id, by=by.id, at=at, after=after)
    session.flush()


def _number(parts: Sequence[DraftPart]) -> None:
    for position, part in enumerate(parts, start=1):
        part.position = position


def remove_part(
    session: Session, draft: Draft, part: DraftPart, *, uses: Sequence[Use], by: User, at: datetime
) -> None:
    """Take a part out; its texts stay in the history. Raises RuleBroken("part_in_use") where something names it."""
    take_turn(session, draft)
    if uses:
        raise RuleBroken("part_in_use", part=part_name(part.section, part.data), uses=len(uses))
    edited(session, draft, by=by, at=at)
    keep(session, part, EditKind.REMOVED, part.data, by=by, at=at)
    after = {"section": part.section, "revision": part.revision}
    record(session, "draft.part_removed", subject=draft.id, target=part.id, by=by.id, at=at, before=after)
    session.delete(part)
    session.flush()


def restore_text(
    session: Session, draft: Draft, edit: DraftEdit, *, revision: int, by: User, at: datetime
) -> DraftEdit | None:
    """Put an earlier text back in its part, which was read at that revision; a part that was taken out comes back.

    Return the text as one that was overtaken where somebody stored another meanwhile, else None.
    """
    take_turn(session, draft)
    part = session.scalars(
        select(DraftPart).where(DraftPart.id == edit.part_id, DraftPart.draft_id == draft.id)
    ).one_or_none()
    if part is None:
        _put_back(session, draft, edit, by=by, at=at)
        return None
    return save_part(session, draft, part, edit.data, revision=revision, by=by, at=at)


def _put_back(session: Session, draft: Draft, edit: DraftEdit, *, by: User, at: datetime) -> None:
    edited(session, draft, by=by, at=at)
    part = DraftPart(
        id=edit.part_id,
        draft_id=draft.id,
        section=edit.section,
        key=key_of(edit.data),
        position=_last_position(session, draft.id, edit.section) + 1,
        data=edit.data,
        revision=_last_revision(session, edit.part_id) + 1,
        edited_by_id=by.id,
        edited_at=at,
    )
    session.add(part)
    session.flush()
    keep(session, part, EditKind.SAVED, part.data, by=by, at=at)
    _record_saved(session, draft, part, by=by, at=at)


def _last_position(session: Session, draft_id: UUID, section: str) -> int:
    highest = select(func.max(DraftPart.position)).where(DraftPart.draft_id == draft_id, DraftPart.section == section)
    return session.scalar(highest) or 0


def _last_revision(session: Session, part_id: UUID) -> int:
    return session.scalar(select(func.max(DraftEdit.revision)).where(DraftEdit.part_id == part_id)) or 0
