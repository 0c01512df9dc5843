"""The page of one decision, for whoever has to answer for it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from competencies.entrustment import state_of
from competencies.progress import EpaProgress
from lms.cohorts.permissions import can_read_trail
from lms.core import db
from lms.core.access import found, signed_in
from lms.core.clock import day_of
from lms.curriculum.queries import vocabulary
from lms.curriculum.values import expected_levels_of, scope_groups_of, shown_code_of
from lms.entrustment import queries
from lms.entrustment.models import Decision
from lms.entrustment.views.blueprint import bp
from lms.organisations.permissions import my_duties


@bp.get("/decisions/<uuid:decision_id>")
@signed_in
def decision(decision_id: UUID) -> ResponseReturnValue:
    """Show one decision: who decided what on whom, on which text, until when, and on which evidence."""
    session, duties = db.session(), my_duties()
    shown = found(queries.one_visible(session, duties, decision_id))
    line = queries.decisions_of(session, shown.enrolment_id, shown.epa_id)
    known = {one.id: queries.as_domain(one) for one in line}
    evidence = queries.evidence_of(session, shown)
    people = {one.assessor.id: one.assessor for one in evidence if one.assessor} | {shown.trainee_id: shown.trainee}
    readable = can_read_trail(duties, shown.enrolment)
    return render_template(
        "entrustment/decision.html",
        decision=shown,
        code=shown_code_of(shown.epa),
        level=known[shown.id].level,
        top_rank=shown.scale.levels[-1].rank,
        state=state_of(known[shown.id], known.values(), on=duties.on),
        on=duties.on,
        earlier=next((one for one in line if one.id == shown.supersedes_id), None),
        later=next((one for one in line if one.supersedes_id == shown.id), None),
        groups=[group for group in scope_groups_of(shown.epa) if shown.scope.get(group.key)],
        progress=_as_it_was(session, shown),
        words=vocabulary(session),
        evidence=evidence,
        people=people,
        trail=queries.trail_of_decision(session, shown) if readable else None,
    )


def _as_it_was(session: Session, shown: Decision) -> EpaProgress:
    """Return how far the frozen evidence met the requirements on the day of the decision."""
    frozen = {one.observation_id for one in shown.evidence}
    seen = [one for one in queries.observations_on(session, shown.enrolment_id, shown.epa_id) if one.id in frozen]
    on = min(shown.decided_on, day_of(shown.recorded_at))
    level = queries.as_domain(shown).level
    return queries.progress_towards_level(shown.epa, expected_levels_of(shown.epa), seen, level, on=on)
