"""What is asked about the moves of trainees from one version of their programme to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lms.cohorts.models import Enrolment, EnrolmentMove
from lms.curriculum.models import ProgrammeVersion

Moves = Mapping[UUID, Sequence[EnrolmentMove]]
"""Moves by enrolment, the oldest first; who was never moved has none."""


def moves_of(session: Session, enrolments: Collection[Enrolment]) -> Moves:
    """Return the moves of these enrolments with both versions and who consented; no statement where nobody moved."""
    moved = [one.id for one in enrolments if one.move_id is not None]
    found: defaultdict[UUID, list[EnrolmentMove]] = defaultdict(list)
    if moved:
        rows = select(EnrolmentMove).where(EnrolmentMove.enrolment_id.in_(moved))
        loads = (joinedload(EnrolmentMove.from_version), joinedload(EnrolmentMove.to_version))
        for row in session.scalars(
            rows.options(*loads, joinedload(EnrolmentMove.consent_by)).order_by(
                EnrolmentMove.moved_at, EnrolmentMove.id
            )
        ):
            found[row.enrolment_id].append(row)
    return found


def version_at(session: Session, enrolment: Enrolment, at: datetime) -> ProgrammeVersion:
    """Return the version that the trainee followed at a moment; needs the version of the enrolment."""
    later = (move for move in moves_of(session, [enrolment]).get(enrolment.id, ()) if move.moved_at > at)
    first = next(later, None)
    return first.from_version if first else enrolment.programme_version
