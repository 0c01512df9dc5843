"""A roster in the demonstration: the trainee and the trainer who can sign in work together today."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.queries import user_by_email
from lms.cohorts.queries import guided_enrolments
from lms.core.clock import day_of
from lms.core.keys import keys_from
from lms.demo.chance import Chance
from lms.organisations.models import RoleAssignment
from lms.rosters.actions import apply, hand_in
from lms.rosters.matching import difference_of

TRAINER, ADMIN = "trainer@example.org", "admin@example.org"
SHOWN = 3


def show_roster(session: Session, chance: Chance, *, at: datetime) -> None:
    """Let the administrator import the roster of today, and hand in one of tomorrow without importing it yet."""
    trainer, admin = user_by_email(session, TRAINER), user_by_email(session, ADMIN)
    if trainer is None or admin is None:
        return
    today, before = day_of(at), at - timedelta(days=1)
    guided = guided_enrolments(session, trainer.id, on=today)[:SHOWN]
    place = session.scalar(
        select(RoleAssignment.organisation_id).where(
            RoleAssignment.user_id == admin.id, RoleAssignment.role == Role.ORGANISATION_ADMINISTRATOR
        )
    )
    here = [one for one in guided if one.cohort.organisation_id == place]
    if place is None or not here:
        return
    with keys_from(lambda: UUID(str(chance.key(before)))):
        for days in range(2):
            day = today + timedelta(days=days)
            lines = sorted((day, one.department_id, one.id, trainer.id) for one in here)
            roster = hand_in(session, place, lines, file_name=f"rooster-{day.isoformat()}.xlsx", by=admin, at=before)
            if not days:
                seen = difference_of(session, place, lines).seen
                apply(session, roster, seen=seen, by=admin, at=before)
