"""What keeps the current standing: each step adds to the row in the transaction of the step itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lms.standings.models import Standing

RATING = ("last_rating_code", "last_rating_rank", "last_rated_on", "last_answered_at")
DECISION = ("decision_id", "level_code", "level_rank", "decided_on", "valid_until")


def note_request(session: Session, *, enrolment_id: UUID, epa_id: UUID) -> None:
    """Count one more assessment that waits."""
    _keep(session, enrolment_id, epa_id, {"waiting_count": 1}, {"waiting_count": Standing.waiting_count + 1})


def note_withdrawal(session: Session, *, enrolment_id: UUID, epa_id: UUID) -> None:
    """Count one assessment less that waits: it was withdrawn or declined."""
    _keep(session, enrolment_id, epa_id, {}, {"waiting_count": Standing.waiting_count - 1})


def note_rating(
    session: Session,
    *,
    enrolment_id: UUID,
    epa_id: UUID,
    level_code: str | None,
    level_rank: int | None,
    on: date,
    at: datetime,
) -> None:
    """Count one assessment more that was given, and one less that waits; `on` is the day of the activity.

    A level is given here only when it is on the scale of the EPA itself. It becomes the last rating when its activity
    is the latest, or as late and answered later.
    """
    counts = {"rating_count": Standing.rating_count + 1, "waiting_count": Standing.waiting_count - 1}
    if level_code is None:
        _keep(session, enrolment_id, epa_id, {"rating_count": 1}, counts)
        return
    rating = dict(zip(RATING, (level_code, level_rank, on, at), strict=True))
    as_late = (Standing.last_rated_on == on) & (func.coalesce(Standing.last_answered_at, at) <= at)
    is_last = or_(Standing.last_rated_on.is_(None), Standing.last_rated_on < on, as_late)
    _keep(session, enrolment_id, epa_id, {"rating_count": 1} | rating, counts | _where(is_last, rating))


def note_decision(
    session: Session,
    *,
    enrolment_id: UUID,
    epa_id: UUID,
    decision_id: UUID,
    level_code: str,
    level_rank: int,
    decided_on: date,
    valid_until: date | None,
) -> None:
    """Take in a decision; one that takes effect before the decision already known leaves that one standing."""
    facts = (decision_id, level_code, level_rank, decided_on, valid_until)
    decision = dict(zip(DECISION, facts, strict=True))
    is_newest = or_(Standing.decided_on.is_(None), Standing.decided_on <= decided_on)
    _keep(session, enrolment_id, epa_id, decision, _where(is_newest, decision))


def _where(condition: ColumnElement[bool], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values where the condition holds for the row, and what the row has where it does not."""
    columns = Standing.__table__.columns
    return {
        name: case((condition, literal(value, columns[name].type)), else_=columns[name])
        for name, value in values.items()
    }


def _keep(
    session: Session, enrolment_id: UUID, epa_id: UUID, first: Mapping[str, Any], then: Mapping[str, Any]
) -> None:
    """Make the row with the values of a first step, or add the step to the row that is there."""
    counts = {"rating_count": 0, "waiting_count": 0}
    row = insert(Standing).values({"enrolment_id": enrolment_id, "epa_id": epa_id, **counts, **first})
    kept = row.on_conflict_do_update(index_elements=["enrolment_id", "epa_id"], set_=dict(then))
    session.scalars(kept.returning(Standing), execution_options={"populate_existing": True}).one()
