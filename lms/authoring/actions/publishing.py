"""Publishing an approved draft as a version of its programme, once and for all."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.drafts import DraftStep, Verdict, after
from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.authoring.actions.drafts import take_turn
from lms.authoring.documents import PROGRAMME, Data
from lms.authoring.models import Draft, DraftReview
from lms.authoring.queries.owners import Owner, owner_of_programme
from lms.core.audit import record
from lms.core.words import _
from lms.curriculum.actions import load_programme, publish_version
from lms.curriculum.actions.content import content_hash
from lms.curriculum.bindings import bindings_of, from_data, rebound
from lms.curriculum.models import Programme, ProgrammeOwner, ProgrammeVersion
from lms.curriculum.queries import loaded
from lms.curriculum.schemas.source import Document
from lms.search.actions import index_missing


def publish_draft(
    session: Session, draft: Draft, document: Data, *, effective_on: date, note: str, by: User, at: datetime
) -> UUID:
    """Return the key of the version that an approved draft becomes; it counts from that day.

    Raises CurriculumRefused with everything that does not fit, StaleDataError where the content is not what was
    approved, and RuleBroken: draft_step out of turn, bound_otherwise where something that it names outside itself is
    not what was reviewed, programme_of_others, version_published, publication_in_past.
    """
    take_turn(session, draft)
    state = after(draft.state, DraftStep.PUBLISH)
    review, around = _approval(session, draft, document), loaded(session)
    changed = rebound(from_data(review.bindings), bindings_of(document, around))
    if changed:
        raise RuleBroken("bound_otherwise", changes=len(changed))
    is_new = session.scalar(select(Programme.id).where(Programme.key == draft.programme_key)) is None
    _check_owner(session, draft, document)
    made = load_programme(session, Document(_("Draft"), document, {}), by=by.id, at=at, around=around)
    if not made.is_new:
        raise RuleBroken("version_published", name=draft.programme_key, version=draft.label)
    version = session.get_one(ProgrammeVersion, made.version_id)
    if is_new:
        owner = {"organisation_id": draft.organisation_id, "alliance_id": draft.alliance_id}
        session.add(ProgrammeOwner(programme_id=version.programme_id, **owner))
    publish_version(
        session, version, effective_on=effective_on, note=note, reviewed_by=review.reviewed_by_id, by=by, at=at
    )
    session.refresh(draft)
    draft.state, draft.published_version_id = state, version.id
    # The programme's chain comes before the draft's, whatever their keys: only who holds the draft's lock writes both.
    record(session, "draft.published", subject=draft.id, target=version.id, by=by.id, at=at)
    session.flush()
    index_missing(session)
    return version.id


def _approval(session: Session, draft: Draft, document: Data) -> DraftReview:
    """Return the approval of exactly this content; the state says that it was approved after its last edit."""
    review = session.scalars(
        select(DraftReview)
        .where(DraftReview.draft_id == draft.id)
        .order_by(DraftReview.reviewed_at.desc(), DraftReview.id.desc())
        .limit(1)
    ).one()
    if review.verdict is not Verdict.APPROVED or review.content_hash != content_hash(document):
        raise StaleDataError
    return review


def _check_owner(session: Session, draft: Draft, document: Data) -> None:
    """Accept a document that is of the draft's own programme and nobody else's."""
    key = (document.get(PROGRAMME) or {}).get("key") or draft.programme_key
    owner = owner_of_programme(session, draft.programme_key)
    others = owner is not None and owner != Owner(draft.organisation_id, draft.alliance_id)
    if others or key != draft.programme_key:
        raise RuleBroken("programme_of_others", key=key)
