"""Drafts, their parts and their history, for those who may see them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Select, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from competencies.drafts import DraftState, EditKind
from competencies.people import Role
from lms.authoring.models import Draft, DraftEdit, DraftPart, DraftReview, DraftWriter
from lms.curriculum.models import (
    AssessmentForm,
    CompetencyDomain,
    Epa,
    EpaCompetency,
    EpaReference,
    EpaRequirement,
    Framework,
    Programme,
    ProgrammeVersion,
)
from lms.curriculum.queries.programmes import newest_versions
from lms.organisations.models import AllianceMembership
from lms.organisations.permissions import Duties
from lms.organisations.queries import current, members_of

MOST_EDITS = 50


def visible_to(duties: Duties) -> Select[Draft]:
    """Return the drafts that a person may read.

    Those of the organisations where they lead programmes or audit, of the alliances that they coordinate and of the
    members of these, and those of the alliances of the organisations where they lead programmes.
    """
    return _visible(**_scope_of(duties))


def _scope_of(duties: Duties) -> dict[str, Any]:
    return {
        "led": duties.places(Role.PROGRAMME_LEAD),
        "read": duties.places(Role.PROGRAMME_LEAD, Role.AUDITOR),
        "coordinated": duties.places(Role.REGIONAL_COORDINATOR),
        "on": duties.on,
    }


def _visible(*, led: Any, read: Any, coordinated: Any, on: Any) -> Select[Draft]:
    joined = select(AllianceMembership.alliance_id).where(
        AllianceMembership.organisation_id.in_(led),
        current(AllianceMembership.starts_on, AllianceMembership.ends_on, on),
    )
    return select(Draft).where(
        or_(
            Draft.organisation_id.in_(read),
            Draft.organisation_id.in_(members_of(coordinated, on=on)),
            Draft.alliance_id.in_(coordinated),
            Draft.alliance_id.in_(joined),
        )
    )


WITH_OWNER = (joinedload(Draft.organisation), joinedload(Draft.alliance), joinedload(Draft.edited_by))


def drafts_seen(session: Session, duties: Duties) -> Sequence[Draft]:
    """Return the drafts that a person may read and that are still open, the one changed last first."""
    return session.scalars(
        visible_to(duties)
        .where(Draft.state.in_([state for state in DraftState if state.is_open]))
        .options(*WITH_OWNER)
        .order_by(Draft.edited_at.desc(), Draft.id)
    ).all()


def one_draft(session: Session, duties: Duties, draft_id: UUID) -> Draft | None:
    """Return a draft with its owner, its version of origin and its parts and writers, if it may be read."""
    return session.scalars(_one_draft(), {"draft_id": draft_id, **_scope_of(duties)}).unique().one_or_none()


@cache
def _one_draft() -> Select[Draft]:
    places = {name: bindparam(name, type_=Uuid, expanding=True) for name in ("led", "read", "coordinated")}
    return (
        _visible(**places, on=bindparam("on", type_=Date))
        .where(Draft.id == bindparam("draft_id", type_=Uuid))
        .options(
            *WITH_OWNER,
            joinedload(Draft.submitted_by),
            joinedload(Draft.based_on).joinedload(ProgrammeVersion.programme),
            selectinload(Draft.parts).joinedload(DraftPart.edited_by),
            joinedload(Draft.writers).joinedload(DraftWriter.user),
        )
    )


def part_in(draft: Draft, part_id: UUID) -> DraftPart | None:
    """Return a part of the draft, or None where it has no such part (any more)."""
    return next((part for part in draft.parts if part.id == part_id), None)


def reviews_of(session: Session, draft_id: UUID) -> Sequence[DraftReview]:
    """Return what was said of a draft, the newest first."""
    return session.scalars(_reviews(), {"draft_id": draft_id}).all()


@cache
def _reviews() -> Select[DraftReview]:
    return (
        select(DraftReview)
        .where(DraftReview.draft_id == bindparam("draft_id", type_=Uuid))
        .options(joinedload(DraftReview.reviewed_by))
        .order_by(DraftReview.reviewed_at.desc(), DraftReview.id.desc())
    )


class History(NamedTuple):
    """Some texts of a draft, and whether there are older ones."""

    edits: Sequence[DraftEdit]
    older: UUID | None


def history_of(session: Session, draft_id: UUID, *, part_id: UUID | None, before: UUID | None) -> History:
    """Return the texts that were sent to a draft, or to one part of it, the newest first."""
    texts = (
        select(DraftEdit)
        .where(DraftEdit.draft_id == draft_id)
        .options(joinedload(DraftEdit.edited_by))
        .order_by(DraftEdit.id.desc())
        .limit(MOST_EDITS + 1)
    )
    if part_id is not None:
        texts = texts.where(DraftEdit.part_id == part_id)
    if before is not None:
        texts = texts.where(DraftEdit.id < before)
    found = session.scalars(texts).all()
    return History(found[:MOST_EDITS], found[MOST_EDITS - 1].id if len(found) > MOST_EDITS else None)


def one_edit(session: Session, draft_id: UUID, edit_id: UUID) -> DraftEdit | None:
    """Return one text that was sent to a draft."""
    return session.scalars(
        select(DraftEdit)
        .where(DraftEdit.id == edit_id, DraftEdit.draft_id == draft_id)
        .options(joinedload(DraftEdit.edited_by))
    ).one_or_none()


def last_text_of(session: Session, draft_id: UUID, part_id: UUID) -> DraftEdit | None:
    """Return the last text that was sent to a part of the draft, also to one that was taken out."""
    return session.scalars(
        select(DraftEdit)
        .where(DraftEdit.draft_id == draft_id, DraftEdit.part_id == part_id)
        .order_by(DraftEdit.id.desc())
        .limit(1)
    ).one_or_none()


def text_at(session: Session, part_id: UUID, revision: int) -> Any:
    """Return the text that a part had at a revision; None where it never had that one."""
    return session.scalar(
        select(DraftEdit.data).where(
            DraftEdit.part_id == part_id, DraftEdit.revision == revision, DraftEdit.kind == EditKind.SAVED
        )
    )


def used_elsewhere(
    session: Session, programme: str, section: str, key: str, *, item: str | None = None
) -> Sequence[ProgrammeVersion]:
    """Return the other programmes that use this part of a programme today.

    Those refer to its EPA or form, or name a domain of its framework: any, or the one with the key `item`, or an
    element with that key.
    """
    if section not in _USING or not key:
        return ()
    of_this = select(ProgrammeVersion.id).join(ProgrammeVersion.programme).where(Programme.key == programme)
    return session.scalars(
        select(ProgrammeVersion)
        .where(
            ProgrammeVersion.id.in_(_USING[section](of_this, key, item)),
            ProgrammeVersion.id.in_(newest_versions()),
            ProgrammeVersion.id.not_in(of_this),
        )
        .order_by(ProgrammeVersion.id)
    ).all()


def _using_epa(of_this: Select[UUID], key: str, _item: str | None) -> Select[UUID]:
    using = select(EpaReference.programme_version_id).join(EpaReference.epa)
    return using.where(Epa.key == key, Epa.programme_version_id.in_(of_this))


def _using_form(of_this: Select[UUID], key: str, _item: str | None) -> Select[UUID]:
    using = select(Epa.programme_version_id).join(Epa.requirements).join(EpaRequirement.form)
    return using.where(AssessmentForm.key == key, AssessmentForm.programme_version_id.in_(of_this))


def _using_framework(of_this: Select[UUID], key: str, item: str | None) -> Select[UUID]:
    using = select(Epa.programme_version_id).join(Epa.competencies).join(EpaCompetency.domain)
    using = using.join(CompetencyDomain.framework)
    using = using.where(Framework.key == key, Framework.programme_version_id.in_(of_this))
    named = (CompetencyDomain.key == item) & EpaCompetency.element_key.is_(None)
    return using if item is None else using.where(named | (EpaCompetency.element_key == item))


_USING = {"epas": _using_epa, "forms": _using_form, "frameworks": _using_framework}
