"""The pages on which people write for themselves, and choose who may read one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from competencies.activities import REFLECTION_NOTE
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from lms.accounts.models import User
from lms.accounts.permissions import me
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import enrolments_of_trainee, guides_of
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.forms import Confirm
from lms.core.keys import uuid7
from lms.core.words import _
from lms.logbook.actions import Account
from lms.logbook.actions import log as log_lines
from lms.logbook.models import Activity
from lms.logbook.permissions import can_log, is_own
from lms.logbook.queries import epas_for, offered_to
from lms.logbook.queries import one_visible as one_activity
from lms.organisations.permissions import my_duties
from lms.reflections import actions, queries
from lms.reflections.forms import ReflectionForm, ShareForm
from lms.reflections.models import Reflection
from lms.reflections.permissions import is_writer

bp = Blueprint("reflections", __name__)

FIELDS = {"epa_not_offered": "epas", "reader_not_guide": "reader", "reflection_shared": "reader"}
"""The field that a broken rule is about."""


@bp.get("/reflections")
@signed_in
def reflections() -> ResponseReturnValue:
    """Show what a person wrote, the latest first, and what others let them read."""
    before, activity_id = request.args.get("before"), request.args.get("activity", type=UUID)
    page = queries.reflections_of(db.session(), me().id, about=activity_id, before=before)
    older = url_for(".reflections", before=page.next_cursor, activity=activity_id) if page.next_cursor else None
    return render_template(
        "reflections/reflections.html",
        reflections=page.rows,
        shared=queries.shared_with(db.session(), me().id),
        activity_id=activity_id,
        older_url=older,
        newest_url=url_for(".reflections", activity=activity_id) if before else None,
    )


@bp.route("/reflections/new", methods=["GET", "POST"])
@signed_in
def write() -> ResponseReturnValue:
    """Let a person write, about an activity or not, counted for EPAs or not."""
    activity = _looked_back_on()
    enrolment = _open_enrolment(activity)
    start = {"epas": request.args.getlist("epa", type=UUID), "key": str(uuid7())}
    form = _offered(ReflectionForm(data=start), enrolment)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            written = _write(form, activity, enrolment)
            flash(_("Your reflection is stored. Nobody else can read it unless you share it."), "done")
            return redirect(url_for(".reflection", reflection_id=written))
        except RuleBroken as broken:
            form.refuse(broken, FIELDS.get(broken.code))
            activity, status = _looked_back_on(), _opened_anew(form, broken)
    return render_template("reflections/write.html", form=form, activity=activity, reflection=None), status


def _opened_anew(form: ReflectionForm, broken: RuleBroken) -> int:
    """Return the status of a refusal; a form that was used or damaged gets a new key."""
    if broken.code in {"form_damaged", "form_used"}:
        form.open_anew()
    return 409 if broken.code in {"changed_meanwhile", "form_used"} else 422


def _looked_back_on() -> Activity | None:
    """Return the person's own activity that the address names, or None where it names none."""
    activity_id = request.args.get("activity", type=UUID)
    if activity_id is None:
        return None
    activity = found(one_activity(db.session(), my_duties(), activity_id))
    authorize(is_own(me(), activity))
    return activity


def _open_enrolment(activity: Activity | None) -> Enrolment | None:
    """Return the enrolment on which a reflection can be counted: that of the activity, else the newest."""
    mine = [one for one in enrolments_of_trainee(db.session(), me().id) if can_log(me(), one, clock.today())]
    of_activity = [one for one in mine if activity is not None and one.id == activity.enrolment_id]
    return next(iter(of_activity or mine), None)


def _offered(form: ReflectionForm, enrolment: Enrolment | None) -> ReflectionForm:
    """Return the form with the EPAs that it can be counted for."""
    return form.offer(epas_for(db.session(), enrolment) if enrolment is not None else [])


def _write(form: ReflectionForm, activity: Activity | None, enrolment: Enrolment | None) -> UUID:
    with db.transaction() as session:
        line = _line(session, form, enrolment)
        written = actions.write(
            session, form.text.data, key=form.opened_as, about=activity, line=line, by=me(), at=clock.now()
        )
        return written.id


def _line(session: Session, form: ReflectionForm, enrolment: Enrolment | None) -> Activity | None:
    """Log that there is a reflection for the EPAs that were chosen; None where none were."""
    if enrolment is None or not form.counts_for:
        return None
    account = Account(
        kind=ActivityKind.REFLECTION,
        performed_on=clock.today(),
        department_id=enrolment.department_id,
        epa_ids=form.counts_for,
        note=REFLECTION_NOTE,
        quantity=1,
    )
    offered = offered_to(session, enrolment, on=clock.today())
    (line,) = log_lines(
        session, enrolment, [account], key=form.opened_as, offered=offered, by=me(), on=clock.today(), at=clock.now()
    )
    return line


