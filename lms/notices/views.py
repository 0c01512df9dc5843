"""The pages of a person's notices, of how they want mail, and of the address of their calendar."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import found, signed_in
from lms.core.addresses import site_address
from lms.core.forms import Confirm
from lms.core.mail import AddressRefusal
from lms.core.words import _
from lms.notices import actions, queries
from lms.notices.forms import MailForm
from lms.notices.places import PLACES
from lms.notices.words import sentence

bp = Blueprint("notices", __name__)
bp.add_app_template_filter(sentence, "notice_sentence")


@bp.app_template_global()
def mail_refusals(people: Collection[UUID]) -> Mapping[UUID, AddressRefusal]:
    """Return which of these people cannot be reached by mail: pages of those who look after them say so."""
    return queries.refusals_among(db.session(), people)


@bp.get("/notices")
@signed_in
def notices() -> ResponseReturnValue:
    """Show what the person was told, the unread first."""
    after = request.args.get("after")
    page = queries.notices_of(db.session(), me().id, after=after)
    older = url_for(".notices", after=page.next_cursor) if page.next_cursor else None
    newest = url_for(".notices") if after else None
    return render_template("notices/notices.html", notices=page.rows, older_url=older, newest_url=newest)


@bp.post("/notices/<uuid:notice_id>/open")
@signed_in
def open_notice(notice_id: UUID) -> ResponseReturnValue:
    """Go to the page that a notice leads to, and take it as read."""
    notice = found(queries.one_notice(db.session(), notice_id, me().id))
    place = PLACES[notice.kind]
    target = url_for(place.endpoint, **place.values(notice.about_id))
    with db.transaction() as session:
        actions.read(session, notice, at=clock.now())
    return redirect(target)


@bp.post("/notices/read")
@signed_in
def read_all() -> ResponseReturnValue:
    """Take all notices of the person as read."""
    with db.transaction() as session:
        actions.read_all(session, me().id, at=clock.now())
    flash(_("All your notices are read."), "done")
    return redirect(url_for(".notices"))


@bp.route("/account/mail", methods=["GET", "POST"])
@signed_in
def choices() -> ResponseReturnValue:
    """Let a person choose when they get mail."""
    form = MailForm.of(queries.wishes_of(db.session(), me().id))
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                actions.choose_mail(session, me(), delivery=form.chosen, quiet=form.quiet, by=me(), at=clock.now())
            flash(_("This is how you get mail from now on."), "done")
            return redirect(url_for(".choices"))
        except RuleBroken as broken:
            form.refuse(broken, "quiet_until")
    return _choices_page(form), 422 if form.is_submitted() else 200


def _choices_page(form: MailForm) -> str:
    return render_template(
        "notices/choices.html",
        form=form,
        refusal=queries.refusals_among(db.session(), [me().id]).get(me().id),
        feed=queries.feed_of(db.session(), me().id),
        confirm=Confirm(),
    )


@bp.post("/account/mail/retries")
@signed_in
def try_again() -> ResponseReturnValue:
    """Send mail again to the person's address, which was refused."""
    with db.transaction() as session:
        actions.try_address_again(session, me(), by=me(), at=clock.now())
    flash(_("We will send mail to %(email)s again.", email=me().email), "done")
    return redirect(url_for(".choices"))


@bp.post("/account/calendar")
@signed_in
def make_calendar() -> ResponseReturnValue:
    """Give the person's calendar a new address, which is shown this once."""
    with db.transaction() as session:
        secret = actions.make_calendar(session, me(), by=me(), at=clock.now())
    address = site_address() + url_for("progress.calendar", secret=secret)
    return render_template("notices/calendar.html", address=address)


@bp.post("/account/calendar/end")
@signed_in
def end_calendar() -> ResponseReturnValue:
    """Close the address of the person's calendar."""
    with db.transaction() as session:
        actions.end_calendar(session, me(), by=me(), at=clock.now())
    flash(_("The address of your calendar opens nothing any more."), "done")
    return redirect(url_for(".choices"))
