"""What happens to a version after it is written: from when it counts, and from when nobody begins on it any more."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.core.audit import record
from lms.core.clock import day_of
from lms.curriculum.models import ProgrammeVersion, Publication, Retirement


def publish_version(
    session: Session,
    version: ProgrammeVersion,
    *,
    effective_on: date,
    note: str,
    reviewed_by: UUID,
    by: User,
    at: datetime,
) -> Publication:
    """Let a version count from a day on. Raises RuleBroken("publication_in_past") for a day before this one."""
    if effective_on < day_of(at):
        raise RuleBroken("publication_in_past", earliest=day_of(at))
    publication = Publication(
        programme_version_id=version.id,
        effective_on=effective_on,
        note=note,
        published_by_id=by.id,
        reviewed_by_id=reviewed_by,
        published_at=at,
    )
    session.add(publication)
    session.flush()
    facts = {"version": version.version, "effective_on": effective_on, "reviewed_by": reviewed_by, "note": note}
    record(
        session,
        "programme.version_published",
        subject=version.programme_id,
        target=version.id,
        by=by.id,
        at=at,
        after=facts,
    )
    return publication


def retire_version(
    session: Session, version: ProgrammeVersion, *, retired_on: date, reason: str, by: User, at: datetime
) -> Retirement:
    """Let no new cohort start on a version from a day on; cohorts that run on it keep it.

    Raises RuleBroken: version_retired where it is already, retirement_in_past for a day before this one.
    """
    if session.get(Retirement, version.id) is not None:
        raise RuleBroken("version_retired", version=version.version)
    if retired_on < day_of(at):
        raise RuleBroken("retirement_in_past", earliest=day_of(at))
    retirement = Retirement(
        programme_version_id=version.id, retired_on=retired_on, reason=reason, retired_by_id=by.id, recorded_at=at
    )
    session.add(retirement)
    session.flush()
    facts = {"version": version.version, "retired_on": retired_on, "reason": reason}
    record(
        session,
        "programme.version_retired",
        subject=version.programme_id,
        target=version.id,
        by=by.id,
        at=at,
        after=facts,
    )
    return retirement
