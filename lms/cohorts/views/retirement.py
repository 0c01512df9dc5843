"""Retiring a version of a programme, with who runs on it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.authoring.permissions import can_retire
from lms.authoring.queries import owner_of_programme
from lms.cohorts import queries
from lms.cohorts.forms import RetirementForm
from lms.cohorts.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.curriculum.actions import retire_version
from lms.curriculum.queries import life_of
from lms.organisations.permissions import my_duties


@bp.route("/programmes/<uuid:version_id>/retirement", methods=["GET", "POST"])
@signed_in
def retire(version_id: UUID) -> ResponseReturnValue:
    """Let no new cohort start on a version, and say who runs on it and stays."""
    life = found(life_of(db.session(), version_id))
    authorize(can_retire(my_duties(), owner_of_programme(db.session(), life.version.programme.key)))
    form = RetirementForm(retired_on=clock.today())
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                retire_version(
                    session,
                    life.version,
                    retired_on=form.retired_on.data,
                    reason=form.reason.data,
                    by=me(),
                    at=clock.now(),
                )
            flash(_("The version is retired. Who follows it keeps it."), "done")
            return redirect(url_for("authoring.drafts"))
        except RuleBroken as broken:
            form.refuse(broken, "retired_on" if broken.code == "retirement_in_past" else None)
            life = found(life_of(db.session(), version_id))
    followers = queries.followers_of(db.session(), my_duties(), version_id)
    status = 422 if form.is_submitted() else 200
    return render_template("cohorts/retire.html", life=life, form=form, followers=followers), status
