"""Three questions of access: the gate of a route, whether a thing exists for you, and whether you may do this to it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from lms.core.answers import is_for_script

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[P, ResponseReturnValue]


class Gate(StrEnum):
    """Who may come to a route at all."""

    PUBLIC = "public"
    PUBLISHED = "published"
    LINK = "link"
    SIGNED_IN = "signed_in"
    MACHINE = "machine"


def gate_of(view: Callable[..., object]) -> Gate | None:
    """Return the gate that a view wears, or None where it wears none."""
    return getattr(view, "gate", None)


def public(view: View[P]) -> View[P]:
    """Let everybody come here."""
    return _wearing(Gate.PUBLIC, view)


def published(view: View[P]) -> View[P]:
    """Let everybody come here, whoever they are: nobody is known here, so that caches can keep the answer."""
    return _wearing(Gate.PUBLISHED, view)


def by_link(view: View[P]) -> View[P]:
    """Let everybody come here who knows the address, which is a secret: the view itself refuses a wrong one.

    Nobody is known here, signed in or not: the link says who is meant.
    """
    return _wearing(Gate.LINK, view)


def signed_in(view: View[P]) -> View[P]:
    """Let only people come here who signed in; others are sent to do so and come back, and their scripts told so."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            if is_for_script():
                return jsonify(state="sign_in"), 401
            return redirect(url_for("accounts.sign_in", next=_way_back()))
        return view(*args, **kwargs)

    return _wearing(Gate.SIGNED_IN, guarded)


def with_metrics_token(view: View[P]) -> View[P]:
    """Let only a caller come here who carries the metrics token; without a token set, nobody."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        expected = current_app.config["BEKWAAM"].metrics_token
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
            abort(404)
        return view(*args, **kwargs)

    return _wearing(Gate.MACHINE, guarded)


def found(thing: T | None) -> T:
    """Return the thing, or answer 404: for this reader it does not exist."""
    if thing is None:
        abort(404)
    return thing


class NotAllowed(Forbidden):
    """A refusal that says why, in the words of the reader."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


def authorize(allowed: bool, *, because: str = "") -> None:
    """Answer 403 unless this person may do this to this thing, now; with the reason where there is one to give."""
    if not allowed:
        raise NotAllowed(because)


def _way_back() -> str:
    """Return where to go after signing in: this page when it was read, the home page when it was sent."""
    return request.full_path.rstrip("?") if request.method == "GET" else url_for("progress.home")


def _wearing(gate: Gate, view: View[P]) -> View[P]:
    """Mark the view with its gate; a second gate on one view is a mistake of ours."""
    if gate_of(view) is not None:
        raise TypeError(f"{view.__name__} wears two gates")
    view.gate = gate  # type: ignore[attr-defined]
    return view
