"""The plans of programmes with their titles, kept in the process: a version never changes once it is loaded."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer_group

from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.plans import PlanInWords, plan_of, titles_of
from lms.curriculum.queries.epas import epas_of_version
from lms.curriculum.queries.shared import INSTRUMENTS, Vocabulary

MOST_KEPT = 200
_kept: dict[UUID, PlanInWords] = {}
_lock = Lock()


def planned(session: Session, version_id: UUID) -> PlanInWords:
    """Return the plan of a programme version; no statement for one that was asked before in this process."""
    known = _kept.get(version_id) or _loaded(session, version_id)
    with _lock:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[version_id] = known
    return known


def named_in(session: Session, version_id: UUID, words: Vocabulary) -> PlanInWords:
    """Return the plan of a programme version with the titles of instruments and conditions, which the words hold."""
    return replace(
        planned(session, version_id),
        instruments=dict(words.of_kind(INSTRUMENTS)),
        conditions=dict(words.of_kind("evidence_conditions")),
    )


def _loaded(session: Session, version_id: UUID) -> PlanInWords:
    version = session.scalars(
        select(ProgrammeVersion).where(ProgrammeVersion.id == version_id).options(undefer_group("in_full"))
    ).one()
    epas = epas_of_version(session, version_id)
    return PlanInWords(plan=plan_of(version, epas), titles=titles_of(version, epas))
