"""Bringing rounds to mind with those who did not answer yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from competencies.multisource import next_reminder
from lms.core.clock import day_of
from lms.invitations.tokens import Purpose, Tokens
from lms.multisource.mail import send_link
from lms.multisource.models import FeedbackRound, Rater
from lms.multisource.values import named
from lms.notices.actions import notify, settle
from lms.notices.models import NoticeKind

AT_ONCE = 100
"""So many are reminded in one transaction."""


def remind(session: Session, *, tokens: Tokens, at: datetime) -> int:
    """Remind those whose day has come, and return how many that were: more may wait when they are AT_ONCE.

    Who was asked by a link gets the same link once more; others get a notice.
    """
    today = day_of(at)
    due = session.scalars(
        select(Rater)
        .join(Rater.round)
        .where(Rater.remind_on <= today)
        .options(joinedload(Rater.user), joinedload(Rater.round).joinedload(FeedbackRound.trainee))
        .order_by(Rater.id)
        .limit(AT_ONCE)
        .with_for_update(of=Rater, skip_locked=True)
    ).all()
    for rater in due:
        rater.reminders += 1
        asked_on, closes_on = day_of(rater.asked_at), rater.round.closes_on
        rater.remind_on = next_reminder(asked_on, sent=rater.reminders, closes_on=closes_on)
        if rater.round.closed_at is None and today <= closes_on:
            _remind(session, rater, tokens=tokens, at=at)
    session.flush()
    return len(due)


def _remind(session: Session, rater: Rater, *, tokens: Tokens, at: datetime) -> None:
    round_ = rater.round
    if rater.nonce is not None:
        token = tokens.make(Purpose.FEEDBACK, named(round_, rater), rater.nonce)
        send_link(session, round_, to=rater.user, token=token, reminder=True, today=day_of(at))
        return
    kind, by = NoticeKind.FEEDBACK_REMINDER, round_.trainee_id if rater.user_id != round_.trainee_id else None
    settle(session, kind, about=round_.id, at=at, reader_id=rater.user_id)
    notify(session, rater.user_id, kind, about=round_.id, by=by, at=at)
