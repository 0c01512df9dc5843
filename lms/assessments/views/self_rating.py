"""Rating oneself beside the assessor, and what pages show of it to whom may see it by now."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.curricula import ResultKind
from competencies.errors import RuleBroken
from competencies.scales import Direction
from lms.accounts.permissions import me
from lms.assessments import queries
from lms.assessments.forms import AnswerForm, form_for
from lms.assessments.models import Assessment
from lms.assessments.permissions import can_rate_oneself
from lms.assessments.queries import OwnLevel
from lms.assessments.self_rating import rate_oneself
from lms.assessments.values import levels_of
from lms.assessments.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.answers import answered, done
from lms.core.words import _
from lms.curriculum.models import Epa
from lms.curriculum.queries import epas_by_id
from lms.curriculum.values import scale_of
from lms.logbook.models import Activity
from lms.logbook.queries import one_visible as one_activity
from lms.organisations.permissions import my_duties

LOOKING_BACK = Direction.RETROSPECTIVE


@bp.route("/activities/<uuid:activity_id>/epas/<uuid:epa_id>/own-rating", methods=["GET", "POST"])
@signed_in
def own_rating(activity_id: UUID, epa_id: UUID) -> ResponseReturnValue:
    """Let a trainee rate an act of their own, beside the assessor and before their answer."""
    activity, epa = _about(activity_id, epa_id)
    form = _form(epa)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        given = _standing(activity, epa)
        if given and (given.level, given.comment) == (form.answer().level, form.answer().comment):
            return _kept(activity_id)
        try:
            _keep(form, activity, epa)
            return _kept(activity_id)
        except RuleBroken as broken:
            activity, epa = _about(activity_id, epa_id)
            form.refuse(broken)
            status = 409
    levels = levels_of(scale_of(epa.scale) if epa.scale else None, LOOKING_BACK)
    standing = {"given": _standing(activity, epa), "late": epa_id in queries.answered_epas(db.session(), activity_id)}
    page = render_template("assessments/own.html", activity=activity, epa=epa, form=form, levels=levels, **standing)
    return answered(page, status, form)


def _about(activity_id: UUID, epa_id: UUID) -> tuple[Activity, Epa]:
    """Return an activity of the person's own and one of its EPAs, which has levels."""
    activity = found(one_activity(db.session(), my_duties(), activity_id))
    authorize(can_rate_oneself(me(), activity))
    epa = found(epas_by_id(db.session(), [one.id for one in activity.epas]).get(epa_id))
    return activity, found(epa if epa.scale else None)


def _form(epa: Epa) -> AnswerForm:
    scale = scale_of(epa.scale) if epa.scale else None
    return form_for(ResultKind.LEVEL, scale, LOOKING_BACK, {})()


def _standing(activity: Activity, epa: Epa) -> OwnLevel | None:
    return queries.self_ratings_of(db.session(), my_duties(), [activity.id]).get((activity.id, epa.id))


def _keep(form: AnswerForm, activity: Activity, epa: Epa) -> None:
    answer = form.answer()
    with db.transaction() as session:
        rate_oneself(session, activity, epa, level=found(answer.level), comment=answer.comment, by=me(), at=clock.now())


def _kept(activity_id: UUID) -> ResponseReturnValue:
    """Answer that the own rating is kept."""
    said = _("Your own rating is kept. Your assessor sees it once they gave theirs.")
    return done(said, url_for("logbook.activity", activity_id=activity_id))


@bp.app_template_global()
def own_ratings_of(activity: Activity) -> Mapping[UUID, OwnLevel]:
    """Return the own ratings of an activity that the reader may see by now, by EPA."""
    found_ones = queries.self_ratings_of(db.session(), my_duties(), [activity.id])
    return {epa_id: own for (_activity, epa_id), own in found_ones.items()}


@bp.app_template_global()
def own_rating_beside(assessment: Assessment) -> OwnLevel | None:
    """Return the trainee's own rating of what was assessed, if the reader may see it by now."""
    key = (assessment.activity_id, assessment.epa_id)
    return queries.self_ratings_of(db.session(), my_duties(), [assessment.activity_id]).get(key)


bp.add_app_template_global(can_rate_oneself)
