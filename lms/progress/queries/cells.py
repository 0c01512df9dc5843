"""Where trainees stand, from the current standings, whatever history lies behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from competencies.scales import Level
from lms.entrustment.models import Decision
from lms.progress.values import Cell, EpaInProgramme
from lms.standings.models import Standing

AnyRow = Row[*tuple[Any, ...]]
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
)


def cells_of(session: Session, enrolments: Select[UUID], epas: Iterable[EpaInProgramme], *, on: date) -> Cells:
    """Return what is known of the enrolments with the selected ids on these EPAs, in one statement.

    Of a decision that is still to begin the one before it counts; that takes a second statement.
    """
    standings = session.execute(select(*STANDING).where(Standing.enrolment_id.in_(enrolments))).all()
    levels = {epa.epa_id: {level.code: level for level in epa.scale.levels} for epa in epas if epa.scale}
    upcoming = [(row.enrolment_id, row.epa_id) for row in standings if row.decided_on and row.decided_on > on]
    begun = _begun(session, enrolments, on=on) if upcoming else {}
    cells: defaultdict[UUID, dict[UUID, Cell]] = defaultdict(dict)
    for row in standings:
        of_scale = levels.get(row.epa_id, {})
        decided = begun.get((row.enrolment_id, row.epa_id)) if row.decided_on and row.decided_on > on else row
        cells[row.enrolment_id][row.epa_id] = _cell(row, decided, of_scale, on)
    return cells


def _cell(row: AnyRow, decided: AnyRow | None, levels: Mapping[str, Level], on: date) -> Cell:
    """Return one cell; `decided` holds the decision that matters, if there is one."""
    rating = levels.get(row.last_rating_code)
    if decided is None or decided.level_code is None:
        return Cell(None, False, None, None, None, rating, row.last_rated_on, row.rating_count, row.waiting_count)
    return Cell(
        levels.get(decided.level_code),
        decided.valid_until is not None and decided.valid_until < on,
        decided.decided_on,
        decided.valid_until,
        decided.decision_id,
        rating,
        row.last_rated_on,
        row.rating_count,
        row.waiting_count,
    )


def _begun(session: Session, enrolments: Select[UUID], *, on: date) -> Mapping[tuple[UUID, UUID], AnyRow]:
    """Return the newest decision that has begun by that day, by enrolment and EPA."""
    newest = (
        select(
            Decision.enrolment_id,
            Decision.epa_id,
            Decision.id.label("decision_id"),
            Decision.level_code,
            Decision.decided_on,
            Decision.valid_until,
        )
        .where(Decision.enrolment_id.in_(enrolments), Decision.decided_on <= on)
        .ext(distinct_on(Decision.enrolment_id, Decision.epa_id))
        .order_by(
            Decision.enrolment_id,
            Decision.epa_id,
            Decision.decided_on.desc(),
            Decision.recorded_at.desc(),
            Decision.id.desc(),
        )
    )
    return {(row.enrolment_id, row.epa_id): row for row in session.execute(newest)}
