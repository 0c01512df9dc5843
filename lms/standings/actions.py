"""What keeps the current standing: each step adds to the row in the transaction of the step itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, case, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from lms.curriculum.models import Epa
from lms.standings.models import CarriedEpa, Standing
from lms.standings.queries import carries

RATING = ("last_rating_code", "last_rating_rank", "last_rated_on", "last_answered_at")
DECISION = ("decision_id", "level_code", "level_rank", "decided_on", "valid_until")


def hold_standings(session: Session, places: Collection[tuple[UUID, UUID]]) -> None:
    """Lock the rows of those enrolments on those EPAs, and of what carries them, in the order in which all lock them.

    Whoever takes several steps in one transaction, or writes to the audit before the first, needs it beforehand: all
    others take a row and then the chain of the audit record, and would wait for a row behind the chain for ever. A row
    that is not there yet is made; it needs a step.
    """
    made = insert(Standing).on_conflict_do_nothing()
    counts = {"rating_count": 0, "waiting_count": 0}
    session.execute(
        made.values([{"enrolment_id": one, "epa_id": epa_id, **counts} for one, epa_id in sorted(set(places))])
    )
    carried = tuple_(CarriedEpa.enrolment_id, CarriedEpa.from_epa_id).in_(places)
    heirs = select(CarriedEpa.enrolment_id, CarriedEpa.epa_id).where(carried)
    row = tuple_(Standing.enrolment_id, Standing.epa_id)
    session.execute(
        select(Standing.epa_id)
        .where(or_(row.in_(places), row.in_(heirs)))
        .order_by(Standing.enrolment_id, Standing.is_carried.desc(), Standing.epa_id)
        .with_for_update()
    )


def note_request(session: Session, *, enrolment_id: UUID, epa_id: UUID) -> None:
    """Count one more assessment that waits."""
    _step(session, enrolment_id, epa_id, {"waiting_count": 1}, {"waiting_count": Standing.waiting_count + 1})


def note_withdrawal(session: Session, *, enrolment_id: UUID, epa_id: UUID) -> None:
    """Count one assessment less that waits: it was withdrawn or declined."""
    _step(session, enrolment_id, epa_id, {}, {"waiting_count": Standing.waiting_count - 1})


def _step(
    session: Session, enrolment_id: UUID, epa_id: UUID, first: Mapping[str, Any], then: Mapping[str, Any]
) -> None:
    """Take the same step on an EPA and on whatever carries it."""
    kept = _keep(session, enrolment_id, epa_id, first, then)
    for heir, _scale_id in _heirs(session, kept):
        _keep(session, enrolment_id, heir, first, then)


def note_rating(
    session: Session,
    *,
    enrolment_id: UUID,
    epa_id: UUID,
    level_code: str | None,
    level_rank: int | None,
    on: date,
    at: datetime,
    scale_id: UUID | None = None,
    own_scale_id: UUID | None = None,
) -> None:
    """Count one assessment more that was given, and one less that waits; `on` is the day of the activity.

    A level counts where its scale, `scale_id`, is the one of the EPA itself. It becomes the last rating when its
    activity is the latest, or as late and answered later. After a move the rating counts on, under the same condition.
    """
    rating = None if level_code is None else dict(zip(RATING, (level_code, level_rank, on, at), strict=True))
    kept = _count_rating(session, enrolment_id, epa_id, rating if own_scale_id == scale_id else None)
    for heir, scale_of_heir in _heirs(session, kept):
        _count_rating(session, enrolment_id, heir, rating if scale_of_heir == scale_id else None)


def _count_rating(session: Session, enrolment_id: UUID, epa_id: UUID, rating: Mapping[str, Any] | None) -> Standing:
    counts = {"rating_count": Standing.rating_count + 1, "waiting_count": Standing.waiting_count - 1}
    if rating is None:
        return _keep(session, enrolment_id, epa_id, {"rating_count": 1}, counts)
    on, at = rating["last_rated_on"], rating["last_answered_at"]
    as_late = (Standing.last_rated_on == on) & (func.coalesce(Standing.last_answered_at, at) <= at)
    is_last = or_(Standing.last_rated_on.is_(None), Standing.last_rated_on < on, as_late)
    return _keep(session, enrolment_id, epa_id, {"rating_count": 1, **rating}, counts | _where(is_last, rating))


def note_correction(session: Session, last_rated: Subquery, *, enrolment_id: UUID) -> None:
    """Take in that the day of a rated activity was corrected; `last_rated` gives the last rating on each EPA anew.

    The rows are locked in the order in which ratings lock them: earlier EPAs before what carries them.
    """
    mine = select(Standing.epa_id).where(Standing.enrolment_id == enrolment_id)
    session.execute(mine.order_by(Standing.is_carried.desc(), Standing.epa_id).with_for_update())
    session.execute(
        update(Standing)
        .where(Standing.enrolment_id == last_rated.c.enrolment_id, Standing.epa_id == last_rated.c.epa_id)
        .values({name: last_rated.c[name] for name in RATING})
        .execution_options(synchronize_session=False)
    )


def note_disowning(session: Session, *, enrolment_id: UUID, epa_id: UUID) -> Sequence[UUID]:
    """Count one assessment less that was given; return the EPAs on which it counted, whose last rating may change.

    Their rows are locked: who asks afterwards which rating is the last one sees all that others gave.
    """
    less = {"rating_count": Standing.rating_count - 1}
    kept = _keep(session, enrolment_id, epa_id, {}, less)
    heirs = [heir for heir, _scale_id in _heirs(session, kept)]
    for heir in heirs:
        _keep(session, enrolment_id, heir, {}, less)
    return [epa_id, *heirs]


def note_last_rating(session: Session, *, enrolment_id: UUID, epa_id: UUID, rating: Sequence[Any] | None) -> None:
    """Let that be the last rating: its level, rank, day and moment as in `RATING`; None where none is left."""
    last = dict(zip(RATING, rating or (None,) * len(RATING), strict=True))
    _keep(session, enrolment_id, epa_id, {}, last)


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
) -> Standing:
    """Make the row with the values of a first step, or add the step to the row that is there, and return it."""
    counts = {"rating_count": 0, "waiting_count": 0}
    row = insert(Standing).values({"enrolment_id": enrolment_id, "epa_id": epa_id, **counts, **first})
    kept = row.on_conflict_do_update(index_elements=["enrolment_id", "epa_id"], set_=dict(then))
    return session.scalars(kept.returning(Standing), execution_options={"populate_existing": True}).one()


def _heirs(session: Session, standing: Standing) -> Sequence[tuple[UUID, UUID | None]]:
    """Return the EPAs of the version that a moved trainee follows for which this one counts on, each with its scale.

    The row says whether there are any, as it is now that it is locked: a move that came between is never missed, and
    who was never moved costs no statement.
    """
    if not standing.is_carried:
        return ()
    heirs = select(CarriedEpa.epa_id, Epa.scale_id).join(Epa, Epa.id == CarriedEpa.epa_id)
    of_this = heirs.where(carries(standing.enrolment_id, standing.epa_id)).order_by(CarriedEpa.epa_id)
    return [(row.epa_id, row.scale_id) for row in session.execute(of_this)]
