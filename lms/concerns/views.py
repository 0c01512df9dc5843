"""The pages on concerns: who guides a trainee writes and reads them, and the trainee reads what was talked over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.concerns import TALK_WITHIN, ConcernStep, TrustFactor, steps_from
from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.cohorts.models import Enrolment
from lms.concerns import actions, queries
from lms.concerns.forms import ConcernForm, StepForm
from lms.concerns.models import Concern
from lms.concerns.permissions import is_about
from lms.concerns.values import due_of, is_shared, shown_to_trainee, state_of, will_be_shown
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.keys import uuid7
from lms.core.words import _
from lms.logbook.queries import epas_for
from lms.organisations.permissions import my_duties

bp = Blueprint("concerns", __name__)

FIELDS = {
    "concern_after_enrolment": "seen_on",
    "concern_before_enrolment": "seen_on",
    "concern_in_future": "seen_on",
    "follow_up_past": "due_on",
    "talk_before_seen": "talked_on",
    "talk_in_future": "talked_on",
}
"""The field that a broken rule is about."""
CONFLICTS = {"changed_meanwhile", "concern_step", "form_used"}
"""The rules by which something else came first."""


@bp.get("/concerns")
@signed_in
def concerns() -> ResponseReturnValue:
    """Show the concerns about those whom a person guides, and those that were talked over with the person."""
    session, duties = db.session(), my_duties()
    theirs = queries.concerns_of_guide(session, duties)
    return _list(theirs, about_me=queries.concerns_about(session, duties.user_id))


@bp.get("/enrolments/<uuid:enrolment_id>/concerns")
@signed_in
def of_enrolment(enrolment_id: UUID) -> ResponseReturnValue:
    """Show the concerns about one trainee."""
    enrolment = _guided(enrolment_id)
    return _list(queries.concerns_of_guide(db.session(), my_duties(), enrolment_id), enrolment=enrolment)


def _list(
    theirs: Sequence[Concern], *, about_me: Sequence[Concern] = (), enrolment: Enrolment | None = None
) -> ResponseReturnValue:
    """Show concerns: those that wait for a step on top, the earliest day first."""
    waiting = [one for one in theirs if due_of(one) is not None]
    return render_template(
        "concerns/concerns.html",
        waiting=sorted(waiting, key=lambda one: due_of(one) or clock.today()),
        closed=[one for one in theirs if due_of(one) is None],
        about_me=about_me,
        enrolment=enrolment,
        state_of=state_of,
        due_of=due_of,
        today=clock.today(),
    )


def _guided(enrolment_id: UUID) -> Enrolment:
    return found(queries.one_guided_enrolment(db.session(), my_duties(), enrolment_id))


@bp.route("/enrolments/<uuid:enrolment_id>/concerns/new", methods=["GET", "POST"])
@signed_in
def write(enrolment_id: UUID) -> ResponseReturnValue:
    """Let somebody who guides the trainee write a concern down."""
    enrolment = _guided(enrolment_id)
    form = ConcernForm(data={"key": str(uuid7()), "seen_on": clock.today()})
    form.offer(epas_for(db.session(), enrolment))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                account, key = form.account(), form.opened_as
                written = actions.write(session, enrolment, account, key=key, by=me(), at=clock.now()).id
            flash(_("Your concern is written down. Now talk with the trainee."), "done")
            return redirect(url_for(".concern", concern_id=written))
        except RuleBroken as broken:
            form.refuse(broken, FIELDS.get(broken.code))
            enrolment, status = _guided(enrolment_id), 409 if broken.code in CONFLICTS else 422
            if broken.code in {"form_damaged", "form_used"}:
                form.open_anew()
    readers = queries.readers_of(db.session(), enrolment, on=clock.today())
    page = render_template("concerns/write.html", form=form, enrolment=enrolment, readers=readers, within=TALK_WITHIN)
    return page, status


@bp.get("/concerns/<uuid:concern_id>")
@signed_in
def concern(concern_id: UUID) -> ResponseReturnValue:
    """Show a concern to who guides the trainee, and to the trainee what was talked over."""
    shown = _one(concern_id)
    is_own = is_about(my_duties(), shown)
    state = state_of(shown)
    return render_template(
        "concerns/concern.html",
        concern=shown,
        is_own=is_own,
        tells_all=not is_own or is_shared(shown),
        steps=shown_to_trainee(shown) if is_own else shown.steps,
        seen_by_trainee={one.number for one in shown_to_trainee(shown)},
        is_shared=is_shared(shown),
        state=state,
        due_on=due_of(shown),
        next_steps=() if is_own else steps_from(state),
        readers=queries.readers_of(db.session(), shown.enrolment, on=clock.today()),
        factors=[TrustFactor(one) for one in shown.factors],
        today=clock.today(),
    )


def _one(concern_id: UUID) -> Concern:
    return found(queries.one_readable(db.session(), my_duties(), concern_id))


@bp.route("/concerns/<uuid:concern_id>/steps/<string:step>", methods=["GET", "POST"])
@signed_in
def add(concern_id: UUID, step: str) -> ResponseReturnValue:
    """Let somebody who guides the trainee add a step to a concern."""
    shown, chosen = _to_add_to(concern_id), _step(step)
    form = StepForm.for_step(chosen, seen=len(shown.steps), on=clock.today())
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                addition, seen = form.addition(chosen), form.seen.data
                actions.add(session, shown, addition, seen=seen, by=me(), at=clock.now())
            flash(_("This is added."), "done")
            return redirect(url_for(".concern", concern_id=concern_id))
        except RuleBroken as broken:
            form.refuse(broken, FIELDS.get(broken.code))
            shown, status = _to_add_to(concern_id), 409 if broken.code in CONFLICTS else 422
            form.seen.data = str(len(shown.steps))
    form.name_what_opens(shown)
    is_read = will_be_shown(shown, chosen)
    return render_template("concerns/step.html", form=form, concern=shown, step=chosen, is_read=is_read), status


def _to_add_to(concern_id: UUID) -> Concern:
    """Return a concern that the person may add to; the trainee is refused."""
    shown = _one(concern_id)
    authorize(not is_about(my_duties(), shown))
    return shown


def _step(step: str) -> ConcernStep:
    """Return the step that an address names, or answer 404."""
    return found(next((one for one in ConcernStep if one.value == step.replace("-", "_")), None))
