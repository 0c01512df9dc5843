"""The pages that show what was logged."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import found, signed_in
from lms.logbook import queries
from lms.logbook.permissions import can_correct, can_edit, can_repeat
from lms.logbook.views.blueprint import bp, may_log
from lms.organisations.permissions import my_duties


@bp.get("/activities")
@signed_in
def activities() -> ResponseReturnValue:
    """Show a trainee's own activities, the latest first."""
    before = request.args.get("before")
    page = queries.activities_of(db.session(), me().id, before=before)
    older = url_for(".activities", before=page.next_cursor) if page.next_cursor else None
    newest = url_for(".activities") if before else None
    return render_template(
        "logbook/activities.html",
        activities=page.rows,
        older_url=older,
        newest_url=newest,
        may_log=may_log(),
    )


@bp.get("/activities/<uuid:activity_id>")
@signed_in
def activity(activity_id: UUID) -> ResponseReturnValue:
    """Show one activity and what was asked and said about it."""
    shown = found(queries.one_visible(db.session(), my_duties(), activity_id))
    return render_template(
        "logbook/activity.html",
        activity=shown,
        corrections=queries.corrections_of(db.session(), shown),
        may_correct=can_correct(me(), shown),
        may_edit=can_edit(me(), shown),
        may_repeat=can_repeat(me(), shown, clock.today()),
    )
