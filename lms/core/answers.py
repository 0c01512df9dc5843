"""Answering a form that was sent: as a page, or in JSON to a script that sends it by itself and may send it again.

A script is told in one word how it ended: `done`; `refused`, where a person has to put something right; `conflict`,
where something else stands there by now; `sign_in`, `token` and `later`, where it has to be sent again.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from lms.core.forms import Form

GOES_ON = "Bekwaam-Goes-On"
"""The header by which a script says that its reader goes on to the page that the answer names."""

Lines = Sequence[tuple[str, str]]
"""What stands there, each line with what it is about."""


def is_for_script() -> bool:
    """Return whether a script sent this and reads the answer."""
    return request.accept_mimetypes.best == "application/json"


def done(message: str, url: str) -> ResponseReturnValue:
    """Answer that it is done, and lead on to a page that says so."""
    if not is_for_script() or GOES_ON in request.headers:
        flash(message, "done")
    if not is_for_script():
        return redirect(url)
    return jsonify(state="done", message=message, url=url)


def answered(page: str, status: int, form: Form, standing: Lines = ()) -> ResponseReturnValue:
    """Answer with the page of the form; a script gets it with what is wrong, and with what stands there by now."""
    if not is_for_script() or status < 400:
        return page, status
    state = "conflict" if status == 409 else "refused"
    return jsonify(state=state, reasons=_reasons(form), page=page, standing=list(standing)), status


def _reasons(form: Form) -> list[str]:
    """Return what is wrong with a form, each reason with the field that it is about."""
    beside = [f"{field.label.text}: {error}" for field in form for error in field.errors]
    return [str(error) for error in form.form_errors] + beside
