"""Pages whose address is a secret: it opens them for whoever holds it, and shows up nowhere else."""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from flask import session as cookie
from werkzeug.routing import BaseConverter

from lms.core.access import Gate, gate_of
from lms.core.words import LANGUAGES

CHOOSING = "language"
"""What an address carries after its question mark to be read in another language."""


class SecretConverter(BaseConverter):
    """A secret as a part of an address: 72 bytes in the alphabet of addresses."""

    regex = "[A-Za-z0-9_-]{96}"


def init_app(app: Flask) -> None:
    """Know secrets in addresses, and keep them out of sight."""
    app.url_map.converters["secret"] = SecretConverter
    app.before_request(_choose_language)
    app.after_request(_keep_quiet)


def is_by_link() -> bool:
    """Return whether what is asked for now is opened by its address alone."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and gate_of(view) is Gate.LINK


def _choose_language() -> None:
    """Let the reader choose a language on the page itself: a form elsewhere would have to carry the address."""
    if is_by_link() and request.args.get(CHOOSING) in LANGUAGES:
        cookie["language"] = request.args[CHOOSING]


def _keep_quiet(response: Response) -> Response:
    """Let browsers tell no other page of the address, search engines leave it, and caches keep nothing."""
    if is_by_link():
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
    return response
