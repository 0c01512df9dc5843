"""What moves trainees to another version of their programme."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from competencies.versions import EpaMapping, Recognised, check_move, recognitions
from lms.accounts.models import User
from lms.cohorts.actions.plans import take_turn
from lms.cohorts.models import Cohort, Enrolment, EnrolmentMove, VersionMove
from lms.cohorts.queries import moves_of
from lms.cohorts.values import mapping_of
from lms.core.audit import record
from lms.core.clock import day_of
from lms.core.keys import uuid7
from lms.curriculum.models import Publication
from lms.entrustment.models import Decision, Recognition
from lms.moves.actions.cohorts import Entry, start_there
from lms.moves.actions.mappings import begin_use
from lms.moves.queries.outlooks import carried_now, decided_by_epa
from lms.moves.refusals import check_begun, check_follows
from lms.moves.values import BothVersions
from lms.notices.actions import notify
from lms.notices.models import NoticeKind
from lms.progress.history import rewrite
from lms.standings.models import CarriedEpa, Standing

ON_RECORD = ("epa_id", "decision_id", "level_code", "decided_on", "valid_until")
"""What the audit record keeps of each recognition, in this order."""


def move_trainees(
    session: Session,
    move: VersionMove,
    enrolments: Sequence[Enrolment],
    *,
    versions: BothVersions,
    version: int,
    reason: str,
    cohorts: Collection[Cohort] = (),
    by: User,
    at: datetime,
) -> Sequence[EnrolmentMove]:
    """Move trainees to the new version with all that they earned; `cohorts` start new trainees there too.

    Needs the versions of the move, and of the enrolments trainee and cohort; they come in the order of their trainees.
    Raises StaleDataError where the mapping was changed meanwhile, and `RuleBroken`: own_move, move_reason_missing,
    moved_meanwhile, version_not_yet_effective, version_retired for cohorts only, track_unknown where the new version
    has not the track of a trainee, or move_revives_decision where an earlier declaration would hold over a later one.
    """
    check_begun(session.get(Publication, move.to_version_id), move.to_version, on=day_of(at))
    begin_use(session, move, version, at=at)
    entries = [start_there(session, one, move, at=at) for one in sorted(cohorts, key=lambda one: one.id)]
    moved = [_move(session, move, one, versions, reason=reason, by=by, at=at) for one in enrolments]
    entries += [entry for _done, entry in moved]
    for one in sorted((one for one in entries if one is not None), key=lambda one: one.subject):
        facts = {"before": {"programme_version": move.from_version.version}, "after": one.after}
        record(
            session,
            "enrolment.moved" if one.target else "cohort.changed",
            subject=one.subject,
            by=by.id,
            at=at,
            target=one.target,
            **facts,
        )
    return [done for done, _entry in moved]


def _move(
    session: Session,
    move: VersionMove,
    enrolment: Enrolment,
    versions: BothVersions,
    *,
    reason: str,
    by: User,
    at: datetime,
) -> tuple[EnrolmentMove, Entry]:
    """Move one trainee: whoever assesses or decides meanwhile comes before it whole, or after it."""
    take_turn(session, Enrolment, enrolment.id)
    session.refresh(enrolment, ["programme_version_id", "move_id", "ended_on", "version"])
    check_move(
        trainee_id=enrolment.trainee_id,
        by=by.id,
        reason=reason,
        follows=enrolment.programme_version_id,
        since=move.from_version_id,
        has_ended=enrolment.ended_on is not None,
    )
    mapping = mapping_of(move.mapping)
    decided = decided_by_epa(session, [enrolment]).get(enrolment.id, {})
    found = recognitions(mapping, decided, old=versions.old, new=versions.new, on=day_of(at))
    moves = moves_of(session, [enrolment]).get(enrolment.id, ())
    check_follows(enrolment, move.to_version, versions, found, decided, moves, on=day_of(at))
    pairs = _carry(session, enrolment, mapping, carried_now(session, enrolment.id))
    done = _note_move(session, move, enrolment, pairs, reason=reason.strip(), by=by, at=at)
    rows = _recognise(session, done, [(one.epa_id, held) for one in found for held in one.recognised])
    enrolment.programme_version_id, enrolment.move_id = move.to_version_id, done.id
    session.flush()
    rewrite(session, enrolment.id)
    notify(session, enrolment.trainee_id, NoticeKind.MOVE_MADE, about=enrolment.id, by=by.id, at=at)
    return done, Entry(enrolment.trainee_id, _facts(move, done, rows), enrolment.id)


def _carry(
    session: Session, enrolment: Enrolment, mapping: EpaMapping, known: Collection[tuple[UUID, UUID]]
) -> list[tuple[UUID, UUID]]:
    """Replace what the enrolment carries by what it carries after the move, and lock its standings; return the pairs.

    They are locked as whoever rates locks them: first those that others carry, then the rest; so nobody waits in a
    circle. Standings that are not there yet are made, so that who gives the first assessment of an EPA waits too.
    """
    pairs = sorted(carried_pairs(mapping, known))
    session.execute(delete(CarriedEpa).where(CarriedEpa.enrolment_id == enrolment.id))
    _lock(session, enrolment, Standing.epa_id.in_({old for old, _new in known}))
    if pairs:
        rows = [{"enrolment_id": enrolment.id, "from_epa_id": old, "epa_id": new} for old, new in pairs]
        session.execute(insert(CarriedEpa), rows)
        empty = [{"enrolment_id": enrolment.id, "epa_id": old} for old in sorted({old for old, _new in pairs})]
        counts = {"rating_count": 0, "waiting_count": 0}
        session.execute(upsert(Standing).values([one | counts for one in empty]).on_conflict_do_nothing())
    _lock(session, enrolment)
    return pairs


def _lock(session: Session, enrolment: Enrolment, *which: ColumnElement[bool]) -> None:
    standings = select(Standing.epa_id).where(Standing.enrolment_id == enrolment.id, *which)
    session.execute(standings.order_by(Standing.epa_id).with_for_update()).all()


def carried_pairs(mapping: EpaMapping, known: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Return whose evidence counts for whom after the move: of each old EPA, and of what it carried already.

    What was given on an EPA of the new version itself, before a move away from it, counts there and nowhere else.
    """
    both = {(old, new) for line in mapping.lines for old in line.old for new in line.new}
    home = {new for line in mapping.lines for new in line.new}
    before = {(first, new) for first, old in known for one, new in both if one == old and first not in home}
    return {(old, new) for old, new in both | before if old != new}


