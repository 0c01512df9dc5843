"""The pages on what the file of a trainee holds beside observations."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.attainments import AttainmentKind, AttainmentState
from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.attainments import actions, queries
from lms.attainments.forms import AttainmentForm, ReasonForm
from lms.attainments.models import AttainmentRow
from lms.attainments.offers import kinds_offered, offered_for
from lms.attainments.permissions import can_confirm, can_record, can_withdraw
from lms.attainments.values import state_of
from lms.attainments.words import what_words
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import one_enrolment
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.curriculum.plans import PlanInWords
from lms.curriculum.queries import planned
from lms.organisations.permissions import my_duties

bp = Blueprint("attainments", __name__)

ASKED = {
    "amount_out_of_range": "amount",
    "attained_before_enrolment": "done_on",
    "attained_in_future": "done_on",
    "exemption_not_offered": "ground",
    "proof_missing": "proof",
}
"""The field that a broken rule is about."""


@bp.get("/enrolments/<uuid:enrolment_id>/attainments")
@signed_in
def attainments(enrolment_id: UUID) -> ResponseReturnValue:
    """Show what the file of a trainee holds beside observations, and what waits for somebody."""
    session, duties = db.session(), my_duties()
    enrolment = found(one_enrolment(session, duties, enrolment_id))
    named = planned(session, enrolment.programme_version_id)
    rows = queries.attainments_of(session, enrolment.id)
    waiting = [row for row in rows if state_of(row) is AttainmentState.WAITING]
    of_then = queries.versions_of(session, enrolment, rows)
    return render_template(
        "attainments/attainments.html",
        enrolment=enrolment,
        groups=[(kind, [row for row in rows if row.kind is kind and row not in waiting]) for kind in AttainmentKind],
        waiting=waiting,
        kinds=kinds_offered(named) if can_record(duties, enrolment) else [],
        what=lambda row: what_words(row, planned(session, of_then[row.id])),
        state_of=state_of,
    )


@bp.route("/enrolments/<uuid:enrolment_id>/attainments/<string:kind>", methods=["GET", "POST"])
@signed_in
def record(enrolment_id: UUID, kind: str) -> ResponseReturnValue:
    """Let the trainee, or who stands beside them, record what was attained."""
    enrolment, named = _to_record(enrolment_id)
    chosen = _kind(kind, named)
    offered = offered_for(db.session(), enrolment, chosen, named, on=clock.today())
    form = AttainmentForm.of_kind(chosen, offered, done_on=clock.today(), organisation=enrolment.cohort.organisation_id)
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                account = form.account(chosen, offered)
                row = actions.record(session, enrolment, account, named.plan, by=me(), at=clock.now())
                key = row.id
            flash(_("This is recorded."), "done")
            return redirect(url_for(".attainment", attainment_id=key))
        except RuleBroken as broken:
            form.refuse(broken, _field(form, broken))
            enrolment, named = _to_record(enrolment_id)
    page = render_template("attainments/record.html", form=form, enrolment=enrolment, kind=chosen)
    return page, 422 if form.is_submitted() else 200


def _to_record(enrolment_id: UUID) -> tuple[Enrolment, PlanInWords]:
    session, duties = db.session(), my_duties()
    enrolment = found(one_enrolment(session, duties, enrolment_id))
    authorize(can_record(duties, enrolment))
    return enrolment, planned(session, enrolment.programme_version_id)


def _kind(kind: str, named: PlanInWords) -> AttainmentKind:
    """Return the kind, or answer 404 for one that the programme does not have."""
    return found(next((one for one in kinds_offered(named) if one.value == kind.replace("-", "_")), None))


def _field(form: AttainmentForm, broken: RuleBroken) -> str | None:
    """Return the field of this form that a broken rule is about; null where it has none."""
    name = ASKED.get(broken.code)
    name = "days" if name == "amount" and "days" in form else name
    return name if name in form else None


@bp.get("/attainments/<uuid:attainment_id>")
@signed_in
def attainment(attainment_id: UUID) -> ResponseReturnValue:
    """Show one attainment with everything that was done with it."""
    return _page(_one(attainment_id))


def _one(attainment_id: UUID) -> AttainmentRow:
    return found(queries.one_visible(db.session(), my_duties(), attainment_id))


def _page(row: AttainmentRow, form: ReasonForm | None = None) -> ResponseReturnValue:
    duties, session = my_duties(), db.session()
    named = planned(session, queries.versions_of(session, row.enrolment, [row])[row.id])
    page = render_template(
        "attainments/attainment.html",
        attainment=row,
        state=state_of(row),
        what=what_words(row, named),
        ground=named.title("ground", row.ground) if row.ground else None,
        may_confirm=can_confirm(duties, row),
        may_withdraw=can_withdraw(duties, row),
        form=form or ReasonForm(formdata=None),
    )
    return page, 422 if form else 200


@bp.post("/attainments/<uuid:attainment_id>/confirm")
@signed_in
def confirm(attainment_id: UUID) -> ResponseReturnValue:
    """Let somebody else than the trainee confirm what was recorded."""
    row = _one(attainment_id)
    authorize(can_confirm(my_duties(), row))
    with db.transaction() as session:
        actions.confirm(session, row, by=me(), at=clock.now())
    flash(_("This is confirmed and counts from now on."), "done")
    return redirect(url_for(".attainment", attainment_id=attainment_id))


@bp.post("/attainments/<uuid:attainment_id>/refuse")
@signed_in
def refuse(attainment_id: UUID) -> ResponseReturnValue:
    """Let somebody else than the trainee say that it does not count, and why."""
    row = _one(attainment_id)
    authorize(can_confirm(my_duties(), row))
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(row, form)
    with db.transaction() as session:
        actions.refuse(session, row, reason=form.reason.data, by=me(), at=clock.now())
    flash(_("This is not confirmed; the reason stands with it."), "done")
    return redirect(url_for(".attainment", attainment_id=attainment_id))


@bp.post("/attainments/<uuid:attainment_id>/withdraw")
@signed_in
def withdraw(attainment_id: UUID) -> ResponseReturnValue:
    """Let who recorded it, or a programme lead, take it back with a reason."""
    row = _one(attainment_id)
    authorize(can_withdraw(my_duties(), row))
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(row, form)
    with db.transaction() as session:
        actions.withdraw(session, row, reason=form.reason.data, by=me(), at=clock.now())
    flash(_("This is withdrawn and no longer counts."), "done")
    return redirect(url_for(".attainment", attainment_id=attainment_id))
