"""Logging one activity, and changing it until somebody assessed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.observations import LISTED, ActivityKind
from lms.accounts.permissions import me
from lms.cohorts.models import Enrolment
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.answers import Lines, answered, done
from lms.core.keys import uuid7
from lms.core.security import accepts_up_to
from lms.core.words import _, rule_text
from lms.evidence.receiving import received
from lms.evidence.values import LARGEST_FORM
from lms.logbook import actions, queries
from lms.logbook.fields import ActivityForm
from lms.logbook.forms import LogForm
from lms.logbook.holding import add_file
from lms.logbook.models import Activity
from lms.logbook.permissions import can_correct, can_edit, is_own
from lms.logbook.values import Offered, epas_of, likely_kind, to_repeat
from lms.logbook.views.blueprint import FIELDS, bp, chosen_enrolment, not_logged
from lms.organisations.permissions import my_duties


@bp.route("/activities/new", methods=["GET", "POST"])
@accepts_up_to(LARGEST_FORM)
@signed_in
def log() -> ResponseReturnValue:
    """Let a trainee log an activity, and go on to ask for an assessment of it."""
    enrolment, others = chosen_enrolment()
    latest = queries.latest_activities(db.session(), enrolment.id)
    offered = queries.offered_to(db.session(), enrolment, on=clock.today())
    form = LogForm(data=_proposal(enrolment, latest))
    form.offer(offered, epas_of(latest))
    status = 422 if form.is_submitted() else 200
    standing: Lines = ()
    if form.validate_on_submit():
        try:
            logged = _log(form, enrolment, offered)
            return done(_("The activity is logged."), _asking(logged))
        except RuleBroken as broken:
            status, standing = not_logged(form, broken, enrolment)
            enrolment, others = chosen_enrolment()
            latest = queries.latest_activities(db.session(), enrolment.id)
    page = render_template(
        "logbook/log.html", form=form, enrolment=enrolment, others=others, repeatable=to_repeat(latest)
    )
    return answered(page, status, form, standing)


def _asking(activity_id: UUID) -> str:
    """Return the page on which an assessment is asked for, of the person whom the roster named where it did."""
    return url_for("assessments.ask", activity_id=activity_id, of=request.args.get("of", type=UUID))


def _proposal(enrolment: Enrolment, latest: Sequence[Activity]) -> dict[str, object]:
    """Return what the form starts with: today, the trainee's own department, and what is asked for.

    That is one EPA, or an activity to log again; the kind is the one that was logged last.
    """
    epa_id, like = (request.args.get(name, type=UUID) for name in ("epa", "like"))
    start: dict[str, object] = {
        "kind": likely_kind(latest),
        "performed_on": request.args.get("on", type=date.fromisoformat) or clock.today(),
        "department": request.args.get("department", type=UUID) or enrolment.department_id,
        "epas": [epa_id] if epa_id else [],
        "key": str(uuid7()),
    }
    if like is None:
        return start
    repeated = found(queries.one_of_enrolment(db.session(), enrolment.id, like))
    return start | {name: value for name, value in _standing(repeated).items() if name in REPEATED}


REPEATED = ("kind", "department", "epas", "note", "quantity", *LISTED)
"""What an activity that is logged again has of the other; its day is today."""


def _log(form: LogForm, enrolment: Enrolment, offered: Offered) -> UUID:
    with received(db.session(), form, owner=me()) as given, db.transaction() as session:
        (activity,) = actions.log(
            session,
            enrolment,
            [form.account()],
            key=form.opened_as,
            offered=offered,
            by=me(),
            on=clock.today(),
            at=clock.now(),
        )
        if given is not None:
            add_file(session, activity, given, by=me(), at=clock.now())
        return activity.id


@bp.route("/activities/<uuid:activity_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(activity_id: UUID) -> ResponseReturnValue:
    """Let the trainee change an activity that nobody assessed yet."""
    shown = found(queries.one_visible(db.session(), my_duties(), activity_id))
    authorize(is_own(me(), shown))
    offered = queries.offered_to(db.session(), shown.enrolment, on=clock.today(), standing=shown)
    latest = queries.latest_activities(db.session(), shown.enrolment_id)
    form = ActivityForm(data=_standing(shown)).offer(offered, epas_of(latest))
    if shown.kind is ActivityKind.REFLECTION:
        form.for_reflection()
    if not form.is_submitted() and not can_edit(me(), shown):
        return _instead_of_editing(shown)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _edit(form, shown, offered)
            flash(_("The activity is changed."), "done")
            return redirect(url_for(".activity", activity_id=activity_id))
        except RuleBroken as broken:
            shown = found(queries.one_visible(db.session(), my_duties(), activity_id))
            status = _refused(form, broken, shown)
    return render_template("logbook/edit.html", form=form, activity=shown), status


def _instead_of_editing(activity: Activity) -> ResponseReturnValue:
    """Lead on to a correction of what was assessed; what counts as it was written is only shown."""
    if can_correct(me(), activity):
        return redirect(url_for("assessments.correct", activity_id=activity.id))
    flash(rule_text(RuleBroken("activity_rated")), "warning")
    return redirect(url_for(".activity", activity_id=activity.id))


def _standing(activity: Activity) -> dict[str, object]:
    return {
        "kind": activity.kind,
        "performed_on": activity.performed_on,
        "department": activity.department_id,
        "epas": [epa.id for epa in activity.epas],
        "note": activity.note,
        "quantity": activity.quantity,
        "version": activity.version,
        **activity.contexts,
    }


def _edit(form: ActivityForm, activity: Activity, offered: Offered) -> None:
    with db.transaction() as session:
        actions.edit(
            session,
            activity,
            form.account(),
            seen=form.version.data,
            offered=offered,
            by=me(),
            on=clock.today(),
            at=clock.now(),
        )


def _refused(form: ActivityForm, broken: RuleBroken, activity: Activity) -> int:
    """Put the refusal into the form and return its status; whoever reads it now has the present version before them."""
    form.refuse(broken, FIELDS.get(broken.code))
    form.version.data = activity.version
    return 409 if broken.code in {"activity_rated", "changed_meanwhile"} else 422
