"""The pages of enrolments."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.accounts.permissions import me
from lms.cohorts import actions, queries
from lms.cohorts.forms import EndForm, EnrolForm, EnrolmentForm, GuidanceForm
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.permissions import can_change_cohort, can_change_enrolment
from lms.cohorts.values import tracks_of
from lms.cohorts.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.forms import Form
from lms.core.words import _
from lms.organisations.models import Department
from lms.organisations.permissions import my_duties

FIELDS = {
    "account_closed": "email",
    "department_elsewhere": "department",
    "email_taken": "email",
    "end_before_start": "ended_on",
    "end_in_future": "ended_on",
    "enrolment_after_cohort": "starts_on",
    "name_needed": "name",
    "own_enrolment": "email",
    "plan_dates": "planned_end_on",
    "plan_start_far": "starts_on",
    "plan_too_long": "planned_end_on",
    "track_needed": "track",
    "track_unknown": "track",
    "trainee_enrolled": "email",
    "trainer_is_trainee": "trainer",
    "trainer_not_allowed": "trainer",
}


def refused(form: Form, broken: RuleBroken, fields: dict[str, str]) -> None:
    """Put a broken rule beside the field it is about, or above the form where the form has no such field."""
    field = fields.get(broken.code)
    form.refuse(broken, field if field in form else None)


@bp.route("/cohorts/<uuid:cohort_id>/enrolments/new", methods=["GET", "POST"])
@signed_in
def enrol(cohort_id: UUID) -> ResponseReturnValue:
    """Let a programme lead enrol a trainee in a cohort."""
    duties, session = my_duties(), db.session()
    cohort = found(queries.one_cohort(session, duties, cohort_id))
    authorize(can_change_cohort(duties, cohort))
    form = EnrolForm(starts_on=cohort.starts_on, planned_end_on=cohort.planned_end_on).offer(
        queries.departments_near(session, cohort, on=duties.on),
        tracks_of(cohort.programme_version),
        queries.trainers_near(session, cohort, on=duties.on),
    )
    if form.validate_on_submit():
        try:
            return _enrolled(cohort, form)
        except RuleBroken as broken:
            refused(form, broken, FIELDS)
            cohort = found(queries.one_cohort(session, duties, cohort_id))
    return render_template("cohorts/enrol.html", cohort=cohort, form=form), 422 if form.is_submitted() else 200


def _enrolled(cohort: Cohort, form: EnrolForm) -> ResponseReturnValue:
    """Enrol; a new account's first password is shown on the answer itself, for it is kept nowhere."""
    with db.transaction() as session:
        trainee, password = actions.account_for(
            session, email=form.email.data, name=form.name.data, by=me(), at=clock.now()
        )
        enrolment = actions.enrol(
            session,
            cohort,
            trainee=trainee,
            department=session.get_one(Department, form.department.data),
            track=form.chosen_track,
            starts_on=form.starts_on.data,
            planned_end_on=form.planned_end_on.data,
            trainers=[session.get_one(User, form.trainer.data)] if form.trainer.data else [],
            by=me(),
            at=clock.now(),
        )
    if password is not None:
        return render_template("cohorts/enrolled.html", trainee=trainee, enrolment_id=enrolment.id, password=password)
    flash(_("%(name)s is enrolled.", name=trainee.name), "done")
    return redirect(url_for(".change_enrolment", enrolment_id=enrolment.id))


@bp.route("/enrolments/<uuid:enrolment_id>/edit", methods=["GET", "POST"])
@signed_in
def change_enrolment(enrolment_id: UUID) -> ResponseReturnValue:
    """Let a programme lead change the dates, the place and the trainers of an enrolment."""
    enrolment = to_change(enrolment_id)
    form = place_form(enrolment)
    if form.validate_on_submit():
        try:
            return _changed(enrolment, form)
        except RuleBroken as broken:
            refused(form, broken, FIELDS)
            enrolment = to_change(enrolment_id)
    return enrolment_page(enrolment, place=form)


