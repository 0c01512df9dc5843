"""The blueprint of invitations: how a link is opened, and what is said where it opens nothing."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from flask import Blueprint, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from lms.accounts.queries import ADDRESS_FACTOR
from lms.core import clock, db
from lms.invitations import queries
from lms.invitations.models import Invitation
from lms.invitations.throttle import Throttle
from lms.invitations.tokens import Purpose, Tokens

bp = Blueprint("invitations", __name__)
THROTTLE = "bekwaam_link_throttle"


class Shut(StrEnum):
    """Why a link opens nothing."""

    WRONG = "wrong"
    TOO_MANY = "too_many"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    USED = "used"
    ELSEWHERE = "elsewhere"


STATUS = {
    Shut.WRONG: 404,
    Shut.TOO_MANY: 429,
    Shut.EXPIRED: 410,
    Shut.WITHDRAWN: 410,
    Shut.USED: 410,
    Shut.ELSEWHERE: 403,
}


class LinkShut(Exception):
    """A link that opens nothing, and why; what it was about is nobody's business then."""

    def __init__(self, why: Shut) -> None:
        super().__init__(why)
        self.why = why


@bp.record_once
def _set_up(state: BlueprintSetupState) -> None:
    """Give each application a throttle of its own."""
    state.app.extensions[THROTTLE] = Throttle(state.app.config["BEKWAAM"].sign_in_attempts * ADDRESS_FACTOR)


@bp.errorhandler(LinkShut)
def _say_why(shut: LinkShut) -> ResponseReturnValue:
    return render_template("invitations/shut.html", why=shut.why.value), STATUS[shut.why]


def tokens() -> Tokens:
    """Return the tokens of this installation."""
    return Tokens(current_app.config["SECRET_KEY"])


def opened(purpose: Purpose, token: str) -> tuple[Invitation, datetime]:
    """Return what a link opens, and the moment at which it does; a token that opens nothing counts as a try.

    Raises `LinkShut`. A token that is not ours is refused before the database is asked.
    """
    throttle: Throttle = current_app.extensions[THROTTLE]
    now, address = clock.now(), request.remote_addr or ""
    if throttle.is_over(address, at=now):
        raise LinkShut(Shut.TOO_MANY)
    named = tokens().read(purpose, token)
    found = queries.opened_by(db.session(), purpose, named, token) if named else None
    if found is None:
        throttle.note(address, at=now)
        raise LinkShut(Shut.WRONG)
    return found, now
