"""The standings as the history of assessments and decisions gives them, and where the stored ones differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    RowMapping,
    Select,
    Uuid,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    text,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from lms.assessments.queries import given_on, last_rated
from lms.cohorts.models import Enrolment
from lms.curriculum.models import Epa, EpaReference
from lms.entrustment.models import Decision, Recognition
from lms.entrustment.queries import decided_on_epas
from lms.standings.models import CarriedEpa, Standing

AnyRow = Select[*tuple[Any, ...]]
STORED = Standing.__table__
KEYS = ("enrolment_id", "epa_id")
COLUMNS = tuple(column.name for column in STORED.columns if column.name not in KEYS)
NOTHING: dict[str, ColumnElement[Any]] = {
    "rating_count": literal(0),
    "waiting_count": literal(0),
    "is_carried": false(),
    "is_recognised": false(),
}
"""What stands in a column where nothing happened; in the others that is null."""


def standings_of_history(enrolment_id: UUID | None = None) -> AnyRow:
    """Return what the standings must be, of one enrolment or of all: a row for each EPA that anything happened on.

    They follow the rules of `lms.standings.actions`: the newest decision is the one in force last, of several of one
    day the one recorded last; the last rating is the one on the EPA's own scale with the latest activity, of several
    of one day the one answered last. After a move to another version, an EPA takes in what is carried to it.
    """
    counted = _counted(enrolment_id).cte("counted")
    rated = last_rated(enrolment_id).cte("rated")
    decided = _last_decided(enrolment_id).cte("decided")
    carried = _carried(enrolment_id).cte("carried")
    sides = (counted, rated, decided, carried)
    pair = union(*(select(side.c.enrolment_id, side.c.epa_id) for side in (counted, decided, carried))).cte("pair")
    columns = [_column_of(name, sides) for name in COLUMNS]
    rows = select(pair.c.enrolment_id, pair.c.epa_id, *columns).select_from(pair)
    for side in sides:
        rows = rows.outerjoin(side, _same(pair, side))
    return rows


def _column_of(name: str, sides: tuple[CTE, ...]) -> ColumnElement[Any]:
    """Return the column of that name of whichever side has it."""
    column: ColumnElement[Any] = next(side.c[name] for side in sides if name in side.c)
    return func.coalesce(column, NOTHING[name]).label(name) if name in NOTHING else column


def _same(one: CTE, other: CTE) -> ColumnElement[bool]:
    return (one.c.enrolment_id == other.c.enrolment_id) & (one.c.epa_id == other.c.epa_id)


def _counted(enrolment_id: UUID | None) -> AnyRow:
    given = given_on(enrolment_id)
    rated = func.count().filter(given.c.status == AssessmentStatus.SUBMITTED).label("rating_count")
    waiting = func.count().filter(given.c.status == AssessmentStatus.REQUESTED).label("waiting_count")
    pair = (given.c.enrolment_id, given.c.epa_id)
    return select(*pair, rated, waiting).group_by(*pair)


def _last_decided(enrolment_id: UUID | None) -> AnyRow:
    """Return the newest decision on each EPA, and whether it holds on for one of another version instead.

    That is so of a decision that was taken on an EPA which the trainee left; what a move recognised for an EPA, or what
    holds on an EPA that is followed, stands there itself.
    """
    decided = decided_on_epas(None if enrolment_id is None else select(literal(enrolment_id, Uuid))).subquery("decided")
    pair = (decided.c.enrolment_id, decided.c.epa_id)
    holds_on = exists().where(
        Recognition.decision_id == decided.c.decision_id,
        Recognition.epa_id != decided.c.epa_id,
        Recognition.enrolment_move_id == Enrolment.move_id,
        Enrolment.id == decided.c.enrolment_id,
        Decision.id == decided.c.decision_id,
        Decision.epa_id == decided.c.epa_id,
        Epa.id == decided.c.epa_id,
        Epa.programme_version_id != Enrolment.programme_version_id,
        ~exists().where(
            EpaReference.epa_id == Epa.id, EpaReference.programme_version_id == Enrolment.programme_version_id
        ),
    )
    return (
        select(
            *pair,
            decided.c.decision_id,
            decided.c.level_code,
            decided.c.level_rank,
            decided.c.decided_on,
            decided.c.valid_until,
            holds_on.label("is_recognised"),
        )
        .ext(distinct_on(*pair))
        .order_by(*pair, decided.c.decided_on.desc(), decided.c.recorded_at.desc(), decided.c.decision_id.desc())
    )


def _carried(enrolment_id: UUID | None) -> AnyRow:
    rows = select(
        CarriedEpa.enrolment_id, CarriedEpa.from_epa_id.label("epa_id"), true().label("is_carried")
    ).distinct()
    return rows if enrolment_id is None else rows.where(CarriedEpa.enrolment_id == enrolment_id)


def differences(enrolment_id: UUID | None = None) -> AnyRow:
    """Return every pair of enrolment and EPA whose stored standing is not that of the history, of one enrolment or all.

    A row has the two keys, then each column as stored (`stored_…`) and as it must be (`history_…`). A standing that
    says nothing at all equals one that is not there.
    """
    history = standings_of_history(enrolment_id).cte("history")
    kept = select(Standing).where(Standing.enrolment_id == enrolment_id) if enrolment_id else select(Standing)
    standing = kept.cte("standing")
    stored = [_or_nothing(standing.c[name]).label(f"stored_{name}") for name in COLUMNS]
    meant = [_or_nothing(history.c[name]).label(f"history_{name}") for name in COLUMNS]
    unequal = or_(*(_or_nothing(standing.c[name]).is_distinct_from(_or_nothing(history.c[name])) for name in COLUMNS))
    keys = [func.coalesce(standing.c[name], history.c[name]).label(name) for name in KEYS]
    joined = history.join(standing, _same(standing, history), full=True)
    return select(*keys, *stored, *meant).select_from(joined).where(unequal).order_by(*keys)


def _or_nothing(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(column, NOTHING[column.name]) if column.name in NOTHING else column


def rebuild(session: Session) -> Sequence[RowMapping]:
    """Make every stored standing that of the history, and return the differences there were.

    Who assesses or decides meanwhile waits until the caller commits: their step then finds a standing that is right.
    The tables are locked in the order in which those steps write them, so nobody waits in a circle.
    """
    for table in ("assessments", "decisions", "carried_epas", "standings"):
        session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
    found = session.execute(differences()).mappings().all()
    if found:
        rewrite(session)
    return found


def rewrite(session: Session, enrolment_id: UUID | None = None) -> None:
    """Give the standings that differ, of one enrolment or of all, the values of the history.

    Where nothing happened they say nothing any more.
    """
    wrong = differences(enrolment_id).cte("wrong")
    meant = [wrong.c[f"history_{name}"] for name in COLUMNS]
    rows = insert(Standing).from_select([*KEYS, *COLUMNS], select(wrong.c.enrolment_id, wrong.c.epa_id, *meant))
    values = {name: rows.excluded[name] for name in COLUMNS}
    session.execute(rows.on_conflict_do_update(index_elements=KEYS, set_=values))
