"""What is asked about current standings, and about what they take in of earlier versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lms.standings.models import CarriedEpa, Standing

Standings = dict[tuple[UUID, UUID], Standing]
"""Standings by enrolment and EPA."""


def standings_of(session: Session, enrolment_ids: Collection[UUID]) -> Standings:
    """Return the standings of the enrolments, by enrolment and EPA; an EPA that nothing happened on has none."""
    rows = session.scalars(select(Standing).where(Standing.enrolment_id.in_(enrolment_ids)))
    return {(row.enrolment_id, row.epa_id): row for row in rows}


def carries(enrolment_id: ColumnElement[Any] | Any, epa_id: ColumnElement[Any] | Any) -> ColumnElement[bool]:
    """Return the condition that a row of `CarriedEpa` carries what was done on that EPA of that enrolment."""
    condition: ColumnElement[bool] = (CarriedEpa.enrolment_id == enrolment_id) & (CarriedEpa.from_epa_id == epa_id)
    return condition


def sources_of(session: Session, enrolment_id: UUID) -> Mapping[UUID, tuple[UUID, ...]]:
    """Return the earlier EPAs whose evidence counts for each EPA of an enrolment that was moved."""
    rows = select(CarriedEpa.epa_id, CarriedEpa.from_epa_id).where(CarriedEpa.enrolment_id == enrolment_id)
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for epa_id, from_epa_id in session.execute(rows.order_by(CarriedEpa.from_epa_id)):
        found[epa_id].append(from_epa_id)
    return {epa_id: tuple(sources) for epa_id, sources in found.items()}
