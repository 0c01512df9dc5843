"""Giving an assessment that was asked, or closing it without one."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from competencies.errors import RuleBroken
from competencies.observations import AssessmentStatus, move
from lms.accounts.permissions import me
from lms.assessments import actions, drafts, queries
from lms.assessments.forms import AnswerForm, DeclineForm, form_for, typed_as
from lms.assessments.models import AnswerDraft, Assessment
from lms.assessments.permissions import can_answer, is_asked
from lms.assessments.values import answer_of, facts_asked, items_of, levels_to_choose, rating_scale, seen_version
from lms.assessments.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.answers import answered, done, is_for_script
from lms.core.forms import lines_in
from lms.core.words import _
from lms.organisations.permissions import my_duties

CONFLICTS = frozenset({"changed_meanwhile", "draft_elsewhere"})
"""The refusals that say that something else is there now."""


@bp.route("/assessments/<uuid:assessment_id>/submit", methods=["GET", "POST"])
@signed_in
def submit(assessment_id: UUID) -> ResponseReturnValue:
    """Let the one who was asked give the assessment; sent twice it is given once."""
    shown = asked_of_me(assessment_id)
    if request.method == "GET" and not can_answer(me(), shown):
        return redirect(url_for(".assessment", assessment_id=assessment_id))
    form = answer_form(shown)
    if shown.status is AssessmentStatus.SUBMITTED:
        return _again(form, shown)
    move(shown.status, AssessmentStatus.SUBMITTED)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _given(_submit(form, shown))
        except RuleBroken as broken:
            shown = asked_of_me(assessment_id)
            status = _refused(form, broken, shown)
    return answered(answer_page(form, shown), status, form)


def _given(name: str) -> ResponseReturnValue:
    """Answer that the assessment of the trainee with that name is given."""
    return done(_("Your assessment of %(name)s is given.", name=name), url_for(".waiting"))


def _again(form: AnswerForm, shown: Assessment) -> ResponseReturnValue:
    """Answer to the same that it is given, for it came twice, and to anything else that the first one stays."""
    if form.validate() and form.answer() == answer_of(shown):
        return _given(shown.trainee.name)
    broken = RuleBroken("answered_before")
    if not is_for_script():
        raise broken
    form.refuse(broken)
    there = type(form)(formdata=None, data=typed_as(answer_of(shown)))
    return answered("", 409, form, lines_in(there))


def asked_of_me(assessment_id: UUID) -> Assessment:
    """Return an assessment that was asked of this person: 404 for who may not see it, 403 for who was not asked."""
    shown = found(queries.one_visible(db.session(), my_duties(), assessment_id))
    authorize(is_asked(me(), shown))
    return shown


def answer_form(shown: Assessment) -> AnswerForm:
    """Return the form that fits the instrument, with what was typed before.

    A number to confirm starts as the trainee logged it.
    """
    kind = form_for(shown.instrument.result, rating_scale(shown), shown.direction, facts_asked(shown), items_of(shown))
    known = {"version": seen_version(shown), "quantity": shown.activity.quantity}
    draft = None if request.method == "POST" else _draft_of(shown)
    return kind(data=known | ({"revision": str(draft.revision)} | draft.typed if draft else {}))


def _draft_of(shown: Assessment) -> AnswerDraft | None:
    return drafts.draft_of(db.session(), shown, me())


def answer_page(form: AnswerForm, shown: Assessment) -> str:
    """Return the page of the form, and above it what was typed elsewhere where that is something else."""
    draft = _draft_of(shown)
    other = (
        draft if draft and draft.revision != form.seen and drafts.has_other_words(draft.typed, form.words()) else None
    )
    if draft is not None:
        form.revision.data = str(draft.revision)
    levels, today = levels_to_choose(shown), clock.today()
    return render_template(
        "assessments/submit.html", assessment=shown, form=form, levels=levels, elsewhere=other, today=today
    )


def _submit(form: AnswerForm, shown: Assessment) -> str:
    """Give the assessment and return the name of the trainee; of the same sent twice at once, one is given."""
    answer, name = form.answer(), shown.trainee.name
    try:
        with db.transaction() as session:
            actions.submit(session, shown, answer, seen=form.version.data, by=me(), at=clock.now())
            drafts.close(session, shown, by=me(), seen=form.seen, sent=form.words())
    except StaleDataError:
        standing = asked_of_me(shown.id)
        if standing.status is not AssessmentStatus.SUBMITTED or answer_of(standing) != answer:
            raise
    return name


def _refused(form: AnswerForm | DeclineForm, broken: RuleBroken, shown: Assessment) -> int:
    """Put the refusal into the form and return its status; whoever reads it now has the present version before them.

    A step that no longer exists goes up: there is nothing to send again.
    """
    if broken.code == "assessment_step":
        raise broken
    form.refuse(broken)
    form.version.data = seen_version(shown)
    return 409 if broken.code in CONFLICTS else 422


@bp.route("/assessments/<uuid:assessment_id>/decline", methods=["GET", "POST"])
@signed_in
def decline(assessment_id: UUID) -> ResponseReturnValue:
    """Let the one who was asked decline, with a reason."""
    shown = asked_of_me(assessment_id)
    if request.method == "GET" and not can_answer(me(), shown):
        return redirect(url_for(".assessment", assessment_id=assessment_id))
    move(shown.status, AssessmentStatus.DECLINED)
    form = DeclineForm(data={"version": seen_version(shown)})
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _decline(form, shown)
            return redirect(url_for(".waiting"))
        except RuleBroken as broken:
            shown = asked_of_me(assessment_id)
            status = _refused(form, broken, shown)
    return render_template("assessments/decline.html", assessment=shown, form=form, today=clock.today()), status


def _decline(form: DeclineForm, shown: Assessment) -> None:
    with db.transaction() as session:
        actions.decline(session, shown, reason=form.reason.data, seen=form.version.data, by=me(), at=clock.now())
    flash(_("The assessment is declined. The trainee reads your reason."), "done")