def _note_move(
    session: Session,
    move: VersionMove,
    enrolment: Enrolment,
    pairs: Sequence[tuple[UUID, UUID]],
    *,
    reason: str,
    by: User,
    at: datetime,
) -> EnrolmentMove:
    done = EnrolmentMove(
        id=uuid7(),
        enrolment_id=enrolment.id,
        version_move_id=move.id,
        from_version_id=move.from_version_id,
        to_version_id=move.to_version_id,
        carried=[[str(old), str(new)] for old, new in pairs],
        consent_by_id=by.id,
        reason=reason,
        moved_at=at,
    )
    session.add(done)
    session.flush()
    return done


def _recognise(
    session: Session, done: EnrolmentMove, found: Sequence[tuple[UUID, Recognised]]
) -> Sequence[Recognition]:
    """Store which decisions hold on for which new EPA, and return the rows; on its own EPA a decision just stands."""
    keys = {decision.id for _epa_id, held in found for decision in held.decisions}
    taken: Mapping[UUID, Decision] = {
        row.id: row for row in session.scalars(select(Decision).where(Decision.id.in_(keys)))
    }
    rows = [
        Recognition(
            enrolment_move_id=done.id,
            epa_id=epa_id,
            decision_id=decision.id,
            enrolment_id=done.enrolment_id,
            scale_id=taken[decision.id].scale_id,
            level_code=held.level.code,
            level_rank=held.level.rank,
            decided_on=held.decided_on,
            valid_until=held.valid_until,
            recorded_at=decision.recorded_at,
        )
        for epa_id, held in found
        for decision in held.decisions
        if taken[decision.id].epa_id != epa_id
    ]
    session.add_all(rows)
    session.flush()
    return rows


def _facts(move: VersionMove, done: EnrolmentMove, recognised: Iterable[Recognition]) -> dict[str, object]:
    """Return what the record keeps of a move: enough for `bekwaam check` to prove each row that came of it."""
    return {
        "programme_version": move.to_version.version,
        "reason": done.reason,
        "carried_epas": done.carried,
        "recognised": [[getattr(row, name) for name in ON_RECORD] for row in recognised],
        "move": done.id,
    }
