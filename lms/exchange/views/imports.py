"""The pages of imports: hand a file in, see what it would change, and let it be applied."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.jobs import ask_for
from lms.core.paging import page_of
from lms.core.security import accepts_up_to
from lms.core.words import _, current_language, rule_text
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.exchange import actions
from lms.exchange.forms import UploadForm
from lms.exchange.guards import LARGEST_UPLOAD, refused
from lms.exchange.jobs import apply_import, read_import
from lms.exchange.models import STEPS, Change, Import, ImportLine, ImportState
from lms.exchange.permissions import can_apply, can_discard, can_hand_in, can_see_exchange, owner_at
from lms.exchange.queries import imports as queries
from lms.exchange.register import CODECS, codec_by, codec_of
from lms.exchange.views.blueprint import bp
from lms.exchange.words import thing
from lms.organisations.permissions import my_duties

LINES_ON_A_PAGE = 50
LONGEST_NAME = 200
SAID = (Change.PROBLEM, Change.REMARK)
UNDECIDED = (ImportState.WAITING, ImportState.READING, ImportState.READY)
SHOWN_FIRST = (Change.NEW, Change.CHANGED, Change.REMOVED)


@bp.get("/imports")
@signed_in
def imports() -> ResponseReturnValue:
    """Show what was handed in lately, and let somebody hand in a file."""
    authorize(can_see_exchange(my_duties()))
    return _imports_page(_upload_form(db.session()))


def _upload_form(session: Session) -> UploadForm:
    accepted = dict.fromkeys(ending for codec in CODECS for ending in codec.extensions)
    return UploadForm().offer(queries.places_to_import_for(session, my_duties()), accept=accepted)


def _imports_page(form: UploadForm) -> str:
    return render_template(
        "exchange/imports.html",
        imports=queries.imports(db.session(), my_duties()),
        form=form,
        codecs=CODECS,
        may_hand_in=can_hand_in(my_duties()),
    )


@bp.post("/imports")
@accepts_up_to(LARGEST_UPLOAD + 64 * 1024)
@signed_in
def hand_in() -> ResponseReturnValue:
    """Keep a file that somebody hands in, and let a worker read it."""
    authorize(can_hand_in(my_duties()))
    form = _upload_form(db.session())
    if form.validate_on_submit():
        try:
            import_id = _handed_in(form.file.data, form.place.data)
            return redirect(url_for(".preview", import_id=import_id))
        except CurriculumRefused as refusal:
            form.file.errors = [problem.message for problem in refusal.errors]
        except RuleBroken as broken:
            form.refuse(broken, "file")
    return _imports_page(form), 422


def _handed_in(file: FileStorage, place_id: UUID) -> UUID:
    """Keep the file and ask for the job that reads it; raise CurriculumRefused for one of an unknown kind."""
    content, name = file.read(), (file.filename or "")[-LONGEST_NAME:].replace("\x00", "")
    if not content:
        raise refused(name, _("This file is empty."))
    codec = codec_of(content, name)
    if codec is None:
        raise refused(name, _("This is none of the kinds of file that can be imported. They are listed below."))
    with db.transaction() as session:
        one = actions.hand_in(
            session,
            content,
            name=name,
            codec=codec.key,
            owner=owner_at(my_duties(), place_id),
            language=current_language(),
            by=me(),
            at=clock.now(),
        )
        ask_for(session, read_import, import_id=str(one.id))
        return one.id


@bp.get("/imports/<uuid:import_id>")
@signed_in
def preview(import_id: UUID) -> ResponseReturnValue:
    """Show how far an import is and, once it is read, what it would change."""
    one = found(queries.one_import(db.session(), my_duties(), import_id))
    return _preview_page(one)


def _preview_page(one: Import, *, refusal: str = "") -> str:
    change, after = _asked_change(one), request.args.get("after", -1, type=int)
    lines = queries.lines_of(db.session(), one.id, [change] if change else [], after=after, size=LINES_ON_A_PAGE + 1)
    said = queries.lines_of(db.session(), one.id, SAID, after=-1, size=LINES_ON_A_PAGE)
    return render_template(
        "exchange/preview.html",
        one=one,
        refusal=refusal,
        change=change,
        changes=(*SHOWN_FIRST, Change.UNCHANGED),
        lines=page_of(lines, size=LINES_ON_A_PAGE, cursor_of=_position),
        said=said,
        codec=codec_by(one.codec),
        has_changes=any(one.counts.get(kind.value) for kind in SHOWN_FIRST),
        steps=STEPS,
        thing=thing,
        may_apply=can_apply(my_duties(), one),
        may_discard=can_discard(my_duties(), one) and one.state in UNDECIDED,
    )


def _asked_change(one: Import) -> Change | None:
    """Return which lines to show: those that were asked for, else the first kind of change that there is."""
    asked = request.args.get("change", "")
    there = [change for change in (*SHOWN_FIRST, Change.UNCHANGED) if one.counts.get(change.value)]
    return next((change for change in there if change.value == asked), there[0] if there else None)


def _position(line: ImportLine) -> str:
    return str(line.position)


@bp.post("/imports/<uuid:import_id>/apply")
@signed_in
def apply(import_id: UUID) -> ResponseReturnValue:
    """Let a worker apply an import, as the preview that was looked at shows it."""
    one = found(queries.one_import(db.session(), my_duties(), import_id))
    authorize(can_apply(my_duties(), one))
    try:
        with db.transaction() as session:
            one = found(queries.import_to_change(session, import_id))
            actions.ask_to_apply(session, one, seen=request.form.get("seen", ""), by=me().id, at=clock.now())
            ask_for(session, apply_import, import_id=str(import_id), user_id=str(me().id))
    except RuleBroken as broken:
        one = found(queries.one_import(db.session(), my_duties(), import_id))
        return _preview_page(one, refusal=rule_text(broken)), 409
    flash(_("The import has begun."), "done")
    return redirect(url_for(".preview", import_id=import_id))


@bp.post("/imports/<uuid:import_id>/discard")
@signed_in
def discard(import_id: UUID) -> ResponseReturnValue:
    """Take back a file that was handed in and not imported."""
    one = found(queries.one_import(db.session(), my_duties(), import_id))
    authorize(can_discard(my_duties(), one))
    with db.transaction() as session:
        one = found(queries.import_to_change(session, import_id))
        actions.discard(session, one, by=me().id, at=clock.now())
    flash(_("The file is taken back. Nothing was imported."), "done")
    return redirect(url_for(".imports"))
