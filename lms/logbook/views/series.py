"""Logging a series at once: what was done so many times for each EPA, on one or more days."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.cohorts.models import Enrolment
from lms.core import clock, db
from lms.core.access import signed_in
from lms.core.answers import answered, done
from lms.core.keys import uuid7
from lms.core.words import ngettext
from lms.logbook import actions, queries
from lms.logbook.forms import SeriesForm, series_form
from lms.logbook.values import Offered, days_to_choose, epas_of, likely_kind
from lms.logbook.views.blueprint import bp, chosen_enrolment, not_logged


@bp.route("/activities/series", methods=["GET", "POST"])
@signed_in
def series() -> ResponseReturnValue:
    """Let a trainee log what was done in a shift or in several, an activity for each EPA and day."""
    enrolment, others = chosen_enrolment()
    offered = queries.offered_to(db.session(), enrolment, on=clock.today())
    form = _form(enrolment, offered)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return done(_told(_log(form, enrolment, offered)), url_for(".activities"))
        except RuleBroken as broken:
            status, _standing = not_logged(form, broken, enrolment)
            enrolment, others = chosen_enrolment()
    page = render_template("logbook/series.html", form=form, enrolment=enrolment, others=others)
    return answered(page, status, form)


def _form(enrolment: Enrolment, offered: Offered) -> SeriesForm:
    """Return the form with a number for each EPA, those that were used last in front; today is chosen."""
    latest = queries.latest_activities(db.session(), enrolment.id)
    return series_form(
        offered,
        epas_of(latest),
        days_to_choose(enrolment.starts_on, clock.today()),
        kind=likely_kind(latest),
        department=enrolment.department_id,
        key=str(uuid7()),
    )


def _log(form: SeriesForm, enrolment: Enrolment, offered: Offered) -> Sequence[int]:
    """Log what was filled in, and return the number of times of each activity."""
    with db.transaction() as session:
        logged = actions.log(
            session,
            enrolment,
            form.accounts(offered.epas),
            key=form.opened_as,
            offered=offered,
            by=me(),
            on=clock.today(),
            at=clock.now(),
        )
        return [one.quantity for one in logged]


def _told(times: Sequence[int]) -> str:
    """Return in one line what was logged."""
    said = ngettext("%(num)d activity is logged", "%(num)d activities are logged", len(times))
    return f"{said}: {ngettext('%(num)d time in all', '%(num)d times in all', sum(times))}."
