"""The pages that show assessments: what waits for a person, what they gave, and one in full."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.observations import AssessmentStatus
from lms.accounts.permissions import me
from lms.assessments import queries
from lms.assessments.forms import said_of
from lms.assessments.models import Assessment
from lms.assessments.permissions import can_answer, can_extend, can_hand_on, can_start, can_withdraw
from lms.assessments.values import CameOf, is_corrected, items_of, rating_scale
from lms.assessments.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import found, signed_in
from lms.core.words import in_language
from lms.logbook.models import Activity
from lms.logbook.queries import corrections_of
from lms.logbook.values import Correction, Listed
from lms.organisations.permissions import my_duties

TOLD_FOR = timedelta(days=30)
"""So long an assessor is told of a correction of what they assessed, beside what waits."""


@bp.app_template_global()
def assessments_about(activities: Collection[Activity]) -> Mapping[UUID, list[Assessment]]:
    """Return what was asked about each of the activities: pages of the logbook show it beside them."""
    return queries.of_activities(db.session(), [one.id for one in activities])


@bp.app_template_global()
def came_of_activities(activities: Collection[Listed]) -> Mapping[UUID, list[CameOf]]:
    """Return what came of the requests about each of the activities, for a list of them."""
    return queries.came_of_activities(db.session(), [one.id for one in activities])


@bp.get("/assessments")
@signed_in
def waiting() -> ResponseReturnValue:
    """Show what waits for an answer of the person, the oldest first."""
    session, since = db.session(), clock.now() - TOLD_FOR
    return render_template(
        "assessments/waiting.html",
        assessments=queries.waiting_for(session, me().id),
        may_start=can_start(my_duties()),
        corrected=queries.corrected_since(session, me().id, since=since),
        today=clock.today(),
    )


@bp.get("/assessments/given")
@signed_in
def given() -> ResponseReturnValue:
    """Show what the person answered, the latest first."""
    before = request.args.get("before")
    page = queries.given_by(db.session(), me().id, before=before)
    older = url_for(".given", before=page.next_cursor) if page.next_cursor else None
    newest = url_for(".given") if before else None
    return render_template("assessments/given.html", assessments=page.rows, older_url=older, newest_url=newest)


@bp.get("/assessments/<uuid:assessment_id>")
@signed_in
def assessment(assessment_id: UUID) -> ResponseReturnValue:
    """Show one assessment: who holds it and since when, or what was said."""
    shown = found(queries.one_visible(db.session(), my_duties(), assessment_id))
    return render_template(
        "assessments/assessment.html",
        assessment=shown,
        corrections=_corrected_since(shown),
        may_answer=can_answer(me(), shown),
        may_extend=can_extend(me(), shown),
        may_hand_on=can_hand_on(me(), shown),
        may_withdraw=can_withdraw(me(), shown),
        today=clock.today(),
    )


@bp.app_template_global()
def answered_items(assessment: Assessment) -> list[tuple[str, str]]:
    """Return what was answered to the items of the form, each under its question; needs the form and the scale."""
    items = {item.key: item for item in items_of(assessment)}
    return [
        (in_language(items[key].title), said_of(items[key], one, rating_scale(assessment)))
        for key, one in (assessment.answers or {}).items()
    ]


def _corrected_since(shown: Assessment) -> Sequence[Correction]:
    """Return what the trainee corrected after the assessment was given."""
    if shown.status is not AssessmentStatus.SUBMITTED or not is_corrected(shown):
        return ()
    found = corrections_of(db.session(), shown.activity)
    return [one for one in found if shown.answered_at is None or one.version.recorded_at > shown.answered_at]
