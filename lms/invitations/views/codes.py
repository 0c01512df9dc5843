"""Showing a code to somebody who stands beside the trainee."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import segno
from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.invitations import LinkState
from lms.accounts.permissions import me
from lms.assessments.queries import ways_for
from lms.core import clock, db
from lms.core.access import found, signed_in
from lms.core.addresses import site_address
from lms.invitations import actions, queries
from lms.invitations.forms import CodeForm
from lms.invitations.models import Invitation
from lms.invitations.tokens import Purpose
from lms.invitations.values import link_state, named
from lms.invitations.views.blueprint import bp, tokens
from lms.invitations.views.inviting import FIELDS, chosen_way, offered, own_activity
from lms.logbook.models import Activity

QUIET_ZONE = 4
"""Modules of white around a code, as its standard asks."""


@bp.route("/activities/<uuid:activity_id>/code", methods=["GET", "POST"])
@signed_in
def show_code(activity_id: UUID) -> ResponseReturnValue:
    """Let a trainee make a code for somebody who stands beside them."""
    activity = own_activity(activity_id)
    form = offered(CodeForm, activity)
    if form.validate_on_submit():
        try:
            return redirect(url_for(".code", invitation_id=_make(form, activity)))
        except RuleBroken as broken:
            activity = own_activity(activity_id)
            form.refuse(broken, FIELDS.get(broken.code))
    page = render_template("invitations/show_code.html", form=form, activity=activity)
    return page, 422 if form.is_submitted() else 200


def _make(form: CodeForm, activity: Activity) -> UUID:
    with db.transaction() as session:
        way = chosen_way(form, ways_for(session, activity))
        made = actions.show_code(session, activity, way, tokens=tokens(), by=me(), at=clock.now())
        return made.id


@bp.get("/codes/<uuid:invitation_id>")
@signed_in
def code(invitation_id: UUID) -> ResponseReturnValue:
    """Show a code of the trainee's own, and what came of it."""
    invitation = found(queries.one_of_trainee(db.session(), me().id, invitation_id))
    state = link_state(invitation, invitation.assessment, at=clock.now())
    return render_template("invitations/code.html", invitation=invitation, state=state.value)


@bp.get("/codes/<uuid:invitation_id>/code.svg")
@signed_in
def picture(invitation_id: UUID) -> ResponseReturnValue:
    """Draw a code of the trainee's own, as long as it opens something."""
    invitation = found(queries.one_of_trainee(db.session(), me().id, invitation_id))
    state = link_state(invitation, invitation.assessment, at=clock.now())
    if state is not LinkState.OPEN or invitation.nonce is None:
        abort(404)
    return Response(_drawn(invitation, invitation.nonce), content_type="image/svg+xml")


def _drawn(invitation: Invitation, nonce: bytes) -> bytes:
    token = tokens().make(Purpose.ANSWER, named(invitation), nonce)
    drawn = segno.make_qr(site_address() + url_for(".answer", token=token), error="l", boost_error=True)
    file = BytesIO()
    drawn.save(file, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, svgclass=None)
    return file.getvalue()


@bp.post("/codes/<uuid:invitation_id>/withdraw")
@signed_in
def withdraw_code(invitation_id: UUID) -> ResponseReturnValue:
    """Let a code of the trainee's own open nothing any more."""
    invitation = found(queries.one_of_trainee(db.session(), me().id, invitation_id))
    with db.transaction() as session:
        actions.withdraw_code(session, invitation, by=me(), at=clock.now())
    return redirect(url_for("logbook.activity", activity_id=invitation.activity_id))
