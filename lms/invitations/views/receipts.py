"""Saying that an assessment was not yours."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from competencies.errors import RuleBroken
from competencies.invitations import can_disown
from competencies.observations import AssessmentStatus
from lms.core import clock, db
from lms.core.access import by_link, found
from lms.core.forms import Confirm
from lms.invitations import actions, queries
from lms.invitations.tokens import Purpose
from lms.invitations.views.blueprint import LinkShut, Shut, bp, opened


@bp.route("/n/<secret:token>", methods=["GET", "POST"])
@by_link
def receipt(token: str) -> ResponseReturnValue:
    """Let who got the receipt say that the assessment was not theirs: it counts no longer."""
    invitation, now = opened(Purpose.DISOWN, token)
    given = queries.asked_by_link(db.session(), invitation)
    if not can_disown(answered_at=found(invitation.answered_at), at=now):
        raise LinkShut(Shut.EXPIRED)
    form = Confirm()
    sure = form.validate_on_submit()
    if form.errors.get("csrf_token"):
        raise CSRFError
    if sure and given.status is AssessmentStatus.SUBMITTED:
        try:
            with db.transaction() as session:
                actions.disown(session, invitation, given, at=clock.now())
        except RuleBroken as broken:
            raise LinkShut(Shut.USED) from broken
    if sure:
        return redirect(url_for(".receipt", token=token))
    return render_template("invitations/receipt.html", assessment=given, form=form)
