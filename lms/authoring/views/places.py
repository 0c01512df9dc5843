"""Where parts stand in a draft: add, copy and move them, and take them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lms.accounts.permissions import me
from lms.authoring import actions, queries
from lms.authoring.beginnings import new_part
from lms.authoring.documents import PROGRAMME
from lms.authoring.editing import part_name, section_label
from lms.authoring.editing.nodes import field_id, name_of
from lms.authoring.editing.rows import Step, at
from lms.authoring.models import Draft, DraftPart
from lms.authoring.permissions import can_edit
from lms.authoring.shapes import Kind, section_shapes
from lms.authoring.uses import Use, uses_of, uses_of_row
from lms.authoring.views.blueprint import bp, document_of, draft_seen
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _, in_language
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.schemas.problems import Path
from lms.organisations.permissions import my_duties


@bp.post("/drafts/<uuid:draft_id>/sections/<string:section>")
@signed_in
def add(draft_id: UUID, section: str) -> ResponseReturnValue:
    """Add an empty part and go there to fill it in."""
    draft = draft_seen(draft_id)
    authorize(can_edit(my_duties(), draft))
    if section not in section_shapes() or not (_is_list(section) or all(one.section != section for one in draft.parts)):
        raise NotFound
    data = new_part(section, document_of(draft))
    with db.transaction() as session:
        made = actions.add_part(session, draft, section, data, by=me(), at=clock.now())
    return redirect(url_for(".part", draft_id=draft_id, part_id=made.id))


@bp.post("/drafts/<uuid:draft_id>/parts/<uuid:part_id>/place")
@signed_in
def move(draft_id: UUID, part_id: UUID) -> ResponseReturnValue:
    """Let a part change places with its neighbour."""
    draft = draft_seen(draft_id)
    one = found(queries.part_in(draft, part_id))
    authorize(can_edit(my_duties(), draft))
    with db.transaction() as session:
        actions.move_part(session, draft, one, down=request.form.get("to") == "down", by=me(), at=clock.now())
    return redirect(url_for(".draft", draft_id=draft_id, _anchor=f"part-{part_id}"))


@bp.post("/drafts/<uuid:draft_id>/parts/<uuid:part_id>/copies")
@signed_in
def duplicate(draft_id: UUID, part_id: UUID) -> ResponseReturnValue:
    """Copy a part and go to the copy."""
    draft = draft_seen(draft_id)
    one = found(queries.part_in(draft, part_id))
    authorize(can_edit(my_duties(), draft) and _is_list(one.section))
    with db.transaction() as session:
        made = actions.duplicate_part(session, draft, one, by=me(), at=clock.now())
    flash(_("This is the copy. Give it a name of its own."), "done")
    return redirect(url_for(".part", draft_id=draft_id, part_id=made.id))


def _is_list(section: str) -> bool:
    """Whether a section has parts; any other is one part itself."""
    return section_shapes()[section].kind is Kind.MANY


@dataclass(frozen=True, slots=True)
class UseShown:
    """A place that names a part: what it is called, and where it can be changed."""

    name: str
    url: str


@bp.route("/drafts/<uuid:draft_id>/parts/<uuid:part_id>/removal", methods=["GET", "POST"])
@signed_in
def remove(draft_id: UUID, part_id: UUID) -> ResponseReturnValue:
    """Take a part out, or show where it is used and so cannot go."""
    draft = draft_seen(draft_id)
    one = found(queries.part_in(draft, part_id))
    authorize(can_edit(my_duties(), draft) and one.section != PROGRAMME)
    uses = uses_of(document_of(draft), one.section, one.key) if one.key else []
    elsewhere = queries.used_elsewhere(db.session(), draft.programme_key, one.section, one.key)
    if request.method == "POST" and not elsewhere and not uses:
        with db.transaction() as session:
            actions.remove_part(session, draft, one, uses=uses, by=me(), at=clock.now())
        flash(_("It is taken out. Its texts stay in the history of the draft."), "done")
        return redirect(url_for(".draft", draft_id=draft_id))
    status = 409 if request.method == "POST" else 200
    return render_template(
        "authoring/remove.html",
        draft=draft,
        part=one,
        name=part_name(one.section, one.data),
        of=part_name(one.section, one.data),
        uses=[_shown(draft, use) for use in uses],
        elsewhere=elsewhere,
    ), status


def row_in_use(draft: Draft, one: DraftPart, step: Step) -> str | None:
    """Return the page that says where a row of a part is named, or None where nothing stands in its way."""
    document = document_of(draft)
    same = sorted((part for part in draft.parts if part.section == one.section), key=lambda part: part.position)
    uses = uses_of_row(document, one.section, same.index(one), step.path)
    row = at(one.data, step.path)
    elsewhere: Sequence[ProgrammeVersion] = ()
    if one.section == "frameworks" and isinstance(row, dict) and row.get("id") and "domains" in step.path:
        elsewhere = queries.used_elsewhere(db.session(), draft.programme_key, one.section, one.key, item=row["id"])
    if not uses and not elsewhere:
        return None
    named = at(list(one.data or ()), step.path) if one.section == "sources" else in_language((row or {}).get("title"))
    return render_template(
        "authoring/remove.html",
        draft=draft,
        part=one,
        name=named or str((row or {}).get("key") or (row or {}).get("id")),
        of=part_name(one.section, one.data),
        uses=[_shown(draft, use) for use in uses],
        elsewhere=elsewhere,
    )


def _shown(draft: Draft, use: Use) -> UseShown:
    parts = sorted((one for one in draft.parts if one.section == use.section), key=lambda one: one.position)
    where = parts[min(use.number, len(parts) - 1)]
    named = part_name(where.section, where.data)
    field = name_of(_shown_at(use.path))
    return UseShown(
        _("%(section)s: %(part)s", section=section_label(where.section), part=named),
        url_for(".part", draft_id=draft.id, part_id=where.id, open=field, _anchor=field_id(field)),
    )


def _shown_at(path: Path) -> Path:
    """Return the path of the field that shows a place: ticks are one field, and so are the levels of an EPA."""
    if "required_levels" in path:
        return path[: path.index("required_levels") + 1]
    return path[:-1] if path and isinstance(path[-1], int) else path
