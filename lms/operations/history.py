"""The standings as the history of assessments and decisions gives them, and where the stored ones differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, RowMapping, Select, func, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from lms.assessments.models import Assessment
from lms.curriculum.models import Epa
from lms.entrustment.models import Decision
from lms.logbook.models import Activity
from lms.standings.models import Standing

AnyRow = Select[*tuple[Any, ...]]
STORED = Standing.__table__
KEYS = ("enrolment_id", "epa_id")
COLUMNS = tuple(column.name for column in STORED.columns if column.name not in KEYS)
COUNTS = frozenset({"rating_count", "waiting_count"})


def standings_of_history() -> AnyRow:
    """Return what the standings must be: a row for each enrolment and EPA that anything happened on.

    They follow the rules of `lms.standings.actions`: the newest decision is the one in force last, of several of one
    day the one recorded last; the last rating is the one on the EPA's own scale with the latest activity, of several
    of one day the one answered last.
    """
    counted, rated, decided = _counted().cte("counted"), _last_rated().cte("rated"), _last_decided().cte("decided")
    keys = select(counted.c.enrolment_id, counted.c.epa_id).union(select(decided.c.enrolment_id, decided.c.epa_id))
    pair = keys.cte("pair")
    sides = (counted, rated, decided)
    columns = [_column_of(name, sides) for name in COLUMNS]
    return (
        select(pair.c.enrolment_id, pair.c.epa_id, *columns)
        .select_from(pair)
        .outerjoin(counted, _same(pair, counted))
        .outerjoin(rated, _same(pair, rated))
        .outerjoin(decided, _same(pair, decided))
    )


def _column_of(name: str, sides: tuple[CTE, ...]) -> ColumnElement[Any]:
    """Return the column of that name of whichever side has it; what was never counted is 0."""
    column: ColumnElement[Any] = next(side.c[name] for side in sides if name in side.c)
    return func.coalesce(column, 0).label(name) if name in COUNTS else column


def _same(one: CTE, other: CTE) -> ColumnElement[bool]:
    return (one.c.enrolment_id == other.c.enrolment_id) & (one.c.epa_id == other.c.epa_id)


def _counted() -> AnyRow:
    status = Assessment.status
    given = func.count().filter(status == AssessmentStatus.SUBMITTED).label("rating_count")
    waiting = func.count().filter(status == AssessmentStatus.REQUESTED).label("waiting_count")
    pair = (Assessment.enrolment_id, Assessment.epa_id)
    return select(*pair, given, waiting).group_by(*pair)


def _last_rated() -> AnyRow:
    pair = (Assessment.enrolment_id, Assessment.epa_id)
    return (
        select(
            *pair,
            Assessment.level_code.label("last_rating_code"),
            Assessment.level_rank.label("last_rating_rank"),
            Activity.performed_on.label("last_rated_on"),
            Assessment.answered_at.label("last_answered_at"),
        )
        .join(Activity, Activity.id == Assessment.activity_id)
        .join(Epa, (Epa.id == Assessment.epa_id) & (Epa.scale_id == Assessment.scale_id))
        .where(Assessment.status == AssessmentStatus.SUBMITTED, Assessment.level_code.is_not(None))
        .ext(distinct_on(*pair))
        .order_by(*pair, Activity.performed_on.desc(), Assessment.answered_at.desc(), Assessment.id.desc())
    )


def _last_decided() -> AnyRow:
    pair = (Decision.enrolment_id, Decision.epa_id)
    return (
        select(
            *pair,
            Decision.id.label("decision_id"),
            Decision.level_code,
            Decision.level_rank,
            Decision.decided_on,
            Decision.valid_until,
        )
        .ext(distinct_on(*pair))
        .order_by(*pair, Decision.decided_on.desc(), Decision.recorded_at.desc(), Decision.id.desc())
    )


def differences() -> AnyRow:
    """Return every pair of enrolment and EPA whose stored standing is not that of the history.

    A row has the two keys, then each column as stored (`stored_…`) and as it must be (`history_…`). A standing that
    says nothing at all equals one that is not there.
    """
    history = standings_of_history().cte("history")
    stored = [_or_none(STORED.c[name]).label(f"stored_{name}") for name in COLUMNS]
    meant = [_or_none(history.c[name]).label(f"history_{name}") for name in COLUMNS]
    unequal = or_(*(_or_none(STORED.c[name]).is_distinct_from(_or_none(history.c[name])) for name in COLUMNS))
    keys = [func.coalesce(STORED.c[name], history.c[name]).label(name) for name in KEYS]
    same = (STORED.c.enrolment_id == history.c.enrolment_id) & (STORED.c.epa_id == history.c.epa_id)
    joined = history.join(STORED, same, full=True)
    return select(*keys, *stored, *meant).select_from(joined).where(unequal).order_by(*keys)


def _or_none(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(column, 0) if column.name in COUNTS else column


def rebuild(session: Session) -> Sequence[RowMapping]:
    """Make every stored standing that of the history, and return the differences there were.

    Who assesses or decides meanwhile waits until the caller commits: their step then finds a standing that is right.
    The tables are locked in the order in which those steps write them, so nobody waits in a circle.
    """
    for table in ("assessments", "decisions", "standings"):
        session.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
    found = session.execute(differences()).mappings().all()
    if found:
        _rewrite(session)
    return found


def _rewrite(session: Session) -> None:
    """Give the standings that differ the values of the history; where nothing happened they say nothing any more."""
    wrong = differences().cte("wrong")
    meant = [wrong.c[f"history_{name}"] for name in COLUMNS]
    rows = insert(Standing).from_select([*KEYS, *COLUMNS], select(wrong.c.enrolment_id, wrong.c.epa_id, *meant))
    values = {name: rows.excluded[name] for name in COLUMNS}
    session.execute(rows.on_conflict_do_update(index_elements=KEYS, set_=values))
