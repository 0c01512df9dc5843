"""The page on which a decision is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competencies.entrustment import state_of, valid_until_for
from competencies.errors import RuleBroken
from competencies.scales import Level
from lms.accounts.permissions import me
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import one_enrolment
from lms.core import clock, db
from lms.core.access import authorize, found, signed_in
from lms.core.words import _, in_language
from lms.curriculum import needs
from lms.curriculum.queries import scope_of, vocabulary
from lms.curriculum.requirements import requirements_of
from lms.curriculum.values import ProgrammeEpa, scale_of, scope_groups_of, shown_code_of
from lms.entrustment import actions, queries
from lms.entrustment.forms import SCOPE, DecisionForm, decision_form
from lms.entrustment.models import Decision
from lms.entrustment.permissions import can_decide
from lms.entrustment.values import Declaration, validity_months
from lms.entrustment.views.blueprint import bp
from lms.organisations.permissions import my_duties
from lms.organisations.queries import accredited_for

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
    offered = queries.offered_epa(db.session(), enrolment, epa_id)
    if offered is None and queries.was_offered(db.session(), enrolment, epa_id):
        raise RuleBroken("epa_of_earlier_version")
    offered = found(offered)
    authorize(can_decide(duties, enrolment))
    if offered.epa.scale is None:
        raise RuleBroken("epa_without_level")
    return enrolment, offered


def _form(offered: ProgrammeEpa, last: Decision | None) -> DecisionForm:
    """Return the form with the usual days filled in; the level is always chosen by a person, never by a default."""
    today = clock.today()
    return decision_form(
        scale_of(found(offered.epa.scale)).levels,
        scope_groups_of(offered.epa),
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
    form.refuse(broken, _field_of(broken, offered))
    return _decide_page(enrolment, offered, last, form, status=409 if overtaken else 422)


def _field_of(broken: RuleBroken, offered: ProgrammeEpa) -> str | None:
    """Return the field that a refusal is about; a scope rule names its group by title."""
    group = next((one for one in scope_groups_of(offered.epa) if one.title == broken.facts.get("group")), None)
    return SCOPE + group.key if group else FIELDS.get(broken.code)


def _decide_page(
    enrolment: Enrolment, offered: ProgrammeEpa, last: Decision | None, form: DecisionForm, *, status: int
) -> ResponseReturnValue:
    session, today = db.session(), clock.today()
    held = queries.newest_held(session, enrolment, offered.epa.id, last)
    asked = requirements_of(offered.epa)
    seen = queries.observations_on(session, enrolment.id, offered.epa.id, asked=asked)
    file = queries.file_for(session, enrolment, asked)
    progress = queries.progress_towards_level(
        offered.epa, offered.expected, seen, offered.declaration_level, on=today, file=file
    )
    assessors = queries.people_by_id(session, {one.assessed_by for one in seen if one.assessed_by is not None})
    words = vocabulary(session)
    page = render_template(
        "entrustment/decide.html",
        enrolment=enrolment,
        offered=offered,
        code=shown_code_of(offered.epa),
        levels=_said(scale_of(found(offered.epa.scale)).levels),
        stages={one.stage.key: one.stage.title for one in offered.epa.required_levels},
        groups={SCOPE + group.key: group for group in scope_of(session, offered.epa)},
        accredited=accredited_for(session, enrolment.department, on=today),
        words=words,
        needs=needs,
        named=queries.named_for(session, progress, enrolment.programme_version_id, words),
        progress=progress,
        assessors=assessors,
        people=assessors | {enrolment.trainee_id: enrolment.trainee},
        seen=seen,
        alone=(progress.assessors or progress.confirmers) == {me().id},
        held=held,
        held_state=state_of(held.value, [held.value], on=today) if held else None,
        months=validity_months(offered.epa),
        deciders=queries.deciders_of(session, enrolment, on=today),
        form=form,
    )
    return page, status


def _said(levels: Sequence[Level]) -> list[dict[str, object]]:
    """Return the levels as the reader is asked about them."""
    return [
        {"code": one.code, "rank": one.rank, "title": in_language(one.title), "meaning": in_language(one.meaning)}
        for one in levels
    ]
