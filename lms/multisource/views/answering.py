"""Answering in a round: one screen, once, by account or by a link."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.invitations import check_confirmed
from competencies.multisource import SELF
from lms.accounts.permissions import me
from lms.accounts.queries import ADDRESS_FACTOR
from lms.core import clock, db
from lms.core.access import by_link, found, signed_in
from lms.core.words import _
from lms.invitations.throttle import Throttle
from lms.invitations.tokens import Purpose
from lms.multisource import actions, queries
from lms.multisource.forms import RoundAnswerForm, feedback_form
from lms.multisource.models import Rater
from lms.multisource.values import items_of, rating_scale
from lms.multisource.views.blueprint import bp, tokens

THROTTLE = "bekwaam_feedback_throttle"
FIELDS = {"link_of_another": "email"}
SETTLED = {"feedback_given", "round_closed"}


@bp.record_once
def _set_up(state: BlueprintSetupState) -> None:
    """Give each application a throttle of its own."""
    state.app.extensions[THROTTLE] = Throttle(state.app.config["BEKWAAM"].sign_in_attempts * ADDRESS_FACTOR)


@bp.route("/feedback-rounds/<uuid:round_id>/answer", methods=["GET", "POST"])
@signed_in
def answer(round_id: UUID) -> ResponseReturnValue:
    """Let somebody who is asked in a round answer, once; the trainee about themselves."""
    rater = found(queries.rater_in(db.session(), round_id, me().id))
    form = _form(rater, by_link=False)
    if not _is_shut(rater) and form.validate_on_submit():
        try:
            _answer(rater, form)
            flash(_("Thank you. Your answer is stored apart from your name."), "done")
            own = rater.group_key == SELF
            return redirect(url_for(".round_page", round_id=round_id) if own else url_for(".rounds"))
        except RuleBroken as broken:
            rater = found(queries.rater_in(db.session(), round_id, me().id))
            form.refuse(broken)
    return _page(rater, form)


@bp.route("/m/<secret:token>", methods=["GET", "POST"])
@by_link
def answer_by_link(token: str) -> ResponseReturnValue:
    """Let who holds the link answer, once."""
    rater, shut = _opened(token)
    if rater is None:
        return shut
    form = _form(rater, by_link=True)
    if not _is_shut(rater) and form.validate_on_submit():
        try:
            check_confirmed(form.email.data, invited=rater.user.email)
            _answer(rater, form)
            return redirect(url_for(".answer_by_link", token=token))
        except RuleBroken as broken:
            rater, shut = _opened(token)
            if rater is None:
                return shut
            form.refuse(broken, FIELDS.get(broken.code))
    return _page(rater, form)


def _opened(token: str) -> tuple[Rater | None, ResponseReturnValue]:
    """Return who the link is for, or the page that says that it opens nothing; a wrong one counts as a try."""
    throttle: Throttle = current_app.extensions[THROTTLE]
    now, address = clock.now(), request.remote_addr or ""
    if throttle.is_over(address, at=now):
        return None, (render_template("invitations/shut.html", why="too_many"), 429)
    named = tokens().read(Purpose.FEEDBACK, token)
    rater = queries.opened_by(db.session(), named, token) if named else None
    if rater is None:
        throttle.note(address, at=now)
    return rater, (render_template("invitations/shut.html", why="wrong"), 404)


def _is_shut(rater: Rater) -> bool:
    return rater.has_answered or rater.withdrawn_at is not None or rater.round.closed_at is not None


def _form(rater: Rater, *, by_link: bool) -> RoundAnswerForm:
    return feedback_form(items_of(rater.round), rating_scale(rater.round), by_link=by_link)()


def _answer(rater: Rater, form: RoundAnswerForm) -> None:
    with db.transaction() as session:
        actions.answer(session, rater, form.answers(), at=clock.now())


def _page(rater: Rater, form: RoundAnswerForm) -> ResponseReturnValue:
    """Return the questions, or why there are none: it was answered, is asked no more, or the round is closed."""
    if _is_shut(rater):
        status = 200 if request.method == "GET" and rater.has_answered else 410
        return render_template("multisource/shut.html", rater=rater), status
    page = render_template("multisource/answer.html", rater=rater, round=rater.round, form=form, own=SELF)
    return page, 422 if form.is_submitted() else 200
