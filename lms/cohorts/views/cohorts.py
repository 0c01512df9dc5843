"""The pages of cohorts."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from competencies.curricula import ProgrammeStatus
from competencies.errors import RuleBroken
from competencies.people import Role
from lms.accounts.models import User
from lms.accounts.permissions import me
from lms.cohorts import actions, queries
from lms.cohorts.forms import CohortEditForm, CohortForm
from lms.cohorts.models import Cohort
from lms.cohorts.permissions import can_change_cohort, can_create_cohorts
from lms.cohorts.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries import programmes
from lms.organisations.models import Organisation
from lms.organisations.permissions import my_duties
from lms.organisations.queries import people_holding

FIELDS = {
    "cohort_exists": "name",
    "lead_not_allowed": "lead",
    "plan_start_far": "starts_on",
    "plan_dates": "planned_end_on",
    "plan_too_long": "planned_end_on",
    "planned_end_needed": "planned_end_on",
}


@bp.route("/cohorts/new", methods=["GET", "POST"])
@signed_in
def create() -> ResponseReturnValue:
    """Let a programme lead start a cohort."""
    duties, session = my_duties(), db.session()
    authorize(can_create_cohorts(duties))
    offered = [one for one in programmes(session) if one.status is not ProgrammeStatus.RETIRED]
    places = queries.organisations_led(session, duties)
    leads = people_holding(session, Role.PROGRAMME_LEAD, [place.id for place in places], on=duties.on)
    form = CohortForm(starts_on=duties.on, lead=me().id, organisation=places[0].id if len(places) == 1 else None)
    if form.offer(offered, places, leads).validate_on_submit():
        try:
            return _created(form)
        except RuleBroken as broken:
            form.refuse(broken, FIELDS.get(broken.code))
    return render_template("cohorts/create.html", form=form), 422 if form.is_submitted() else 200


def _created(form: CohortForm) -> ResponseReturnValue:
    with db.transaction() as session:
        cohort = actions.create_cohort(
            session,
            programme_version=session.get_one(ProgrammeVersion, form.programme_version.data),
            organisation=session.get_one(Organisation, form.organisation.data),
            name=form.name.data,
            starts_on=form.starts_on.data,
            planned_end_on=form.planned_end_on.data,
            lead=session.get_one(User, form.lead.data),
            by=me(),
            at=clock.now(),
        )
    flash(_("The cohort is made. Enrol its trainees now."), "done")
    return redirect(url_for(".enrol", cohort_id=cohort.id))


@bp.route("/cohorts/<uuid:cohort_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(cohort_id: UUID) -> ResponseReturnValue:
    """Let a programme lead change the name, the dates and the lead of a cohort."""
    duties, session = my_duties(), db.session()
    cohort = found(queries.one_cohort(session, duties, cohort_id))
    authorize(can_change_cohort(duties, cohort))
    form = CohortEditForm(
        version=cohort.version,
        name=cohort.name,
        starts_on=cohort.starts_on,
        planned_end_on=cohort.planned_end_on,
        lead=cohort.lead_id,
    ).offer(_leads(session, cohort))
    if form.validate_on_submit():
        try:
            return _edited(cohort, form)
        except RuleBroken as broken:
            form.refuse(broken, FIELDS.get(broken.code))
            cohort = found(queries.one_cohort(session, duties, cohort_id))
    return render_template("cohorts/edit.html", cohort=cohort, form=form), 422 if form.is_submitted() else 200


def _leads(session: Session, cohort: Cohort) -> list[User]:
    """Return who can lead the cohort: the programme leads of its organisation, and who leads it now."""
    leads = people_holding(session, Role.PROGRAMME_LEAD, [cohort.organisation_id], on=clock.today())
    return [*leads, *([] if cohort.lead in leads else [cohort.lead])]


def _edited(cohort: Cohort, form: CohortEditForm) -> ResponseReturnValue:
    with db.transaction() as session:
        actions.edit_cohort(
            session,
            cohort,
            version=form.version.data or 0,
            name=form.name.data,
            starts_on=form.starts_on.data,
            planned_end_on=form.planned_end_on.data,
            lead=session.get_one(User, form.lead.data),
            by=me(),
            at=clock.now(),
        )
    flash(_("The cohort is changed."), "done")
    return redirect(url_for("progress.cohort", cohort_id=cohort.id))
