"""Where trainees stand, from the current standings, whatever history lies behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, null, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from competencies.scales import Level
from lms.entrustment.models import Decision
from lms.entrustment.queries import decided_on_epas
from lms.progress.values import Cell, EpaInProgramme
from lms.standings.models import CarriedEpa, Standing

Decided = tuple[UUID | None, str | None, date | None, date | None, date | None]
"""A decision as its id, level, first day and last day, and the day when it is overtaken; all null where none is."""

UNDECIDED: Decided = (None, None, None, None, None)
Cells = Mapping[UUID, Mapping[UUID, Cell]]
"""Cells by enrolment and EPA; what is not there is EMPTY."""

STANDING = (
    Standing.enrolment_id,
    Standing.epa_id,
    Standing.decision_id,
    Standing.level_code,
    Standing.decided_on,
    Standing.valid_until,
    Standing.rating_count,
    Standing.last_rating_code,
    Standing.last_rated_on,
    Standing.waiting_count,
    Standing.is_carried,
    Standing.is_recognised,
)


def cells_of(
    session: Session, enrolments: Select[UUID], epas: Iterable[EpaInProgramme], *, on: date, moved: bool = False
) -> Cells:
    """Return what is known of the enrolments with the selected ids on these EPAs, in one statement.

    Of a decision that is still to begin the one before it counts; that takes a second statement. Whoever looks at EPAs
    of versions that were left, says that some were `moved`: there a later decision on what an EPA became counts.
    """
    # Twenty thousand rows come by here: they are taken apart by place, which is quicker than by name.
    standings: Sequence[Any] = session.execute(
        _standings(moved=moved).where(Standing.enrolment_id.in_(enrolments))
    ).all()
    levels = {epa.epa_id: {level.code: level for level in epa.scale.levels} for epa in epas if epa.scale}
    upcoming = any(row[4] is not None and row[4] > on for row in standings)
    begun = _begun(session, enrolments, on=on) if upcoming else {}
    cells: defaultdict[UUID, dict[UUID, Cell]] = defaultdict(dict)
    for enrolment_id, epa_id, decision_id, code, decided_on, until, overtaken_on, *rated in standings:
        decided: Decided = (decision_id, code, decided_on, until, overtaken_on)
        if decided_on is not None and decided_on > on:
            decided = begun.get((enrolment_id, epa_id), UNDECIDED)
        cells[enrolment_id][epa_id] = _cell(decided, rated, levels.get(epa_id, {}), on)
    return cells


def kept_in_view(
    session: Session, cells: Cells, shown: Mapping[UUID, Collection[UUID]], enrolments: Select[UUID]
) -> Cells:
    """Return the cells with what was carried to no EPA that is shown of the trainee staying behind instead.

    `shown` names the EPAs of the track of everybody who was moved, by enrolment; one statement.
    """
    rows = select(CarriedEpa.enrolment_id, CarriedEpa.from_epa_id, CarriedEpa.epa_id)
    carried = session.execute(rows.where(CarriedEpa.enrolment_id.in_(enrolments)))
    seen = {(row[0], row[1]) for row in carried if row[2] in shown.get(row[0], ())}
    return {
        key: known
        if key not in shown
        else {epa: _kept(cell, in_view=(key, epa) in seen) for epa, cell in known.items()}
        for key, known in cells.items()
    }


def _kept(cell: Cell, *, in_view: bool) -> Cell:
    return cell if in_view or not cell.is_carried_on else cell._replace(is_carried_on=False)


def _standings(*, moved: bool) -> Select[*tuple[Any, ...]]:
    """Select the standings; where nobody was moved, without asking what overtook their decisions."""
    overtaken_on: ColumnElement[Any] = Decision.overtaken_on.expression if moved else null()
    rows = select(*STANDING[:6], overtaken_on.label("overtaken_on"), *STANDING[6:])
    taken_here = (Decision.id == Standing.decision_id) & (Decision.epa_id == Standing.epa_id)
    return rows.outerjoin(Decision, taken_here) if moved else rows


def _cell(decided: Decided, rated: Sequence[Any], levels: Mapping[str, Level], on: date) -> Cell:
    """Return one cell from the decision that matters and from what was rated and asked."""
    if decided[4] is not None and decided[4] <= on:
        decided = UNDECIDED
    decision_id, code, decided_on, until, _overtaken_on = decided
    count, rating, rated_on, waiting, carried, recognised = rated
    return Cell(
        levels.get(code) if code else None,
        until is not None and until < on,
        decided_on,
        until,
        decision_id,
        levels.get(rating) if rating else None,
        rated_on,
        count,
        waiting,
        carried and (recognised or decision_id is None),
    )


def _begun(session: Session, enrolments: Select[UUID], *, on: date) -> Mapping[tuple[UUID, UUID], Decided]:
    """Return the newest decision that has begun by that day, by enrolment and EPA."""
    newest = newest_begun(enrolments, on=on).subquery("newest")
    taken_here = (Decision.id == newest.c.decision_id) & (Decision.epa_id == newest.c.epa_id)
    rows = session.execute(select(newest, Decision.overtaken_on).outerjoin(Decision, taken_here))
    return {(row[0], row[1]): (row[2], row[3], row[4], row[5], row[6]) for row in rows}


def newest_begun(enrolments: Select[UUID], *, on: date) -> Select[*tuple[Any, ...]]:
    """Select the newest decision that has begun by that day, of each of these enrolments on each EPA."""
    taken = decided_on_epas(enrolments).subquery("taken").c
    return (
        select(
            taken.enrolment_id, taken.epa_id, taken.decision_id, taken.level_code, taken.decided_on, taken.valid_until
        )
        .where(taken.decided_on <= on)
        .ext(distinct_on(taken.enrolment_id, taken.epa_id))
        .order_by(
            taken.enrolment_id,
            taken.epa_id,
            taken.decided_on.desc(),
            taken.recorded_at.desc(),
            taken.decision_id.desc(),
        )
    )
