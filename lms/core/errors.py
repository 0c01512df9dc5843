"""Refusals and failures as pages: what happened, what was kept, and what to do."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import ClientDisconnected, HTTPException

from competencies.errors import RuleBroken
from lms.core.answers import is_for_script
from lms.core.db import session
from lms.core.logs import log, request_id
from lms.core.words import rule_text

PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500})
AGAIN = frozenset({408, 425, 429})
"""Refusals that say nothing of what was sent: it can be sent again."""
SECRET = frozenset({"csrf_token", "password", "present", "new", "again"})
"""The fields of all forms that no page gives back: tokens, and passwords present and new."""


def init_app(app: Flask) -> None:
    """Show every refusal and failure as a page of our own."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _refused_by_database)
    app.register_error_handler(Exception, _failed)


def _refused(refusal: HTTPException) -> ResponseReturnValue:
    code = refusal.code or 500
    if refusal.response is not None or code < 400:
        return refusal
    if isinstance(refusal, ClientDisconnected):  # What did not come whole is no form to give back.
        g.arrived_in_part = True
        return _page(code, state="later")
    return _page(code, reason=getattr(refusal, "reason", None))


def _form_expired(_refusal: CSRFError) -> ResponseReturnValue:
    return _page(400, state="token", expired=True)


def _rule_broken(broken: RuleBroken) -> ResponseReturnValue:
    return _page(409, state="conflict", reason=rule_text(broken))


def _stale(_conflict: Exception) -> ResponseReturnValue:
    session().rollback()
    return _page(409, state="later")


def _refused_by_database(refusal: IntegrityError) -> ResponseReturnValue:
    """Say that somebody was faster where two requests made the same at once; any other refusal is a failure of ours."""
    if not isinstance(refusal.orig, UniqueViolation):
        return _failed(refusal)
    log.warning("made twice", constraint=refusal.orig.diag.constraint_name)
    return _stale(refusal)


def _failed(failure: Exception) -> ResponseReturnValue:
    g.reader_unknown = True
    with suppress(SQLAlchemyError):
        session().rollback()
    log.error("failure", exc_info=failure)
    return _page(500)


def _page(code: int, *, state: str = "", **details: object) -> ResponseReturnValue:
    """Return the page of a status; a status without a page of its own gets the nearest one, and keeps its code.

    A script gets it with the word for what it can do (`lms.core.answers`): send again what somebody was faster with.
    """
    if request.path.startswith("/health") or request.path == "/metrics":
        return jsonify(status=code, request_id=request_id()), code
    shown = code if code in PAGES else 400 if code < 500 else 500
    facts = {"reason": None, "expired": False} | details
    typed = [] if code == 413 or g.get("arrived_in_part") else _typed()
    page = render_template(f"errors/{shown}.html", typed=typed, request_id=request_id(), **facts)
    if not is_for_script():
        return page, code
    state = state or ("later" if code in AGAIN or code >= 500 else "refused")
    return jsonify(state=state, reasons=[reason] if (reason := facts["reason"]) else [], page=page), code


def _typed() -> list[tuple[str, str]]:
    """Return what was typed into the form that was sent, so that the page can give it back; never a password."""
    fields = request.form.items(multi=True)
    return [(name, text) for name, text in fields if name not in SECRET]
