"""Whether the server lives, and whether it can work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lms.core.access import public
from lms.core.db import session

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
@public
def live() -> Response:
    """Answer that the process lives."""
    return jsonify(status="live")


@bp.get("/ready")
@public
def ready() -> tuple[Response, int]:
    """Answer whether the database can be read and has its tables."""
    try:
        session().execute(text("SELECT 1 FROM alembic_version LIMIT 1")).one()
    except SQLAlchemyError:
        return jsonify(status="the database does not answer"), 503
    return jsonify(status="ready"), 200
