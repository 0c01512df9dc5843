"""What asks for assessments, answers them and takes them back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Text, cast, func, select, text, update
from sqlalchemy.orm import Session

from competencies.answers import Answer, check_answer, check_assessor, check_reason
from competencies.curricula import ResultKind
from competencies.errors import RuleBroken
from competencies.instruments import check_items
from competencies.invitations import Identity
from competencies.observations import AssessmentStatus, move
from competencies.requests import Offer, check_request
from competencies.scales import Direction
from lms.accounts.models import User
from lms.assessments import drafts
from lms.assessments.limits import keep_within_limit
from lms.assessments.models import Assessment
from lms.assessments.queries.ratings import last_rated
from lms.assessments.queries.terms import terms_of
from lms.assessments.requesting import add, give_form, request_of
from lms.assessments.values import facts_asked, form_for_offer, items_of, rating_scale, seen_version
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import may_train
from lms.core.audit import record
from lms.core.clock import day_of
from lms.curriculum.models import Epa
from lms.logbook.actions import Account, add_version
from lms.logbook.models import Activity
from lms.logbook.values import Offered
from lms.notices.actions import notify, settle
from lms.notices.models import NoticeKind
from lms.standings.actions import (
    note_correction,
    note_disowning,
    note_last_rating,
    note_rating,
    note_request,
    note_withdrawal,
)

HELD = (NoticeKind.ASSESSMENT_REQUESTED, NoticeKind.ASSESSMENT_HANDED_TO, NoticeKind.ASSESSMENT_REMINDER)
"""What tells somebody that they hold a request; all of it is settled once they hold it no longer."""


def ask(  # noqa: PLR0913
    session: Session,
    activity: Activity,
    *,
    epa: Epa,
    offer: Offer,
    offers: Collection[Offer],
    scale_id: UUID | None,
    assessor_id: UUID,
    assessors: Mapping[UUID, User],
    by: User,
    at: datetime,
    invited: bool = False,
) -> Assessment:
    """Ask somebody for an assessment of the activity on one of its EPAs; needs the EPAs of the activity.

    `offers` and `assessors` are those to choose from; whoever is `invited` needs no role to answer. Raises `RuleBroken`
    for another one, for what was asked already, or for somebody for whom enough waits.
    """
    check_request(
        offer,
        offers=offers,
        epa_id=epa.id,
        epas=[one.id for one in activity.epas],
        assessor_id=assessor_id,
        trainee_id=activity.trainee_id,
        assessors=assessors,
    )
    assessor = assessors.get(assessor_id, by)
    if assessor.id not in {by.id, activity.trainee_id}:
        keep_within_limit(session, assessor, on=day_of(at))
    assessment = request_of(activity, epa, offer, scale_id, assessor_id, at)
    give_form(session, assessment, form_for_offer(epa, offer))
    assessment.invited = invited
    _set_term(session, assessment, assessor, at=at)
    add(session, assessment, assessor)
    note_request(session, enrolment_id=assessment.enrolment_id, epa_id=assessment.epa_id)
    record_step(session, assessment, "assessment.requested", by=by, at=at, after=facts_of_request(assessment))
    if not assessor.outside:
        notify(session, assessor_id, NoticeKind.ASSESSMENT_REQUESTED, about=assessment.id, by=by.id, at=at)
    return assessment


def _set_term(session: Session, assessment: Assessment, assessor: User, *, at: datetime) -> None:
    """Keep until when the request waits, and when its holder is reminded: only who has an account can be."""
    terms, today = terms_of(session, assessment.enrolment_id), day_of(at)
    assessment.held_since, assessment.expires_on = at, terms.expires_on(today)
    assessment.remind_on = None if assessor.outside else terms.next_reminder(today, sent=0)


def submit(
    session: Session,
    assessment: Assessment,
    answer: Answer,
    *,
    seen: str,
    by: User,
    at: datetime,
    identity: Identity = Identity.ACCOUNT,
    stated_role: str = "",
) -> None:
    """Give the assessment that was asked; `seen` is what the assessor had before them (`seen_version`).

    `identity` says by what it is known who answers, `stated_role` what somebody without an account says to be. Raises
    `RuleBroken` for an answer that does not fit the instrument, by another person, by somebody who neither was invited
    nor is a trainer there that day, a second time, or to a request or an activity that changed meanwhile.
    """
    _refuse_former_trainer(session, assessment, on=day_of(at))
    _step(assessment, AssessmentStatus.SUBMITTED, seen=seen, by=by, at=at)
    facts = facts_asked(assessment).keys()
    scale = rating_scale(assessment)
    check_answer(answer, result=assessment.instrument.result, scale=scale, facts=facts)
    check_items(items_of(assessment), answer.items, levels=[one.code for one in scale.levels] if scale else ())
    _store(assessment, answer)
    assessment.identity, assessment.stated_role = identity, stated_role
    session.flush()
    _hold(session, assessment.activity, at=at)
    looks_back = assessment.direction is Direction.RETROSPECTIVE  # Looking ahead is another question.
    note_rating(
        session,
        enrolment_id=assessment.enrolment_id,
        epa_id=assessment.epa_id,
        level_code=assessment.level_code if looks_back else None,
        level_rank=assessment.level_rank if looks_back else None,
        on=assessment.activity.performed_on,
        at=at,
        scale_id=assessment.scale_id,
        own_scale_id=assessment.epa.scale_id,
    )
    record_step(
        session,
        assessment,
        "assessment.submitted",
        by=by,
        at=at,
        before=facts_of_request(assessment),
        after=_given(assessment),
    )
    told = NoticeKind.ASSESSMENT_STARTED if assessment.started else NoticeKind.ASSESSMENT_SUBMITTED
    _answered(session, assessment, told, by=by, at=at)


def decline(session: Session, assessment: Assessment, *, reason: str, seen: str, by: User, at: datetime) -> None:
    """Decline the assessment with a reason that the trainee reads."""
    _step(assessment, AssessmentStatus.DECLINED, seen=seen, by=by, at=at)
    check_reason(reason)
    assessment.decline_reason = reason.strip()
    session.flush()
    note_withdrawal(session, enrolment_id=assessment.enrolment_id, epa_id=assessment.epa_id)
    drafts.forget(session, assessment)
    facts = {"status": assessment.status, "reason_length": len(assessment.decline_reason)}
    record_step(
        session, assessment, "assessment.declined", by=by, at=at, before=facts_of_request(assessment), after=facts
    )
    _answered(session, assessment, NoticeKind.ASSESSMENT_DECLINED, by=by, at=at)


def say_not_observed(
    session: Session, assessment: Assessment, *, words: str, seen: str, by: User, at: datetime
) -> None:
    """Close a request about what the assessor did not see: it counts nowhere and needs no reason; words may be left."""
    _step(assessment, AssessmentStatus.NOT_OBSERVED, seen=seen, by=by, at=at)
    assessment.comment = words.strip()
    session.flush()
    note_withdrawal(session, enrolment_id=assessment.enrolment_id, epa_id=assessment.epa_id)
    facts = {"status": assessment.status, "comment_length": len(assessment.comment)}
    record_step(
        session, assessment, "assessment.not_observed", by=by, at=at, before=facts_of_request(assessment), after=facts
    )
    _answered(session, assessment, NoticeKind.ASSESSMENT_NOT_OBSERVED, by=by, at=at)


def withdraw(session: Session, assessment: Assessment, *, by: User, at: datetime) -> None:
    """Take back a request that was not answered."""
    assessment.status = move(assessment.status, AssessmentStatus.WITHDRAWN)
    assessment.answered_at = at
    session.flush()
    note_withdrawal(session, enrolment_id=assessment.enrolment_id, epa_id=assessment.epa_id)
    drafts.forget(session, assessment)
    facts = {"status": assessment.status}
    record_step(
        session, assessment, "assessment.withdrawn", by=by, at=at, before=facts_of_request(assessment), after=facts
    )
    settle(session, *HELD, about=assessment.id, at=at)


def _answered(session: Session, assessment: Assessment, kind: NoticeKind, *, by: User, at: datetime) -> None:
    """Tell the trainee that there is an answer; the assessor needs no notice of the request any more."""
    settle(session, *HELD, about=assessment.id, at=at)
    notify(session, assessment.trainee_id, kind, about=assessment.id, by=by.id, at=at)


def disown(session: Session, assessment: Assessment, *, by: User, at: datetime) -> None:
    """Let an assessment count no longer, because the person in whose name it was given says that they never gave it.

    What was sent stays to be seen. Raises `RuleBroken` for another person, or one that was not given.
    """
    check_assessor(by.id, assessor_id=assessment.assessor_id)
    assessment.status = move(assessment.status, AssessmentStatus.DISOWNED)
    session.flush()
    enrolment_id = assessment.enrolment_id
    touched = note_disowning(session, enrolment_id=enrolment_id, epa_id=assessment.epa_id)
    last = last_rated(enrolment_id).subquery("last")
    left = {row.epa_id: row[2:] for row in session.execute(select(last).where(last.c.epa_id.in_(touched)))}
    for epa_id in touched:
        note_last_rating(session, enrolment_id=enrolment_id, epa_id=epa_id, rating=left.get(epa_id))
    before, after = {"status": AssessmentStatus.SUBMITTED}, {"status": assessment.status}
    record_step(session, assessment, "assessment.disowned", by=by, at=at, before=before, after=after)


def _step(assessment: Assessment, to: AssessmentStatus, *, seen: str, by: User, at: datetime) -> None:
    """Move the assessment on when the right person does so on what is there now, or raise `RuleBroken`."""
    check_assessor(by.id, assessor_id=assessment.assessor_id)
    status = move(assessment.status, to)
    if seen != seen_version(assessment):
        raise RuleBroken("changed_meanwhile")
    assessment.status, assessment.answered_at = status, at


def _refuse_former_trainer(session: Session, assessment: Assessment, *, on: date) -> None:
    """Accept a trainer of the day, who was invited, and the trainee's own answer in a feedback round."""
    if assessment.invited or assessment.assessor_id == assessment.trainee_id:
        return
    of_enrolment = select(Cohort).join(Enrolment).where(Enrolment.id == assessment.enrolment_id)
    if not may_train(session, assessment.assessor_id, session.scalars(of_enrolment).one(), on=on):
        raise RuleBroken("no_trainer_today")


