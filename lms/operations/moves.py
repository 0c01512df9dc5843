"""Whether trainees follow the version that they were moved to, with just what the move let them take along."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
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
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from lms.cohorts.models import Enrolment, EnrolmentMove
from lms.core.audit import AuditEntry
from lms.curriculum.models import Epa, ScaleLevel
from lms.entrustment.models import Decision, Recognition
from lms.operations.chains import Advance, Difference
from lms.standings.models import CarriedEpa

AFTER = AuditEntry.facts["after"]
MOVES: Select[int] = select(func.count()).select_from(EnrolmentMove)


def check_moves(connection: Connection, advance: Advance) -> None:
    """Find every move on record with each row that came of it, and the last one followed; raise the first `Difference`.

    What was recognised is proven row by row; of a move on record by its numbers only, as it was kept at first, the
    numbers are.
    """
    for wrong in (_unrecorded(), _not_followed(), _carried_otherwise(), _raised(), _recognised_otherwise()):
        found = connection.execute(wrong.limit(1)).one_or_none()
        if found is not None:
            raise Difference(f"The move of enrolment {found.enrolment_id} {found.wrong}.")
    advance(connection.execute(MOVES).scalar_one())


def _wrong(enrolment_id: Any, words: str) -> Select[*tuple[Any, ...]]:
    return select(enrolment_id.label("enrolment_id"), literal_column(f"'{words}'").label("wrong"))


def _on_record() -> ColumnElement[bool]:
    """Return the condition that an audit entry tells of a move what its row says."""
    return and_(
        AuditEntry.target_id == EnrolmentMove.enrolment_id,
        AuditEntry.action == "enrolment.moved",
        AuditEntry.subject_id == Enrolment.trainee_id,
        AuditEntry.actor_id == EnrolmentMove.consent_by_id,
        AuditEntry.at == EnrolmentMove.moved_at,
        AFTER["move"].as_string() == cast(EnrolmentMove.id, Text),
        AFTER["reason"].as_string() == EnrolmentMove.reason,
    )


def _unrecorded() -> Select[*tuple[Any, ...]]:
    """Select the moves that the audit record does not tell as they are, with whose evidence counts for whom."""
    recognised = select(func.count()).where(Recognition.enrolment_move_id == EnrolmentMove.id).scalar_subquery()
    as_told = or_(
        and_(_is_list("carried_epas"), cast(AFTER["carried_epas"], JSONB) == EnrolmentMove.carried),
        AFTER["carried_epas"].as_string() == cast(func.jsonb_array_length(EnrolmentMove.carried), Text),
    )
    counted = or_(_is_list("recognised"), AFTER["recognised"].as_string() == cast(recognised, Text))
    moves = _wrong(EnrolmentMove.enrolment_id, "is not what the audit record says was done")
    told = exists().where(_on_record(), as_told, counted)
    return moves.join(Enrolment, Enrolment.id == EnrolmentMove.enrolment_id).where(~told)


def _is_list(name: str) -> ColumnElement[bool]:
    return func.json_typeof(AFTER[name]) == "array"


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


def _recognised_otherwise() -> Select[*tuple[Any, ...]]:
    """Select each recognition that the audit record tells otherwise, or that only one of both knows, with its EPA."""
    told = case((_is_list("recognised"), AFTER["recognised"]), else_=literal([], JSON))
    rows = func.json_array_elements(told).table_valued("value", joins_implicitly=True)
    facts = [rows.c.value.op("->>")(place) for place in range(5)]
    on_record = (
        select(
            EnrolmentMove.id, EnrolmentMove.enrolment_id, *(fact.label(f"fact_{at}") for at, fact in enumerate(facts))
        )
        .join(Enrolment, Enrolment.id == EnrolmentMove.enrolment_id)
        .join(AuditEntry, _on_record())
        .join(rows, true())
    )
    columns = (Recognition.epa_id, Recognition.decision_id, Recognition.level_code, Recognition.decided_on)
    kept = (
        select(
            Recognition.enrolment_move_id,
            EnrolmentMove.enrolment_id,
            *(cast(one, Text) for one in (*columns, Recognition.valid_until)),
        )
        .join(EnrolmentMove, EnrolmentMove.id == Recognition.enrolment_move_id)
        .join(Enrolment, Enrolment.id == EnrolmentMove.enrolment_id)
        .join(AuditEntry, and_(_on_record(), _is_list("recognised")))
    )
    both = union_all(on_record, kept).subquery()
    epa = select(Epa.key).where(cast(Epa.id, Text) == func.min(both.c.fact_0)).scalar_subquery()
    words = func.concat("recognised decision ", both.c.fact_1, " for EPA ", epa, " otherwise than the record says")
    return (
        select(both.c.enrolment_id, words.label("wrong"))
        .group_by(both.c.id, both.c.enrolment_id, *(both.c[f"fact_{at}"] for at in range(5)))
        .having(func.count() != 2)
        .order_by(both.c.enrolment_id, both.c.fact_1)
    )


def _raised() -> Select[*tuple[Any, ...]]:
    """Select what was recognised beyond its decision: of somebody else, at another level's rank, higher or longer."""
    longer = case(
        (Decision.valid_until.is_(None), false()),
        else_=or_(Recognition.valid_until.is_(None), Recognition.valid_until > Decision.valid_until),
    )
    named = func.concat("recognised more than was decided: decision ", Decision.id, " for EPA ", Epa.key)
    return (
        select(Recognition.enrolment_id, named.label("wrong"))
        .join(Decision, Decision.id == Recognition.decision_id)
        .join(EnrolmentMove, EnrolmentMove.id == Recognition.enrolment_move_id)
        .join(Epa, Epa.id == Recognition.epa_id)
        .outerjoin(
            ScaleLevel,
            (ScaleLevel.scale_id == Recognition.scale_id) & (ScaleLevel.code == Recognition.level_code),
        )
        .where(
            or_(
                Decision.enrolment_id != Recognition.enrolment_id,
                EnrolmentMove.enrolment_id != Recognition.enrolment_id,
                Decision.scale_id != Recognition.scale_id,
                Recognition.level_rank.is_distinct_from(ScaleLevel.rank),
                Recognition.level_rank > Decision.level_rank,
                Recognition.decided_on < Decision.decided_on,
                Recognition.recorded_at != Decision.recorded_at,
                longer,
            )
        )
    )
