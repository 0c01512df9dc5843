"""The jobs for requests that wait: whenever and however often they run, everybody is told once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from lms.assessments import jobs, waiting
from lms.assessments.models import Assessment
from lms.core import clock
from lms.notices.models import Notice, NoticeKind
from tests.assessments.requests import ask_for
from tests.factories import NOW, Ward
from tests.logbook.activities import log_activity

REQUESTS = 3


@pytest.fixture
def ward(session: Session) -> Ward:
    ward = Ward(session)
    for number in range(REQUESTS):
        ask_for(session, ward, log_activity(session, ward, note=f"Number {number}"))
    return ward


def after(monkeypatch: pytest.MonkeyPatch, **time: int) -> None:
    moment: datetime = NOW + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: moment)


def told(session: Session, kind: NoticeKind) -> int:
    session.flush()
    return session.scalar(select(func.count()).where(Notice.kind == kind)) or 0


def test_a_job_that_runs_twice_or_late_reminds_once_and_again_on_its_day(
    session: Session, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days, hours, notices in ((1, 0, 0), (2, 0, 3), (2, 1, 3), (4, 0, 3), (5, 0, 6), (5, 1, 6), (13, 0, 6)):
        after(monkeypatch, days=days, hours=hours)
        jobs.remind(timestamp=0)
        assert told(session, NoticeKind.ASSESSMENT_REMINDER) == notices


def test_more_than_fit_in_one_transaction_are_all_reminded(
    session: Session, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "AT_ONCE", 1)
    after(monkeypatch, days=2)
    jobs.remind(timestamp=0)
    assert told(session, NoticeKind.ASSESSMENT_REMINDER) == REQUESTS


def test_everything_whose_time_is_over_expires_once(
    session: Session, ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (14, 15, 15, 30):
        after(monkeypatch, days=days)
        jobs.expire(timestamp=0)
    session.expire_all()
    ended = session.execute(select(Assessment.status, Assessment.answered_at).distinct()).all()
    assert [tuple(one) for one in ended] == [(AssessmentStatus.EXPIRED, NOW + timedelta(days=15))]
    assert told(session, NoticeKind.ASSESSMENT_EXPIRED) == 2 * REQUESTS