def _changed(enrolment: Enrolment, form: EnrolmentForm) -> ResponseReturnValue:
    with db.transaction() as session:
        actions.change_enrolment(
            session,
            enrolment,
            version=form.version.data or 0,
            department=session.get_one(Department, form.department.data),
            track=form.chosen_track,
            starts_on=form.starts_on.data,
            planned_end_on=form.planned_end_on.data,
            by=me(),
            at=clock.now(),
        )
    flash(_("The enrolment is changed."), "done")
    return redirect(url_for(".change_enrolment", enrolment_id=enrolment.id))


@bp.post("/enrolments/<uuid:enrolment_id>/end")
@signed_in
def end_enrolment(enrolment_id: UUID) -> ResponseReturnValue:
    """Let a programme lead end an enrolment."""
    enrolment = to_change(enrolment_id)
    form = EndForm(prefix="end").offer()
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                actions.end_enrolment(
                    session, enrolment, on=form.ended_on.data, reason=form.reason.data, by=me(), at=clock.now()
                )
            flash(_("The enrolment is ended. Everything in it is kept."), "done")
            return redirect(url_for("progress.enrolment", enrolment_id=enrolment_id))
        except RuleBroken as broken:
            refused(form, broken, FIELDS)
            enrolment = to_change(enrolment_id)
    return enrolment_page(enrolment, end=form)


@bp.post("/enrolments/<uuid:enrolment_id>/reopen")
@signed_in
def reopen_enrolment(enrolment_id: UUID) -> ResponseReturnValue:
    """Let a programme lead take back the end of an enrolment."""
    enrolment = to_change(enrolment_id)
    with db.transaction() as session:
        actions.reopen_enrolment(session, enrolment, by=me(), at=clock.now())
    flash(_("The enrolment is open again. Assign its trainers anew."), "done")
    return redirect(url_for(".change_enrolment", enrolment_id=enrolment_id))


def to_change(enrolment_id: UUID) -> Enrolment:
    """Return the enrolment that this person may change, else answer 404 or 403."""
    duties = my_duties()
    enrolment = found(queries.one_enrolment(db.session(), duties, enrolment_id))
    authorize(can_change_enrolment(duties, enrolment))
    return enrolment


def place_form(enrolment: Enrolment, **options: object) -> EnrolmentForm:
    """Return the form of an enrolment's dates and place, filled with what is stored."""
    return EnrolmentForm(
        version=enrolment.version,
        department=enrolment.department_id,
        track=enrolment.track,
        starts_on=enrolment.starts_on,
        planned_end_on=enrolment.planned_end_on,
        **options,
    ).offer(
        queries.departments_near(db.session(), enrolment.cohort, on=clock.today()),
        tracks_of(enrolment.programme_version),
    )


def guidance_form(enrolment: Enrolment, **options: object) -> GuidanceForm:
    """Return the form that assigns a trainer, from today or the first day of the enrolment on."""
    day = max(clock.today(), enrolment.starts_on)
    return GuidanceForm(prefix="guide", starts_on=day, **options).offer(
        queries.trainers_near(db.session(), enrolment.cohort, on=clock.today())
    )


def enrolment_page(
    enrolment: Enrolment,
    *,
    place: EnrolmentForm | None = None,
    guide: GuidanceForm | None = None,
    end: EndForm | None = None,
) -> ResponseReturnValue:
    """Return the page of an enrolment with its three forms; one that was sent keeps what was typed."""
    sent = any(form is not None and form.is_submitted() for form in (place, guide, end))
    page = render_template(
        "cohorts/enrolment.html",
        enrolment=enrolment,
        today=clock.today(),
        tracks=tracks_of(enrolment.programme_version),
        place=place or place_form(enrolment, formdata=None),
        guide=guide or guidance_form(enrolment, formdata=None),
        end=end or EndForm(prefix="end", formdata=None, ended_on=clock.today()).offer(),
    )
    return page, 422 if sent else 200
