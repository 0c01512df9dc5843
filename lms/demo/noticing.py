"""What people of the region for show were told lately; no mail goes out for any of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from competencies.waiting import USUAL
from lms.accounts.models import User
from lms.demo.chance import Chance
from lms.demo.dossiers import Dossier
from lms.demo.people import Account
from lms.demo.records import Assessment
from lms.demo.rows import NoticeRow, RefusalRow
from lms.notices.models import Notice, NoticeKind

LATELY = timedelta(days=60)
UNREAD_FOR = timedelta(days=4)
"""What is newer than this was not read yet."""
ANSWERS = {
    AssessmentStatus.SUBMITTED: NoticeKind.ASSESSMENT_SUBMITTED,
    AssessmentStatus.DECLINED: NoticeKind.ASSESSMENT_DECLINED,
    AssessmentStatus.NOT_OBSERVED: NoticeKind.ASSESSMENT_NOT_OBSERVED,
}


def notices_from(dossier: Dossier, *, today: date) -> Iterator[NoticeRow]:
    """Return what the trainee, and those who were asked, were told in the last weeks; requests that wait are unread."""
    teller = _Teller(dossier.enrolment.trainee_id, today)
    for one in dossier.assessments:
        yield from teller.of_assessment(one)
    for decision in dossier.decisions:
        yield from teller.tell(
            NoticeKind.DECISION_TAKEN,
            decision.id,
            to=teller.trainee_id,
            by=decision.decided_by,
            at=decision.recorded_at,
        )


def refusal_of(account: Account, *, today: date) -> RefusalRow:
    """Return that the mail server of this person refuses mail since the day before yesterday."""
    since = Chance(f"refusal/{account.id}").moment(today - timedelta(days=2), between=(5, 7))
    return RefusalRow(account.row.email.lower(), 550, since)


def keep_in_the_app(session: Session) -> None:
    """Let nothing that people of the demonstration were told go into a mail."""
    people = select(User.id).where(User.demo)
    session.execute(update(Notice).where(Notice.to_mail, Notice.reader_id.in_(people)).values(to_mail=False))


class _Teller:
    """Tells of one trainee; its keys come from chance of its own, so that the histories stay as they were."""

    def __init__(self, trainee_id: UUID, today: date) -> None:
        self.trainee_id = trainee_id
        self.now = datetime.combine(today, time(), UTC)
        self._chance = Chance(f"notices/{trainee_id}")

    def of_assessment(self, one: Assessment) -> Iterator[NoticeRow]:
        """Return what is told of an assessment: that it was asked, or that it was answered."""
        asked = NoticeKind.ASSESSMENT_REQUESTED
        if one.status is AssessmentStatus.REQUESTED:
            yield from self.tell(asked, one.id, to=one.assessor_id, by=self.trainee_id, at=one.requested_at, waits=True)
            yield from self._reminder(one)
        elif one.status is AssessmentStatus.EXPIRED and one.answered_at is not None:
            for reader_id in (self.trainee_id, one.assessor_id):
                yield from self.tell(NoticeKind.ASSESSMENT_EXPIRED, one.id, to=reader_id, by=None, at=one.answered_at)
        elif one.answered_at is not None and one.status in ANSWERS:
            yield from self.tell(
                ANSWERS[one.status], one.id, to=self.trainee_id, by=one.assessor_id, at=one.answered_at
            )

    def _reminder(self, one: Assessment) -> Iterator[NoticeRow]:
        """Return the last reminder of what waits; it took the place of the one before."""
        sent = one.reminders(on=self.now.date())
        if sent:
            day = one.asked_on + timedelta(days=USUAL.reminders[sent - 1])
            at = datetime.combine(day, time(5, 7), UTC)
            kind = NoticeKind.ASSESSMENT_REMINDER
            yield from self.tell(kind, one.id, to=one.assessor_id, by=self.trainee_id, at=at, waits=True)

    def tell(
        self, kind: NoticeKind, about: UUID, *, to: UUID, by: UUID | None, at: datetime, waits: bool = False
    ) -> Iterator[NoticeRow]:
        """Return the notice, if it is of these weeks and somebody else's doing."""
        if to == by or at < self.now - LATELY:
            return
        unread = waits or at > self.now - UNREAD_FOR
        read_at = None if unread else min(at + timedelta(hours=9), self.now)
        yield NoticeRow(self._chance.key(at), to, kind, about, by, at, read_at, to_mail=False)
