"""What became of one trainee at each move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from competencies.versions import EpaMapping, EpaOfVersion
from lms.cohorts.models import Enrolment, EnrolmentMove, VersionMove
from lms.cohorts.queries import moves_of
from lms.cohorts.values import mapping_of
from lms.entrustment.models import Decision, Recognition
from lms.moves.queries.moves import both_versions


@dataclass(frozen=True, slots=True)
class ToldMove:
    """One move of one trainee: what became of each EPA, and by new EPA the decisions that were recognised for it."""

    move: EnrolmentMove
    mapping: EpaMapping
    by_id: Mapping[UUID, EpaOfVersion]
    recognised: Mapping[UUID, Sequence[Recognition]]


def told_moves(session: Session, enrolment: Enrolment) -> Sequence[ToldMove]:
    """Return the moves of a trainee, the latest first; eight statements a move, and none for who never moved."""
    moves = moves_of(session, [enrolment]).get(enrolment.id, ())
    return [_told(session, one) for one in reversed(moves)]


def _told(session: Session, move: EnrolmentMove) -> ToldMove:
    mapping = mapping_of(session.get_one(VersionMove, move.version_move_id).mapping)
    versions = both_versions(session, move.from_version_id, move.to_version_id)
    rows = session.scalars(
        select(Recognition)
        .where(Recognition.enrolment_move_id == move.id)
        .options(joinedload(Recognition.decision).joinedload(Decision.decided_by))
        .order_by(Recognition.epa_id, Recognition.decided_on, Recognition.decision_id)
    ).all()
    recognised = {epa.id: [one for one in rows if one.epa_id == epa.id] for epa in versions.new}
    return ToldMove(move, mapping, versions.by_id, recognised)
