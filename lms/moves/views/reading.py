"""The page on which everybody who sees a trainee reads what became of them at each move."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.cohorts.queries import one_enrolment
from lms.core import db
from lms.core.access import found, signed_in
from lms.moves import queries
from lms.moves.forms import line_of
from lms.moves.views.blueprint import bp
from lms.organisations.permissions import my_duties
from lms.progress.queries import left_behind


@bp.get("/enrolments/<uuid:enrolment_id>/moves")
@signed_in
def of_enrolment(enrolment_id: UUID) -> ResponseReturnValue:
    """Show when a trainee was moved, by whom and why, what moved along and what stayed."""
    session, duties = db.session(), my_duties()
    shown = found(one_enrolment(session, duties, enrolment_id))
    told = queries.told_moves(session, shown)
    return render_template(
        "moves/of_enrolment.html",
        enrolment=shown,
        told=told,
        behind=left_behind(session, shown, [one.move for one in told], on=duties.on),
        is_own=shown.trainee_id == duties.user_id,
        line_of=line_of,
    )
