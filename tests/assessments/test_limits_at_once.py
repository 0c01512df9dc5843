"""Several who ask one person at the same moment: together they never pass the limit, and nobody waits for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from threading import Barrier
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.assessments import limits, waiting
from lms.assessments.models import Assessment
from lms.assessments.queries import one_visible
from lms.core import db
from lms.logbook.queries import one_visible as one_activity
from lms.organisations.permissions import duties_of
from tests.assessments.requests import ask_for
from tests.factories import NOW, TODAY, Ward
from tests.logbook.activities import log_activity

ASKERS, LIMIT = 6, 2


def test_two_askers_at_one_moment_cannot_pass_the_limit_together(own_database: Flask) -> None:
    start = Barrier(ASKERS)
    with own_database.app_context(), db.transaction() as session:
        ward = Ward(session)
        limits.choose_limit(session, ward.trainer, most=LIMIT, by=ward.trainer, at=NOW)
        activities = [log_activity(session, ward, note=f"Number {number}").id for number in range(ASKERS)]
        trainer_id, trainee_id = ward.trainer.id, ward.trainee.id

    def ask(activity_id: UUID) -> str:
        with own_database.app_context():
            start.wait(timeout=30)
            try:
                with db.transaction() as session:
                    activity = one_activity(session, duties_of(trainee_id, on=TODAY), activity_id)
                    assert activity is not None
                    here = copy(ward)
                    here.cohort, here.trainee = activity.enrolment.cohort, session.get_one(User, trainee_id)
                    ask_for(session, here, activity, of=session.get_one(User, trainer_id))
            except RuleBroken as broken:
                return broken.code
        return "asked"

    with ThreadPoolExecutor(ASKERS) as pool:
        came = sorted(pool.map(ask, activities))
    assert came == ["asked"] * LIMIT + ["over_limit"] * (ASKERS - LIMIT)
    with own_database.app_context():
        waits = select(func.count()).where(Assessment.assessor_id == trainer_id)
        assert db.session().scalar(waits) == LIMIT


def test_more_time_at_one_moment_from_both_sides_is_given_once(own_database: Flask) -> None:
    start = Barrier(2)
    with own_database.app_context(), db.transaction() as session:
        ward = Ward(session)
        asked_id = ask_for(session, ward, log_activity(session, ward)).id
        people = (ward.trainee.id, ward.trainer.id)

    def extend(user_id: UUID) -> str:
        with own_database.app_context():
            start.wait(timeout=30)
            try:
                with db.transaction() as session:
                    asked = one_visible(session, duties_of(user_id, on=TODAY), asked_id)
                    assert asked is not None
                    waiting.extend(session, asked, by=session.get_one(User, user_id), at=NOW)
            except RuleBroken as broken:
                return broken.code
        return "extended"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(extend, people)) == ["extended", "extended_before"]
