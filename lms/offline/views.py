"""What a device asks before it sends what waits on it, and who is refused to send for whom."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from lms.accounts.permissions import me, my_session, someone
from lms.core.access import signed_in
from lms.core.sealing import key_for

bp = Blueprint("offline", __name__)

SENDS_FOR = "Bekwaam-Account"
"""The header in which a device names the person whose entry it sends."""


@bp.before_app_request
def refuse_for_another() -> ResponseReturnValue | None:
    """Refuse what a device sends for one person while another is signed in there: it stays where it waits."""
    named = request.headers.get(SENDS_FOR)
    if named is None:
        return None
    person = someone()
    return None if person is not None and str(person.id) == named else (jsonify(state="sign_in"), 401)


@bp.get("/device/account")
@signed_in
def account() -> ResponseReturnValue:
    """Tell a device for whom it can send now, and the key that keeps what waits on it closed to everybody else."""
    key = key_for(f"device {me().id}", current_app.config["BEKWAAM"].secret_key)
    until = my_session().expires_at
    return jsonify(account=str(me().id), key=key.hex(), until=until.isoformat(), token=generate_csrf())
