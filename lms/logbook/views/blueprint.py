"""The blueprint of the logbook, and what its pages share."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, request

from competencies.errors import RuleBroken
from competencies.observations import LISTED
from lms.accounts.permissions import me
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import enrolments_in_dates, enrolments_of_trainee
from lms.core import clock, db
from lms.core.access import authorize, found
from lms.core.answers import Lines
from lms.core.keys import derived
from lms.core.words import label
from lms.curriculum.queries import contexts_of
from lms.evidence.receiving import is_about_file
from lms.logbook import queries
from lms.logbook.fields import OpenedForm
from lms.logbook.models import Activity
from lms.logbook.permissions import can_log
from lms.logbook.values import context_title, epa_line, lines_of
from lms.organisations.permissions import my_duties

bp = Blueprint("logbook", __name__)
bp.add_app_template_filter(epa_line)

FIELDS = {
    "activity_in_future": "performed_on",
    "activity_before_enrolment": "performed_on",
    "activity_after_enrolment": "performed_on",
    "department_not_involved": "department",
    "epa_asked": "epas",
    "epa_not_offered": "epas",
    "quantity_out_of_range": "quantity",
    "reflection_stays_reflection": "kind",
    "round_stays_round": "kind",
}
"""The field that a broken rule is about."""


def open_enrolments() -> Sequence[Enrolment]:
    """Return the enrolments on which the person may log today, the newest first."""
    mine = enrolments_of_trainee(db.session(), me().id)
    return [one for one in mine if can_log(me(), one, clock.today())]


def may_log() -> bool:
    """Return whether there is an enrolment on which the person may log today."""
    mine = enrolments_in_dates(db.session(), me().id)
    return any(can_log(me(), one, clock.today()) for one in mine)


def chosen_enrolment() -> tuple[Enrolment, Sequence[Enrolment]]:
    """Return the enrolment to log on, the newest unless another is asked for, and the person's other ones."""
    mine = open_enrolments()
    authorize(bool(mine))
    asked = request.args.get("enrolment", type=UUID)
    chosen = found(next((one for one in mine if asked in {None, one.id}), None))
    return chosen, [one for one in mine if one is not chosen]


def not_logged(form: OpenedForm, broken: RuleBroken, enrolment: Enrolment) -> tuple[int, Lines]:
    """Put the refusal into the form, and return its status with what the form logged before, where it was used.

    A form that was used or damaged is opened anew.
    """
    standing = _logged_before(form, enrolment.id) if broken.code == "form_used" else []
    field = "file" if is_about_file(broken) else FIELDS.get(broken.code)
    form.refuse(broken, field if field in form else None)
    if broken.code in {"form_damaged", "form_used"}:
        form.open_anew()
    return 409 if broken.code == "form_used" else 422, standing


def _logged_before(form: OpenedForm, enrolment_id: UUID) -> Lines:
    """Return in words what the form logged first; nothing where that is somebody else's."""
    before = queries.one_visible(db.session(), my_duties(), derived(form.opened_as))
    if before is None or before.enrolment_id != enrolment_id:
        return []
    return lines_of(before) + contexts_said(before, before.enrolment.programme_version_id)


@bp.app_template_global()
def contexts_said(activity: Activity, version_id: UUID) -> list[tuple[str, str]]:
    """Return in what an activity was done by the lists of a programme version, in words; nothing costs no statement."""
    if not activity.contexts:
        return []
    listed = contexts_of(db.session(), version_id)
    return [(label(one), context_title(activity.contexts, one, listed)) for one in LISTED if one in activity.contexts]
