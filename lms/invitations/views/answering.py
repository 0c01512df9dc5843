"""Answering by a link: one screen, once, in one browser."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from competencies.errors import RuleBroken
from competencies.invitations import LASTS, SHOWN_FOR, Identity, LinkState, can_read_back
from lms.assessments.forms import form_for
from lms.assessments.models import Assessment
from lms.assessments.values import facts_asked, items_of, levels_to_choose, rating_scale, seen_version
from lms.core import clock, db
from lms.core.access import by_link
from lms.core.forms import Confirm
from lms.invitations import actions, queries
from lms.invitations.forms import LinkForm, link_form
from lms.invitations.models import Invitation
from lms.invitations.tokens import Purpose
from lms.invitations.values import link_state
from lms.invitations.views.blueprint import LinkShut, Shut, bp, opened, tokens
from lms.invitations.views.browsers import is_bound_to, mark_of, new_mark

COOKIE = "bekwaam_link"
KEPT_FOR = max(LASTS.values()) + SHOWN_FOR
"""As long as a link lasts, and the day after on which what was sent can be read back."""
FIELDS = {"link_of_another": "email", "own_assessment": "email"}
SHUT = {LinkState.EXPIRED: Shut.EXPIRED, LinkState.WITHDRAWN: Shut.WITHDRAWN, LinkState.USED: Shut.USED}


@bp.route("/r/<secret:token>", methods=["GET", "POST"])
@by_link
def answer(token: str) -> ResponseReturnValue:
    """Let who holds the link give the assessment that it asks for."""
    invitation, asked, now = _opened(token)
    mark = mark_of(invitation, request.cookies.get(COOKIE))
    state = link_state(invitation, asked, at=now)
    if state is LinkState.USED and _may_read_back(invitation, mark, now):
        return render_template("invitations/sent.html", assessment=asked)
    if state is not LinkState.OPEN:
        raise LinkShut(SHUT[state])
    mark = mark or new_mark(invitation)
    if invitation.browser_hash is not None and not is_bound_to(invitation, mark):
        raise LinkShut(Shut.ELSEWHERE)
    if request.method == "POST" and not Confirm().validate():
        raise CSRFError  # A form that is not from our page binds nothing.
    return _kept_to(token, mark, _answered(invitation, asked, token, mark))


def _opened(token: str) -> tuple[Invitation, Assessment, datetime]:
    """Return the invitation that the link opens, what it asks, and the moment."""
    invitation, now = opened(Purpose.ANSWER, token)
    return invitation, queries.asked_by_link(db.session(), invitation), now


def _may_read_back(invitation: Invitation, mark: str | None, now: datetime) -> bool:
    """Return whether this is the browser that sent the answer, within a day of it."""
    at = invitation.answered_at
    return at is not None and is_bound_to(invitation, mark) and can_read_back(answered_at=at, at=now)


def _form(invitation: Invitation, asked: Assessment) -> LinkForm:
    """Return the form that fits the instrument, with what is known of who answers."""
    kind = form_for(asked.instrument.result, rating_scale(asked), asked.direction, facts_asked(asked), items_of(asked))
    known = {"version": seen_version(asked), "quantity": asked.activity.quantity}
    if invitation.identity is Identity.KNOWN_ADDRESS:
        known |= {"name": asked.assessor.name, "role": invitation.stated_role, "email": asked.assessor.email}
    return link_form(kind)(data=known)


def _answered(invitation: Invitation, asked: Assessment, token: str, mark: str) -> ResponseReturnValue:
    """Return the form, or the way to what was sent once it is; what is refused binds the link to the browser too."""
    form, status = _form(invitation, asked), 200
    if form.validate_on_submit():
        try:
            _give(invitation, asked, form, mark)
            return redirect(url_for(".answer", token=token))
        except RuleBroken as broken:
            asked = _bound(token, mark)
            status = _refused(form, broken, asked)
    elif form.is_submitted():
        asked, status = _bound(token, mark), 422
    page = render_template("invitations/answer.html", assessment=asked, form=form, levels=levels_to_choose(asked))
    return page, status


def _bound(token: str, mark: str) -> Assessment:
    """Let the first browser that sends something be the only one, and return what is asked of it."""
    invitation, asked, now = _opened(token)
    try:
        with db.transaction() as session:
            actions.bind(session, invitation, browser=mark, trainee=asked.trainee, at=now)
    except RuleBroken as broken:
        raise LinkShut(Shut.ELSEWHERE) from broken
    return _opened(token)[1]


def _refused(form: LinkForm, broken: RuleBroken, asked: Assessment) -> int:
    """Put the refusal into the form and return its status; a link that somebody else was faster with is shut."""
    if broken.code == "link_settled":
        raise LinkShut(Shut.USED) from broken
    form.refuse(broken, FIELDS.get(broken.code))
    form.version.data = seen_version(asked)
    return 409 if broken.code == "changed_meanwhile" else 422


def _give(invitation: Invitation, asked: Assessment, form: LinkForm, mark: str) -> None:
    """Bind the link and give the assessment in one go: most who send something send all that is asked."""
    with db.transaction() as session:
        by_code = invitation.identity is Identity.SHOWN_CODE
        actions.answer(
            session,
            invitation,
            asked,
            form.answer(),
            seen=form.version.data,
            guest=form.guest(),
            browser=mark,
            way=queries.way_of_code(session, invitation, asked) if by_code else None,
            tokens=tokens(),
            at=clock.now(),
        )


def _kept_to(token: str, mark: str, answered: ResponseReturnValue) -> Response:
    """Let the browser show from now on that it is the same one; only pages of this link get to see that."""
    response: Response = make_response(answered)
    response.set_cookie(
        COOKIE,
        mark,
        max_age=KEPT_FOR,
        path=url_for(".answer", token=token),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return response
