"""Reading a round: the conversation that opens it, its report, and the goals that come of it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.multisource import GoalState
from lms.accounts.permissions import me
from lms.cohorts.queries import guides_of
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.multisource import pictures, queries, talks
from lms.multisource.forms import ConversationForm, GoalForm
from lms.multisource.models import FeedbackRound
from lms.multisource.permissions import can_plan, can_read_report
from lms.multisource.values import report_of
from lms.multisource.views.blueprint import bp, one_round
from lms.organisations.permissions import my_duties

FIELDS = {"conversation_past": "on", "reader_not_guide": "guide"}


@bp.route("/feedback-rounds/<uuid:round_id>/conversation", methods=["GET", "POST"])
@signed_in
def plan_conversation(round_id: UUID) -> ResponseReturnValue:
    """Let the trainee plan the conversation, or plan it otherwise."""
    round_ = one_round(round_id)
    authorize(can_plan(me(), round_), because=_("A conversation is planned by the trainee, once the round is closed."))
    guides = guides_of(db.session(), round_.trainee_id, on=clock.today())
    form = ConversationForm(data={"on": round_.conversation_on, "guide": round_.guide_id}).offer(guides)
    if form.validate_on_submit():
        try:
            _plan(form, round_)
            return redirect(url_for(".report", round_id=round_id))
        except RuleBroken as broken:
            round_ = one_round(round_id)
            form.refuse(broken, FIELDS.get(broken.code))
    page = render_template("multisource/conversation.html", form=form, round=round_)
    return page, 422 if form.is_submitted() else 200


def _plan(form: ConversationForm, round_: FeedbackRound) -> None:
    guides = guides_of(db.session(), round_.trainee_id, on=clock.today())
    with db.transaction() as session:
        talks.plan_conversation(
            session, round_, on=form.on.data, guide_id=form.guide_id, guides=guides, by=me(), at=clock.now()
        )
    flash(_("The conversation is planned, and the report is open for you both."), "done")


def _readable(round_id: UUID) -> FeedbackRound:
    """Return a round whose report the reader may read; to others it says when it opens, and for whom."""
    round_ = one_round(round_id)
    because = _("The report opens for the trainee and one guide, once they planned a conversation about it.")
    authorize(can_read_report(me(), round_), because=because)
    return round_


@bp.get("/feedback-rounds/<uuid:round_id>/report")
@signed_in
def report(round_id: UUID) -> ResponseReturnValue:
    """Show what was answered in a round, as far as nobody can be found in it."""
    round_ = _readable(round_id)
    shown = report_of(round_, queries.answers_of(db.session(), round_id))
    size = pictures.size_of(round_, shown)
    narrow = pictures.size_of(round_, shown, narrow=True)
    return render_template(
        "multisource/report.html", round=round_, report=shown, size=size, narrow=narrow, is_own=_is_own(round_)
    )


def _is_own(round_: FeedbackRound) -> bool:
    return round_.trainee_id == me().id


@bp.get("/feedback-rounds/<uuid:round_id>/report.svg")
@signed_in
def picture(round_id: UUID) -> ResponseReturnValue:
    """Draw what was chosen, by item and group."""
    round_ = _readable(round_id)
    shown = report_of(round_, queries.answers_of(db.session(), round_id))
    return pictures.answer(round_, shown, narrow=request.args.get("size") == "narrow")


@bp.route("/feedback-rounds/<uuid:round_id>/goals/new", methods=["GET", "POST"])
@signed_in
def set_goal(round_id: UUID) -> ResponseReturnValue:
    """Let the trainee or the guide record a goal that they set together."""
    round_ = _readable(round_id)
    form = GoalForm()
    if form.validate_on_submit():
        with db.transaction() as session:
            talks.set_goal(
                session,
                round_,
                what=form.what.data,
                seen_by=form.seen_by.data,
                due_on=form.due,
                by=me(),
                at=clock.now(),
            )
        flash(_("The goal is stored."), "done")
        return redirect(url_for(".report", round_id=round_id))
    page = render_template("multisource/goal.html", form=form, round=round_)
    return page, 422 if form.is_submitted() else 200


@bp.post("/feedback-goals/<uuid:goal_id>/reached")
@signed_in
def reach_goal(goal_id: UUID) -> ResponseReturnValue:
    """Keep that a goal is reached."""
    return _settle(goal_id, GoalState.REACHED)


@bp.post("/feedback-goals/<uuid:goal_id>/continued")
@signed_in
def continue_goal(goal_id: UUID) -> ResponseReturnValue:
    """Keep that a goal goes on."""
    return _settle(goal_id, GoalState.CONTINUED)


def _settle(goal_id: UUID, state: GoalState) -> ResponseReturnValue:
    goal = found(queries.one_goal(db.session(), my_duties(), goal_id))
    authorize(can_read_report(me(), goal.round))
    round_id = goal.round_id
    with db.transaction() as session:
        talks.settle_goal(session, goal, state=state, by=me(), at=clock.now())
    return redirect(url_for(".report", round_id=round_id))
