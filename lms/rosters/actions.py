"""What hands rosters in, imports them, and dismisses what they propose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.audit import record
from lms.core.keys import uuid7
from lms.rosters.matching import KEPT_FOR, Difference, difference_of, lines_of, stored
from lms.rosters.models import Roster, RosterPair
from lms.rosters.queries import Key, standing_pairs


def hand_in(
    session: Session, organisation_id: UUID, lines: Sequence[Key], *, file_name: str, by: User, at: datetime
) -> Roster:
    """Keep a roster that was read, until somebody imports it or two weeks have passed."""
    roster = Roster(
        organisation_id=organisation_id,
        file_name=file_name,
        lines=stored(lines),
        handed_in_by_id=by.id,
        handed_in_at=at,
    )
    session.add(roster)
    session.flush()
    facts = {"lines": len(lines)}
    record(session, "roster.handed_in", subject=organisation_id, by=by.id, at=at, target=roster.id, after=facts)
    return roster


def apply(session: Session, roster: Roster, *, seen: str, by: User, at: datetime) -> Difference:
    """Propose the pairs of a roster and take those back that it no longer names; return what that changed.

    Who imports for the same organisation waits. Raises `RuleBroken` roster_changed where that is not what the reader
    saw.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"roster {roster.organisation_id}", 0))))
    lines = lines_of(roster.lines)
    difference = difference_of(session, roster.organisation_id, lines)
    if difference.seen != seen:
        raise RuleBroken("roster_changed")
    _add(session, roster.organisation_id, difference.new)
    standing = standing_pairs(session, roster.organisation_id, lines)
    gone = [standing[key] for key in difference.gone]
    session.execute(delete(RosterPair).where(RosterPair.id.in_(gone)).execution_options(synchronize_session=False))
    roster.applied_at = at
    facts = {"new": len(difference.new), "gone": len(difference.gone), "same": difference.same}
    record(session, "roster.imported", subject=roster.organisation_id, by=by.id, at=at, target=roster.id, after=facts)
    return difference


def _add(session: Session, organisation_id: UUID, new: Sequence[Key]) -> None:
    if not new:
        return
    trainees = dict(
        session.execute(
            select(Enrolment.id, Enrolment.trainee_id).where(Enrolment.id.in_({key[2] for key in new}))
        ).all()
    )
    rows = [
        {
            "id": uuid7(),
            "organisation_id": organisation_id,
            "day": day,
            "department_id": department_id,
            "enrolment_id": enrolment_id,
            "trainee_id": trainees[enrolment_id],
            "trainer_id": trainer_id,
        }
        for day, department_id, enrolment_id, trainer_id in new
    ]
    session.execute(insert(RosterPair), rows)


def dismiss(session: Session, pair: RosterPair, *, by: User, at: datetime) -> None:
    """Propose the pair no longer to this one of the two; the other one keeps it."""
    if by.id == pair.trainee_id:
        pair.dismissed_by_trainee_at = pair.dismissed_by_trainee_at or at
    else:
        pair.dismissed_by_trainer_at = pair.dismissed_by_trainer_at or at
    session.flush()
    record(session, "roster.pair_dismissed", subject=by.id, by=by.id, at=at, target=pair.id)


def forget_old(session: Session, *, on: date, before: datetime) -> None:
    """Remove what is older than two weeks: pairs by their day, rosters by when they were handed in."""
    session.execute(delete(RosterPair).where(RosterPair.day < on - KEPT_FOR))
    session.execute(delete(Roster).where(Roster.handed_in_at < before))
