"""The page on which a programme lead says what became of each EPA."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.versions import EpaMapping, suggested_mapping
from lms.accounts.permissions import me
from lms.cohorts.values import mapping_of
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _
from lms.curriculum.models import ProgrammeVersion
from lms.moves import actions, queries
from lms.moves.forms import MappingForm, line_of, mapping_form
from lms.moves.permissions import can_move, can_prepare_moves
from lms.moves.values import BothVersions
from lms.moves.views.blueprint import bp
from lms.organisations.models import Organisation
from lms.organisations.permissions import my_duties


@bp.route("/programmes/<uuid:version_id>/moves/new", methods=["GET", "POST"])
@signed_in
def new(version_id: UUID) -> ResponseReturnValue:
    """Let a programme lead say what became of each EPA, from a version to the one that is asked for."""
    session, duties = db.session(), my_duties()
    authorize(can_prepare_moves(duties))
    old = found(queries.one_version(session, version_id))
    to = _target(session, old)
    places = queries.places_with(session, duties, old)
    if to is None or not places:
        return redirect(url_for(".moves", version_id=version_id))
    versions = queries.both_versions(session, old.id, to.id)
    form = mapping_form(versions, suggested_mapping(old=versions.old, new=versions.new), places, request.form)
    if form.validate_on_submit():
        try:
            return _prepared(old, to, places, versions, form)
        except RuleBroken as broken:
            refuse(form, broken, versions)
    return page_of_mapping(old, to, versions, form)


def _target(session: Session, old: ProgrammeVersion) -> ProgrammeVersion | None:
    """Return the version that is asked for; without one, the newest of the others."""
    asked = request.args.get("to", type=UUID)
    others = queries.other_versions(session, old)
    return next((one for one in others if asked in {None, one.id}), None)


def _prepared(
    old: ProgrammeVersion,
    to: ProgrammeVersion,
    places: Sequence[Organisation],
    versions: BothVersions,
    form: MappingForm,
) -> ResponseReturnValue:
    with db.transaction() as session:
        move = actions.prepare_move(
            session,
            from_version=old,
            to_version=to,
            organisation=next(place for place in places if place.id == form.organisation.data),
            mapping=form.mapping(versions),
            versions=versions,
            by=me(),
            at=clock.now(),
        )
    flash(_("The mapping is stored. Look at what it means before you move anybody."), "done")
    return redirect(url_for(".move", move_id=move.id))


@bp.route("/moves/<uuid:move_id>/edit", methods=["GET", "POST"])
@signed_in
def edit(move_id: UUID) -> ResponseReturnValue:
    """Let a programme lead change a mapping by which nobody was moved yet."""
    session, duties = db.session(), my_duties()
    move = found(queries.one_move(session, duties, move_id))
    authorize(can_move(duties, move))
    if move.used_at is not None:
        raise RuleBroken("mapping_used")
    versions = queries.both_versions(session, move.from_version_id, move.to_version_id)
    known = mapping_of(move.mapping)
    form = mapping_form(versions, known, [move.organisation], request.form, version=move.version)
    old, to = move.from_version, move.to_version
    if form.validate_on_submit():
        try:
            return _changed(move_id, form, versions)
        except RuleBroken as broken:
            refuse(form, broken, versions)
    return page_of_mapping(old, to, versions, form, move_id=move_id)


def _changed(move_id: UUID, form: MappingForm, versions: BothVersions) -> ResponseReturnValue:
    with db.transaction() as session:
        move = found(queries.one_move(session, my_duties(), move_id))
        actions.change_mapping(
            session,
            move,
            form.mapping(versions),
            versions=versions,
            version=form.version.data or 0,
            by=me(),
            at=clock.now(),
        )
    flash(_("The mapping is changed."), "done")
    return redirect(url_for(".move", move_id=move_id))


def refuse(form: MappingForm, broken: RuleBroken, versions: BothVersions) -> None:
    """Put a broken rule beside the new EPA that it is about."""
    into = next((epa for epa in versions.new if epa.code == broken.facts.get("into")), None)
    form.refuse(broken, form.sources(into)[0].name if into else None)


def page_of_mapping(
    old: ProgrammeVersion,
    to: ProgrammeVersion,
    versions: BothVersions,
    form: MappingForm,
    *,
    move_id: UUID | None = None,
) -> ResponseReturnValue:
    """Return the page on which the mapping is filled in; what was sent keeps what was chosen."""
    sent = form.is_submitted()
    page = render_template(
        "moves/mapping.html",
        old=old,
        to=to,
        versions=versions,
        form=form,
        mapping=_as_sent(form, versions),
        by_id=versions.by_id,
        line_of=line_of,
        move_id=move_id,
    )
    return page, 422 if sent else 200


def _as_sent(form: MappingForm, versions: BothVersions) -> EpaMapping | None:
    """Return the mapping as it stands in the form, or None where it says two things at once."""
    try:
        return form.mapping(versions)
    except RuleBroken:
        return None
