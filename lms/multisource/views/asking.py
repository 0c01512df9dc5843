"""Asking people in a round, by account or by a link."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.invitations import is_anybodys
from competencies.multisource import SELF, RaterGroup
from lms.accounts.models import User
from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import found, signed_in
from lms.core.words import _, ngettext
from lms.multisource import actions, queries
from lms.multisource.forms import AskForm, OutsideForm
from lms.multisource.models import FeedbackRound
from lms.multisource.values import groups_of
from lms.multisource.views.blueprint import bp, own_to_run, tokens

FIELDS = {"rater_asked": "email", "own_assessment": "email"}


@bp.route("/feedback-rounds/<uuid:round_id>/raters", methods=["GET", "POST"])
@signed_in
def ask(round_id: UUID) -> ResponseReturnValue:
    """Let who runs a round ask people who have an account, several at once."""
    round_ = own_to_run(round_id)
    people = _people(round_)
    form = AskForm().offer(_groups(round_), people)
    if form.validate_on_submit():
        try:
            _ask(form, round_, people)
            return redirect(url_for(".round_page", round_id=round_id))
        except RuleBroken as broken:
            round_ = own_to_run(round_id)
            form.refuse(broken)
    page = render_template("multisource/ask.html", form=form, round=round_, name=_name(), most=queries.MOST_FOUND)
    return page, 422 if form.is_submitted() else 200


def _groups(round_: FeedbackRound) -> list[RaterGroup]:
    return [one for one in groups_of(round_) if one.key != SELF]


def _name() -> str:
    """Return the name that is looked for."""
    return request.args.get("name", "").strip()[:100]


def _people(round_: FeedbackRound) -> Sequence[User]:
    return queries.people_to_ask(db.session(), round_, _name(), on=clock.today())


def _ask(form: AskForm, round_: FeedbackRound, people: Sequence[User]) -> None:
    chosen = [one for one in people if one.id in form.people.data]
    with db.transaction() as session:
        actions.ask(session, round_, chosen, form.group.data, by=me(), at=clock.now())
    flash(ngettext("%(num)d person is asked.", "%(num)d people are asked.", len(chosen)), "done")


@bp.route("/feedback-rounds/<uuid:round_id>/outside-raters", methods=["GET", "POST"])
@signed_in
def ask_outside(round_id: UUID) -> ResponseReturnValue:
    """Let who runs a round ask somebody without an account by a link."""
    round_ = own_to_run(round_id)
    form = OutsideForm().offer(_groups(round_))
    if form.validate_on_submit():
        try:
            _ask_outside(form, round_)
            return redirect(url_for(".round_page", round_id=round_id))
        except RuleBroken as broken:
            round_ = own_to_run(round_id)
            form.refuse(broken, FIELDS.get(broken.code))
    page = render_template("multisource/ask_outside.html", form=form, round=round_)
    return page, 422 if form.is_submitted() else 200


def _ask_outside(form: OutsideForm, round_: FeedbackRound) -> None:
    guest = form.guest()
    with db.transaction() as session:
        actions.ask_outside(session, round_, guest, form.group.data, tokens=tokens(), by=me(), at=clock.now())
    flash(_("A link is on its way to %(email)s.", email=guest.email), "done")
    if is_anybodys(guest.email):
        flash(_("That is an address that anybody can make, so it says little about who answers."), "warning")


@bp.post("/feedback-rounds/<uuid:round_id>/raters/<uuid:rater_id>/withdraw")
@signed_in
def withdraw(round_id: UUID, rater_id: UUID) -> ResponseReturnValue:
    """Ask somebody no more; the answer is the same whether they answered or not."""
    round_ = own_to_run(round_id)
    rater = found(next((one for one in round_.raters if one.id == rater_id and one.group_key != SELF), None))
    with db.transaction() as session:
        actions.withdraw(session, round_, rater, by=me(), at=clock.now())
    flash(_("This person is not asked any more. What they may have answered already stays."), "done")
    return redirect(url_for(".round_page", round_id=round_id))
