"""Correcting an activity that was assessed already: those who assessed it are told."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.assessments import actions
from lms.assessments.forms import CorrectionForm
from lms.assessments.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.logbook.models import Activity
from lms.logbook.permissions import can_correct, can_edit, is_own
from lms.logbook.queries import offered_to
from lms.logbook.queries import one_visible as one_activity
from lms.logbook.values import Offered
from lms.organisations.permissions import my_duties

FIELDS = {
    "activity_in_future": "performed_on",
    "activity_before_enrolment": "performed_on",
    "activity_after_enrolment": "performed_on",
    "correction_reason_missing": "reason",
    "department_not_involved": "department",
    "epa_asked": "epas",
    "epa_not_offered": "epas",
    "performed_after_rating": "performed_on",
    "quantity_out_of_range": "quantity",
    "reflection_stays": "kind",
    "round_stays_round": "kind",
}
"""The field that a broken rule is about."""


@bp.route("/activities/<uuid:activity_id>/correct", methods=["GET", "POST"])
@signed_in
def correct(activity_id: UUID) -> ResponseReturnValue:
    """Let the trainee correct an activity that was assessed, with a reason."""
    shown = found(one_activity(db.session(), my_duties(), activity_id))
    authorize(is_own(me(), shown))
    if can_edit(me(), shown):
        return redirect(url_for("logbook.edit", activity_id=activity_id))
    authorize(can_correct(me(), shown))
    offered = offered_to(db.session(), shown.enrolment, on=clock.today(), standing=shown)
    form = _form(shown, offered)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _correct(form, shown, offered)
            flash(_("The activity is corrected. Who assessed it sees what you changed."), "done")
            return redirect(url_for("logbook.activity", activity_id=activity_id))
        except RuleBroken as broken:
            shown = found(one_activity(db.session(), my_duties(), activity_id))
            status = _refused(form, broken, shown)
    return render_template("assessments/correct.html", form=form, activity=shown), status


def _form(activity: Activity, offered: Offered) -> CorrectionForm:
    """Return the form with what stands there; its own EPAs come first."""
    own = {epa.id for epa in activity.epas}
    form = CorrectionForm(
        data={
            "kind": activity.kind,
            "performed_on": activity.performed_on,
            "department": activity.department_id,
            "epas": list(own),
            "note": activity.note,
            "quantity": activity.quantity,
            "version": activity.version,
            **activity.contexts,
        }
    )
    form.offer(offered, own)
    return form


def _correct(form: CorrectionForm, activity: Activity, offered: Offered) -> None:
    with db.transaction() as session:
        actions.correct(
            session,
            activity,
            form.account(),
            reason=form.reason.data,
            seen=form.version.data,
            offered=offered,
            by=me(),
            at=clock.now(),
        )


def _refused(form: CorrectionForm, broken: RuleBroken, activity: Activity) -> int:
    """Put the refusal into the form and return its status; whoever reads it now has the present version before them."""
    form.refuse(broken, FIELDS.get(broken.code))
    form.version.data = activity.version
    return 409 if broken.code == "changed_meanwhile" else 422
