"""The pages of what a trainee has, needs and waits for, and of the cohort as a whole."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core.access import signed_in

bp = Blueprint("progress", __name__)


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """Show what a person has to do, in every role they hold."""
    return render_template("progress/home.html")
