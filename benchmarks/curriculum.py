"""What the pages on programmes are about: a large programme, a draft and a move, written into the copy of the data."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.data import CannotMeasure
from benchmarks.subjects import Group
from competencies.versions import suggested_mapping
from lms.accounts.models import User
from lms.authoring.models import Draft, DraftPart
from lms.cohorts.models import Cohort
from lms.core import clock, db
from lms.curriculum.actions import load_programme
from lms.curriculum.models import Epa, ProgrammeVersion
from lms.curriculum.queries import document_of, latest_version_of
from lms.curriculum.schemas.source import Document
from lms.moves.actions import prepare_move
from lms.moves.queries import both_versions
from lms.organisations.models import Organisation

LARGE = "measured-hundred-epas"
EPAS = 100
PATTERN = "medisch-leiderschap"
NEWER = "measured"
PATH = "functielaborant"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written to be read: a programme of a hundred EPAs with one of them, a draft with a part, and a move."""

    large_id: UUID
    epa_id: UUID
    draft_id: UUID
    part_id: UUID
    writer_id: UUID
    move_id: UUID
    mover_id: UUID


def written(app: Flask, group: Group) -> Written:
    """Write what the pages on programmes are about, where the trainees of that cohort can be moved, and packages."""
    with app.app_context(), db.transaction() as session:
        large = _large_programme(session)
        epa = session.scalars(select(Epa.id).where(Epa.programme_version_id == large).order_by(Epa.position)).first()
        draft = session.scalars(select(Draft).order_by(Draft.created_at).limit(1)).one_or_none()
        if draft is None or epa is None:
            raise CannotMeasure("The demonstration has no draft: make the data anew")
        parts = select(DraftPart.id).where(DraftPart.draft_id == draft.id, DraftPart.section == "epas")
        part = session.scalars(parts.order_by(DraftPart.position).limit(1)).one()
        move = _move(session, group)
        return Written(large, epa, draft.id, part, draft.created_by_id, move, group.lead_id)


def _large_programme(session: Session) -> UUID:
    """Load a programme of a hundred EPAs, each like one of a programme that ships, and return its version."""
    data = _document(session, PATTERN)
    data["programme"] |= {"key": LARGE, "version": "1"}
    patterns = data["epas"]
    data["epas"] = [
        deepcopy(patterns[number % len(patterns)])
        | {"key": f"measured-{number}", "local_code": f"M{number}", "official_code": None, "order": number + 1}
        for number in range(EPAS)
    ]
    data["phases"], data["exemptions"] = [], []
    return load_programme(session, Document(LARGE, data, {}), by=None, at=clock.now()).version_id


def _document(session: Session, key: str) -> dict[str, Any]:
    latest = latest_version_of(session, key)
    if latest is None:
        raise CannotMeasure(f"The demonstration has no programme {key}: make the data anew")
    return deepcopy(document_of(session, latest.id))


def _move(session: Session, group: Group) -> UUID:
    """Load a newer version of the programme of a cohort, and prepare the move to it."""
    old = session.get_one(ProgrammeVersion, group.programme_version_id)
    data = deepcopy(document_of(session, old.id))
    data["programme"]["version"] = NEWER
    loaded = load_programme(session, Document(NEWER, data, {}), by=None, at=clock.now())
    versions = both_versions(session, old.id, loaded.version_id)
    cohort = session.get_one(Cohort, group.cohort_id)
    move = prepare_move(
        session,
        from_version=old,
        to_version=session.get_one(ProgrammeVersion, loaded.version_id),
        organisation=session.get_one(Organisation, cohort.organisation_id),
        mapping=suggested_mapping(old=versions.old, new=versions.new),
        versions=versions,
        by=session.get_one(User, group.lead_id),
        at=clock.now(),
    )
    return move.id
