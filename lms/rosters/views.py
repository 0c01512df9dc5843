"""The pages of rosters: hand one in, see what it would change, import it; and dismiss what one proposes."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.security import accepts_up_to
from lms.core.words import _, ngettext
from lms.curriculum.schemas.problems import CurriculumRefused, Problem
from lms.exchange.guards import refused
from lms.organisations.models import Organisation
from lms.organisations.permissions import my_duties
from lms.organisations.queries import one_visible
from lms.rosters import actions, queries
from lms.rosters.example import example_workbook
from lms.rosters.forms import ApplyForm, RosterForm
from lms.rosters.matching import difference_of, keys_in, lines_of
from lms.rosters.models import Roster
from lms.rosters.permissions import can_hand_in
from lms.rosters.reading import COLUMNS, LARGEST_FILE, rows_in

bp = Blueprint("rosters", __name__)
bp.add_app_template_global(can_hand_in, "can_hand_in_roster")
LONGEST_NAME = 200
SHOWN = 200
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/organisations/<uuid:organisation_id>/roster", methods=["GET", "POST"])
@accepts_up_to(LARGEST_FILE + 64 * 1024)
@signed_in
def roster(organisation_id: UUID) -> ResponseReturnValue:
    """Let an administrator or programme lead hand in a roster; nothing is proposed before it was looked at."""
    place = _place(organisation_id)
    form, problems = RosterForm(), tuple[Problem, ...]()
    if form.validate_on_submit():
        try:
            return redirect(url_for(".preview", roster_id=_hand_in(db.session(), form.file.data, organisation_id)))
        except CurriculumRefused as refusal:
            problems = refusal.errors
            form.file.errors = [_("This roster cannot be taken as it is. What is wrong stands below.")]
    last = queries.last_imported(db.session(), organisation_id)
    page = render_template(
        "rosters/roster.html", organisation=place, form=form, problems=problems, last=last, columns=COLUMNS
    )
    return page, 422 if form.is_submitted() else 200


def _place(organisation_id: UUID) -> Organisation:
    place = found(one_visible(db.session(), my_duties(), organisation_id))
    authorize(can_hand_in(my_duties(), organisation_id))
    return place


def _hand_in(session: Session, file: FileStorage, organisation_id: UUID) -> UUID:
    """Read the file and keep what it says; raise CurriculumRefused with all that is wrong with it."""
    content, name = file.read(), (file.filename or "")[-LONGEST_NAME:].replace("\x00", "")
    if len(content) > LARGEST_FILE:
        raise refused(name, _("A roster has at most 5 MB."))
    lines = keys_in(session, organisation_id, rows_in(content, name), name=name, on=clock.today())
    with db.transaction() as writing:
        return actions.hand_in(writing, organisation_id, lines, file_name=name, by=me(), at=clock.now()).id


@bp.get("/organisations/<uuid:organisation_id>/roster/example")
@signed_in
def example(organisation_id: UUID) -> ResponseReturnValue:
    """Give the workbook to begin with."""
    _place(organisation_id)
    headers = {"Content-Disposition": 'attachment; filename="roster.xlsx"'}
    return Response(example_workbook(on=clock.today()), mimetype=WORKBOOK, headers=headers)


@bp.route("/rosters/<uuid:roster_id>", methods=["GET", "POST"])
@signed_in
def preview(roster_id: UUID) -> ResponseReturnValue:
    """Show what a roster would change, and import it as it was shown."""
    one = found(queries.one_roster(db.session(), my_duties(), roster_id))
    form = ApplyForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            place_id = one.organisation_id
            _apply(form, one)
            return redirect(url_for(".roster", organisation_id=place_id))
        except RuleBroken as broken:
            one = found(queries.one_roster(db.session(), my_duties(), roster_id))
            form.refuse(broken)
            status = 409
    return _preview_page(form, one), status


def _apply(form: ApplyForm, one: Roster) -> None:
    with db.transaction() as session:
        changed = actions.apply(session, one, seen=form.seen.data or "", by=me(), at=clock.now())
    told = ngettext("%(num)d pair is proposed anew.", "%(num)d pairs are proposed anew.", len(changed.new))
    gone = ngettext("%(num)d is taken back.", "%(num)d are taken back.", len(changed.gone))
    flash(f"{told} {gone}", "done")


def _preview_page(form: ApplyForm, one: Roster) -> str:
    difference = difference_of(db.session(), one.organisation_id, lines_of(one.lines))
    form.seen.data = difference.seen
    shown = [*difference.new[:SHOWN], *difference.gone[:SHOWN]]
    names = queries.names_in(db.session(), shown)
    return render_template(
        "rosters/preview.html", roster=one, form=form, difference=difference, names=names, most=SHOWN
    )


@bp.post("/roster-pairs/<uuid:pair_id>/dismiss")
@signed_in
def dismiss(pair_id: UUID) -> ResponseReturnValue:
    """Let one of the two dismiss a proposal, for themselves alone."""
    pair = found(queries.one_pair(db.session(), me().id, pair_id))
    with db.transaction() as session:
        actions.dismiss(session, pair, by=me(), at=clock.now())
    flash(_("You are not reminded of this again."), "done")
    return redirect(url_for("progress.home"))
