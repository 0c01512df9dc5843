"""A trainee's own rating stands beside the assessor's, unseen until both are in, and counts nowhere."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from lms.accounts.models import User
from lms.assessments.actions import decline, submit
from lms.assessments.models import Assessment, SelfRating
from lms.assessments.queries import observations_of, one_visible, self_ratings_of
from lms.assessments.self_rating import rate_oneself
from lms.assessments.values import rating_scale, seen_version
from lms.core import db
from lms.core.audit import AuditEntry
from lms.curriculum.queries import epas_by_id
from lms.curriculum.values import level_of
from lms.logbook.models import Activity
from lms.organisations.permissions import duties_of
from lms.standings.queries import standings_of
from tests.assessments.requests import ask_for
from tests.factories import NOW, TODAY, Ward
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
WORDS = "I hesitated at the second step myself"


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def activity(session: Session, ward: Ward) -> Activity:
    return log_activity(session, ward)


def own(session: Session, activity: Activity, code: str = "2", *, by: User) -> None:
    """Let somebody rate the trainee's act as their own."""
    epa = epas_by_id(session, [activity.epas[0].id])[activity.epas[0].id]
    assert epa.scale is not None
    rate_oneself(session, activity, epa, level=level_of(epa.scale, code), comment=WORDS, by=by, at=NOW)


def give(session: Session, asked: Assessment, code: str = "4") -> None:
    """Let the assessor give that level."""
    scale, by = rating_scale(asked), session.get_one(User, asked.assessor_id)
    assert scale is not None
    submit(session, asked, Answer(level=scale.level(code)), seen=seen_version(asked), by=by, at=NOW)


def who_sees(session: Session, ward: Ward, activity: Activity) -> set[str]:
    """Return who of the ward sees the own rating."""
    names = ("trainee", "trainer", "second_trainer", "lead", "auditor", "committee_member", "administrator")
    return {
        name for name in names if self_ratings_of(session, duties_of(getattr(ward, name).id, on=TODAY), [activity.id])
    }


def test_it_is_the_trainees_alone_until_the_assessor_answered(session: Session, ward: Ward, activity: Activity) -> None:
    own(session, activity, by=ward.trainee)
    assert who_sees(session, ward, activity) == {"trainee"}
    asked = ask_for(session, ward, activity)
    assert who_sees(session, ward, activity) == {"trainee"}
    give(session, asked)
    seen = who_sees(session, ward, activity)
    assert {"trainee", "trainer", "lead"} <= seen
    assert "administrator" not in seen


def test_who_still_has_to_answer_sees_nothing_and_nor_do_others(
    session: Session, ward: Ward, activity: Activity
) -> None:
    own(session, activity, by=ward.trainee)
    first, second = ask_for(session, ward, activity), ask_for(session, ward, activity, of=ward.second_trainer)
    give(session, first)
    assert who_sees(session, ward, activity) == {"trainee", "trainer"}
    decline(session, second, reason="Not there", seen=seen_version(second), by=ward.second_trainer, at=NOW)
    assert {"trainee", "trainer", "lead"} <= who_sees(session, ward, activity)


def test_no_page_shows_it_to_the_assessor_before_and_both_pages_do_after(
    session: Session, ward: Ward, activity: Activity, client_of: ClientOf
) -> None:
    asked = ask_for(session, ward, activity)
    trainee, trainer = client_of(ward.trainee), client_of(ward.trainer)
    address = next(link for link in trainee.get(f"/activities/{activity.id}").links() if "own-rating" in link)
    kept = trainee.send(trainee.get(address), {"level": "2", "comment": WORDS})
    assert "Your own rating is kept." in kept.text
    paths = [f"/activities/{activity.id}", f"/assessments/{asked.id}", f"/assessments/{asked.id}/submit"]
    for path in [*paths, "/assessments", "/", f"/enrolments/{ward.enrolment.id}"]:
        assert WORDS not in trainer.get(path).source
    trainer.send(trainer.get(paths[2]), {"level": "4", "comment": "Calm"})
    for browser in (trainer, trainee):
        for path in paths[:2]:
            assert WORDS in browser.get(path).text


