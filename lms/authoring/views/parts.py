"""Writing one part: its fields, stored with every button and by itself, and two texts beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from competencies.form_length import BUDGET
from lms.accounts.permissions import me
from lms.authoring import actions, queries
from lms.authoring.beginnings import new_part
from lms.authoring.checking import field_said
from lms.authoring.comparing import as_text
from lms.authoring.documents import PROGRAMME
from lms.authoring.editing import groups_of, part_name, read_part, section_label, step_from
from lms.authoring.editing.labels import ENTRIES
from lms.authoring.editing.nodes import Problems, field_id
from lms.authoring.keys import with_key, with_row_keys
from lms.authoring.length import length_of
from lms.authoring.merging import Difference, differences, merged
from lms.authoring.models import Draft, DraftEdit, DraftPart
from lms.authoring.permissions import can_edit
from lms.authoring.shapes import Kind, part_shape, section_shapes
from lms.authoring.uses import uses_of
from lms.authoring.views.blueprint import bp, document_of, draft_seen, judged
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.templating import moment
from lms.core.words import _
from lms.organisations.permissions import my_duties


@bp.route("/drafts/<uuid:draft_id>/parts/<uuid:part_id>", methods=["GET", "POST"])
@signed_in
def part(draft_id: UUID, part_id: UUID) -> ResponseReturnValue:
    """Show the fields of a part, and store what somebody writes in them."""
    draft = draft_seen(draft_id)
    one = queries.part_in(draft, part_id)
    if request.method == "GET":
        return _page(draft, found(one), found(one).data)
    authorize(can_edit(my_duties(), draft))
    return _sent_late(draft, part_id) if one is None else _sent(draft, one)


def _page(draft: Draft, one: DraftPart, data: Any, problems: Problems | None = None) -> str:
    around, checks = judged(draft)
    shape = part_shape(one.section)
    groups = groups_of(shape, data, around, checks.of(one.id) if problems is None else problems)
    return render_template(
        "authoring/part.html",
        draft=draft,
        part=one,
        name=part_name(one.section, data, around),
        kind=section_label(one.section),
        groups=groups,
        wrong=[finding for finding in checks.findings if finding.part_id == one.id],
        refused=bool(problems),
        length=length_of(one.section, data, around.known),
        may_edit=can_edit(my_duties(), draft),
        is_list=section_shapes()[one.section].kind is Kind.MANY,
        opened=request.args.get("open", ""),
        kinds=[(kind, str(words)) for kind, words in ENTRIES.items()],
        budget=BUDGET,
    )


def _sent(draft: Draft, one: DraftPart) -> ResponseReturnValue:
    """Store what a form says of a part; answer a script in JSON, a person with a page."""
    shape = part_shape(one.section)
    answer = read_part(shape, request.form, one.data)
    if answer.problems:
        return _refused(draft, one, answer.data, answer.problems)
    data = answer.data if _is_script() else _with_keys(draft, one, answer.data)
    step = step_from(request.form.get("do", ""), request.form)
    changed = step.applied(shape, data) if step else data
    with db.transaction() as session:
        overtaken = actions.save_part(session, draft, one, changed, revision=_revision(), by=me(), at=clock.now())
    if overtaken is not None:
        return _overtaken(draft.id, overtaken)
    return _stored(draft.id, one.id, request.form.get("do", ""))


def _sent_late(draft: Draft, part_id: UUID) -> ResponseReturnValue:
    """Keep what a form says of a part that somebody took out meanwhile."""
    last = found(queries.last_text_of(db.session(), draft.id, part_id))
    data = read_part(part_shape(last.section), request.form, last.data).data
    with db.transaction() as session:
        kept = actions.keep_text(session, draft, last, data, revision=_revision(), by=me(), at=clock.now())
    return _overtaken(draft.id, kept)


def _with_keys(draft: Draft, one: DraftPart, data: Any) -> Any:
    """Return a part with the keys that its titles give; not while somebody is still writing these."""
    taken = {other.key for other in draft.parts if other.section == one.section}
    return with_row_keys(with_key(one.section, data, taken))


def _revision() -> int:
    typed = request.form.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _refused(draft: Draft, one: DraftPart, data: Any, problems: Problems) -> ResponseReturnValue:
    if _is_script():
        said = [message for messages in problems.values() for message in messages]
        return jsonify(message=" ".join(dict.fromkeys(said))), 422
    return _page(draft, one, data, problems), 422


def _overtaken(draft_id: UUID, edit: DraftEdit) -> ResponseReturnValue:
    draft = draft_seen(draft_id)
    if not _is_script():
        return conflict_page(draft, edit.id), 409
    if queries.part_in(draft, edit.part_id) is None:
        place = url_for(".text", draft_id=draft_id, edit_id=edit.id)
        said = _("Somebody else took this part out meanwhile. Your text is kept:")
        return jsonify(message=said, label=_("look at your text"), url=place), 409
    place = url_for(".conflict", draft_id=draft_id, edit_id=edit.id)
    said = _("Somebody else stored another text meanwhile. Yours is kept:")
    return jsonify(message=said, label=_("look at both"), url=place), 409


def _stored(draft_id: UUID, part_id: UUID, pressed: str) -> ResponseReturnValue:
    draft = draft_seen(draft_id)
    one = found(queries.part_in(draft, part_id))
    if _is_script():
        said = _("Stored at %(time)s", time=moment(one.edited_at).rpartition(" ")[2])
        return jsonify(message=said, revision=one.revision)
    what, _colon, place = pressed.partition(":")
    if not place:
        flash(_("Stored."), "done")
        return redirect(url_for(".part", draft_id=draft_id, part_id=part_id))
    opened = _opened(what, place, one.data)
    return redirect(url_for(".part", draft_id=draft_id, part_id=part_id, open=opened, _anchor=field_id(opened)))


def _opened(what: str, place: str, data: Any) -> str:
    """Return the name of the row or block that a button was about, so that the page shows it open."""
    start, _dot, number = place.rpartition(".")
    if what == "add":
        inside: Any = data
        for step in place.split("."):
            inside = inside[int(step) if step.isdecimal() else step] if inside and step else inside
        return f"{place}.{max(len(inside or ()) - 1, 0)}" if place else place
    if what in {"up", "down", "copy"} and number.isdecimal():
        moved = {"up": -1, "down": 1, "copy": 1}[what]
        return f"{start}.{max(int(number) + moved, 0)}"
    return start if what == "remove" else place


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
        uses=[_shown(draft, use) for use in uses],
        elsewhere=elsewhere,
    ), status


def _shown(draft: Draft, use: Any) -> UseShown:
    parts = sorted((one for one in draft.parts if one.section == use.section), key=lambda one: one.position)
    where = parts[min(use.number, len(parts) - 1)]
    named = part_name(where.section, where.data)
    return UseShown(
        _("%(section)s: %(part)s", section=section_label(where.section), part=named),
        url_for(".part", draft_id=draft.id, part_id=where.id, _anchor=field_id(".".join(map(str, use.path)))),
    )


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
        again = actions.save_part(session, draft, one, chosen, revision=_revision(), by=me(), at=clock.now())
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
