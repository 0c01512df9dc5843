"""Who guides a trainee: assigned and ended from the page of the enrolment."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.accounts.permissions import me
from lms.cohorts import actions
from lms.cohorts.views.blueprint import bp
from lms.cohorts.views.enrolments import enrolment_page, guidance_form, refused, to_change
from lms.core import clock, db
from lms.core.access import found, signed_in
from lms.core.words import _

FIELDS = {
    "guidance_before_start": "starts_on",
    "guidance_dates": "ends_on",
    "trainer_assigned": "trainer",
    "trainer_is_trainee": "trainer",
    "trainer_not_allowed": "trainer",
}


@bp.post("/enrolments/<uuid:enrolment_id>/trainers")
@signed_in
def assign_trainer(enrolment_id: UUID) -> ResponseReturnValue:
    """Let a programme lead assign a trainer to an enrolment."""
    enrolment = to_change(enrolment_id)
    form = guidance_form(enrolment)
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                actions.assign_trainer(
                    session,
                    enrolment,
                    trainer=session.get_one(User, form.trainer.data),
                    starts_on=form.starts_on.data,
                    ends_on=form.ends_on.data,
                    by=me(),
                    at=clock.now(),
                )
            flash(_("The trainer is assigned."), "done")
            return redirect(url_for(".change_enrolment", enrolment_id=enrolment_id))
        except RuleBroken as broken:
            refused(form, broken, FIELDS)
            enrolment = to_change(enrolment_id)
    return enrolment_page(enrolment, guide=form)


@bp.post("/enrolments/<uuid:enrolment_id>/trainers/<uuid:guidance_id>/end")
@signed_in
def end_trainer(enrolment_id: UUID, guidance_id: UUID) -> ResponseReturnValue:
    """Let a programme lead end the guidance by a trainer, with today as its last day."""
    enrolment = to_change(enrolment_id)
    guidance = found(next((one for one in enrolment.trainers if one.id == guidance_id), None))
    with db.transaction() as session:
        actions.end_guidance(session, enrolment, guidance, on=clock.today(), by=me(), at=clock.now())
    flash(_("The guidance ends today."), "done")
    return redirect(url_for(".change_enrolment", enrolment_id=enrolment_id))
