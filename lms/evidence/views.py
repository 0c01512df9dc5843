"""Where a browser sends a file in pieces: it begins, sends the next piece, and asks how far it was."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import found, signed_in
from lms.core.words import rule_text
from lms.evidence import actions, queries
from lms.evidence.models import Upload
from lms.evidence.words import file_size

bp = Blueprint("evidence", __name__)
bp.add_app_template_filter(file_size)


@bp.post("/uploads")
@signed_in
def start() -> ResponseReturnValue:
    """Begin to receive a file in pieces, under the key that the browser made; again, it goes on where it was."""
    key, size = request.form.get("id", type=UUID), request.form.get("size", type=int)
    if key is None or size is None:
        return jsonify(message=rule_text(RuleBroken("upload_gone"))), 400
    try:
        with db.transaction() as session:
            upload = actions.start_upload(
                session, key, name=request.form.get("name", ""), size=size, owner=me(), at=clock.now()
            )
        return _state_of(upload) if upload else (jsonify(taken=True), 409)
    except RuleBroken as broken:
        return jsonify(message=rule_text(broken)), 422


@bp.get("/uploads/<uuid:upload_id>")
@signed_in
def upload(upload_id: UUID) -> ResponseReturnValue:
    """Say how much of a file has come."""
    return _state_of(found(queries.upload_of(db.session(), me().id, upload_id)))


@bp.post("/uploads/<uuid:upload_id>/pieces/<int:offset>")
@signed_in
def piece(upload_id: UUID, offset: int) -> ResponseReturnValue:
    """Take the next piece of a file; for one that is not the next, answer which is."""
    found(queries.upload_of(db.session(), me().id, upload_id))
    content = request.get_data(cache=False)
    try:
        with db.transaction() as session:
            coming = found(queries.upload_of(session, me().id, upload_id, to_change=True))
            is_next = actions.take_piece(coming, content, offset=offset)
            return _state_of(coming), 200 if is_next else 409
    except RuleBroken as broken:
        return jsonify(message=rule_text(broken)), 422


def _state_of(coming: Upload) -> Response:
    return jsonify(
        received=coming.received, size=coming.size, pieces=url_for(".upload", upload_id=coming.id) + "/pieces/"
    )