@bp.get("/reflections/<uuid:reflection_id>")
@signed_in
def reflection(reflection_id: UUID) -> ResponseReturnValue:
    """Show a reflection to its writer, or to somebody it is shared with."""
    return _page(_one(reflection_id))


def _one(reflection_id: UUID) -> Reflection:
    return found(queries.one_readable(db.session(), me().id, reflection_id))


def _own(reflection_id: UUID) -> Reflection:
    """Return a reflection of the person's own; who may only read it is refused."""
    shown = _one(reflection_id)
    authorize(is_writer(me(), shown))
    return shown


def _page(shown: Reflection, form: ShareForm | None = None) -> ResponseReturnValue:
    own = is_writer(me(), shown)
    page = render_template(
        "reflections/reflection.html",
        reflection=shown,
        is_own=own,
        readers=[share.reader for share in shown.shares if share.revoked_at is None],
        form=(form or ShareForm(formdata=None).offer(_readers_left(shown))) if own else None,
    )
    return page, 422 if form else 200


def _readers_left(shown: Reflection) -> Sequence[User]:
    """Return who guides the writer and cannot read it yet."""
    reading = {share.reader_id for share in shown.shares if share.revoked_at is None}
    return [one for one in _guides() if one.id not in reading]


def _guides() -> Sequence[User]:
    return guides_of(db.session(), me().id, on=clock.today())


@bp.route("/reflections/<uuid:reflection_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(reflection_id: UUID) -> ResponseReturnValue:
    """Let the writer change the text, and have it counted where it was not yet."""
    shown = _own(reflection_id)
    enrolment = None if shown.line_id else _open_enrolment(shown.about)
    standing = {"text": shown.text, "version": shown.version, "key": str(uuid7())}
    form = _offered(ReflectionForm(data=standing), enrolment)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _change(form, shown, enrolment)
            flash(_("Your reflection is changed."), "done")
            return redirect(url_for(".reflection", reflection_id=reflection_id))
        except RuleBroken as broken:
            shown = _own(reflection_id)
            form.refuse(broken, FIELDS.get(broken.code))
            form.version.data, status = shown.version, _opened_anew(form, broken)
    return render_template("reflections/write.html", form=form, activity=shown.about, reflection=shown), status


def _change(form: ReflectionForm, shown: Reflection, enrolment: Enrolment | None) -> None:
    with db.transaction() as session:
        line = _line(session, form, enrolment)
        actions.change(session, shown, form.text.data, line=line, seen=form.version.data, by=me(), at=clock.now())


@bp.post("/reflections/<uuid:reflection_id>/share")
@signed_in
def share(reflection_id: UUID) -> ResponseReturnValue:
    """Let the writer share one reflection with somebody who guides them."""
    shown = _own(reflection_id)
    form = ShareForm().offer(_guides())
    if not form.validate_on_submit():
        return _page(shown, form)
    try:
        with db.transaction() as session:
            actions.share(session, shown, reader_id=form.reader.data, readers=_guides(), by=me(), at=clock.now())
    except RuleBroken as broken:
        form.refuse(broken, FIELDS.get(broken.code))
        return _page(_own(reflection_id), form)
    flash(_("This reflection is shared. You can take that back at any time."), "done")
    return redirect(url_for(".reflection", reflection_id=reflection_id))


@bp.post("/reflections/<uuid:reflection_id>/readers/<uuid:reader_id>/revoke")
@signed_in
def revoke(reflection_id: UUID, reader_id: UUID) -> ResponseReturnValue:
    """Let the writer take back that somebody may read it."""
    shown = _own(reflection_id)
    with db.transaction() as session:
        actions.revoke(session, shown, reader_id=reader_id, by=me(), at=clock.now())
    flash(_("This reflection is no longer shared with that person."), "done")
    return redirect(url_for(".reflection", reflection_id=reflection_id))


@bp.route("/reflections/<uuid:reflection_id>/remove", methods=["GET", "POST"])
@signed_in
def remove(reflection_id: UUID) -> ResponseReturnValue:
    """Let the writer do away with what they wrote, after asking once more."""
    shown = _own(reflection_id)
    confirm = Confirm()
    if confirm.validate_on_submit():
        with db.transaction() as session:
            actions.remove(session, shown, by=me(), at=clock.now())
        flash(_("Your reflection is removed."), "done")
        return redirect(url_for(".reflections"))
    return render_template("reflections/remove.html", reflection=shown, confirm=confirm)
