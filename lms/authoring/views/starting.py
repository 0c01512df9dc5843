"""Starting a draft: of a new programme, of the next version of one, or of a copy."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.curricula import ProgrammeKind
from lms.accounts.permissions import me
from lms.authoring import actions, queries
from lms.authoring.beginnings import copied, new_programme, revised
from lms.authoring.documents import Data
from lms.authoring.forms import CopyForm, NewProgrammeForm, OwnerForm, RevisionForm
from lms.authoring.keys import free_key
from lms.authoring.permissions import can_write_programmes, places_written_for, writes_for
from lms.authoring.views.blueprint import bp
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _, in_language
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries import document_of, life_of, versions_of
from lms.organisations.permissions import my_duties


@bp.route("/drafts/new", methods=["GET", "POST"])
@signed_in
def start() -> ResponseReturnValue:
    """Start a programme from nothing."""
    authorize(can_write_programmes(my_duties()))
    form = NewProgrammeForm(version=f"{clock.today().year}.1", kind=ProgrammeKind.EPA_ROUTE.value)
    form.offer(queries.places_of(db.session(), places_written_for(my_duties())))
    form.offer_kinds()
    if form.validate_on_submit():
        title = {"nl": form.title_nl.data, "en": form.title_en.data}
        taken = queries.keys_taken(db.session())
        document = new_programme(title, kind=ProgrammeKind(form.kind.data), version=form.version.data, taken=taken)
        return _started(form, document, None)
    return render_template("authoring/start.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/programmes/<uuid:version_id>/revision", methods=["GET", "POST"])
@signed_in
def revise(version_id: UUID) -> ResponseReturnValue:
    """Start the next version of a programme."""
    version = _origin(version_id)
    owner = queries.owner_of_programme(db.session(), version.programme.key)
    authorize(writes_for(my_duties(), owner))
    taken = versions_of(db.session(), version.programme.key)
    form = RevisionForm(version=free_key(f"{clock.today().year}.1", taken))
    places = frozenset({owner.place} if owner and owner.place else places_written_for(my_duties()))
    form.offer(queries.places_of(db.session(), places))
    if form.validate_on_submit():
        return _started(form, revised(document_of(db.session(), version_id), version=form.version.data), version_id)
    status = 422 if form.is_submitted() else 200
    return render_template("authoring/revise.html", form=form, programme=version), status


@bp.route("/programmes/<uuid:version_id>/copy", methods=["GET", "POST"])
@signed_in
def copy(version_id: UUID) -> ResponseReturnValue:
    """Start a programme of one's own from another."""
    version = _origin(version_id)
    authorize(can_write_programmes(my_duties()))
    form = CopyForm(version=f"{clock.today().year}.1")
    form.offer(queries.places_of(db.session(), places_written_for(my_duties())))
    if form.validate_on_submit():
        title = {"nl": form.title_nl.data, "en": form.title_en.data}
        document = document_of(db.session(), version_id)
        taken = queries.keys_taken(db.session())
        return _started(form, copied(document, title, version=form.version.data, taken=taken), version_id)
    return render_template("authoring/copy.html", form=form, programme=version), 422 if form.is_submitted() else 200


def _origin(version_id: UUID) -> ProgrammeVersion:
    return found(life_of(db.session(), version_id)).version


def _started(form: OwnerForm, document: Data, based_on: UUID | None) -> ResponseReturnValue:
    with db.transaction() as session:
        draft = actions.start_draft(
            session, document, based_on=based_on, owner=form.owner.data, by=me(), at=clock.now()
        )
    flash(_("The draft of %(title)s is there.", title=in_language(draft.title)), "done")
    return redirect(url_for(".draft", draft_id=draft.id))
