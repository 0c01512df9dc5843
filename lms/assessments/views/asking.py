"""Asking for assessments, and taking a request back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from competencies.requests import likeliest, same_way
from lms.accounts.models import User
from lms.accounts.permissions import me
from lms.assessments import actions, queries
from lms.assessments.forms import AskForm, Groups, RoundForm
from lms.assessments.limits import take_turns
from lms.assessments.loads import load_words
from lms.assessments.permissions import can_ask, has_asked
from lms.assessments.queries import Load
from lms.assessments.turns import hold_epas
from lms.assessments.values import WaysToAsk, in_groups, scale_for, way_key, way_of
from lms.assessments.views.blueprint import bp
from lms.cohorts.queries import current_trainers
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _, ngettext
from lms.curriculum.queries import latest_scales
from lms.logbook.models import Activity
from lms.logbook.queries import one_visible as one_activity
from lms.organisations.permissions import my_duties

FIELDS = {
    "already_asked": "assessors",
    "assessor_not_available": "assessors",
    "over_limit": "assessors",
    "own_assessment": "assessors",
    "epa_not_of_activity": "epas",
    "instrument_not_offered": "way",
}
"""The field of a request that a broken rule is about."""


@bp.route("/activities/<uuid:activity_id>/ask", methods=["GET", "POST"])
@signed_in
def ask(activity_id: UUID) -> ResponseReturnValue:
    """Let a trainee ask for assessments of an activity."""
    activity = found(one_activity(db.session(), my_duties(), activity_id))
    authorize(can_ask(me(), activity))
    form = _form(activity)
    if form.validate_on_submit():
        try:
            asked = _ask(form, activity)
            flash(ngettext("The assessment is asked for.", "%(num)d assessments are asked for.", asked), "done")
            return redirect(url_for("logbook.activity", activity_id=activity_id))
        except RuleBroken as broken:
            activity = found(one_activity(db.session(), my_duties(), activity_id))
            form.refuse(broken, FIELDS.get(broken.code))
            if broken.code == "over_limit":
                _name_others(form, activity)
    page = render_template("assessments/ask.html", form=form, activity=activity, everywhere=_everywhere())
    return page, 422 if form.is_submitted() else 200


def _everywhere() -> bool:
    """Return whether people of the allied organisations are offered too."""
    return "everywhere" in request.args


def _form(activity: Activity) -> AskForm:
    """Return the form with what can be chosen, and the likeliest choice made."""
    ways = queries.ways_for(db.session(), activity)
    people = _people(activity)
    kind = RoundForm if _is_round(activity) else AskForm
    return kind(data=_proposal(activity, ways, people)).offer(people, in_groups(ways), activity.epas)


def _is_round(activity: Activity) -> bool:
    return activity.kind is ActivityKind.FEEDBACK_ROUND


def _people(activity: Activity) -> Groups:
    """Return whom the trainee can ask, by group: the own trainers, oneself for a feedback round, then all others.

    Each says how much waits for them and how soon they answer; for whom enough waits, stands at the end.
    """
    session, enrolment, today = db.session(), activity.enrolment, clock.today()
    own = current_trainers(session, enrolment.id, on=today)
    known = queries.assessors_for(session, enrolment.cohort, on=today, everywhere=_everywhere())
    loads = queries.loads_of(session, {one.id for one in (*own, *known)}, on=today)
    return {
        _("Your trainers"): _choices(own, activity, loads),
        _("Yourself"): [(str(activity.trainee_id), _("Myself"))] if _is_round(activity) else [],
        _("Other trainers"): _choices([one for one in known if one not in own], activity, loads),
    }


def _choices(people: Collection[User], activity: Activity, loads: Mapping[UUID, Load]) -> list[tuple[str, str]]:
    others = sorted((one for one in people if one.id != activity.trainee_id), key=lambda one: loads[one.id].is_full)
    return [(str(one.id), f"{one.name} – {load_words(loads[one.id])}") for one in others]


def _name_others(form: AskForm, activity: Activity) -> None:
    """Say who else can be asked, where the one who was chosen has enough."""
    session, today = db.session(), clock.today()
    known = queries.assessors_for(session, activity.enrolment.cohort, on=today)
    loads = queries.loads_of(session, {one.id for one in known}, on=today)
    others = queries.alternatives(session, activity, loads, besides=form.asked, on=today)
    if others:
        names = ", ".join(one.name for one in others)
        form.assessors.errors = [*form.assessors.errors, _("In this department you can ask: %(names)s.", names=names)]


def _proposal(activity: Activity, ways: WaysToAsk, people: Groups) -> dict[str, object]:
    """Return the request that asks for one tap: the first of the people, the likeliest way, and all EPAs."""
    keys, named = [key for group in people.values() for key, _name in group], request.args.get("of", "")
    first = UUID(named) if named in keys else next(map(UUID, keys), None)
    offer = likeliest(activity.kind, ways.all)
    return {
        "assessors": [] if _is_round(activity) else first,
        "way": way_key(offer) if offer else None,
        "epas": [epa.id for epa in activity.epas],
    }


def _ask(form: AskForm, activity: Activity) -> int:
    """Ask everybody who was chosen about every EPA that was chosen, and return how many requests that are."""
    with db.transaction() as session:
        take_turns(session, form.asked)
        ways, scales = queries.ways_for(session, activity), latest_scales(session)
        known = queries.assessors_for(session, activity.enrolment.cohort, on=clock.today())
        if len(form.epas.data) > 1:
            hold_epas(session, activity, form.epas.data)
        for epa_id in form.epas.data:
            epa, offers = ways.epas[epa_id], ways.offers[epa_id]
            offer = same_way(offers, *way_of(form.way.data))
            for assessor_id in form.asked:
                actions.ask(
                    session,
                    activity,
                    epa=epa,
                    offer=offer,
                    offers=offers,
                    scale_id=scale_for(epa, offer, ways.instruments, scales),
                    assessor_id=assessor_id,
                    assessors={one.id: one for one in known},
                    by=me(),
                    at=clock.now(),
                )
        return len(form.epas.data) * len(form.asked)


@bp.post("/assessments/<uuid:assessment_id>/withdraw")
@signed_in
def withdraw(assessment_id: UUID) -> ResponseReturnValue:
    """Take a request back that nobody answered yet."""
    shown = found(queries.one_visible(db.session(), my_duties(), assessment_id))
    authorize(has_asked(me(), shown))
    with db.transaction() as session:
        actions.withdraw(session, shown, by=me(), at=clock.now())
    flash(_("The request is withdrawn."), "done")
    return redirect(url_for("logbook.activity", activity_id=shown.activity_id))
