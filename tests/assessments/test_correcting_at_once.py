"""A correction and an assessment of the same activity at once: one waits for the other, and the standing is right."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.assessments.actions import correct, submit
from lms.assessments.models import Assessment
from lms.assessments.queries import one_visible
from lms.assessments.values import rating_scale, seen_version
from lms.core import db
from lms.logbook.actions import said_of
from lms.logbook.queries import offered_to
from lms.logbook.queries import one_visible as one_activity
from lms.operations import check
from lms.organisations.permissions import duties_of
from lms.progress import history
from tests.assessments.requests import ask_for
from tests.factories import NOW, TODAY, Ward
from tests.logbook.activities import log_activity

Step = Callable[[Session, UUID], None]
BEFORE = NOW - timedelta(hours=2)


def give(session: Session, assessment_id: UUID) -> None:
    """Let the one who was asked give the second level."""
    asker = session.scalars(select(Assessment.assessor_id).where(Assessment.id == assessment_id)).one()
    asked = one_visible(session, duties_of(asker, on=TODAY), assessment_id)
    assert asked is not None
    scale = rating_scale(asked)
    assert scale is not None
    answer = Answer(level=scale.levels[1])
    submit(session, asked, answer, seen=seen_version(asked), by=session.get_one(User, asker), at=NOW)


def put_right(session: Session, activity_id: UUID) -> None:
    """Let the trainee say that it was five days earlier."""
    trainee = session.scalars(select(Assessment.trainee_id).where(Assessment.activity_id == activity_id)).first()
    assert trainee is not None
    activity = one_activity(session, duties_of(trainee, on=TODAY), activity_id)
    assert activity is not None
    correct(
        session,
        activity,
        replace(said_of(activity), performed_on=TODAY - timedelta(days=5)),
        reason="Wrong day",
        seen=str(activity.version),
        offered=offered_to(session, activity.enrolment, on=TODAY, standing=activity),
        by=session.get_one(User, trainee),
        at=NOW + timedelta(hours=1),
    )


def attempt(app: Flask, start: Barrier, step: Step, key: UUID) -> str:
    """Take the step once all are ready, and return what came of it."""
    with app.app_context():
        start.wait(timeout=30)
        try:
            with db.transaction() as session:
                step(session, key)
        except RuleBroken as broken:
            return broken.code
    return "done"


@pytest.mark.parametrize("round_", range(3))
def test_a_correction_and_an_assessment_at_once_leave_the_standing_right(own_database: Flask, round_: int) -> None:
    with own_database.app_context(), db.transaction() as session:
        ward = Ward(session)
        activity = log_activity(session, ward, at=BEFORE)
        first = ask_for(session, ward, activity, at=BEFORE)
        other = log_activity(session, ward, at=BEFORE, performed_on=TODAY - timedelta(days=1))
        again = ask_for(session, ward, activity, of=ward.second_trainer, at=BEFORE)
        elsewhere = ask_for(session, ward, other, of=ward.second_trainer, at=BEFORE)
        scale = rating_scale(first)
        assert scale is not None
        answer = Answer(level=scale.levels[2])
        submit(session, first, answer, seen=seen_version(first), by=ward.trainer, at=BEFORE + timedelta(minutes=5))
        steps: list[tuple[Step, UUID]] = [(put_right, activity.id), (give, again.id), (give, elsewhere.id)]
    start = Barrier(len(steps))
    with ThreadPoolExecutor(len(steps)) as pool:
        attempts = [pool.submit(attempt, own_database, start, *step) for step in steps]
    came = [one.result() for one in attempts]
    assert came[0] == "done"
    assert came[1] in {"done", "changed_meanwhile"}
    assert came[2] == "done"
    with own_database.app_context():
        assert not db.session().execute(history.differences()).all()
        for one in check.CHECKS:
            one.run(db.session().connection(), lambda _more: None)
