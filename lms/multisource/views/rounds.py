"""The list of rounds, opening one, and how far it is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.multisource import SELF, USUAL_TERM
from lms.accounts.permissions import me
from lms.cohorts.queries import enrolments_of_trainee, one_enrolment
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.multisource import actions, queries
from lms.multisource.forms import OpenForm
from lms.multisource.permissions import can_open, can_plan, can_read_report, can_run
from lms.multisource.values import RoundForm, circle_title, counts_of, group_title
from lms.multisource.views.blueprint import bp, one_round, own_to_run
from lms.organisations.permissions import my_duties

FIELDS = {"round_term": "closes_on"}


bp.add_app_template_global(counts_of, "feedback_counts")


@bp.get("/feedback-rounds")
@signed_in
def rounds() -> ResponseReturnValue:
    """Show the rounds about a person with their goals, those that wait for their answer, and those to talk over."""
    session, duties = db.session(), my_duties()
    enrolments = [one for one in enrolments_of_trainee(session, me().id) if can_open(duties, one)]
    own = queries.rounds_of(session, me().id)
    return render_template(
        "multisource/rounds.html",
        own=own,
        goals=[goal for one in own for goal in one.goals],
        asked=queries.asked_of(session, me().id),
        talks=queries.to_talk_over(session, me().id),
        led=queries.run_by(session, duties),
        enrolments=enrolments if not any(one.closed_at is None for one in own) else [],
    )


@bp.route("/enrolments/<uuid:enrolment_id>/feedback-rounds/new", methods=["GET", "POST"])
@signed_in
def open_round(enrolment_id: UUID) -> ResponseReturnValue:
    """Let the trainee, or a programme lead, open a round."""
    enrolment = found(one_enrolment(db.session(), my_duties(), enrolment_id))
    authorize(can_open(my_duties(), enrolment))
    forms = queries.forms_for(db.session(), enrolment)
    chosen = _chosen(forms)
    start = {"groups": [one.key for one in chosen.groups], "closes_on": clock.today() + timedelta(days=USUAL_TERM)}
    form = OpenForm(data=start).offer(chosen.groups)
    if form.validate_on_submit():
        try:
            return redirect(url_for(".ask", round_id=_open(enrolment_id, chosen, form)))
        except RuleBroken as broken:
            enrolment = found(one_enrolment(db.session(), my_duties(), enrolment_id))
            form.refuse(broken, FIELDS.get(broken.code))
    page = render_template("multisource/open.html", form=form, enrolment=enrolment, forms=forms, chosen=chosen)
    return page, 422 if form.is_submitted() else 200


def _chosen(forms: list[RoundForm]) -> RoundForm:
    """Return the form that the address names, else the first: that of the programme where it has one."""
    key = request.args.get("form")
    return found(next((one for one in forms if one.key == key), forms[0] if forms else None))


def _open(enrolment_id: UUID, chosen: RoundForm, form: OpenForm) -> UUID:
    with db.transaction() as session:
        enrolment = found(one_enrolment(session, my_duties(), enrolment_id))
        groups = [one for one in chosen.groups if one.key in form.groups.data]
        opened = actions.open_round(
            session, enrolment, chosen, groups, closes_on=form.closes_on.data, by=me(), at=clock.now()
        )
        return opened.id


@bp.get("/feedback-rounds/<uuid:round_id>")
@signed_in
def round_page(round_id: UUID) -> ResponseReturnValue:
    """Show how far a round is: numbers of each group, and never who answered."""
    round_ = one_round(round_id)
    counts = counts_of(round_)
    return render_template(
        "multisource/round.html",
        round=round_,
        counts=counts,
        missing=sum(one.lacks for one in counts),
        asked=[one for one in round_.raters if one.group_key != SELF],
        mine=queries.rater_in(db.session(), round_id, me().id),
        may_run=can_run(my_duties(), round_) and round_.closed_at is None,
        may_plan=can_plan(me(), round_),
        may_read=can_read_report(me(), round_),
        is_own=round_.trainee_id == me().id,
    )


@bp.post("/feedback-rounds/<uuid:round_id>/close")
@signed_in
def close(round_id: UUID) -> ResponseReturnValue:
    """Close a round before its last day, once each group has its minimum."""
    round_ = own_to_run(round_id)
    with db.transaction() as session:
        actions.close(session, round_, by=me(), at=clock.now())
    flash(_("The round is closed. Plan the conversation: then the report opens."), "done")
    return redirect(url_for(".round_page", round_id=round_id))


bp.add_app_template_global(group_title, "feedback_group")
bp.add_app_template_global(circle_title, "feedback_circle")
