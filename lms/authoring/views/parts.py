"""Writing one part: its fields, stored with every button and by itself, and two texts beside each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.form_length import BUDGET
from lms.accounts.permissions import me
from lms.authoring import actions, queries
from lms.authoring.checking import field_said
from lms.authoring.editing import groups_of, part_name, read_part, section_label, step_from
from lms.authoring.editing.labels import ENTRIES
from lms.authoring.editing.nodes import Problems, field_id, name_of
from lms.authoring.editing.reading import path_of
from lms.authoring.editing.rows import at
from lms.authoring.keys import with_key, with_row_keys
from lms.authoring.length import length_of
from lms.authoring.models import Draft, DraftEdit, DraftPart
from lms.authoring.permissions import can_edit
from lms.authoring.shapes import Kind, part_shape, section_shapes
from lms.authoring.views.blueprint import bp, draft_seen, judged, revision_sent
from lms.authoring.views.conflicts import conflict_page
from lms.authoring.views.places import row_in_use
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.answers import is_for_script
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
    shown = {} if _is_fresh(one) else checks.of(one.id)
    groups = groups_of(shape, data, around, shown if problems is None else problems)
    return render_template(
        "authoring/part.html",
        draft=draft,
        part=one,
        name=part_name(one.section, data, around),
        kind=section_label(one.section),
        groups=groups,
        wrong=[finding for finding in checks.findings if finding.part_id == one.id and shown],
        refused=_in_words(one.section, problems or {}),
        length=length_of(one.section, data, around.known),
        may_edit=can_edit(my_duties(), draft),
        is_list=section_shapes()[one.section].kind is Kind.MANY,
        opened=request.args.get("open", ""),
        kinds=[(kind, str(words)) for kind, words in ENTRIES.items()],
        budget=BUDGET,
    )


def _is_fresh(one: DraftPart) -> bool:
    """Whether nobody wrote anything in a part that has to be named yet: then nothing of it is wrong."""
    return one.revision == 1 and not one.key and section_shapes()[one.section].kind is Kind.MANY


def _in_words(section: str, problems: Problems) -> list[tuple[str, str, str]]:
    """Return what a form cannot be read for: the field in words, its anchor, and what is wrong."""
    return [
        (field_said(section, path), field_id(name_of(path)), message)
        for path, messages in problems.items()
        for message in messages
    ]


def _sent(draft: Draft, one: DraftPart) -> ResponseReturnValue:
    """Store what a form says of a part; answer a script in JSON, a person with a page."""
    shape = part_shape(one.section)
    answer = read_part(shape, request.form, one.data)
    if answer.problems:
        return _refused(draft, one, answer.data, answer.problems)
    data = answer.data if is_for_script() else _with_keys(draft, one, answer.data)
    step = step_from(request.form.get("do", ""), request.form)
    kept = row_in_use(draft, one, step) if step and step.what == "remove" else None
    changed = step.applied(shape, data) if step and kept is None else data
    with db.transaction() as session:
        overtaken = actions.save_part(session, draft, one, changed, revision=revision_sent(), by=me(), at=clock.now())
    if overtaken is not None:
        return _overtaken(draft.id, overtaken)
    if kept is not None:
        return kept, 409
    return _stored(draft.id, one.id, request.form.get("do", ""))


def _sent_late(draft: Draft, part_id: UUID) -> ResponseReturnValue:
    """Keep what a form says of a part that somebody took out meanwhile."""
    last = found(queries.last_text_of(db.session(), draft.id, part_id))
    data = read_part(part_shape(last.section), request.form, last.data).data
    with db.transaction() as session:
        kept = actions.keep_text(session, draft, last, data, revision=revision_sent(), by=me(), at=clock.now())
    return _overtaken(draft.id, kept)


def _with_keys(draft: Draft, one: DraftPart, data: Any) -> Any:
    """Return a part with the keys that its titles give; not while somebody is still writing these."""
    taken = {other.key for other in draft.parts if other.section == one.section}
    return with_row_keys(with_key(one.section, data, taken))


def _refused(draft: Draft, one: DraftPart, data: Any, problems: Problems) -> ResponseReturnValue:
    if is_for_script():
        said = [message for messages in problems.values() for message in messages]
        return jsonify(message=" ".join(dict.fromkeys(said))), 422
    return _page(draft, one, data, problems), 422


def _overtaken(draft_id: UUID, edit: DraftEdit) -> ResponseReturnValue:
    draft = draft_seen(draft_id)
    if not is_for_script():
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
    if is_for_script():
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
        inside = at(data, path_of(place))
        return f"{place}.{max(len(inside or ()) - 1, 0)}" if place else place
    if what in {"up", "down", "copy"} and number.isdecimal():
        moved = {"up": -1, "down": 1, "copy": 1}[what]
        return f"{start}.{max(int(number) + moved, 0)}"
    return start if what == "remove" else place
