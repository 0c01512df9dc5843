"""What a move does with whole cohorts: where new trainees start, and that everybody who can is to be moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.cohorts.actions.plans import take_turn
from lms.cohorts.models import Cohort, Enrolment, VersionMove
from lms.core.audit import record
from lms.core.clock import day_of
from lms.curriculum.models import Publication, Retirement
from lms.moves.actions.mappings import begin_use
from lms.moves.refusals import check_begun


class Entry(NamedTuple):
    """What the audit record is told of an enrolment (`target`) or a cohort at the end, when all else is locked."""

    subject: UUID
    after: Mapping[str, object]
    target: UUID | None = None


def consent_for(
    session: Session,
    move: VersionMove,
    enrolments: Sequence[Enrolment],
    *,
    version: int,
    reason: str,
    new_ones_too: bool,
    by: User,
    at: datetime,
) -> None:
    """Say that these trainees of one cohort are to be moved, each as soon as a worker comes to them.

    Needs the versions of the move and the cohort of the enrolments. Raises StaleDataError where the mapping was changed
    meanwhile, and `RuleBroken`: move_reason_missing, moved_meanwhile where nobody is left, version_not_yet_effective,
    and version_retired where `new_ones_too` start there.
    """
    if not reason.strip():
        raise RuleBroken("move_reason_missing")
    if not enrolments:
        raise RuleBroken("moved_meanwhile")
    check_begun(session.get(Publication, move.to_version_id), move.to_version, on=day_of(at))
    begin_use(session, move, version, at=at)
    cohort = enrolments[0].cohort
    entry = start_there(session, cohort, move, at=at) if new_ones_too else None
    facts = {"cohort": cohort.id, "trainees": len(enrolments), "reason": reason.strip()}
    before = {"programme_version": move.from_version.version}
    for subject in sorted({move.id} | ({entry.subject} if entry else set())):
        if entry is not None and subject == entry.subject:
            record(session, "cohort.changed", subject=subject, by=by.id, at=at, before=before, after=entry.after)
        else:
            record(session, "move.consented", subject=subject, by=by.id, at=at, after=facts)


def start_there(session: Session, cohort: Cohort, move: VersionMove, *, at: datetime) -> Entry | None:
    """Let who is enrolled in the cohort from now on start on the new version."""
    take_turn(session, Cohort, cohort.id)
    session.refresh(cohort, ["programme_version_id", "version"])
    if cohort.programme_version_id != move.from_version_id:
        return None
    retirement = session.get(Retirement, move.to_version_id)
    if retirement is not None and retirement.retired_on <= day_of(at):
        raise RuleBroken("version_retired", version=move.to_version.version)
    cohort.programme_version_id = move.to_version_id
    session.flush()
    return Entry(cohort.id, {"programme_version": move.to_version.version})
