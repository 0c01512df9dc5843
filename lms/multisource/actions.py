"""What opens rounds, asks people, takes their answers apart from who they are, and closes rounds."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.invitations import check_guest
from competencies.multisource import (
    SELF,
    RaterGroup,
    check_complete,
    check_feedback,
    check_room,
    check_term,
    next_reminder,
)
from lms.accounts.actions import note_outsider
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.audit import record
from lms.core.clock import day_of
from lms.invitations.tokens import NONCE, Purpose, Tokens, digest_of
from lms.invitations.values import Guest
from lms.multisource.mail import send_link
from lms.multisource.models import FeedbackAnswer, FeedbackRound, Rater
from lms.multisource.values import (
    OWN_GROUP,
    RoundForm,
    as_stored,
    counts_of,
    groups_of,
    items_of,
    level_codes,
    named,
)
from lms.notices.actions import notify, settle
from lms.notices.models import NoticeKind

ASKING = (NoticeKind.FEEDBACK_ASKED, NoticeKind.FEEDBACK_REMINDER)


def open_round(
    session: Session,
    enrolment: Enrolment,
    form: RoundForm,
    groups: Sequence[RaterGroup],
    *,
    closes_on: date,
    by: User,
    at: datetime,
) -> FeedbackRound:
    """Open a round about the trainee, who is the first to be asked; needs the cohort.

    Raises `RuleBroken` round_term for its last day, round_open where one is open.
    """
    check_term(closes_on, today=day_of(at))
    opened = FeedbackRound(
        enrolment_id=enrolment.id,
        trainee_id=enrolment.trainee_id,
        organisation_id=enrolment.cohort.organisation_id,
        instrument_form_id=form.instrument_form_id,
        form_id=form.form_id,
        groups=as_stored([*groups, OWN_GROUP]),
        opened_by_id=by.id,
        opened_at=at,
        closes_on=closes_on,
    )
    try:
        with session.begin_nested():
            session.add(opened)
    except IntegrityError as taken:
        raise RuleBroken("round_open") from taken
    after = {"form": form.key, "groups": [one.key for one in groups], "closes_on": closes_on}
    subject = enrolment.trainee_id
    record(session, "feedback.opened", subject=subject, by=by.id, at=at, target=opened.id, after=after)
    _add(session, opened, enrolment.trainee_id, SELF, by=by, at=at)
    notify(session, enrolment.trainee_id, NoticeKind.FEEDBACK_ASKED, about=opened.id, by=by.id, at=at)
    return opened


def ask(session: Session, round_: FeedbackRound, people: Sequence[User], group: str, *, by: User, at: datetime) -> None:
    """Ask people with an account; needs the raters. Raises `RuleBroken` rater_asked, round_closed or round_full."""
    _lock(session, round_)
    for number, person in enumerate(people):
        check_room(len(round_.raters) + number)
        _ask(session, round_, person, group, by=by, at=at)
        notify(session, person.id, NoticeKind.FEEDBACK_ASKED, about=round_.id, by=by.id, at=at)


def ask_outside(
    session: Session, round_: FeedbackRound, guest: Guest, group: str, *, tokens: Tokens, by: User, at: datetime
) -> Rater:
    """Ask somebody by a link to their e-mail address; needs raters and trainee. Raises `RuleBroken` as `ask` does."""
    _lock(session, round_)
    check_guest(guest.email, own=round_.trainee.email)
    check_room(len(round_.raters))
    person = note_outsider(session, email=guest.email, name=guest.name, by=by, at=at)
    rater = _ask(session, round_, person, group, by=by, at=at, role=guest.role)
    rater.nonce = os.urandom(NONCE)
    token = tokens.make(Purpose.FEEDBACK, named(round_, rater), rater.nonce)
    rater.token_hash = digest_of(token)
    session.flush()
    send_link(session, round_, to=person, token=token, reminder=False, today=day_of(at))
    return rater


def _ask(
    session: Session, round_: FeedbackRound, person: User, group: str, *, by: User, at: datetime, role: str = ""
) -> Rater:
    if person.id == round_.trainee_id:
        raise RuleBroken("own_assessment")
    try:
        rater = _add(session, round_, person.id, group, by=by, at=at, role=role)
    except IntegrityError as taken:
        raise RuleBroken("rater_asked", name=person.name) from taken
    after = {"rater": person.id, "group": group}
    subject = round_.trainee_id
    record(session, "feedback.asked", subject=subject, by=by.id, at=at, target=rater.id, after=after)
    return rater


def _add(
    session: Session, round_: FeedbackRound, user_id: UUID, group: str, *, by: User, at: datetime, role: str = ""
) -> Rater:
    rater = Rater(
        round_id=round_.id,
        group_key=group,
        user_id=user_id,
        stated_role=role,
        asked_at=at,
        asked_by_id=by.id,
        remind_on=next_reminder(day_of(at), sent=0, closes_on=round_.closes_on),
    )
    with session.begin_nested():
        session.add(rater)
    return rater


def withdraw(session: Session, round_: FeedbackRound, rater: Rater, *, by: User, at: datetime) -> None:
    """Ask somebody no more. What they may have answered stays: nobody knows which answer it is."""
    _lock(session, round_)
    rater.withdrawn_at, rater.nonce, rater.remind_on = at, None, None
    session.flush()
    settle(session, *ASKING, about=round_.id, at=at, reader_id=rater.user_id)
    subject, before = round_.trainee_id, {"rater": rater.user_id}
    record(session, "feedback.withdrawn", subject=subject, by=by.id, at=at, target=rater.id, before=before)


def answer(session: Session, rater: Rater, answers: Mapping[str, Any], *, at: datetime) -> None:
    """Keep what somebody said apart from who said it; needs the round with its form.

    That they answered and what was answered are stored together or not at all, once, however often it is sent. Raises
    `RuleBroken` round_closed or feedback_given, and as `check_feedback` does. The record says of the rater that they
    answered, and of nobody what.
    """
    round_ = rater.round
    _lock(session, round_, share=True)
    session.execute(select(Rater.id).where(Rater.id == rater.id).with_for_update())
    session.refresh(rater, ["has_answered", "withdrawn_at"])
    if rater.has_answered:
        raise RuleBroken("feedback_given")
    if rater.withdrawn_at is not None:
        raise RuleBroken("round_closed")
    check_feedback(items_of(round_), answers, levels=level_codes(round_))
    rater.has_answered, rater.nonce, rater.remind_on = True, None, None
    session.add(FeedbackAnswer(round_id=round_.id, group_key=rater.group_key, answers=dict(answers)))
    session.flush()
    settle(session, *ASKING, about=round_.id, at=at, reader_id=rater.user_id)
    record(session, "feedback.answered", subject=rater.user_id, by=rater.user_id, at=at, target=rater.id)


def close(session: Session, round_: FeedbackRound, *, by: User | None, at: datetime) -> None:
    """Close a round: by somebody once each group has its minimum, or by the worker after its last day; needs raters.

    All answers are written anew in the order of new random keys, so that nothing in the storage tells which of them was
    given first, or together with which rater's row. Raises `RuleBroken` round_closed or round_incomplete.
    """
    _lock(session, round_)
    answered = {one.group.key: one.answered for one in counts_of(round_)}
    if by is not None:
        check_complete(groups_of(round_), answered)
    round_.closed_at = at
    for rater in round_.raters:
        rater.nonce = rater.remind_on = None
    session.flush()
    _mix(session, round_)
    settle(session, *ASKING, about=round_.id, at=at)
    subject, target = round_.trainee_id, round_.id
    actor = by.id if by else None
    record(session, "feedback.closed", subject=subject, by=actor, at=at, target=target, after={"answers": answered})
    notify(session, round_.trainee_id, NoticeKind.FEEDBACK_CLOSED, about=round_.id, by=actor, at=at)


def _mix(session: Session, round_: FeedbackRound) -> None:
    rows = session.execute(
        delete(FeedbackAnswer)
        .where(FeedbackAnswer.round_id == round_.id)
        .returning(FeedbackAnswer.group_key, FeedbackAnswer.answers)
        .execution_options(synchronize_session=False)
    ).all()
    anew = {uuid4(): row for row in rows}
    for key in sorted(anew):
        group, said = anew[key]
        session.add(FeedbackAnswer(id=key, round_id=round_.id, group_key=group, answers=said))
    session.flush()


def _lock(session: Session, round_: FeedbackRound, *, share: bool = False) -> None:
    """Let who closes the round wait for who answers, and look at it as it is; raise round_closed where it is."""
    held = select(FeedbackRound.closed_at).where(FeedbackRound.id == round_.id).with_for_update(read=share)
    if session.execute(held).scalar_one() is not None:
        raise RuleBroken("round_closed")
