"""The rows of the current standing, held against what the history says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.observations import ActivityKind, AssessmentStatus
from lms.assessments.actions import decline, submit, withdraw
from lms.assessments.models import Assessment
from lms.assessments.values import rating_scale, seen_version
from lms.curriculum.models import Epa
from lms.logbook.models import Activity
from lms.standings.actions import note_decision, note_rating, note_request
from lms.standings.models import Standing
from lms.standings.queries import standings_of
from tests.assessments.requests import ask_for
from tests.factories import NOW, TODAY, Ward, epa_of
from tests.logbook.activities import log_activity

DAY = timedelta(days=1)
_minutes = count(1)


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def later() -> datetime:
    return NOW + timedelta(minutes=next(_minutes))


def standing(session: Session, ward: Ward, epa_key: str = "onc-k2") -> Standing:
    return standings_of(session, [ward.enrolment.id])[ward.enrolment.id, epa_of(session, epa_key).id]


def ask_on(session: Session, ward: Ward, performed_on: date, instrument: str = "kpb") -> Assessment:
    kind = ActivityKind.PROJECT if instrument == "product" else ActivityKind.PROCEDURE
    return ask_for(
        session, ward, log_activity(session, ward, performed_on=performed_on, kind=kind), instrument=instrument
    )


def rate(session: Session, ward: Ward, asked: Assessment, code: str) -> None:
    scale = rating_scale(asked)
    assert scale is not None
    submit(session, asked, Answer(level=scale.level(code)), seen=seen_version(asked), by=ward.trainer, at=later())


def recomputed(session: Session, enrolment_id: UUID, epa_id: UUID) -> dict[str, object]:
    """Return what the rows of the assessments come down to, read one by one."""
    rows = session.execute(
        select(Assessment, Activity.performed_on)
        .join(Activity, Activity.id == Assessment.activity_id)
        .where(Assessment.enrolment_id == enrolment_id, Assessment.epa_id == epa_id)
    ).all()
    own_scale = epa_scale(session, epa_id)
    rated = [
        (performed_on, row.answered_at, row.level_code, row.level_rank)
        for row, performed_on in rows
        if row.level_code is not None and row.scale_id == own_scale
    ]
    last = max(rated, key=lambda one: one[:2], default=(None, None, None, None))
    return {
        "rating_count": sum(row.status is AssessmentStatus.SUBMITTED for row, _day in rows),
        "waiting_count": sum(row.status is AssessmentStatus.REQUESTED for row, _day in rows),
        "last_rated_on": last[0],
        "last_answered_at": last[1],
        "last_rating_code": last[2],
        "last_rating_rank": last[3],
    }


def epa_scale(session: Session, epa_id: UUID) -> UUID | None:
    return session.scalar(select(Epa.scale_id).where(Epa.id == epa_id))


def kept(row: Standing) -> dict[str, object]:
    names = (
        "rating_count",
        "waiting_count",
        "last_rated_on",
        "last_answered_at",
        "last_rating_code",
        "last_rating_rank",
    )
    return {name: getattr(row, name) for name in names}


def test_the_standing_equals_the_history_after_every_step(session: Session, ward: Ward) -> None:
    epa_id = epa_of(session, "onc-k2").id
    first, second, third, fourth = (ask_on(session, ward, TODAY - ago * DAY) for ago in (3, 1, 1, 9))
    product = ask_on(session, ward, TODAY, "product")
    steps: list[Callable[[], None]] = [
        lambda: rate(session, ward, first, "2"),
        lambda: rate(session, ward, second, "3"),
        lambda: rate(session, ward, third, "4"),
        lambda: rate(session, ward, fourth, "1"),
        lambda: rate(session, ward, product, "3"),
        lambda: withdraw(session, ask_on(session, ward, TODAY), by=ward.trainee, at=later()),
        lambda: decline_one(session, ward),
        lambda: ask_another(session, ward),
    ]
    for step in steps:
        step()
        assert kept(standing(session, ward)) == recomputed(session, ward.enrolment.id, epa_id)
    assert kept(standing(session, ward)) | {"last_answered_at": None} == {
        "rating_count": 5,
        "waiting_count": 1,
        "last_rated_on": TODAY - DAY,
        "last_answered_at": None,
        "last_rating_code": "4",
        "last_rating_rank": 4,
    }


def ask_another(session: Session, ward: Ward) -> None:
    ask_on(session, ward, TODAY)


def decline_one(session: Session, ward: Ward) -> None:
    asked = ask_on(session, ward, TODAY)
    decline(session, asked, reason="Not seen", seen=seen_version(asked), by=ward.trainer, at=later())


def test_a_row_that_is_loaded_shows_the_step_that_was_just_made(session: Session, ward: Ward) -> None:
    asked = ask_on(session, ward, TODAY)
    row = standing(session, ward)
    assert (row.waiting_count, row.rating_count) == (1, 0)
    rate(session, ward, asked, "3")
    assert (row.waiting_count, row.rating_count) == (0, 1)


def test_answers_that_arrive_out_of_order_leave_the_later_one_standing(session: Session, ward: Ward) -> None:
    where = {"enrolment_id": ward.enrolment.id, "epa_id": epa_of(session, "onc-k2").id}
    for code, at in (("4", NOW + DAY), ("2", NOW)):
        note_request(session, **where)
        note_rating(session, **where, level_code=code, level_rank=int(code), on=TODAY, at=at)
    assert standing(session, ward).last_rating_code == "4"


def decide(session: Session, ward: Ward, code: str, decided_on: date, valid_until: date | None = None) -> UUID:
    decision_id = uuid4()
    note_decision(
        session,
        enrolment_id=ward.enrolment.id,
        epa_id=epa_of(session, "onc-k2").id,
        decision_id=decision_id,
        level_code=code,
        level_rank=int(code),
        decided_on=decided_on,
        valid_until=valid_until,
    )
    return decision_id


def test_the_newest_decision_stands_and_brings_its_own_end(session: Session, ward: Ward) -> None:
    decide(session, ward, "3", TODAY - 9 * DAY, TODAY)
    newest = decide(session, ward, "4", TODAY - 2 * DAY)
    decide(session, ward, "2", TODAY - 5 * DAY, TODAY)
    row = standing(session, ward)
    assert (row.decision_id, row.level_code, row.level_rank) == (newest, "4", 4)
    assert (row.decided_on, row.valid_until) == (TODAY - 2 * DAY, None)
    same_day = decide(session, ward, "5", TODAY - 2 * DAY)
    assert standing(session, ward).decision_id == same_day


def test_a_decision_leaves_the_counts_and_a_rating_leaves_the_decision(session: Session, ward: Ward) -> None:
    asked = ask_on(session, ward, TODAY)
    decision_id = decide(session, ward, "4", TODAY)
    rate(session, ward, asked, "3")
    row = standing(session, ward)
    assert (row.decision_id, row.level_code) == (decision_id, "4")
    assert (row.rating_count, row.waiting_count, row.last_rating_code) == (1, 0, "3")


def test_standings_of_many_are_read_at_once(session: Session, ward: Ward, statements: list[str]) -> None:
    ask_on(session, ward, TODAY)
    statements.clear()
    found = standings_of(session, [ward.enrolment.id, uuid4()])
    assert [key[0] for key in found] == [ward.enrolment.id]
    assert len(statements) == 1