def _store(assessment: Assessment, answer: Answer) -> None:
    assessment.level_code = answer.level.code if answer.level else None
    assessment.level_rank = answer.level.rank if answer.level else None
    assessment.passed = answer.passed
    assessment.quantity = answer.quantity
    assessment.facts = dict(answer.facts) if assessment.instrument.result is ResultKind.CONDITIONS else None
    assessment.comment = answer.comment.strip()
    assessment.answers = dict(answer.items) or None


def _hold(session: Session, activity: Activity, *, at: datetime) -> None:
    """Let the activity stay as it was assessed; raise changed_meanwhile where its trainee just changed it.

    The version stays: the next assessor of the same activity sees nothing new.
    """
    held = session.execute(
        update(Activity)
        .where(Activity.id == activity.id, Activity.version == activity.version)
        .values(rated_at=func.coalesce(Activity.rated_at, at))
        .returning(Activity.id)
        .execution_options(synchronize_session=False)
    )
    if held.first() is None:
        raise RuleBroken("changed_meanwhile")
    session.expire(activity, ["rated_at"])


def correct(
    session: Session,
    activity: Activity,
    account: Account,
    *,
    reason: str,
    seen: str,
    offered: Offered,
    by: User,
    at: datetime,
) -> None:
    """Correct an activity that was assessed (`lms.logbook.actions.add_version`), and let its ratings follow its day.

    The levels stay what they are. Raises `RuleBroken`.
    """
    session.execute(_TAKE_TURNS)
    was_on = activity.performed_on
    before, after = add_version(session, activity, account, reason=reason, seen=seen, offered=offered, by=by, at=at)
    if account.performed_on != was_on:
        rated = last_rated(activity.enrolment_id).subquery("rated")
        note_correction(session, rated, enrolment_id=activity.enrolment_id)
    subject, target = activity.trainee_id, activity.id
    record(session, "activity.corrected", subject=subject, by=by.id, at=at, target=target, before=before, after=after)
    _tell_of_correction(session, activity, by=by, at=at)


