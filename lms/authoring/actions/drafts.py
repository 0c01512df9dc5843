"""Starting a draft, filling it anew and discarding it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_unless_there
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.drafts import DraftState, DraftStep, EditKind, after
from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.authoring.documents import PROGRAMME, Cut, Data, cut
from lms.authoring.keys import key_from
from lms.authoring.models import Draft, DraftEdit, DraftPart, DraftWriter
from lms.authoring.queries.owners import Owner, only_place_of, owner_of_programme, owner_with
from lms.core.audit import record
from lms.core.clock import day_of
from lms.core.keys import uuid7

FIRST_LABEL = "1"


def start_draft(
    session: Session, document: Data, *, based_on: UUID | None, owner: UUID | None, by: User, at: datetime
) -> Draft:
    """Return a new draft with the content of a document, which may be incomplete.

    `owner` is an organisation or an alliance; None is the one for which the person writes programmes.
    Raises CurriculumRefused for a document that can be no programme, and RuleBroken: draft_without_owner where the
    person writes for nobody, programme_of_others where the programme belongs to somebody else.
    """
    facts = document.get(PROGRAMME) or {}
    mine = _owner(session, owner, by=by, at=at)
    key = facts.get("key") or key_from(facts.get("title") or {})
    parts = cut(document | {PROGRAMME: facts | {"key": key}} if facts else document)
    _check_owner(session, key, mine)
    draft = Draft(
        id=uuid7(),
        programme_key=key,
        label=facts.get("version") or FIRST_LABEL,
        title=facts.get("title") or {},
        based_on_id=based_on,
        organisation_id=mine.organisation_id,
        alliance_id=mine.alliance_id,
        state=DraftState.DRAFT,
        created_by_id=by.id,
        created_at=at,
        edited_by_id=by.id,
        edited_at=at,
    )
    session.add(draft)
    session.flush()
    _add_writer(session, draft, by)
    _add_parts(session, draft, parts, by=by, at=at)
    record(session, "draft.started", subject=draft.id, by=by.id, at=at, after=_facts(draft) | {"parts": len(parts)})
    return draft


def replace_content(session: Session, draft: Draft, document: Data, *, by: User, at: datetime) -> None:
    """Make a document the content of a draft; what stood there stays in its history.

    The draft keeps its key. Raises CurriculumRefused for a document that can be no programme, and
    RuleBroken("draft_step") for a draft that is published or discarded.
    """
    parts = cut(document)
    take_turn(session, draft)
    edited(session, draft, by=by, at=at)
    there = session.scalars(select(DraftPart).where(DraftPart.draft_id == draft.id)).all()
    _keep(session, there, EditKind.REMOVED, by=by, at=at)
    session.execute(delete(DraftPart).where(DraftPart.draft_id == draft.id))
    _add_parts(session, draft, parts, by=by, at=at)
    facts = document.get(PROGRAMME) or {}
    copy_facts(draft, facts)
    record(session, "draft.content_replaced", subject=draft.id, by=by.id, at=at, after={"parts": len(parts)})
    session.flush()


def discard_draft(session: Session, draft: Draft, *, by: User, at: datetime) -> None:
    """Give a draft up; its texts stay readable. Raises RuleBroken("draft_step") for one that is published."""
    take_turn(session, draft)
    before, draft.state = draft.state, after(draft.state, DraftStep.DISCARD)
    record(session, "draft.discarded", subject=draft.id, by=by.id, at=at, before={"state": before})
    session.flush()


def take_turn(session: Session, draft: Draft) -> None:
    """Lock the draft and read how it is now: what people do to one draft happens one after the other."""
    if session.scalar(select(Draft.id).where(Draft.id == draft.id).with_for_update()) is None:
        raise StaleDataError
    session.refresh(draft, ["state", "version", "edited_by_id", "submitted_by_id", "label", "title"])
    session.expire(draft, ["writers"])


def edited(session: Session, draft: Draft, *, by: User, at: datetime) -> None:
    """Note an edit: it takes the draft back from review. Raises RuleBroken("draft_step") for a closed draft.

    With the first edit behind an approval everybody may review again but who writes from then on.
    """
    was = draft.state
    draft.state = after(was, DraftStep.EDIT)
    draft.edited_by_id, draft.edited_at = by.id, at
    if was is DraftState.APPROVED:
        session.execute(delete(DraftWriter).where(DraftWriter.draft_id == draft.id))
    _add_writer(session, draft, by)
    if was is not draft.state:
        record(session, "draft.taken_back", subject=draft.id, by=by.id, at=at, before={"state": was})


def _add_writer(session: Session, draft: Draft, by: User) -> None:
    session.execute(insert_unless_there(DraftWriter).values(draft_id=draft.id, user_id=by.id).on_conflict_do_nothing())


def copy_facts(draft: Draft, facts: dict[str, Any]) -> None:
    """Let the draft carry the title and the version that its content says."""
    draft.title, draft.label = facts.get("title") or {}, facts.get("version") or FIRST_LABEL


def _owner(session: Session, owner: UUID | None, *, by: User, at: datetime) -> Owner:
    place = owner or only_place_of(session, by.id, on=day_of(at))
    found = owner_with(session, place) if place else None
    if found is None:
        raise RuleBroken("draft_without_owner")
    return found


def _check_owner(session: Session, key: str, owner: Owner) -> None:
    held_by = owner_of_programme(session, key)
    if held_by is not None and held_by != owner:
        raise RuleBroken("programme_of_others", key=key)


def _add_parts(session: Session, draft: Draft, parts: Sequence[Cut], *, by: User, at: datetime) -> None:
    rows = [
        {
            "id": uuid7(),
            "draft_id": draft.id,
            "section": part.section,
            "key": part.key,
            "position": part.position,
            "data": part.data,
            "revision": 1,
            "edited_by_id": by.id,
            "edited_at": at,
        }
        for part in parts
    ]
    if rows:
        session.execute(insert(DraftPart), rows)
        session.execute(insert(DraftEdit), [_edit(row, EditKind.SAVED, by=by, at=at) for row in rows])


def _edit(row: dict[str, Any], kind: EditKind, *, by: User, at: datetime) -> dict[str, Any]:
    kept = {name: row[name] for name in ("draft_id", "section", "key", "revision", "data")}
    return kept | {"id": uuid7(), "part_id": row["id"], "kind": kind, "edited_by_id": by.id, "edited_at": at}


def _keep(session: Session, parts: Sequence[DraftPart], kind: EditKind, *, by: User, at: datetime) -> None:
    for part in parts:
        keep(session, part, kind, part.data, by=by, at=at)


def keep(
    session: Session,
    part: DraftPart,
    kind: EditKind,
    data: Any,
    *,
    by: User,
    at: datetime,
    revision: int | None = None,
) -> DraftEdit:
    """Return the text as the history keeps it; `revision` is what it began with, else that of the part."""
    edit = DraftEdit(
        id=uuid7(),
        draft_id=part.draft_id,
        part_id=part.id,
        section=part.section,
        key=part.key,
        revision=part.revision if revision is None else revision,
        kind=kind,
        data=data,
        edited_by_id=by.id,
        edited_at=at,
    )
    session.add(edit)
    return edit


def _facts(draft: Draft) -> dict[str, object]:
    owner = draft.organisation_id or draft.alliance_id
    return {
        "programme": draft.programme_key,
        "version": draft.label,
        "owner": owner,
        "programme_version": draft.based_on_id,
    }
