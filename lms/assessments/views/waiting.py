"""Requests that wait: handed on, given more time, how many there may be, and how long ratings take."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.assessments import limits, queries, waiting
from lms.assessments.forms import DefaultLimitForm, HandOnForm, LimitForm
from lms.assessments.loads import load_words
from lms.assessments.models import Assessment, HandOn
from lms.assessments.permissions import can_extend, can_hand_on, can_read_delays, is_asked
from lms.assessments.values import seen_version
from lms.assessments.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.organisations.permissions import can_administer, my_duties
from lms.organisations.queries import one_visible as one_organisation


@bp.app_template_global()
def hands_of(assessment: Assessment) -> Sequence[HandOn]:
    """Return how a request went from hand to hand: its page shows every holder."""
    return queries.hand_ons_of(db.session(), [assessment.id])[assessment.id]


@bp.route("/assessments/<uuid:assessment_id>/hand-on", methods=["GET", "POST"])
@signed_in
def hand_on(assessment_id: UUID) -> ResponseReturnValue:
    """Let the one who holds a request hand it on to somebody else who can answer it."""
    shown = found(queries.one_visible(db.session(), my_duties(), assessment_id))
    authorize(is_asked(me(), shown) and can_hand_on(me(), shown))
    form = HandOnForm(data={"version": seen_version(shown)}).offer(_people(shown))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _hand_on(form, shown)
            return redirect(url_for(".waiting"))
        except RuleBroken as broken:
            shown = found(queries.one_visible(db.session(), my_duties(), assessment_id))
            status = _refused(form, broken, shown)
    return render_template("assessments/hand_on.html", assessment=shown, form=form, today=clock.today()), status


def _people(shown: Assessment) -> list[tuple[str, str]]:
    """Return who can be given the request, each with what waits for them; for whom enough waits, comes last."""
    session, today = db.session(), clock.today()
    known = queries.assessors_for(session, shown.enrolment.cohort, on=today)
    held = {*waiting.holders_before(session, shown.id), shown.assessor_id, shown.trainee_id}
    loads = queries.loads_of(session, [one.id for one in known], on=today)
    others = sorted((one for one in known if one.id not in held), key=lambda one: loads[one.id].is_full)
    return [(str(one.id), f"{one.name} – {load_words(loads[one.id])}") for one in others]


def _hand_on(form: HandOnForm, shown: Assessment) -> None:
    with db.transaction() as session:
        known = queries.assessors_for(session, shown.enrolment.cohort, on=clock.today())
        assessors = {one.id: one for one in known}
        to = form.assessor.data
        waiting.hand_on(session, shown, to=to, assessors=assessors, seen=form.version.data, by=me(), at=clock.now())
        name = assessors[to].name
    flash(_("%(name)s holds the request now. The trainee is told.", name=name), "done")


def _refused(form: HandOnForm, broken: RuleBroken, shown: Assessment) -> int:
    """Put the refusal into the form and return its status; a step that no longer exists goes up."""
    if broken.code == "assessment_step":
        raise broken
    form.refuse(broken, None if broken.code == "changed_meanwhile" else "assessor")
    form.version.data = seen_version(shown)
    return 409 if broken.code == "changed_meanwhile" else 422


@bp.post("/assessments/<uuid:assessment_id>/extend")
@signed_in
def extend(assessment_id: UUID) -> ResponseReturnValue:
    """Give a request more time, at the wish of who asked or who holds it."""
    shown = found(queries.one_visible(db.session(), my_duties(), assessment_id))
    authorize(can_extend(me(), shown))
    with db.transaction() as session:
        waiting.extend(session, shown, by=me(), at=clock.now())
    flash(_("The request has more time. The other side is told."), "done")
    return redirect(url_for(".assessment", assessment_id=assessment_id))


@bp.route("/assessments/limit", methods=["GET", "POST"])
@signed_in
def limit() -> ResponseReturnValue:
    """Let a person choose how many requests may wait for them."""
    form = LimitForm(data={"most": queries.own_limit(db.session(), me().id)})
    if form.validate_on_submit():
        with db.transaction() as session:
            limits.choose_limit(session, me(), most=form.most.data, by=me(), at=clock.now())
        flash(_("Your limit is stored."), "done")
        return redirect(url_for(".waiting"))
    load = queries.loads_of(db.session(), [me().id], on=clock.today())[me().id]
    page = render_template("assessments/limit.html", form=form, load=load)
    return page, 422 if form.is_submitted() else 200


@bp.route("/organisations/<uuid:organisation_id>/request-limit", methods=["GET", "POST"])
@signed_in
def default_limit(organisation_id: UUID) -> ResponseReturnValue:
    """Let an administrator choose how many requests may wait for a trainer who chose no number."""
    place = found(one_organisation(db.session(), my_duties(), organisation_id))
    authorize(can_administer(my_duties(), organisation_id))
    form = DefaultLimitForm(data={"most": queries.limit_of_organisation(db.session(), organisation_id)})
    if form.validate_on_submit():
        with db.transaction() as session:
            limits.choose_default(session, place, most=form.most.data, by=me(), at=clock.now())
        flash(_("The limit is stored."), "done")
        return redirect(url_for("organisations.organisation", organisation_id=organisation_id))
    page = render_template("assessments/default_limit.html", form=form, organisation=place)
    return page, 422 if form.is_submitted() else 200


@bp.get("/assessments/delays")
@signed_in
def delays() -> ResponseReturnValue:
    """Show who leads programmes how long ratings take, by programme and department."""
    authorize(can_read_delays(my_duties()))
    return render_template("assessments/delays.html", delays=queries.delays_seen(db.session(), my_duties()))
