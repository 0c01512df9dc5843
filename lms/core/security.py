"""The headers and limits that every answer and every request keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from flask import Flask, Response, abort, current_app, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
)
POLICY = "; ".join(DIRECTIVES)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
YEAR = 365 * 24 * 60 * 60


def init_app(app: Flask) -> None:
    """Refuse foreign hosts before anything else, and send the headers with every answer."""
    app.before_request(_refuse_foreign_host)
    app.before_request(_refuse_nul)
    app.before_request(_let_files_be_larger)
    app.after_request(_protect)


def _refuse_nul() -> None:
    """Answer 404 to an address with a NUL: no text of ours holds one, and the database refuses the question."""
    if "\x00" in request.path:
        abort(404)


def _refuse_foreign_host() -> None:
    allowed = current_app.config["BEKWAAM"].allowed_hosts
    host = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdigit() else request.host
    if "*" not in allowed and host not in allowed:
        abort(400)


def accepts_up_to(largest: int) -> Callable[[View[P]], View[P]]:
    """Let a view take requests of so many bytes from people who are signed in; everybody else keeps the usual limit."""

    def mark(view: View[P]) -> View[P]:
        view.largest_request = largest  # type: ignore[attr-defined]
        return view

    return mark


def _let_files_be_larger() -> None:
    """Set the limit of this request before anything reads its body, such as the check of the form's token."""
    view = current_app.view_functions.get(request.endpoint or "")
    largest = getattr(view, "largest_request", None)
    if largest is not None and "_user_id" in cookie:
        request.max_content_length = largest


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["BEKWAAM"].https:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
