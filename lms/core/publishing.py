"""Pages for everybody: in the language of their address, the same for every reader, and kept by caches."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.routing import BaseConverter

from lms.core.access import Gate, gate_of

KEPT_FOR = 10 * 60
"""Seconds that a cache may show a page without asking again."""


class LanguageConverter(BaseConverter):
    """A language of the pages as a part of an address."""

    regex = "nl|en"


class Sessions(SecureCookieSessionInterface):
    """Sessions in signed cookies, but for published pages: they look at none and leave none."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session of a person into their cookie; an answer for everybody does not depend on one."""
        if not is_published():
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Know languages in addresses, and let caches keep what is published."""
    app.url_map.converters["language"] = LanguageConverter
    app.session_interface = Sessions()
    app.url_value_preprocessor(_take_language)
    app.after_request(_keep)


def is_published() -> bool:
    """Return whether what is asked for now is the same for everybody."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and gate_of(view) is Gate.PUBLISHED


def language_of_address() -> str | None:
    """Return the language that the address names, or None where it names none."""
    language: str | None = g.get("language_of_address")
    return language


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Keep the language of the address for the words of the page; views do not ask for it."""
    g.language_of_address = (values or {}).pop("language", None)


def _keep(response: Response) -> Response:
    """Let caches keep a published answer for a while, and ask by its fingerprint whether it is still right."""
    if is_published() and response.status_code == 200 and not g.get("reader_unknown"):
        response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
        response.add_etag()
        response.make_conditional(request)
    return response
