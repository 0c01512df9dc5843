"""What prepares a move to another version: its mapping, until it is used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.versions import EpaMapping, check_mapping
from lms.accounts.models import User
from lms.cohorts.models import VersionMove
from lms.core.audit import record
from lms.curriculum.models import ProgrammeVersion
from lms.moves.values import BothVersions, stored
from lms.organisations.models import Organisation


def prepare_move(
    session: Session,
    *,
    from_version: ProgrammeVersion,
    to_version: ProgrammeVersion,
    organisation: Organisation,
    mapping: EpaMapping,
    versions: BothVersions,
    by: User,
    at: datetime,
) -> VersionMove:
    """Store what became of each EPA; nobody is moved yet. Raises `RuleBroken` as `check_mapping` does."""
    check_mapping(mapping, old=versions.old, new=versions.new)
    move = VersionMove(
        from_version_id=from_version.id,
        to_version_id=to_version.id,
        organisation_id=organisation.id,
        mapping=stored(mapping),
        made_by_id=by.id,
        made_at=at,
    )
    session.add(move)
    session.flush()
    facts = {"from_version": from_version.version, "to_version": to_version.version, "organisation": organisation.id}
    record(session, "move.prepared", subject=move.id, by=by.id, at=at, after=facts | _lines(move))
    return move


def change_mapping(
    session: Session,
    move: VersionMove,
    mapping: EpaMapping,
    *,
    versions: BothVersions,
    version: int,
    by: User,
    at: datetime,
) -> None:
    """Change the mapping of a move that nobody was moved by yet.

    Raises StaleDataError where it was changed or used meanwhile, and `RuleBroken` as `check_mapping` does.
    """
    take_turn_on(session, move, version)
    check_mapping(mapping, old=versions.old, new=versions.new)
    before, move.mapping = _lines(move), stored(mapping)
    session.flush()
    record(session, "move.changed", subject=move.id, by=by.id, at=at, before=before, after=_lines(move))


def take_turn_on(session: Session, move: VersionMove, version: int, *, unused: bool = True) -> None:
    """Let who changes or uses a move take turns; refuse who saw an older mapping than the one that is there."""
    row = session.execute(
        select(VersionMove.version, VersionMove.used_at).where(VersionMove.id == move.id).with_for_update()
    ).one()
    if row.version != version or (unused and row.used_at is not None):
        raise StaleDataError("changed meanwhile")


def _lines(move: VersionMove) -> dict[str, object]:
    return {"mapping": move.mapping}


def begin_use(session: Session, move: VersionMove, version: int, *, at: datetime) -> None:
    """Let a mapping change no more, which is about to move people; refuse who saw an older one."""
    take_turn_on(session, move, version, unused=False)
    if move.used_at is None:
        move.used_at = at
        session.flush()
