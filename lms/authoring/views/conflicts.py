"""Two texts of one part: the one that is stored beside one that came too late, and a text whose part was taken out."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import me
from lms.authoring import actions, queries
from lms.authoring.checking import field_said
from lms.authoring.comparing import as_text
from lms.authoring.editing import part_name
from lms.authoring.merging import Difference, differences, merged
from lms.authoring.models import Draft, DraftEdit, DraftPart
from lms.authoring.permissions import can_edit
from lms.authoring.views.blueprint import bp, draft_seen, revision_sent
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.organisations.permissions import my_duties


@bp.route("/drafts/<uuid:draft_id>/conflicts/<uuid:edit_id>", methods=["GET", "POST"])
@signed_in
def conflict(draft_id: UUID, edit_id: UUID) -> ResponseReturnValue:
    """Show a text that came too late beside the one that is stored, and store what is chosen of both."""
    draft = draft_seen(draft_id)
    if request.method == "GET":
        return conflict_page(draft, edit_id)
    authorize(can_edit(my_duties(), draft))
    edit = found(queries.one_edit(db.session(), draft.id, edit_id))
    one = queries.part_in(draft, edit.part_id)
    if one is None:
        return _taken_out(draft, edit), 409
    apart = _apart(edit, one)
    mine = [one_of.path for number, one_of in enumerate(apart) if request.form.get(f"choice-{number}") == "mine"]
    chosen = merged(edit.data, one.data, take_mine=mine)
    with db.transaction() as session:
        again = actions.save_part(session, draft, one, chosen, revision=revision_sent(), by=me(), at=clock.now())
    if again is not None:
        return conflict_page(draft_seen(draft_id), again.id), 409
    flash(_("Stored as you chose."), "done")
    return redirect(url_for(".part", draft_id=draft_id, part_id=one.id))


def _apart(edit: DraftEdit, one: DraftPart) -> list[Difference]:
    base = queries.text_at(db.session(), edit.part_id, edit.revision)
    return list(differences(edit.data, one.data, base))


def conflict_page(draft: Draft, edit_id: UUID) -> str:
    """Return the page that shows both texts of a part, field by field, or says that the part was taken out."""
    edit = found(queries.one_edit(db.session(), draft.id, edit_id))
    one = queries.part_in(draft, edit.part_id)
    if one is None:
        return _taken_out(draft, edit)
    return render_template(
        "authoring/conflict.html",
        draft=draft,
        edit=edit,
        part=one,
        name=part_name(one.section, one.data),
        differences=[
            (number, field_said(one.section, difference.path), difference)
            for number, difference in enumerate(_apart(edit, one))
        ],
        as_text=as_text,
        may_edit=can_edit(my_duties(), draft),
    )


def _taken_out(draft: Draft, edit: DraftEdit) -> str:
    name = part_name(edit.section, edit.data)
    return render_template("authoring/taken_out.html", draft=draft, edit=edit, name=name)
