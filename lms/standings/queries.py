"""What is asked about current standings."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.standings.models import Standing

Standings = dict[tuple[UUID, UUID], Standing]
"""Standings by enrolment and EPA."""


def standings_of(session: Session, enrolment_ids: Collection[UUID]) -> Standings:
    """Return the standings of the enrolments, by enrolment and EPA; an EPA that nothing happened on has none."""
    rows = session.scalars(select(Standing).where(Standing.enrolment_id.in_(enrolment_ids)))
    return {(row.enrolment_id, row.epa_id): row for row in rows}
