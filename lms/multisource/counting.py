"""What closed rounds of feedback count for: how many people answered, and never who."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.multisource import SELF
from competencies.observations import Observation
from competencies.requirements import AnyRequirement, asks_rounds
from lms.assessments.queries.observations import Observations
from lms.core.clock import day_of
from lms.curriculum.models import AssessmentForm
from lms.multisource.models import FeedbackRound, Rater
from lms.multisource.values import MSF


def with_rounds(
    session: Session,
    seen: Observations,
    enrolment_ids: Collection[UUID],
    asked: Mapping[UUID, Iterable[AnyRequirement]],
) -> Observations:
    """Return what was seen together with each closed round of the enrolments, on every EPA that asks for rounds.

    `asked` gives the requirements by EPA. A round belongs to an enrolment: whoever is moved to another version keeps
    it. One statement; none where no EPA asks for rounds.
    """
    epas = [epa_id for epa_id, requirements in asked.items() if asks_rounds(requirements)]
    found = closed_rounds(session, enrolment_ids) if epas else {}
    return seen | {
        (enrolment_id, epa_id): [*seen.get((enrolment_id, epa_id), ()), *(replace(one, epa_id=epa_id) for one in own)]
        for enrolment_id, own in found.items()
        for epa_id in epas
    }


def closed_rounds(session: Session, enrolment_ids: Collection[UUID]) -> Mapping[UUID, list[Observation]]:
    """Return the closed rounds of the enrolments as observations on no EPA in particular, the first closed first.

    The id of each is that of its round, its day the one on which it was closed; the trainee's own answer is not among
    its answers.
    """
    answers = (
        select(func.count())
        .where(Rater.round_id == FeedbackRound.id, Rater.has_answered, Rater.group_key != SELF)
        .scalar_subquery()
    )
    rows: Sequence[Any] = session.execute(
        select(FeedbackRound.id, FeedbackRound.enrolment_id, FeedbackRound.closed_at, AssessmentForm.key, answers)
        .outerjoin(FeedbackRound.form)
        .where(FeedbackRound.enrolment_id.in_(enrolment_ids), FeedbackRound.closed_at.is_not(None))
        .order_by(FeedbackRound.closed_at, FeedbackRound.id)
    ).all()
    found: defaultdict[UUID, list[Observation]] = defaultdict(list)
    for round_id, enrolment_id, closed_at, form, number in rows:
        found[enrolment_id].append(
            Observation(
                id=round_id,
                epa_id=round_id,
                activity_id=round_id,
                instrument=MSF,
                form=form,
                observed_on=day_of(closed_at),
                assessor_id=None,
                answers=number,
                answered_at=closed_at,
            )
        )
    return found
