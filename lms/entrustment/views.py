"""The pages of decisions: taking one, and reading one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.entrustment import state_of, valid_until_for
from competencies.errors import RuleBroken
from lms.accounts.permissions import me
from lms.cohorts.models import Enrolment
from lms.cohorts.permissions import can_read_trail
from lms.cohorts.queries import one_enrolment
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.audit import trail_of
from lms.core.words import _
from lms.curriculum.queries import instruments, vocabulary
from lms.curriculum.values import ProgrammeEpa, scale_of, scope_groups_of, shown_code_of
from lms.entrustment import actions, queries
from lms.entrustment.forms import SCOPE, DecisionForm, decision_form
from lms.entrustment.models import Decision
from lms.entrustment.permissions import can_decide
from lms.entrustment.values import Declaration, validity_months
from lms.organisations.permissions import my_duties

bp = Blueprint("entrustment", __name__)

FIELDS = {
    "decided_after_enrolment": "decided_on",
    "decided_before_enrolment": "decided_on",
    "decided_before_last": "decided_on",
    "decided_in_future": "decided_on",
    "level_above_target": "overrule_reason",
    "requirements_unmet": "overrule_reason",
    "valid_until_before_decision": "valid_until",
}


@bp.route("/enrolments/<uuid:enrolment_id>/epas/<uuid:epa_id>/decide", methods=["GET", "POST"])
@signed_in
def decide(enrolment_id: UUID, epa_id: UUID) -> ResponseReturnValue:
    """Let a trainer or a committee member decide on an EPA of a trainee."""
    enrolment, offered = _subject(enrolment_id, epa_id)
    last = queries.last_of(db.session(), enrolment_id, epa_id)
    form = _form(offered, last)
    if not form.validate_on_submit():
        return _decide_page(enrolment, offered, last, form, status=422 if form.is_submitted() else 200)
    try:
        with db.transaction() as session:
            decision = actions.decide(
                session, enrolment, offered, _whole(form.declaration(), offered), by=me(), at=clock.now()
            )
        flash(_("The decision is recorded, with the evidence that counted."), "done")
        return redirect(url_for(".decision", decision_id=decision.id))
    except RuleBroken as broken:
        return _refused(enrolment_id, epa_id, form, broken)


def _subject(enrolment_id: UUID, epa_id: UUID) -> tuple[Enrolment, ProgrammeEpa]:
    """Return whom and what is decided on, else answer 404, 403, or 409 for an EPA without levels."""
    duties = my_duties()
    enrolment = found(one_enrolment(db.session(), duties, enrolment_id))
    offered = found(queries.offered_epa(db.session(), enrolment, epa_id))
    authorize(can_decide(duties, enrolment))
    if offered.epa.scale is None:
        raise RuleBroken("epa_without_level")
    return enrolment, offered


def _form(offered: ProgrammeEpa, last: Decision | None) -> DecisionForm:
    """Return the form, filled with what is usual: the level of the declaration, today, and the EPA's validity."""
    target, today = offered.declaration_level, clock.today()
    return decision_form(
        scale_of(found(offered.epa.scale)).levels,
        scope_groups_of(offered.epa),
        level=target.code if target else None,
        decided_on=today,
        valid_until=valid_until_for(validity_months(offered.epa), today),
        supersedes=str(last.id) if last else "",
    )


def _whole(declaration: Declaration, offered: ProgrammeEpa) -> Declaration:
    """Return the declaration with the end that the EPA gives where none was filled in."""
    ends = declaration.valid_until or valid_until_for(validity_months(offered.epa), declaration.decided_on)
    return replace(declaration, valid_until=ends)


def _refused(enrolment_id: UUID, epa_id: UUID, form: DecisionForm, broken: RuleBroken) -> ResponseReturnValue:
    """Show the form again with what was typed; a decision taken meanwhile is now the one before the decider."""
    enrolment, offered = _subject(enrolment_id, epa_id)
    last = queries.last_of(db.session(), enrolment_id, epa_id)
    overtaken = broken.code == "decided_meanwhile"
    if overtaken:
        form.supersedes.data = str(last.id) if last else ""
    form.refuse(broken, _field_of(broken, form, offered))
    return _decide_page(enrolment, offered, last, form, status=409 if overtaken else 422)


def _field_of(broken: RuleBroken, form: DecisionForm, offered: ProgrammeEpa) -> str | None:
    """Return the field that a refusal is about; a scope rule names its group by title."""
    group = next((one for one in scope_groups_of(offered.epa) if one.title == broken.facts.get("group")), None)
    return SCOPE + group.key if group else FIELDS.get(broken.code)


def _decide_page(
    enrolment: Enrolment, offered: ProgrammeEpa, last: Decision | None, form: DecisionForm, *, status: int
) -> ResponseReturnValue:
    session, today = db.session(), clock.today()
    seen = queries.observations_on(session, enrolment.id, offered.epa.id)
    progress = queries.progress_towards_level(offered, seen, offered.declaration_level, on=today)
    assessors = queries.people_by_id(session, {one.assessed_by for one in seen if one.assessed_by is not None})
    page = render_template(
        "entrustment/decide.html",
        enrolment=enrolment,
        offered=offered,
        code=shown_code_of(offered.epa),
        levels=scale_of(found(offered.epa.scale)).levels,
        stages={one.stage.key: one.stage.title for one in offered.epa.required_levels},
        groups={SCOPE + group.key: group for group in scope_groups_of(offered.epa)},
        words=vocabulary(session),
        instruments=instruments(session),
        progress=progress,
        assessors=assessors,
        seen=seen,
        alone=progress.assessors == {me().id},
        last=last,
        last_state=_state(last, today) if last else None,
        months=validity_months(offered.epa),
        deciders=queries.deciders_of(session, enrolment, on=today),
        form=form,
    )
    return page, status


def _state(last: Decision, today: date) -> object:
    return state_of(queries.as_domain(last), [queries.as_domain(last)], on=today)


@bp.get("/decisions/<uuid:decision_id>")
@signed_in
def decision(decision_id: UUID) -> ResponseReturnValue:
    """Show one decision: who decided what on whom, on which text, until when, and on which evidence."""
    session, duties = db.session(), my_duties()
    shown = found(queries.one_visible(session, duties, decision_id))
    line = queries.decisions_of(session, shown.enrolment_id, shown.epa_id)
    known = {one.id: queries.as_domain(one) for one in line}
    evidence = queries.evidence_of(session, shown)
    return render_template(
        "entrustment/decision.html",
        decision=shown,
        code=shown_code_of(shown.epa),
        level=known[shown.id].level,
        top_rank=shown.scale.levels[-1].rank,
        state=state_of(known[shown.id], known.values(), on=duties.on),
        on=duties.on,
        before=next((one for one in line if one.id == shown.supersedes_id), None),
        after=next((one for one in line if one.supersedes_id == shown.id), None),
        groups=scope_groups_of(shown.epa),
        evidence=evidence,
        trail=_trail(shown) if can_read_trail(duties, shown.enrolment) else None,
    )


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One audit entry as a page shows it: its place in the chain and the start of its hash."""

    sequence: int
    action: str
    actor: str | None
    at: object
    hash: str


def _trail(shown: Decision) -> list[TrailLine]:
    entries = trail_of(db.session(), subject=shown.trainee_id, target=shown.id)
    people = queries.people_by_id(db.session(), {one.actor_id for one in entries if one.actor_id})
    return [
        TrailLine(
            one.sequence,
            one.action,
            people[one.actor_id].name if one.actor_id else None,
            one.at,
            one.hash.hex()[:12],
        )
        for one in entries
    ]
