"""What a device gets to work without coverage, what it asks before it sends, and who may send for whom."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from lms.accounts.permissions import me, my_session, someone
from lms.core.access import public, published, signed_in
from lms.core.sealing import key_for
from lms.core.templating import asset
from lms.core.words import LANGUAGES, _, current_language
from lms.offline.words import words_of_device, words_of_forms

bp = Blueprint("offline", __name__)
bp.add_app_template_global(words_of_forms)

SENDS_FOR = "Bekwaam-Account"
"""The header in which a device names the person whose entry it sends."""
FILES = ("app.css", "mark.svg", "offline.js", "keeping.js", "queue.js", "device.js", "search.js", "upload.js")
"""The static files of the pages that work without coverage."""
ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable.png", 512, "maskable"))


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


@bp.get("/device")
@public
def device() -> ResponseReturnValue:
    """Show what waits on this device, and what it keeps; the server knows neither."""
    return _page()


@bp.get("/<language:language>/offline")
@published
def shell() -> ResponseReturnValue:
    """Show the same page as a device keeps it, for whoever uses it without coverage."""
    return _page()


def _page() -> str:
    return render_template("offline/device.html", words=words_of_device())


@bp.get("/worker.js")
@public
def worker() -> Response:
    """Hand out the worker of this version of the files: another version is another worker."""
    facts = {
        "VERSION": current_app.config["ASSETS_VERSION"],
        "FILES": [asset(name) for name in FILES],
        "SHELLS": {code: url_for(".shell", language=code) for code in LANGUAGES},
    }
    lines = [f"import * as queue from {json.dumps(asset('queue.js'))};"]
    lines += [f"const {name} = {json.dumps(value)};" for name, value in facts.items()]
    source = Path(str(current_app.static_folder), "worker.js").read_text(encoding="utf-8")
    answer = Response("\n".join([*lines, source]), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/<language:language>/manifest.webmanifest")
@published
def manifest() -> Response:
    """Say how a device installs this as an app."""
    start = url_for("offline.device").removesuffix("device")
    facts = {
        "id": start,
        "name": _("Bekwaam: learning and assessing at work"),
        "short_name": "Bekwaam",
        "lang": current_language(),
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": "#f5f7f8",
        "theme_color": "#1d4f91",
        "icons": [
            {"src": asset("mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            *(
                {"src": asset(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
                for name, size, purpose in ICONS
            ),
        ],
        "shortcuts": [{"name": _("Log an activity"), "url": f"{start}activities/new"}],
    }
    return Response(json.dumps(facts, ensure_ascii=False), mimetype="application/manifest+json")
