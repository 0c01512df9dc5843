"""Every text that a draft ever had, and the way back to one."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import me
from lms.authoring import actions, queries
from lms.authoring.comparing import field_changes
from lms.authoring.editing import part_name
from lms.authoring.permissions import can_edit
from lms.authoring.views.blueprint import bp, draft_seen, revision_sent
from lms.authoring.views.conflicts import conflict_page
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.organisations.permissions import my_duties


@bp.get("/drafts/<uuid:draft_id>/history")
@signed_in
def history(draft_id: UUID) -> ResponseReturnValue:
    """Show the texts that were sent to a draft, the newest first."""
    draft = draft_seen(draft_id)
    before = request.args.get("before", type=UUID)
    shown = queries.history_of(db.session(), draft_id, part_id=None, before=before)
    return render_template("authoring/history.html", draft=draft, history=shown, before=before, part_name=part_name)


@bp.route("/drafts/<uuid:draft_id>/texts/<uuid:edit_id>", methods=["GET", "POST"])
@signed_in
def text(draft_id: UUID, edit_id: UUID) -> ResponseReturnValue:
    """Show one text of a part beside what it says now, and put it back."""
    draft = draft_seen(draft_id)
    edit = found(queries.one_edit(db.session(), draft_id, edit_id))
    if request.method == "POST":
        authorize(can_edit(my_duties(), draft))
        with db.transaction() as session:
            overtaken = actions.restore_text(session, draft, edit, revision=revision_sent(), by=me(), at=clock.now())
        if overtaken is not None:
            return conflict_page(draft_seen(draft_id), overtaken.id), 409
        flash(_("That text is back. The one before it stays in the history."), "done")
        return redirect(url_for(".part", draft_id=draft_id, part_id=edit.part_id))
    now = queries.part_in(draft, edit.part_id)
    return render_template(
        "authoring/text.html",
        draft=draft,
        edit=edit,
        name=part_name(edit.section, edit.data),
        changes=field_changes(edit.data, now.data if now else None),
        now=now,
        may_edit=can_edit(my_duties(), draft),
    )
