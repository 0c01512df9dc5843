"""Whether trainees follow the version that they were moved to, with just what the move let them take along."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from lms.cohorts.models import Enrolment, EnrolmentMove
from lms.core.audit import AuditEntry
from lms.entrustment.models import Decision, Recognition
from lms.operations.chains import Advance, Difference
from lms.standings.models import CarriedEpa

MOVES: Select[int] = select(func.count()).select_from(EnrolmentMove)


def check_moves(connection: Connection, advance: Advance) -> None:
    """Find every move on record, and the last one with what it carried and recognised; raise the first `Difference`."""
    for wrong in (_unrecorded(), _not_followed(), _carried_otherwise(), _raised()):
        found = connection.execute(wrong.limit(1)).one_or_none()
        if found is not None:
            raise Difference(f"The move of enrolment {found.enrolment_id} {found.wrong}.")
    advance(connection.execute(MOVES).scalar_one())


def _wrong(enrolment_id: Any, words: str) -> Select[*tuple[Any, ...]]:
    return select(enrolment_id.label("enrolment_id"), literal_column(f"'{words}'").label("wrong"))


def _unrecorded() -> Select[*tuple[Any, ...]]:
    """Select the moves that the audit record does not tell as they are."""
    on_record = exists().where(
        AuditEntry.target_id == EnrolmentMove.enrolment_id,
        AuditEntry.action == "enrolment.moved",
        AuditEntry.subject_id == Enrolment.trainee_id,
        AuditEntry.actor_id == EnrolmentMove.consent_by_id,
        AuditEntry.at == EnrolmentMove.moved_at,
        AuditEntry.facts["after"]["move"].as_string() == cast(EnrolmentMove.id, Text),
        AuditEntry.facts["after"]["reason"].as_string() == EnrolmentMove.reason,
    )
    moves = _wrong(EnrolmentMove.enrolment_id, "is not what the audit record says was done")
    return moves.join(Enrolment, Enrolment.id == EnrolmentMove.enrolment_id).where(~on_record)


def _not_followed() -> Select[*tuple[Any, ...]]:
    """Select the enrolments that do not follow the version of their last move."""
    later, last = aliased(EnrolmentMove), aliased(EnrolmentMove)
    is_last = ~exists().where(
        later.enrolment_id == last.enrolment_id,
        or_(later.moved_at > last.moved_at, and_(later.moved_at == last.moved_at, later.id > last.id)),
    )
    newest = select(last.enrolment_id, last.id, last.to_version_id).where(is_last).subquery()
    differs: ColumnElement[bool] = or_(
        Enrolment.move_id.is_distinct_from(newest.c.id),
        and_(newest.c.id.is_not(None), Enrolment.programme_version_id != newest.c.to_version_id),
    )
    return (
        _wrong(Enrolment.id, "is not the last one, or another version is followed than it says")
        .outerjoin(newest, newest.c.enrolment_id == Enrolment.id)
        .where(differs)
    )


def _carried_otherwise() -> Select[*tuple[Any, ...]]:
    """Select the enrolments that carry other EPAs than their last move says."""
    pairs = func.jsonb_array_elements(EnrolmentMove.carried).table_valued("value", joins_implicitly=True)
    told = (
        select(
            EnrolmentMove.enrolment_id,
            cast(pairs.c.value.op("->>")(0), Uuid).label("old"),
            cast(pairs.c.value.op("->>")(1), Uuid).label("new"),
        )
        .join(Enrolment, Enrolment.move_id == EnrolmentMove.id)
        .join(pairs, true())
    )
    kept = select(CarriedEpa.enrolment_id, CarriedEpa.from_epa_id, CarriedEpa.epa_id)
    both = union_all(told, kept).subquery()
    return (
        _wrong(both.c.enrolment_id, "carries other EPAs than it says")
        .group_by(both.c.enrolment_id, both.c.old, both.c.new)
        .having(func.count() != 2)
    )


def _raised() -> Select[*tuple[Any, ...]]:
    """Select what was recognised beyond its decision: of somebody else, higher, earlier or longer."""
    longer = case(
        (Decision.valid_until.is_(None), false()),
        else_=or_(Recognition.valid_until.is_(None), Recognition.valid_until > Decision.valid_until),
    )
    return (
        _wrong(Recognition.enrolment_id, "recognised more than was decided")
        .join(Decision, Decision.id == Recognition.decision_id)
        .where(
            or_(
                Decision.enrolment_id != Recognition.enrolment_id,
                Decision.scale_id != Recognition.scale_id,
                Recognition.level_rank > Decision.level_rank,
                Recognition.decided_on < Decision.decided_on,
                longer,
            )
        )
    )
