"""Inviting somebody by e-mail, and sending them another link."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.invitations import is_anybodys
from competencies.requests import likeliest, same_way
from lms.accounts.permissions import me
from lms.assessments.models import Assessment
from lms.assessments.permissions import can_ask
from lms.assessments.queries import ways_for
from lms.assessments.values import WaysToAsk, in_groups, scale_for, way_key, way_of
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.curriculum.queries import latest_scales
from lms.invitations import actions, queries
from lms.invitations.forms import CodeForm, InviteForm
from lms.invitations.models import Invitation
from lms.invitations.permissions import can_renew
from lms.invitations.values import Way
from lms.invitations.views.blueprint import bp, tokens
from lms.logbook.models import Activity
from lms.logbook.queries import one_visible as one_activity
from lms.organisations.permissions import my_duties

FIELDS = {"already_asked": "email", "own_assessment": "email", "instrument_not_offered": "way"}
"""The field of an invitation that a broken rule is about."""


@bp.app_template_global()
def invitation_of(assessment: Assessment) -> Invitation | None:
    """Return the invitation behind a request: the pages of assessments show how long its link lasts."""
    return queries.of_request(db.session(), assessment.id) if assessment.invited else None


@bp.app_template_global()
def may_renew(invitation: Invitation, assessment: Assessment) -> bool:
    """Return whether the reader may send another link for the request."""
    return can_renew(me(), invitation, assessment, at=clock.now())


def own_activity(activity_id: UUID) -> Activity:
    """Return an activity of the reader's own: 404 for who may not see it, 403 for whose it is not."""
    activity = found(one_activity(db.session(), my_duties(), activity_id))
    authorize(can_ask(me(), activity))
    return activity


def offered(kind: type[CodeForm], activity: Activity) -> CodeForm:
    """Return the form with what can be chosen, the likeliest chosen."""
    ways = ways_for(db.session(), activity)
    likely = likeliest(activity.kind, ways.all)
    proposal = {"epa": activity.epas[0].id, "way": way_key(likely) if likely else None}
    return kind(data=proposal).offer(in_groups(ways), activity.epas)


def chosen_way(form: CodeForm, ways: WaysToAsk) -> Way:
    """Return what was chosen; raises `RuleBroken` instrument_not_offered where the EPA is not assessed in that way."""
    epa, offers = ways.epas[form.epa_id], ways.offers[form.epa_id]
    offer = same_way(offers, *way_of(form.way.data))
    scale_id = scale_for(epa, offer, ways.instruments, latest_scales(db.session()))
    return Way(epa=epa, offer=offer, offers=offers, scale_id=scale_id)


@bp.route("/activities/<uuid:activity_id>/invite", methods=["GET", "POST"])
@signed_in
def invite(activity_id: UUID) -> ResponseReturnValue:
    """Let a trainee ask somebody by a link to their e-mail address."""
    activity = own_activity(activity_id)
    form = offered(InviteForm, activity)
    if form.validate_on_submit():
        try:
            _invite(form, activity)
            return redirect(url_for("logbook.activity", activity_id=activity_id))
        except RuleBroken as broken:
            activity = own_activity(activity_id)
            form.refuse(broken, FIELDS.get(broken.code))
    page = render_template("invitations/invite.html", form=form, activity=activity)
    return page, 422 if form.is_submitted() else 200


def _invite(form: InviteForm, activity: Activity) -> None:
    guest = form.guest()
    with db.transaction() as session:
        way = chosen_way(form, ways_for(session, activity))
        actions.invite(session, activity, guest, way, tokens=tokens(), by=me(), at=clock.now())
    flash(_("A link is on its way to %(email)s.", email=guest.email), "done")
    if is_anybodys(guest.email):
        flash(_("That is an address that anybody can make, so it says little about who answers."), "warning")


@bp.post("/invitations/<uuid:invitation_id>/renew")
@signed_in
def renew(invitation_id: UUID) -> ResponseReturnValue:
    """Send another link, or show another code, in the place of one that nothing came of."""
    invitation = found(queries.one_of_trainee(db.session(), me().id, invitation_id))
    request_id = invitation.assessment_id
    with db.transaction() as session:
        actions.renew(session, invitation, tokens=tokens(), by=me(), at=clock.now())
    if request_id is None:
        return redirect(url_for(".code", invitation_id=invitation_id))
    flash(_("Another link is on its way; the one before opens nothing any more."), "done")
    return redirect(url_for("assessments.assessment", assessment_id=request_id))
