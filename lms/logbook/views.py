"""The pages on which a trainee logs activities."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from lms.accounts.permissions import me
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import departments_near, enrolments_of_trainee
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.keys import uuid7
from lms.core.words import _, rule_text
from lms.curriculum.models import Epa
from lms.logbook import actions, queries
from lms.logbook.forms import ActivityForm, LogForm
from lms.logbook.models import Activity
from lms.logbook.permissions import can_edit, can_log, is_own
from lms.logbook.values import epa_line, known_first
from lms.organisations.permissions import my_duties

bp = Blueprint("logbook", __name__)
bp.add_app_template_filter(epa_line)

FIELDS = {
    "activity_in_future": "performed_on",
    "activity_before_enrolment": "performed_on",
    "activity_after_enrolment": "performed_on",
    "department_not_involved": "department",
    "epa_asked": "epas",
    "epa_not_offered": "epas",
    "quantity_out_of_range": "quantity",
    "round_stays_round": "kind",
}
"""The field that a broken rule is about."""
ON_TO = {ActivityKind.REFLECTION: "logbook.activity"}
"""Where to go after logging: to ask for an assessment, but not where what is written counts by itself."""


@bp.get("/activities")
@signed_in
def activities() -> ResponseReturnValue:
    """Show a trainee's own activities, the latest first."""
    before = request.args.get("before")
    page = queries.activities_of(db.session(), me().id, before=before)
    older = url_for(".activities", before=page.next_cursor) if page.next_cursor else None
    newest = url_for(".activities") if before else None
    return render_template(
        "logbook/activities.html",
        activities=page.rows,
        older_url=older,
        newest_url=newest,
        may_log=bool(_open_enrolments()),
    )


def _open_enrolments() -> Sequence[Enrolment]:
    """Return the enrolments on which the person may log today, the newest first."""
    mine = enrolments_of_trainee(db.session(), me().id)
    return [one for one in mine if can_log(me(), one, clock.today())]


@bp.route("/activities/new", methods=["GET", "POST"])
@signed_in
def log() -> ResponseReturnValue:
    """Let a trainee log an activity, and go on to ask for an assessment of it."""
    enrolment, others = _enrolment()
    form = LogForm(data=_proposal(enrolment))
    _offered(form, enrolment)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            logged = _log(form, enrolment)
            flash(_("The activity is logged."), "done")
            return redirect(url_for(ON_TO.get(form.kind.data, "assessments.ask"), activity_id=logged))
        except RuleBroken as broken:
            status = _not_logged(form, broken)
            enrolment, others = _enrolment()
    return render_template("logbook/log.html", form=form, enrolment=enrolment, others=others), status


def _enrolment() -> tuple[Enrolment, Sequence[Enrolment]]:
    """Return the enrolment to log on, the newest unless another is asked for, and the person's other ones."""
    mine = _open_enrolments()
    authorize(bool(mine))
    asked = request.args.get("enrolment", type=UUID)
    chosen = found(next((one for one in mine if asked in {None, one.id}), None))
    return chosen, [one for one in mine if one is not chosen]


def _proposal(enrolment: Enrolment) -> dict[str, object]:
    """Return what the form starts with: today, the trainee's own department, and the EPA that was asked for."""
    epa_id = request.args.get("epa", type=UUID)
    return {
        "performed_on": clock.today(),
        "department": enrolment.department_id,
        "epas": [epa_id] if epa_id else [],
        "key": str(uuid7()),
    }


def _offered(form: ActivityForm, enrolment: Enrolment, standing: Sequence[Epa] = ()) -> ActivityForm:
    """Return the form with what the trainee can choose from, the EPAs that were used last in front.

    An EPA that the activity is about stays to choose from, though the trainee follows another version by now.
    """
    offered = queries.epas_for(db.session(), enrolment)
    epas = [*(epa for epa in standing if epa not in offered), *offered]
    recent = queries.recent_epas(db.session(), enrolment.id)
    return form.offer(known_first(epas, recent), departments_near(db.session(), enrolment.cohort, on=clock.today()))


def _log(form: LogForm, enrolment: Enrolment) -> UUID:
    with db.transaction() as session:
        epas = {epa.id: epa for epa in queries.epas_for(session, enrolment)}
        departments = departments_near(session, enrolment.cohort, on=clock.today())
        (activity,) = actions.log(
            session,
            enrolment,
            [form.account()],
            key=form.opened_as,
            epas=epas,
            departments={one.id for one in departments},
            by=me(),
            on=clock.today(),
            at=clock.now(),
        )
        return activity.id


def _not_logged(form: LogForm, broken: RuleBroken) -> int:
    """Put the refusal into the form and return its status; a form that was used or damaged is opened anew."""
    form.refuse(broken, FIELDS.get(broken.code))
    if broken.code in {"form_damaged", "form_used"}:
        form.open_anew()
    return 409 if broken.code == "form_used" else 422


@bp.get("/activities/<uuid:activity_id>")
@signed_in
def activity(activity_id: UUID) -> ResponseReturnValue:
    """Show one activity and what was asked and said about it."""
    shown = found(queries.one_visible(db.session(), my_duties(), activity_id))
    return render_template("logbook/activity.html", activity=shown, may_edit=can_edit(me(), shown))


@bp.route("/activities/<uuid:activity_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(activity_id: UUID) -> ResponseReturnValue:
    """Let the trainee change an activity that nobody assessed yet."""
    shown = found(queries.one_visible(db.session(), my_duties(), activity_id))
    authorize(is_own(me(), shown))
    form = _offered(ActivityForm(data=_standing(shown)), shown.enrolment, shown.epas)
    if not form.is_submitted() and not can_edit(me(), shown):
        flash(rule_text(RuleBroken("activity_rated")), "warning")
        return redirect(url_for(".activity", activity_id=activity_id))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _edit(form, shown)
            flash(_("The activity is changed."), "done")
            return redirect(url_for(".activity", activity_id=activity_id))
        except RuleBroken as broken:
            shown = found(queries.one_visible(db.session(), my_duties(), activity_id))
            status = _refused(form, broken, shown)
    return render_template("logbook/edit.html", form=form, activity=shown), status


def _standing(activity: Activity) -> dict[str, object]:
    return {
        "kind": activity.kind,
        "performed_on": activity.performed_on,
        "department": activity.department_id,
        "epas": [epa.id for epa in activity.epas],
        "note": activity.note,
        "quantity": activity.quantity,
        "version": activity.version,
    }


def _edit(form: ActivityForm, activity: Activity) -> None:
    with db.transaction() as session:
        epas = {epa.id: epa for epa in (*activity.epas, *queries.epas_for(session, activity.enrolment))}
        departments = departments_near(session, activity.enrolment.cohort, on=clock.today())
        actions.edit(
            session,
            activity,
            form.account(),
            seen=form.version.data,
            epas=epas,
            departments={one.id for one in departments},
            by=me(),
            on=clock.today(),
            at=clock.now(),
        )


def _refused(form: ActivityForm, broken: RuleBroken, activity: Activity) -> int:
    """Put the refusal into the form and return its status; whoever reads it now has the present version before them."""
    form.refuse(broken, FIELDS.get(broken.code))
    form.version.data = activity.version
    return 409 if broken.code in {"activity_rated", "changed_meanwhile"} else 422
