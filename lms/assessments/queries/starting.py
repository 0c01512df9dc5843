"""Whom an assessor can assess unasked, and in which ways."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, case, or_, select
from sqlalchemy.orm import Session, contains_eager

from competencies.curricula import ResultKind
from competencies.observations import ActivityKind, AssessmentStatus
from competencies.people import Role
from competencies.requests import likeliest
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.assessments.start_values import WayToStart
from lms.assessments.values import form_for_offer, scale_for, ways_to_ask
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import circle_of, guided_by
from lms.cohorts.queries.scopes import FOLLOWED
from lms.curriculum.models import AssessmentForm
from lms.curriculum.queries import epas_by_id, instrument_forms, instruments, latest_scales, scale_values
from lms.logbook.values import Offered
from lms.organisations.models import Department, RoleAssignment
from lms.organisations.queries import current

LATELY = timedelta(days=90)
MOST_LISTED = 200
RATED = (ResultKind.LEVEL, ResultKind.PASS_FAIL)
"""What can be said of an act that one saw; a number is confirmed where the trainee logged it."""


def trainees_to_assess(
    session: Session,
    assessor_id: UUID,
    *,
    on: date,
    named: str = "",
    among: Collection[UUID] | None = None,
    most: int = MOST_LISTED,
) -> Sequence[Enrolment]:
    """Return whom a trainer can assess unasked on a day, with programme, cohort, place and trainee.

    First those whom the person guides, then whom they assessed lately, then all others, each by name: so they stand
    there too where there are more than can be listed.

    They are enrolled that day in a cohort of an organisation where the person is a trainer, or of one allied with it
    and placed there, guided by the person, or assessed by them lately. `named` is a part of a name, `among` are the
    enrolments that are asked about.
    """
    lately = Enrolment.id.in_(_assessed_by(assessor_id, on=on))
    nearest = case((guided_by(assessor_id, on=on), 0), (lately, 1), else_=2)
    rows = _within_reach(assessor_id, on=on).order_by(nearest, User.name, Enrolment.id).limit(most)
    if named:
        rows = rows.where(User.name.icontains(named, autoescape=True))
    if among is not None:
        rows = rows.where(Enrolment.id.in_(among))
    return session.scalars(rows).all()


def one_to_assess(session: Session, assessor_id: UUID, enrolment_id: UUID, *, on: date) -> Enrolment | None:
    """Return the enrolment if the person can assess its trainee unasked on that day."""
    return session.scalar(_within_reach(assessor_id, on=on).where(Enrolment.id == enrolment_id))


def assessed_lately(session: Session, assessor_id: UUID, *, on: date) -> frozenset[UUID]:
    """Return the enrolments of whom the person assessed something in the last weeks."""
    return frozenset(session.scalars(_assessed_by(assessor_id, on=on)))


def guided_today(session: Session, assessor_id: UUID, *, on: date) -> frozenset[UUID]:
    """Return the enrolments that the person guides on a day."""
    return frozenset(session.scalars(select(Enrolment.id).where(guided_by(assessor_id, on=on))))


def _within_reach(assessor_id: UUID, *, on: date) -> Select[Enrolment]:
    mine = select(RoleAssignment.organisation_id).where(
        RoleAssignment.user_id == assessor_id,
        RoleAssignment.role == Role.TRAINER,
        current(RoleAssignment.starts_on, RoleAssignment.ends_on, on),
    )
    return (
        select(Enrolment)
        .join(Enrolment.trainee)
        .join(Enrolment.cohort)
        .join(Enrolment.department)
        .where(
            Enrolment.trainee_id != assessor_id,
            User.disabled_at.is_(None),
            current(Enrolment.starts_on, Enrolment.ended_on, on),
            Cohort.organisation_id.in_(circle_of(mine, on=on)),
            or_(
                Cohort.organisation_id.in_(mine),
                Department.organisation_id.in_(mine),
                guided_by(assessor_id, on=on),
                Enrolment.id.in_(_assessed_by(assessor_id, on=on)),
            ),
        )
        .options(
            contains_eager(Enrolment.trainee),
            contains_eager(Enrolment.department).joinedload(Department.organisation),
            *FOLLOWED,
        )
    )


def _assessed_by(assessor_id: UUID, *, on: date) -> Select[UUID]:
    since = datetime.combine(on, time(), UTC) - LATELY
    return select(Assessment.enrolment_id).where(
        Assessment.assessor_id == assessor_id,
        Assessment.status == AssessmentStatus.SUBMITTED,
        Assessment.answered_at >= since,
    )


def ways_to_start(session: Session, offered: Offered) -> Sequence[WayToStart]:
    """Return the ways to assess the EPAs that are offered, the one that suits most of them first."""
    epas, known, scales = epas_by_id(session, offered.epas.keys()), instruments(session), latest_scales(session)
    shared = {form.instrument_key: form for form in instrument_forms(session)}  # The newest version is the last.
    used = {row.form_id for epa in epas.values() for row in epa.requirements if row.form_id}
    forms = {row.id: row for row in session.scalars(select(AssessmentForm).where(AssessmentForm.id.in_(used)))}
    found: dict[str, WayToStart] = {}
    suited: dict[str, int] = {}
    for key in offered.epas:
        epa = epas[key]
        offers = [
            one
            for one in ways_to_ask(ActivityKind.PATIENT_CONTACT, epa, known)
            if known[one.instrument].result in RATED
        ]
        for offer in offers:
            scale_id, form_id = scale_for(epa, offer, known, scales), form_for_offer(epa, offer)
            way = WayToStart(
                instrument=known[offer.instrument],
                form=forms.get(form_id) if form_id else None,
                shared=shared.get(offer.instrument),
                scale=scale_values(session, [scale_id])[scale_id] if scale_id else None,
                scale_id=scale_id,
            )
            found.setdefault(way.key, way).offers[epa.id] = offer
            suited[way.key] = suited.get(way.key, 0) + (offer == likeliest(ActivityKind.PATIENT_CONTACT, offers))
    return sorted(found.values(), key=lambda one: (-suited[one.key], -len(one.offers)))
