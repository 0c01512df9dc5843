"""What trainees rate themselves, for whom may see it by now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from competencies.scales import Level
from lms.assessments.models import Assessment, SelfRating
from lms.assessments.queries.assessments import visible_to
from lms.curriculum.queries import scale_values
from lms.organisations.permissions import Duties

REQUESTED, SUBMITTED = AssessmentStatus.REQUESTED, AssessmentStatus.SUBMITTED


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLevel:
    """What a trainee rated themselves on one EPA, with the highest rank of its scale."""

    activity_id: UUID
    epa_id: UUID
    level: Level
    top_rank: int
    comment: str


def self_ratings_of(
    session: Session, duties: Duties, activity_ids: Collection[UUID]
) -> Mapping[tuple[UUID, UUID], OwnLevel]:
    """Return the own ratings of the activities that the reader may see by now, by activity and EPA.

    Trainees see their own. Whoever assesses sees it once all that was asked of them there is answered; others once
    nothing is open there any more.
    """
    rows = session.scalars(_seen_by(duties).where(SelfRating.activity_id.in_(activity_ids))).all()
    scales = scale_values(session, {row.scale_id for row in rows})
    return {
        (row.activity_id, row.epa_id): OwnLevel(
            activity_id=row.activity_id,
            epa_id=row.epa_id,
            level=scales[row.scale_id].level(row.level_code),
            top_rank=scales[row.scale_id].levels[-1].rank,
            comment=row.comment,
        )
        for row in rows
    }


def _seen_by(duties: Duties) -> Select[SelfRating]:
    mine = Assessment.assessor_id == duties.user_id
    of_reader = and_(_asked(mine, Assessment.status == SUBMITTED), ~_asked(mine, Assessment.status == REQUESTED))
    of_others = and_(
        ~_asked(mine),
        ~_asked(Assessment.status == REQUESTED),
        _asked(Assessment.id.in_(visible_to(duties).with_only_columns(Assessment.id))),
    )
    return select(SelfRating).where(or_(SelfRating.trainee_id == duties.user_id, of_reader, of_others))


def _asked(*which: ColumnElement[bool]) -> Exists:
    """Return the condition that such an assessment was asked about the same act and EPA."""
    same = (Assessment.activity_id == SelfRating.activity_id, Assessment.epa_id == SelfRating.epa_id)
    return exists().where(*same, *which).correlate(SelfRating)


def answered_epas(session: Session, activity_id: UUID) -> Sequence[UUID]:
    """Return the EPAs on which an assessor rated the activity already."""
    answered = select(Assessment.epa_id).where(
        Assessment.activity_id == activity_id,
        Assessment.status == SUBMITTED,
        Assessment.assessor_id != Assessment.trainee_id,
    )
    return session.scalars(answered.distinct()).all()
