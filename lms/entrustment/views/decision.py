"""The page of one decision, for whoever has to answer for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from competencies.entrustment import DecisionState, state_of
from competencies.progress import EpaProgress
from lms.cohorts.permissions import can_read_trail
from lms.cohorts.queries import version_at
from lms.core import db
from lms.core.access import found, signed_in
from lms.core.clock import day_of
from lms.curriculum import needs
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries import vocabulary
from lms.curriculum.requirements import requirements_of
from lms.curriculum.values import expected_levels_of, scope_groups_of, shown_code_of
from lms.entrustment import queries
from lms.entrustment.models import Decision, Recognition
from lms.entrustment.values import state_on
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
    followed = version_at(session, shown.enrolment, shown.recorded_at)
    progress, words = _as_it_was(session, shown, followed), vocabulary(session)
    return render_template(
        "entrustment/decision.html",
        decision=shown,
        code=shown_code_of(shown.epa),
        level=known[shown.id].level,
        top_rank=shown.scale.levels[-1].rank,
        state=state_of(known[shown.id], known.values(), on=duties.on),
        on=duties.on,
        followed=followed,
        holds_on=_holds_on(session, shown, duties.on),
        earlier=next((one for one in line if one.id == shown.supersedes_id), None),
        later=next((one for one in line if one.supersedes_id == shown.id), None) or queries.overtaking(session, shown),
        groups=[group for group in scope_groups_of(shown.epa) if shown.scope.get(group.key)],
        progress=progress,
        words=words,
        needs=needs,
        named=queries.named_for(session, progress, followed.id, words),
        evidence=evidence,
        people=people,
        trail=queries.trail_of_decision(session, shown) if readable else None,
    )


def _holds_on(session: Session, shown: Decision, on: date) -> Sequence[tuple[Recognition, DecisionState]]:
    """Return for which EPAs of the version that the trainee moved to it was recognised, and what it is worth there."""
    held = []
    for one in queries.held_elsewhere(session, shown):
        line = queries.held_on(session, shown.enrolment, one.epa_id)
        mine = next(each for each in line if each.recognition is one)
        held.append((one, state_on(mine, line, on=on)))
    return held


def _as_it_was(session: Session, shown: Decision, followed: ProgrammeVersion) -> EpaProgress:
    """Return how far the frozen evidence met the requirements on the day of the decision."""
    asked, at = requirements_of(shown.epa), shown.recorded_at
    seen = queries.frozen_observations(session, shown, asked=asked)
    on = min(shown.decided_on, day_of(shown.recorded_at))
    level = queries.as_domain(shown).level
    file = queries.file_for(session, shown.enrolment, asked, version_id=followed.id, known_at=at)
    return queries.progress_towards_level(shown.epa, expected_levels_of(shown.epa), seen, level, on=on, file=file)