def test_it_counts_in_no_requirement_and_no_standing(session: Session, ward: Ward, activity: Activity) -> None:
    own(session, activity, "4", by=ward.trainee)
    assert observations_of(session, [ward.enrolment.id]) == {}
    assert all(not row.rating_count for row in standings_of(session, [ward.enrolment.id]).values())


def test_it_comes_before_the_assessors_or_not_at_all(session: Session, ward: Ward, activity: Activity) -> None:
    give(session, ask_for(session, ward, activity))
    with pytest.raises(RuleBroken, match="self_rating_late"):
        own(session, activity, by=ward.trainee)


def test_there_is_one_and_it_is_the_trainees_own(session: Session, ward: Ward, activity: Activity) -> None:
    with pytest.raises(RuleBroken, match="self_rating_of_another"):
        own(session, activity, by=ward.trainer)
    own(session, activity, by=ward.trainee)
    with pytest.raises(RuleBroken, match="self_rating_given"):
        own(session, activity, "3", by=ward.trainee)


def test_the_same_form_sent_twice_is_kept_once_and_another_is_refused(
    session: Session, ward: Ward, activity: Activity, client_of: ClientOf
) -> None:
    address = f"/activities/{activity.id}/epas/{activity.epas[0].id}/own-rating"
    trainee = client_of(ward.trainee)
    form = trainee.get(address)
    for _tap in range(2):
        assert "Your own rating is kept." in trainee.send(form, {"level": "2", "comment": WORDS}).text
    refused = trainee.send(form, {"level": "5", "comment": WORDS}, status=409)
    assert "that stays as it is" in refused.text
    assert session.scalars(select(SelfRating.level_code)).all() == ["2"]


def test_the_record_says_that_it_was_given_and_not_what(session: Session, ward: Ward, activity: Activity) -> None:
    own(session, activity, by=ward.trainee)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "self_rating.given")).one()
    assert set(entry.facts["after"]) == {"activity", "epa", "comment_length"}


@pytest.mark.parametrize("kind", [ActivityKind.FEEDBACK_ROUND])
def test_a_feedback_round_has_a_place_for_oneself_already(
    session: Session, ward: Ward, client_of: ClientOf, kind: ActivityKind
) -> None:
    activity = log_activity(session, ward, kind=kind)
    address = f"/activities/{activity.id}/epas/{activity.epas[0].id}/own-rating"
    client_of(ward.trainee).get(address, status=403)


def test_rating_at_the_same_moment_is_unseen_by_either_or_too_late(own_database: Flask) -> None:
    with own_database.app_context(), db.transaction() as session:
        ward = Ward(session)
        activity = log_activity(session, ward)
        keys = (activity.id, ask_for(session, ward, activity).id, ward.trainee.id, ward.trainer.id)
    start = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        rating = pool.submit(rate_at, own_database, start, keys[0], keys[2])
        giving = pool.submit(give_at, own_database, start, keys[1], keys[3])
    kept, given = rating.result(), giving.result()
    assert given
    with own_database.app_context():
        assert len(db.session().scalars(select(SelfRating)).all()) == kept


def rate_at(app: Flask, start: Barrier, activity_id: UUID, trainee_id: UUID) -> bool:
    """Rate oneself once both are ready; return whether it was in time."""
    with app.app_context():
        session = db.session()
        trainee, activity = session.get_one(User, trainee_id), session.get_one(Activity, activity_id)
        session.refresh(activity, ["epas"])
        start.wait(timeout=30)
        try:
            with db.transaction() as writing:
                own(writing, activity, by=trainee)
        except RuleBroken:
            return False
        return True


def give_at(app: Flask, start: Barrier, asked_id: UUID, trainer_id: UUID) -> bool:
    """Give the assessment once both are ready."""
    with app.app_context():
        asked = one_visible(db.session(), duties_of(trainer_id, on=TODAY), asked_id)
        assert asked is not None
        start.wait(timeout=30)
        with db.transaction() as writing:
            give(writing, asked)
        return True
