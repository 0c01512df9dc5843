"""What invites somebody from outside, answers in their name, and takes that back."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from competencies.answers import Answer
from competencies.errors import RuleBroken
from competencies.invitations import (
    LASTS,
    Identity,
    LinkState,
    can_disown,
    can_follow,
    check_confirmed,
    check_guest,
    check_number,
)
from competencies.observations import AssessmentStatus
from lms.accounts.actions import name_outsider, note_outsider
from lms.accounts.models import User
from lms.assessments import actions as assessments
from lms.assessments.models import Assessment
from lms.assessments.queries import in_full_as
from lms.core.audit import record
from lms.core.clock import day_of
from lms.core.keys import uuid7
from lms.invitations.mail import send_link, send_receipt
from lms.invitations.models import Invitation
from lms.invitations.queries import count_open
from lms.invitations.tokens import NONCE, Purpose, Tokens, digest_of
from lms.invitations.values import Guest, Way, link_state, named
from lms.logbook.models import Activity
from lms.notices.actions import notify
from lms.notices.models import NoticeKind


def invite(
    session: Session, activity: Activity, guest: Guest, way: Way, *, tokens: Tokens, by: User, at: datetime
) -> Invitation:
    """Ask somebody for an assessment by a link to their e-mail address; needs EPAs and enrolment of the activity.

    Who has an account finds the request there too. Raises `RuleBroken` for oneself, and as `ask` does.
    """
    check_guest(guest.email, own=by.email)
    check_number(count_open(session, by.id, at=at))
    person = note_outsider(session, email=guest.email, name=guest.name, by=by, at=at)
    asked = _ask(session, activity, way, person, by=by, at=at)
    invitation = _invitation(activity, way, Identity.KNOWN_ADDRESS, at=at)
    invitation.assessment_id, invitation.stated_role = asked.id, guest.role
    token = _new_token(invitation, tokens, at=at)
    session.add(invitation)
    session.flush()
    send_link(session, invitation, to=person, trainee=by, token=token)
    return invitation


def _ask(session: Session, activity: Activity, way: Way, person: User, *, by: User, at: datetime) -> Assessment:
    return assessments.ask(
        session,
        activity,
        epa=way.epa,
        offer=way.offer,
        offers=way.offers,
        scale_id=way.scale_id,
        assessor_id=person.id,
        assessors={person.id: person},
        by=by,
        at=at,
        invited=True,
    )


def _invitation(activity: Activity, way: Way, identity: Identity, *, at: datetime) -> Invitation:
    return Invitation(
        id=uuid7(),
        activity_id=activity.id,
        organisation_id=activity.enrolment.cohort.organisation_id,
        epa_id=way.epa.id,
        identity=identity,
        instrument_key=way.offer.instrument,
        form_key=way.offer.form,
        scale_id=way.scale_id,
        made_at=at,
    )


def _new_token(invitation: Invitation, tokens: Tokens, *, at: datetime) -> str:
    """Give the invitation a new token for as long as its kind lasts, and return it; the one before opens nothing."""
    nonce = os.urandom(NONCE)
    token = tokens.make(Purpose.ANSWER, named(invitation), nonce)
    invitation.token_hash, invitation.browser_hash = digest_of(token), None
    invitation.nonce = nonce if invitation.identity is Identity.SHOWN_CODE else None
    invitation.made_at, invitation.expires_at = at, at + LASTS[invitation.identity]
    return token


def show_code(session: Session, activity: Activity, way: Way, *, tokens: Tokens, by: User, at: datetime) -> Invitation:
    """Make a code for somebody who stands beside the trainee; needs the enrolment of the activity."""
    check_number(count_open(session, by.id, at=at))
    invitation = _invitation(activity, way, Identity.SHOWN_CODE, at=at)
    _new_token(invitation, tokens, at=at)
    session.add(invitation)
    session.flush()
    subject, target = activity.trainee_id, invitation.id
    after = {"activity": activity.id, "epa": way.epa.id, "instrument": way.offer.instrument, "form": way.offer.form}
    record(session, "invitation.code_shown", subject=subject, by=by.id, at=at, target=target, after=after)
    return invitation


def renew(session: Session, invitation: Invitation, *, tokens: Tokens, by: User, at: datetime) -> None:
    """Make a new link in the place of one that nothing came of; needs activity and request.

    Raises `RuleBroken` link_settled where something did, or a mail was sent just now.
    """
    _lock(session, invitation)
    asked = invitation.assessment
    state = link_state(invitation, asked, at=at)
    is_open = asked is None or asked.status is AssessmentStatus.REQUESTED
    if not (is_open and can_follow(state, invitation.identity, made_at=invitation.made_at, at=at)):
        raise RuleBroken("link_settled")
    token = _new_token(invitation, tokens, at=at)
    if asked is not None:
        asked.expires_on = day_of(invitation.expires_at)
    session.flush()
    subject = invitation.activity.trainee_id
    record(session, "invitation.renewed", subject=subject, by=by.id, at=at, target=invitation.id)
    if asked is not None:
        send_link(session, invitation, to=asked.assessor, trainee=by, token=token)


def withdraw_code(session: Session, invitation: Invitation, *, by: User, at: datetime) -> None:
    """Let a code open nothing any more; needs its activity."""
    _lock(session, invitation)
    if link_state(invitation, invitation.assessment, at=at) not in {LinkState.OPEN, LinkState.EXPIRED}:
        raise RuleBroken("link_settled")
    invitation.withdrawn_at, invitation.nonce = at, None
    session.flush()
    subject = invitation.activity.trainee_id
    record(session, "invitation.withdrawn", subject=subject, by=by.id, at=at, target=invitation.id)


def bind(session: Session, invitation: Invitation, *, browser: str, trainee: User, at: datetime) -> None:
    """Let nobody but this browser go on with the link. Raises `RuleBroken` link_settled where another one was first."""
    _lock(session, invitation)
    _bind(session, invitation, browser=browser, trainee=trainee, at=at)


def _bind(session: Session, invitation: Invitation, *, browser: str, trainee: User, at: datetime) -> None:
    mark = hashlib.sha256(browser.encode()).digest()
    if invitation.browser_hash is None:
        invitation.browser_hash = mark
        session.flush()
        record(session, "invitation.opened", subject=trainee.id, by=None, at=at, target=invitation.id)
    elif invitation.browser_hash != mark:
        raise RuleBroken("link_settled")


def _lock(session: Session, invitation: Invitation) -> None:
    """Let others wait who use the same link, and look at it as the last one of them left it."""
    left = session.execute(_CHANGING.where(Invitation.id == invitation.id)).one()
    for name, value in left._asdict().items():
        set_committed_value(invitation, name, value)


_CHANGING = select(
    Invitation.assessment_id,
    Invitation.token_hash,
    Invitation.expires_at,
    Invitation.browser_hash,
    Invitation.withdrawn_at,
    Invitation.answered_at,
).with_for_update()


def answer(
    session: Session,
    invitation: Invitation,
    asked: Assessment,
    given: Answer,
    *,
    seen: str,
    guest: Guest,
    browser: str,
    way: Way | None,
    tokens: Tokens,
    at: datetime,
) -> Assessment:
    """Give the assessment by its link, as the person who `guest` says they are, and send them a receipt.

    `asked` is what they had before them, `way` how a code asks, `browser` the mark of the one they use: it is bound to
    the link where none is. Raises `RuleBroken`: link_settled where somebody was faster, link_of_another for another
    address than the link was sent to, own_assessment for the trainee's own, and as `submit` does.
    """
    _lock(session, invitation)
    if link_state(invitation, None if way else asked, at=at) is not LinkState.OPEN or invitation.answered_at:
        raise RuleBroken("link_settled")
    _bind(session, invitation, browser=browser, trainee=asked.trainee, at=at)
    if way is None:
        check_confirmed(guest.email, invited=asked.assessor.email)
        name_outsider(session, asked.assessor, name=guest.name, at=at)
    else:
        asked = _ask_by_code(session, asked, guest, way, at=at)
    assessments.submit(
        session,
        asked,
        given,
        seen=seen,
        by=asked.assessor,
        at=at,
        identity=invitation.identity,
        stated_role=guest.role,
    )
    invitation.assessment_id, invitation.answered_at, invitation.nonce = asked.id, at, None
    token = tokens.make(Purpose.DISOWN, named(invitation), os.urandom(NONCE))
    invitation.receipt_hash = digest_of(token)
    session.flush()
    send_receipt(session, asked, to=asked.assessor, token=token)
    return asked


def _ask_by_code(session: Session, shown: Assessment, guest: Guest, way: Way, *, at: datetime) -> Assessment:
    """Store what the code asks as a request of the trainee to the person who answers it, and return that."""
    trainee = shown.trainee
    check_guest(guest.email, own=trainee.email)
    person = note_outsider(session, email=guest.email, name=guest.name, by=None, at=at)
    return in_full_as(session, _ask(session, shown.activity, way, person, by=trainee, at=at), shown, person)


def disown(session: Session, invitation: Invitation, given: Assessment, *, at: datetime) -> None:
    """Let an answer count no longer, because the one in whose name it was given says that they never gave it.

    Trainee and programme lead are told. Raises `RuleBroken` link_settled when it is too late.
    """
    _lock(session, invitation)
    if invitation.answered_at is None or not can_disown(answered_at=invitation.answered_at, at=at):
        raise RuleBroken("link_settled")
    assessments.disown(session, given, by=given.assessor, at=at)
    for reader_id in sorted({given.trainee_id, given.enrolment.cohort.lead_id}):
        notify(session, reader_id, NoticeKind.ASSESSMENT_DISOWNED, about=given.id, by=given.assessor_id, at=at)
