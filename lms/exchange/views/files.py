"""Programmes as files to take away, the empty workbook, and the published schema of our own format."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import authorize, found, public, signed_in
from lms.core.addresses import site_address
from lms.core.words import _
from lms.curriculum.schemas.checking import SCHEMAS
from lms.curriculum.schemas.published import file_name, json_schema
from lms.exchange.actions.programmes import note_programme_taken_away, note_shared_file_taken_away
from lms.exchange.forms import PackageFileForm
from lms.exchange.package_files import PackageFile
from lms.exchange.permissions import can_see_exchange
from lms.exchange.programme_files import FORMATS, SHARED, empty_workbook, programme_file, shared_file
from lms.exchange.queries.wholes import catalogue_file, version_to_take_away
from lms.exchange.views.blueprint import bp
from lms.organisations.permissions import my_duties

KEPT_FOR = 3600
"""So many seconds a published schema may be kept by whoever asks for it."""

PUBLISHED = {file_name(kind): kind for kind in SCHEMAS}


@bp.post("/programmes/<uuid:version_id>/file")
@signed_in
def take_programme(version_id: UUID) -> ResponseReturnValue:
    """Give a version of a programme as a file, and note who took it away."""
    version = found(version_to_take_away(db.session(), version_id))
    form = PackageFileForm().offer(FORMATS)
    if not form.validate_on_submit():
        flash(_("Choose a format."), "failed")
        return redirect(url_for("curriculum.programme", version_id=version_id))
    file = programme_file(db.session(), version, form.format.data, site=site_address())
    with db.transaction() as session:
        note_programme_taken_away(session, version, to=form.format.data, by=me().id, at=clock.now())
    return _attached(file)


@bp.post("/shared-files")
@signed_in
def take_shared_file() -> ResponseReturnValue:
    """Give the scales or the vocabulary as a file, and note who took it away."""
    authorize(can_see_exchange(my_duties()))
    form = PackageFileForm().offer(SHARED)
    if not form.validate_on_submit():
        flash(_("Choose a format."), "failed")
        return redirect(url_for(".imports"))
    name, _dot, ending = form.format.data.partition(".")
    file = shared_file(db.session(), name, ending)
    with db.transaction() as session:
        row = catalogue_file(session, name)
        note_shared_file_taken_away(session, row, to=ending, by=me().id, at=clock.now())
    return _attached(file)


@bp.get("/imports/workbook")
@signed_in
def workbook() -> ResponseReturnValue:
    """Give the empty workbook in which somebody can write a new programme down."""
    authorize(can_see_exchange(my_duties()))
    return _attached(empty_workbook(db.session()))


@bp.get("/schemas/<string:schema_name>")
@public
def schema(schema_name: str) -> ResponseReturnValue:
    """Give the JSON Schema of a kind of curriculum file to everybody."""
    answer = jsonify(json_schema(found(PUBLISHED.get(schema_name))))
    answer.content_type = "application/schema+json"
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.add_etag()
    return answer.make_conditional(request)


def _attached(file: PackageFile) -> Response:
    answer = Response(file.content, content_type=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    return answer
