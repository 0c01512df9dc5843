"""What is asked about attainments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from competencies.attainments import Attainment, AttainmentKind
from competencies.versions import EpaMapping, carried_attainments
from lms.attainments.models import AttainmentRow, AttainmentStep
from lms.attainments.values import as_domain
from lms.cohorts.models import Cohort, Enrolment, EnrolmentMove, EnrolmentTrainer, VersionMove
from lms.cohorts.queries import moves_of, visible_enrolments
from lms.cohorts.values import mapping_of
from lms.curriculum.models import Epa
from lms.organisations.permissions import Duties

Recorded = tuple[datetime, Attainment]
"""What was recorded, and when."""
Moved = tuple[datetime, EpaMapping, Mapping[UUID, str]]
"""When somebody was moved, by which mapping, and the keys of its EPAs."""


def attainments_of(session: Session, enrolment_id: UUID) -> Sequence[AttainmentRow]:
    """Return all that was recorded on an enrolment, the newest first, with organisation and steps."""
    return session.scalars(
        select(AttainmentRow)
        .where(AttainmentRow.enrolment_id == enrolment_id)
        .options(
            joinedload(AttainmentRow.organisation),
            joinedload(AttainmentRow.recorded_by),
            selectinload(AttainmentRow.steps).joinedload(AttainmentStep.by),
        )
        .order_by(AttainmentRow.done_on.desc(), AttainmentRow.id.desc())
    ).all()


def attained(
    session: Session, enrolment_ids: Collection[UUID], *, known_at: datetime | None = None
) -> Mapping[UUID, tuple[Attainment, ...]]:
    """Return what was attained on each enrolment as the domain counts it, in two statements whatever their number.

    With a moment: as it stood then, whatever was recorded, confirmed or withdrawn later. Of who was moved to another
    version, exemptions from EPAs stand under the keys of what these became; that takes two statements more.
    """
    rows = session.execute(
        select(AttainmentRow, Enrolment.move_id)
        .join(Enrolment, Enrolment.id == AttainmentRow.enrolment_id)
        .where(AttainmentRow.enrolment_id.in_(enrolment_ids))
        .options(selectinload(AttainmentRow.steps))
        .order_by(AttainmentRow.done_on, AttainmentRow.id)
    ).all()
    known = [row for row, _move in rows if known_at is None or row.recorded_at <= known_at]
    values: defaultdict[UUID, list[Recorded]] = defaultdict(list)
    for row in known:
        values[row.enrolment_id].append((row.recorded_at, as_domain(row, known_at=known_at)))
    freed = {row.enrolment_id for row, move in rows if move and row.kind is AttainmentKind.EXEMPT_EPA}
    moves = _moves(session, freed, known_at) if freed else {}
    return {key: _after_moves(values.get(key, ()), moves.get(key, ())) for key in enrolment_ids}


def _after_moves(recorded: Sequence[Recorded], moves: Sequence[Moved]) -> tuple[Attainment, ...]:
    """Return what was recorded as it counts now: each move carries what was there before it."""
    left, counted = list(recorded), tuple[Attainment, ...]()
    for moved_at, mapping, keys in moves:
        counted = carried_attainments((*counted, *(one for at, one in left if at <= moved_at)), mapping, keys)
        left = [(at, one) for at, one in left if at > moved_at]
    return (*counted, *(one for _at, one in left))


def _moves(
    session: Session, enrolment_ids: Collection[UUID], known_at: datetime | None
) -> Mapping[UUID, Sequence[Moved]]:
    """Return the moves of these enrolments until a moment, the oldest first, with the keys of the EPAs."""
    rows = session.execute(
        select(EnrolmentMove.enrolment_id, EnrolmentMove.moved_at, VersionMove.mapping)
        .join(VersionMove, VersionMove.id == EnrolmentMove.version_move_id)
        .where(EnrolmentMove.enrolment_id.in_(enrolment_ids))
        .order_by(EnrolmentMove.moved_at, EnrolmentMove.id)
    ).all()
    mappings = [(row, mapping_of(row.mapping)) for row in rows if known_at is None or row.moved_at <= known_at]
    named = {key for _row, mapping in mappings for line in mapping.lines for key in (*line.old, *line.new)}
    keys = dict(session.execute(select(Epa.id, Epa.key).where(Epa.id.in_(named))).all())
    found: defaultdict[UUID, list[Moved]] = defaultdict(list)
    for row, mapping in mappings:
        found[row.enrolment_id].append((row.moved_at, mapping, keys))
    return found


def versions_of(session: Session, enrolment: Enrolment, rows: Iterable[AttainmentRow]) -> Mapping[UUID, UUID]:
    """Return the version of the programme that the trainee followed when each was recorded, by attainment.

    Its keys are those of that version; no statement where nobody was moved.
    """
    moves = moves_of(session, [enrolment]).get(enrolment.id, ())
    now = enrolment.programme_version_id
    return {
        row.id: next((move.from_version_id for move in moves if move.moved_at >= row.recorded_at), now) for row in rows
    }


def one_visible(session: Session, duties: Duties, attainment_id: UUID) -> AttainmentRow | None:
    """Return an attainment with all that its page needs, if the person may see its enrolment."""
    enrolments = visible_enrolments(duties).with_only_columns(Enrolment.id)
    enrolment = joinedload(AttainmentRow.enrolment)
    return session.scalar(
        select(AttainmentRow)
        .where(AttainmentRow.id == attainment_id, AttainmentRow.enrolment_id.in_(enrolments))
        .options(
            joinedload(AttainmentRow.trainee),
            joinedload(AttainmentRow.organisation),
            joinedload(AttainmentRow.recorded_by),
            selectinload(AttainmentRow.steps).joinedload(AttainmentStep.by),
            enrolment.joinedload(Enrolment.cohort).joinedload(Cohort.organisation),
            enrolment.selectinload(Enrolment.trainers).joinedload(EnrolmentTrainer.trainer),
        )
    )
