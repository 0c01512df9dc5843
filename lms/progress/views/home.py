"""The home page: one page for everything a person does, in all roles and organisations at once."""

from __future__ import annotations

from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.permissions import me
from lms.assessments.permissions import can_start
from lms.assessments.queries import asked_by, waiting_for
from lms.cohorts.permissions import READS_COHORTS, can_create_cohorts
from lms.cohorts.queries import (
    cohorts_seen,
    enrolments_of_trainee,
    guided_enrolments,
    moves_of,
    sizes_of,
)
from lms.core import clock, db
from lms.core.access import signed_in
from lms.core.words import _
from lms.curriculum import needs
from lms.organisations.permissions import Duties, my_duties
from lms.organisations.queries import organisations_visible
from lms.progress import captions, queries
from lms.progress.navigation import my_work
from lms.progress.values import QUIET_FOR
from lms.progress.views.blueprint import bp
from lms.rosters.queries import proposed_to


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """Show what a person has, needs and waits for, in every role they hold."""
    session, duties, work = db.session(), my_duties(), my_work()
    shown: dict[str, object] = {}
    if work.met and (met := proposed_to(session, me().id, on=duties.on)):
        shown["met"] = met
    if work.is_trainee:
        shown |= _as_trainee(session, duties.on)
    if work.waiting:
        shown["queue"] = waiting_for(session, me().id)
    if work.guides:
        shown |= _as_trainer(session, duties.on)
    if work.leads or duties.has(*READS_COHORTS):
        shown |= _as_lead(session, duties)
    if duties.has(Role.REGIONAL_COORDINATOR):
        shown["region"] = queries.regional_cohorts(session, duties)
    if duties.has(Role.ORGANISATION_ADMINISTRATOR, Role.AUDITOR):
        shown |= _of_organisations(session, duties)
    return render_template(
        "progress/home.html",
        now=clock.now(),
        today=duties.on,
        is_trainee=work.is_trainee,
        may_start=can_start(duties),
        shown=shown,
        empty_words=_empty_words(duties),
        captions=captions,
        needs=needs,
    )


def _empty_words(duties: Duties) -> str:
    """Return what somebody does next for whom there is nothing to show yet."""
    if duties.has(Role.TRAINER):
        return _(
            "Nobody has asked you for an assessment, and you guide no trainees yet. A programme lead makes you trainer "
            "of a trainee; a trainee can ask you for an assessment."
        )
    if duties.has(Role.TRAINEE):
        return _(
            "You are not enrolled in a programme yet. Your programme lead enrols you in a cohort; "
            "then your EPAs stand here."
        )
    return _("You have no role yet. Ask the administrator of your organisation to give you one.")


def _as_trainee(session: Session, on: date) -> dict[str, object]:
    """Return the programmes that a person follows with their EPAs, those that ended, and what waits for an answer."""
    enrolments = enrolments_of_trainee(session, me().id)
    following = [one for one in enrolments if one.ended_on is None or one.ended_on >= on]
    return {
        "following": following,
        "moves": moves_of(session, following),
        "ended": [one for one in enrolments if one not in following],
        "lines": queries.lines_of(session, following, on=on),
        "outlines": queries.outlines_of(session, {one.programme_version_id for one in following}),
        "asked": asked_by(session, me().id),
    }


def _as_trainer(session: Session, on: date) -> dict[str, object]:
    guided = guided_enrolments(session, me().id, on=on)
    lines = queries.guided_lines(session, guided, on=on)
    return {"guided": guided, "guided_lines": lines, "quiet_weeks": QUIET_FOR.days // 7}


def _as_lead(session: Session, duties: Duties) -> dict[str, object]:
    """Return the cohorts that run today or are still to begin."""
    running = [cohort for cohort in cohorts_seen(session, duties) if cohort.planned_end_on >= duties.on]
    return {
        "cohorts": running,
        "sizes": sizes_of(session, [cohort.id for cohort in running], on=duties.on),
        "leads": my_work().leads,
        "may_create": can_create_cohorts(duties),
    }


def _of_organisations(session: Session, duties: Duties) -> dict[str, object]:
    """Return the organisations that a person administers or audits."""
    seen = organisations_visible(session, duties)
    return {
        "administered": [one for one in seen if duties.holds(Role.ORGANISATION_ADMINISTRATOR, one.id)],
        "audited": [one for one in seen if duties.holds(Role.AUDITOR, one.id)],
    }
