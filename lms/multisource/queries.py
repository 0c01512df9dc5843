"""What is asked about rounds of feedback."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from competencies.multisource import SELF, USUAL_GROUPS
from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import circle_of
from lms.curriculum.models import AssessmentForm, RatingScale
from lms.curriculum.queries import forms_of_version, instruments, latest_form
from lms.invitations.tokens import Named, is_token_of
from lms.multisource.models import FeedbackAnswer, FeedbackRound, Goal, Rater
from lms.multisource.values import MSF, RoundForm, groups_from
from lms.organisations.models import RoleAssignment
from lms.organisations.permissions import Duties
from lms.organisations.queries import current

MOST_FOUND = 30
"""So many people are shown to choose from; who is not among them is found by name."""


def visible_to(duties: Duties) -> Select[FeedbackRound]:
    """Return the rounds that exist for a person: about them, to talk over with them, or in a programme they lead."""
    return select(FeedbackRound).where(
        or_(
            FeedbackRound.trainee_id == duties.user_id,
            FeedbackRound.guide_id == duties.user_id,
            FeedbackRound.organisation_id.in_(duties.places(Role.PROGRAMME_LEAD)),
        )
    )


WITH_FORM = (
    joinedload(FeedbackRound.instrument_form),
    joinedload(FeedbackRound.form).joinedload(AssessmentForm.scale).selectinload(RatingScale.levels),
)


def one_visible(session: Session, duties: Duties, round_id: UUID) -> FeedbackRound | None:
    """Return a round, if it exists for the person, with all that its page needs."""
    return session.scalar(
        visible_to(duties)
        .where(FeedbackRound.id == round_id)
        .options(
            *WITH_FORM,
            joinedload(FeedbackRound.trainee),
            joinedload(FeedbackRound.guide),
            joinedload(FeedbackRound.enrolment).joinedload(Enrolment.cohort),
            selectinload(FeedbackRound.raters).joinedload(Rater.user),
            selectinload(FeedbackRound.goals),
        )
        .execution_options(populate_existing=True)
    )


def rounds_of(session: Session, trainee_id: UUID) -> Sequence[FeedbackRound]:
    """Return the rounds about a person, the newest first, with raters and goals."""
    return session.scalars(
        select(FeedbackRound)
        .where(FeedbackRound.trainee_id == trainee_id)
        .options(selectinload(FeedbackRound.raters), selectinload(FeedbackRound.goals))
        .order_by(FeedbackRound.opened_at.desc(), FeedbackRound.id)
    ).all()


def to_talk_over(session: Session, guide_id: UUID) -> Sequence[FeedbackRound]:
    """Return the rounds that a person talks over with a trainee, the latest conversation first."""
    return session.scalars(
        select(FeedbackRound)
        .where(FeedbackRound.guide_id == guide_id)
        .options(joinedload(FeedbackRound.trainee))
        .order_by(FeedbackRound.conversation_on.desc(), FeedbackRound.id)
    ).all()


def run_by(session: Session, duties: Duties) -> Sequence[FeedbackRound]:
    """Return the open rounds about others in the programmes that a person leads, the first to close first."""
    return session.scalars(
        select(FeedbackRound)
        .where(
            FeedbackRound.organisation_id.in_(duties.places(Role.PROGRAMME_LEAD)),
            FeedbackRound.trainee_id != duties.user_id,
            FeedbackRound.closed_at.is_(None),
        )
        .options(joinedload(FeedbackRound.trainee), selectinload(FeedbackRound.raters))
        .order_by(FeedbackRound.closes_on, FeedbackRound.id)
        .limit(100)
    ).all()


def asked_of(session: Session, user_id: UUID) -> Sequence[Rater]:
    """Return what a person is asked in open rounds and did not answer, the first to close first."""
    return session.scalars(
        select(Rater)
        .join(Rater.round)
        .where(
            Rater.user_id == user_id,
            ~Rater.has_answered,
            Rater.withdrawn_at.is_(None),
            FeedbackRound.closed_at.is_(None),
        )
        .options(joinedload(Rater.round).joinedload(FeedbackRound.trainee))
        .order_by(FeedbackRound.closes_on, Rater.id)
    ).all()


def rater_in(session: Session, round_id: UUID, user_id: UUID) -> Rater | None:
    """Return what a person is asked in a round, with the round and its form; None where they are not asked."""
    return session.scalar(
        _rater().where(Rater.round_id == round_id, Rater.user_id == user_id, Rater.withdrawn_at.is_(None))
    )


def opened_by(session: Session, named: Named, token: str) -> Rater | None:
    """Return who a token of a link stands for, with the round and its form, where it is the token that was sent."""
    found = session.scalar(
        _rater().where(Rater.id == named.invitation_id, FeedbackRound.organisation_id == named.organisation_id)
    )
    return found if found is not None and is_token_of(token, found.token_hash) else None


def _rater() -> Select[Rater]:
    return (
        select(Rater)
        .join(Rater.round)
        .options(
            joinedload(Rater.user),
            joinedload(Rater.round).options(*WITH_FORM, joinedload(FeedbackRound.trainee)),
        )
    )


def answers_of(session: Session, round_id: UUID) -> Sequence[FeedbackAnswer]:
    """Return what was answered in a round, in an order that says nothing."""
    return session.scalars(
        select(FeedbackAnswer).where(FeedbackAnswer.round_id == round_id).order_by(FeedbackAnswer.id)
    ).all()


def one_goal(session: Session, duties: Duties, goal_id: UUID) -> Goal | None:
    """Return a goal of a round that exists for the person, with the round."""
    rounds = visible_to(duties).with_only_columns(FeedbackRound.id)
    return session.scalar(
        select(Goal).where(Goal.id == goal_id, Goal.round_id.in_(rounds)).options(joinedload(Goal.round))
    )


def forms_for(session: Session, enrolment: Enrolment) -> list[RoundForm]:
    """Return the forms that a round about the trainee can use: those of the programme, then the shared one."""
    found = [
        RoundForm(
            key=one.key,
            title=one.title,
            instrument_form_id=None,
            form_id=one.id,
            groups=tuple(group for group in groups_from(one.rater_groups) if group.key != SELF) or USUAL_GROUPS,
            provenance=one.provenance,
        )
        for one in forms_of_version(session, enrolment.programme_version_id)
        if one.instrument_key == MSF
    ]
    shared = latest_form(session, MSF)
    if shared is not None:
        title = instruments(session)[MSF].title
        found.append(RoundForm(MSF, title, shared.id, None, USUAL_GROUPS, shared.provenance))
    return found


def people_to_ask(session: Session, round_: FeedbackRound, name: str, *, on: date) -> Sequence[User]:
    """Return who can be asked by account: people with a role there or in an allied organisation, by name.

    Who is asked already and the trainee are left out. With a name: those in whose name it stands.
    """
    asked = select(Rater.user_id).where(Rater.round_id == round_.id)
    works_here = select(RoleAssignment.user_id).where(
        RoleAssignment.organisation_id.in_(circle_of([round_.organisation_id], on=on)),
        current(RoleAssignment.starts_on, RoleAssignment.ends_on, on),
    )
    found = select(User).where(
        User.id.in_(works_here), User.id.not_in(asked), User.id != round_.trainee_id, User.disabled_at.is_(None)
    )
    if name:
        found = found.where(func.lower(User.name).contains(name.lower(), autoescape=True))
    return session.scalars(found.order_by(User.name, User.id).limit(MOST_FOUND)).all()


def due_to_close(session: Session, *, on: date) -> Sequence[UUID]:
    """Return the open rounds whose last day has passed, the longest gone first."""
    return session.scalars(
        select(FeedbackRound.id)
        .where(FeedbackRound.closed_at.is_(None), FeedbackRound.closes_on < on)
        .order_by(FeedbackRound.closes_on, FeedbackRound.id)
    ).all()


def one_to_close(session: Session, round_id: UUID) -> FeedbackRound:
    """Return a round with its raters, for the worker."""
    return session.scalars(
        select(FeedbackRound).where(FeedbackRound.id == round_id).options(selectinload(FeedbackRound.raters))
    ).one()
