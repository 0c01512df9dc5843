"""The newer version of one programme in the demonstration, and who was moved to it."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload

from competencies.versions import MappingKind
from lms.cohorts.models import Enrolment, EnrolmentMove, VersionMove
from lms.cohorts.values import mapping_of
from lms.demo.moving import MOST_MOVED, VERSION
from lms.entrustment.models import Recognition
from lms.progress import history
from tests.demo.loaded import DAY


def test_a_move_of_every_kind_is_prepared_and_some_trainees_were_moved_by_it(region: Session) -> None:
    move = region.scalars(select(VersionMove).options(joinedload(VersionMove.to_version))).one()
    assert move.to_version.version == VERSION
    assert {line.kind for line in mapping_of(move.mapping).lines} == set(MappingKind)
    moved = region.scalars(select(EnrolmentMove)).all()
    assert 0 < len(moved) <= MOST_MOVED
    assert all(one.moved_at.date() < DAY for one in moved)
    following = region.scalar(
        select(func.count()).where(Enrolment.programme_version_id == move.to_version_id, Enrolment.move_id.is_not(None))
    )
    assert following == len(moved)
    assert region.execute(history.differences()).all() == []


def test_the_trainee_who_can_sign_in_follows_the_version_of_the_start(region: Session) -> None:
    moved = "SELECT move_id FROM enrolments e JOIN users u ON u.id = e.trainee_id WHERE u.email = 'trainee@example.org'"
    assert region.scalar(text(moved)) is None


def test_something_of_the_moved_trainees_holds_on(region: Session) -> None:
    assert region.scalars(select(Recognition.decision_id)).all()
