"""Requests that wait: who holds them, reminders, expiry, more time and limits, on the real database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from competencies.answers import Answer
from competencies.errors import RuleBroken
from competencies.observations import AssessmentStatus
from competencies.people import Role
from lms.accounts.models import User
from lms.assessments import limits, queries, waiting
from lms.assessments.actions import decline, submit
from lms.assessments.models import Assessment, HandOn
from lms.assessments.queries.loads import USUAL_LIMIT
from lms.assessments.values import rating_scale, seen_version
from lms.core.audit import AuditEntry
from lms.core.clock import day_of
from lms.curriculum.models import ProgrammeVersion
from lms.logbook.models import Activity
from lms.logbook.queries import one_visible as one_activity
from lms.notices.models import NoticeKind
from lms.organisations.permissions import duties_of
from lms.standings.models import Standing
from tests.assessments.requests import ask_for, in_full
from tests.factories import NOW, TODAY, Ward, make_user, person_with
from tests.logbook.activities import log_activity
from tests.notices.told import told

REMINDER, EXPIRED = NoticeKind.ASSESSMENT_REMINDER, NoticeKind.ASSESSMENT_EXPIRED


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def asked(session: Session, ward: Ward) -> Assessment:
    return ask_for(session, ward, log_activity(session, ward))


def days_on(days: int) -> datetime:
    return NOW + timedelta(days=days)


def remind_on(session: Session, *days: int) -> list[int]:
    """Return how many were reminded on each of these days, one after another."""
    return [waiting.remind(session, at=days_on(day)) for day in days]


def expire_on(session: Session, day: int) -> list[bool]:
    """Return what became of everything that was due to expire on that day."""
    session.flush()
    at = days_on(day)
    return [waiting.expire(session, key, at=at) for key in waiting.due_to_expire(session, on=day_of(at))]


def activity_of(session: Session, asked: Assessment, ward: Ward) -> Activity:
    """Return the activity of a request with all that asking about it needs."""
    found = one_activity(session, duties_of(ward.trainee.id, on=TODAY), asked.activity_id)
    assert found is not None
    return found


def hand(session: Session, ward: Ward, asked: Assessment, to: User, *, by: User, at: datetime = NOW) -> None:
    assessors = {one.id: one for one in queries.assessors_for(session, ward.cohort, on=TODAY)}
    waiting.hand_on(session, asked, to=to.id, assessors=assessors, seen=seen_version(asked), by=by, at=at)


def kinds(session: Session, reader: User) -> list[tuple[NoticeKind, bool]]:
    return [(kind, unread) for kind, _about, _by, unread in told(session, reader)]


def refused(code: str, act: object, *values: object, **named: object) -> None:
    with pytest.raises(RuleBroken) as broken:
        act(*values, **named)  # type: ignore[operator]
    assert broken.value.code == code


def test_a_request_knows_its_holder_since_when_and_until_when(asked: Assessment, ward: Ward) -> None:
    assert (asked.assessor_id, asked.held_since) == (ward.trainer.id, NOW)
    assert asked.expires_on == day_of(days_on(14))
    assert asked.remind_on == day_of(days_on(2))


def test_the_holder_is_reminded_after_two_and_after_five_days_once_each(
    session: Session, asked: Assessment, ward: Ward
) -> None:
    assert remind_on(session, 1, 2, 2, 3, 4, 5, 5, 9) == [0, 1, 0, 0, 0, 1, 0, 0]
    reminders = [one for one in kinds(session, ward.trainer) if one[0] is REMINDER]
    assert reminders == [(REMINDER, False), (REMINDER, True)]
    assert told(session, ward.trainee) == []


def test_each_request_is_reminded_of_on_days_of_its_own(session: Session, asked: Assessment, ward: Ward) -> None:
    later = ask_for(session, ward, log_activity(session, ward, note="later"), of=ward.second_trainer, at=days_on(3))
    assert remind_on(session, 2, 3, 5) == [1, 0, 2]
    session.expire_all()
    assert [(one.reminders, one.remind_on) for one in (asked, later)] == [(2, None), (1, day_of(days_on(8)))]
    assert (REMINDER, True) in kinds(session, ward.second_trainer)


def test_a_job_that_ran_late_makes_up_for_two_reminders_by_one(session: Session, asked: Assessment, ward: Ward) -> None:
    assert remind_on(session, 8, 9) == [1, 0]
    assert kinds(session, ward.trainer)[-1] == (REMINDER, True)


def test_a_reminder_changes_nothing_for_who_is_answering(session: Session, asked: Assessment, ward: Ward) -> None:
    seen = seen_version(asked)
    remind_on(session, 2)
    loaded = in_full(session, asked, ward)
    scale = rating_scale(loaded)
    assert scale is not None
    submit(session, loaded, Answer(level=scale.level("3")), seen=seen, by=ward.trainer, at=days_on(2))
    assert [unread for _kind, unread in kinds(session, ward.trainer)] == [False, False]
    assert remind_on(session, 5) == [0]


def test_a_request_expires_after_its_last_day_once_and_both_sides_are_told(
    session: Session, asked: Assessment, ward: Ward
) -> None:
    assert expire_on(session, 14) == []
    assert expire_on(session, 15) == [True]
    assert expire_on(session, 16) == []
    assert waiting.expire(session, asked.id, at=days_on(16)) is False
    session.expire_all()
    assert (asked.status, asked.answered_at) == (AssessmentStatus.EXPIRED, days_on(15))
    assert (EXPIRED, True) in kinds(session, ward.trainer)
    assert (EXPIRED, True) in kinds(session, ward.trainee)
    assert (NoticeKind.ASSESSMENT_REQUESTED, True) not in kinds(session, ward.trainer)
    standing = session.scalars(select(Standing).where(Standing.enrolment_id == ward.enrolment.id)).one()
    assert (standing.waiting_count, standing.rating_count) == (0, 0)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "assessment.expired")).one()
    assert (entry.actor_id, entry.target_id) == (None, asked.id)


def test_what_expired_counts_for_nothing_cannot_be_answered_and_can_be_asked_again(
    session: Session, asked: Assessment, ward: Ward
) -> None:
    expire_on(session, 15)
    loaded = in_full(session, asked, ward)
    assert queries.observations_of(session, [ward.enrolment.id]) == {}
    seen = seen_version(loaded)
    refused("assessment_step", decline, session, loaded, reason="Late", seen=seen, by=ward.trainer, at=NOW)
    again = ask_for(session, ward, activity_of(session, loaded, ward), at=days_on(16))
    assert again.status is AssessmentStatus.REQUESTED
    assert again.id != asked.id


def test_the_programme_says_how_long_and_each_trainee_follows_a_version(session: Session, ward: Ward) -> None:
    version = session.get_one(ProgrammeVersion, ward.enrolment.programme_version_id)
    version.details["requests"] = {
        "first_reminder_days": 1,
        "second_reminder_days": None,
        "expiry_days": 3,
        "extension_days": 2,
        "provenance": "draft",
    }
    flag_modified(version, "details")
    session.flush()
    asked = ask_for(session, ward, log_activity(session, ward))
    assert (asked.remind_on, asked.expires_on) == (day_of(days_on(1)), day_of(days_on(3)))
    assert remind_on(session, 1, 2, 3) == [1, 0, 0]
    waiting.extend(session, asked, by=ward.trainee, at=days_on(3))
    assert expire_on(session, 5) == []
    assert expire_on(session, 6) == [True]


def test_more_time_is_given_once_by_either_side_and_the_other_is_told(
    session: Session, asked: Assessment, ward: Ward
) -> None:
    version = asked.version
    waiting.extend(session, asked, by=ward.trainer, at=days_on(13))
    assert (asked.expires_on, asked.version) == (day_of(days_on(21)), version)
    assert kinds(session, ward.trainee) == [(NoticeKind.ASSESSMENT_EXTENDED, True)]
    refused("extended_before", waiting.extend, session, asked, by=ward.trainee, at=days_on(14))
    assert expire_on(session, 21) == []
    assert expire_on(session, 22) == [True]


def test_a_request_goes_from_hand_to_hand_and_every_holder_stays(
    session: Session, asked: Assessment, ward: Ward
) -> None:
    third = person_with(session, Role.TRAINER, ward.organisation)
    hand(session, ward, asked, ward.second_trainer, by=ward.trainer, at=days_on(1))
    asked = in_full(session, asked, ward)
    hand(session, ward, asked, third, by=ward.second_trainer, at=days_on(3))
    asked = in_full(session, asked, ward)
    hands = queries.hand_ons_of(session, [asked.id])[asked.id]
    assert [(one.from_.id, one.to.id, one.held_since, one.at) for one in hands] == [
        (ward.trainer.id, ward.second_trainer.id, NOW, days_on(1)),
        (ward.second_trainer.id, third.id, days_on(1), days_on(3)),
    ]
    assert (asked.assessor_id, asked.held_since, asked.requested_at) == (third.id, days_on(3), NOW)
    assert (asked.remind_on, asked.expires_on) == (day_of(days_on(5)), day_of(days_on(14)))
    assert kinds(session, third) == [(NoticeKind.ASSESSMENT_HANDED_TO, True)]
    assert kinds(session, ward.second_trainer) == [(NoticeKind.ASSESSMENT_HANDED_TO, False)]
    assert kinds(session, ward.trainee) == [(NoticeKind.ASSESSMENT_HANDED_ON, True)] * 2
    asked = in_full(session, asked, ward)
    refused("held_before", hand, session, ward, asked, ward.trainer, by=third)


def test_the_chain_of_holders_cannot_be_rewritten(session: Session, asked: Assessment, ward: Ward) -> None:
    hand(session, ward, asked, ward.second_trainer, by=ward.trainer)
    session.flush()
    for change in ("UPDATE assessment_hand_ons SET number = 9", "DELETE FROM assessment_hand_ons"):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(change))
    assert session.scalars(select(HandOn.number)).all() == [1]


def test_a_request_goes_on_only_to_who_could_have_been_asked(session: Session, asked: Assessment, ward: Ward) -> None:
    refused("assessor_not_available", hand, session, ward, asked, make_user(session), by=ward.trainer)
    ask_for(session, ward, activity_of(session, asked, ward), of=ward.second_trainer)
    asked = in_full(session, asked, ward)
    refused("already_asked_too", hand, session, ward, asked, ward.second_trainer, by=ward.trainer)


def test_the_one_who_handed_it_on_can_answer_no_longer(session: Session, asked: Assessment, ward: Ward) -> None:
    hand(session, ward, asked, ward.second_trainer, by=ward.trainer)
    asked = in_full(session, asked, ward)
    seen = seen_version(asked)
    refused("not_the_assessor", decline, session, asked, reason="No", seen=seen, by=ward.trainer, at=NOW)


def test_nobody_gets_more_requests_than_their_limit(session: Session, ward: Ward) -> None:
    limits.choose_limit(session, ward.trainer, most=2, by=ward.trainer, at=NOW)
    for number in range(2):
        ask_for(session, ward, log_activity(session, ward, note=str(number)))
    refused("over_limit", ask_for, session, ward, log_activity(session, ward, note="one more"))
    other = ask_for(session, ward, log_activity(session, ward, note="elsewhere"), of=ward.second_trainer)
    refused("over_limit", hand, session, ward, other, ward.trainer, by=ward.second_trainer)


def test_a_limit_is_ones_own_else_the_organisations_else_the_usual(session: Session, ward: Ward) -> None:
    def limit() -> int:
        return queries.loads_of(session, [ward.trainer.id], on=TODAY)[ward.trainer.id].limit

    assert limit() == USUAL_LIMIT
    limits.choose_default(session, ward.organisation, most=6, by=ward.administrator, at=NOW)
    assert limit() == queries.limit_of_organisation(session, ward.organisation.id) == 6
    limits.choose_limit(session, ward.trainer, most=9, by=ward.trainer, at=NOW)
    assert limit() == 9
    limits.choose_limit(session, ward.trainer, most=None, by=ward.trainer, at=NOW)
    assert limit() == 6


def test_the_load_says_what_waits_and_how_soon_somebody_answers(
    session: Session, ward: Ward, statements: list[str]
) -> None:
    for number, days in enumerate((1, 2, 3, 4, 20)):
        given = ask_for(session, ward, log_activity(session, ward, note=str(number)), at=days_on(-30))
        seen = seen_version(given)
        decline(session, given, reason="Not there", seen=seen, by=ward.trainer, at=days_on(days - 30))
    ask_for(session, ward, log_activity(session, ward, note="waits"))
    session.flush()
    statements.clear()
    loads = queries.loads_of(session, [ward.trainer.id, ward.second_trainer.id], on=TODAY)
    assert len(statements) == 1
    mine, other = loads[ward.trainer.id], loads[ward.second_trainer.id]
    assert (mine.open_now, mine.days) == (1, 3)
    assert (other.open_now, other.days) == (0, None)


def test_others_of_the_department_are_named_where_somebody_has_enough(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    given = ask_for(session, ward, activity, of=ward.second_trainer)
    decline(session, given, reason="Not there", seen=seen_version(given), by=ward.second_trainer, at=NOW)
    people = [ward.trainer.id, ward.second_trainer.id]
    loads = queries.loads_of(session, people, on=TODAY)
    others = queries.alternatives(session, activity, loads, besides=[ward.trainer.id], on=TODAY)
    assert [one.id for one in others] == [ward.second_trainer.id]