def _tell_of_correction(session: Session, activity: Activity, *, by: User, at: datetime) -> None:
    """Tell everybody with an account who assessed the activity, each once."""
    given = (
        select(func.min(cast(Assessment.id, Text)), Assessment.assessor_id)
        .join(Assessment.assessor)
        .where(
            Assessment.activity_id == activity.id,
            Assessment.status == AssessmentStatus.SUBMITTED,
            User.outside.is_(False),
        )
        .group_by(Assessment.assessor_id)
        .order_by(Assessment.assessor_id)
    )
    for key, assessor_id in session.execute(given):
        notify(session, assessor_id, NoticeKind.ACTIVITY_CORRECTED, about=UUID(key), by=by.id, at=at)


_TAKE_TURNS = text("LOCK TABLE assessments IN ROW EXCLUSIVE MODE")
"""Whoever changes a day writes standings as those do who assess: while all standings are rebuilt they wait first.

And they take their locks in the same order: the activity, the standings, the chain of the audit record.
"""


def facts_of_request(assessment: Assessment) -> dict[str, object]:
    """Return what the audit keeps of a request."""
    return {
        "status": AssessmentStatus.REQUESTED,
        "activity": assessment.activity_id,
        "epa": assessment.epa_id,
        "assessor": assessment.assessor_id,
        "instrument": assessment.instrument_key,
        "form": assessment.form_key,
    }


def _given(assessment: Assessment) -> dict[str, object]:
    """Return what the audit keeps of an answer: of the comment only its length, for it may say too much."""
    return {
        "status": assessment.status,
        "performed_on": assessment.activity.performed_on,
        "level": assessment.level_code,
        "passed": assessment.passed,
        "quantity": assessment.quantity,
        "facts": assessment.facts,
        "comment_length": len(assessment.comment),
        "items": sorted(assessment.answers or ()),
        "identity": assessment.identity,
    }


def record_step(
    session: Session,
    assessment: Assessment,
    action: str,
    *,
    by: User,
    at: datetime,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
) -> None:
    """Record a step of an assessment in the chain of its trainee."""
    subject, target = assessment.trainee_id, assessment.id
    record(session, action, subject=subject, by=by.id, at=at, target=target, before=before, after=after)
