"""Saving what an assessor typed, and closing what they did not see; both from the form of an answer."""

from __future__ import annotations

from uuid import UUID

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.assessments import actions, drafts
from lms.assessments.forms import AnswerForm
from lms.assessments.models import Assessment
from lms.assessments.views.answering import answer_form, answer_page, asked_of_me
from lms.assessments.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import signed_in
from lms.core.answers import done, is_for_script
from lms.core.templating import moment
from lms.core.words import _, rule_text


@bp.post("/assessments/<uuid:assessment_id>/draft")
@signed_in
def save_draft(assessment_id: UUID) -> ResponseReturnValue:
    """Save what the assessor typed so far: by itself while they type, or by a button."""
    shown = asked_of_me(assessment_id)
    form = answer_form(shown)
    if not form.is_storable():
        return _not_saved(form, shown, " ".join(str(said) for field in form for said in field.errors), 422)
    now = clock.now()
    try:
        with db.transaction() as session:
            revision = drafts.save(session, shown, form.typed(), seen=form.seen, by=me(), at=now)
    except RuleBroken as broken:
        if broken.code != "draft_elsewhere" and not is_for_script():
            raise
        form.refuse(broken)
        return _not_saved(form, asked_of_me(assessment_id), rule_text(broken), 409)
    if is_for_script():
        return jsonify(message=_("Saved at %(time)s", time=moment(now).rpartition(" ")[2]), revision=revision)
    flash(_("Your draft is saved. Only you see it."), "done")
    return redirect(url_for(".submit", assessment_id=assessment_id))


def _not_saved(form: AnswerForm, shown: Assessment, said: str, status: int) -> ResponseReturnValue:
    if not is_for_script():
        return answer_page(form, shown), status
    page = {"url": url_for(".submit", assessment_id=shown.id), "label": _("look at both")} if status == 409 else {}
    return jsonify(message=said, **page), status


@bp.post("/assessments/<uuid:assessment_id>/not-observed")
@signed_in
def say_not_observed(assessment_id: UUID) -> ResponseReturnValue:
    """Let the one who was asked say that they did not see it; what they typed goes along."""
    shown = asked_of_me(assessment_id)
    form = answer_form(shown)
    if not form.is_storable():
        return answer_page(form, shown), 422
    try:
        with db.transaction() as session:
            actions.say_not_observed(
                session, shown, words=form.comment.data, seen=form.version.data, by=me(), at=clock.now()
            )
            drafts.close(session, shown, by=me(), seen=form.seen, sent=form.words())
    except RuleBroken as broken:
        if broken.code == "assessment_step":
            raise
        shown = asked_of_me(assessment_id)
        form.refuse(broken)
        return answer_page(form, shown), 409
    return done(_("The request is closed: you did not see it. It counts nowhere."), url_for(".waiting"))
