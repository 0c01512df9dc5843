"""The files with an activity: adding one, taking one away, and reading it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.files import pieces_of
from lms.core.security import accepts_up_to
from lms.core.words import _
from lms.evidence.forms import FileForm, WithFile
from lms.evidence.models import EvidenceFile
from lms.evidence.queries import files_of, one_file
from lms.evidence.receiving import received
from lms.evidence.values import LARGEST_FORM, MEDIA_TYPES
from lms.logbook import holding, queries
from lms.logbook.models import Activity
from lms.logbook.permissions import can_edit
from lms.logbook.views.blueprint import bp
from lms.organisations.permissions import my_duties

APART = "default-src 'none'; sandbox"
"""What a file may do if a browser shows it all the same: nothing."""


@bp.app_template_global()
def evidence_of(activity: Activity) -> list[EvidenceFile]:
    """Return the files with an activity, the oldest first; those that were taken away only for its owner."""
    return [
        file
        for file in files_of(db.session(), activity.id)
        if file.removed_at is None or activity.trainee_id == me().id
    ]


@bp.route("/activities/<uuid:activity_id>/files/new", methods=["GET", "POST"])
@accepts_up_to(LARGEST_FORM)
@signed_in
def add_file(activity_id: UUID) -> ResponseReturnValue:
    """Let a trainee add a file to an activity that nobody assessed yet."""
    shown = found(queries.one_visible(db.session(), my_duties(), activity_id))
    authorize(can_edit(me(), shown))
    form = FileForm()
    if form.validate_on_submit():
        try:
            flash(_("“%(file)s” is kept with this activity.", file=_added(form, activity_id)), "done")
            return redirect(url_for(".activity", activity_id=activity_id))
        except RuleBroken as broken:
            form.refuse(broken, "file")
            shown = found(queries.one_visible(db.session(), my_duties(), activity_id))
    return render_template("logbook/add_file.html", form=form, activity=shown), 422 if form.is_submitted() else 200


def _added(form: WithFile, activity_id: UUID) -> str:
    """Keep the file that the form brings, and return its name."""
    with received(db.session(), form, owner=me()) as given, db.transaction() as session:
        if given is None:
            raise RuleBroken("file_missing")
        activity = found(queries.one_visible(session, my_duties(), activity_id))
        return holding.add_file(session, activity, given, by=me(), at=clock.now()).name


@bp.get("/activities/<uuid:activity_id>/files/<uuid:file_id>")
@signed_in
def file(activity_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Hand out a file to whoever may see its activity: to keep, not to show."""
    found(queries.one_visible(db.session(), my_duties(), activity_id))
    held = found(one_file(db.session(), activity_id, file_id))
    answer = Response(mimetype=MEDIA_TYPES[held.kind])
    answer.set_etag(held.hash.hex())
    answer.headers["Content-Security-Policy"] = APART
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers.set("Content-Disposition", "attachment", filename=held.name)
    if answer.make_conditional(request).status_code == 200:
        answer.response = pieces_of(held.key)
        answer.content_length = held.size
    return answer


@bp.post("/activities/<uuid:activity_id>/files/<uuid:file_id>/remove")
@signed_in
def remove_file(activity_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Let a trainee take a file away from an activity that nobody assessed yet."""
    shown = found(queries.one_visible(db.session(), my_duties(), activity_id))
    authorize(can_edit(me(), shown))
    with db.transaction() as session:
        held = found(one_file(session, activity_id, file_id))
        holding.remove_file(session, shown, held, by=me(), at=clock.now())
    flash(_("“%(file)s” is taken away.", file=held.name), "done")
    return redirect(url_for(".activity", activity_id=activity_id))
