"""Everything about one trainee on one EPA."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Uuid, bindparam, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from competencies import entrustment
from competencies.entrustment import DecisionState
from competencies.observations import ActivityKind, AssessmentStatus
from competencies.progress import EpaProgress, epa_progress
from competencies.requirements import asks_roles
from competencies.scales import Direction, Level, Scale
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.assessments.queries import observations_of
from lms.cohorts.models import Enrolment
from lms.core.paging import Page, page_of
from lms.curriculum.models import Epa
from lms.curriculum.queries import scale_values
from lms.entrustment.models import Decision
from lms.entrustment.queries import file_for, held_on
from lms.entrustment.values import Held, state_on
from lms.logbook.models import Activity, ActivityEpa
from lms.multisource.counting import with_rounds
from lms.progress.queries.fingerprints import fingerprint, side_by_side
from lms.progress.values import EpaInProgramme, Rated
from lms.standings.queries import sources_of

PAGE = 25
ANSWERED = (AssessmentStatus.SUBMITTED, AssessmentStatus.DECLINED, AssessmentStatus.DISOWNED)
IN_A_LINE = (joinedload(Assessment.assessor), joinedload(Assessment.instrument), joinedload(Assessment.activity))


ENROLMENT = bindparam("enrolment_id", type_=Uuid)
EPAS = bindparam("epa_ids", type_=Uuid, expanding=True)
_OF_ONE = (Assessment.enrolment_id == ENROLMENT, Assessment.epa_id.in_(EPAS))
"""The statements of a page are built once; these are the values that they are sent with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One trainee on one EPA, on a day; what was decided the newest first.

    After a move to another version, `origins` are the earlier EPAs that some of it was given on, by id.
    """

    progress: EpaProgress
    ratings: Sequence[Rated]
    held: Sequence[Held]
    origins: Mapping[UUID, Epa]
    page: Page[Assessment]
    waiting: Sequence[Assessment]
    unassessed: int
    names: Mapping[UUID, str]
    scales: Mapping[UUID, Scale]
    on: date

    @property
    def decisions(self) -> Sequence[Decision]:
        """Return the rows of what was decided, the newest first."""
        return [one.row for one in self.held]

    @property
    def values(self) -> Sequence[entrustment.Decision]:
        """Return what was decided, the newest first, as the domain knows it."""
        return [one.value for one in self.held]

    @property
    def in_force(self) -> entrustment.Decision | None:
        """Return the decision that holds on the day."""
        return entrustment.in_force(self.values, on=self.on)

    @property
    def states(self) -> Sequence[tuple[Decision, Level, DecisionState]]:
        """Return each decision with its level and what it is worth on the day."""
        return [(one.row, one.value.level, state_on(one, self.held, on=self.on)) for one in self.held]


def dossier_of(
    session: Session, enrolment: Enrolment, epa: EpaInProgramme, *, on: date, before: str | None = None
) -> Dossier:
    """Return everything of one trainee on one EPA, in six to nine statements; `before` is the cursor of a page.

    Of who was moved to another version it takes in what the EPA carries of earlier ones, in three statements more.
    """
    sources = sources_of(session, enrolment.id).get(epa.epa_id, ()) if enrolment.move_id else ()
    epa_ids = (epa.epa_id, *sources)
    given = observations_of(session, [enrolment.id], epa_id=epa.epa_id, roles=asks_roles(epa.requirements))
    known = with_rounds(session, given, [enrolment.id], {epa.epa_id: epa.requirements})
    file = file_for(session, enrolment, epa.requirements)
    progress = epa_progress(
        epa.requirements,
        known.get((enrolment.id, epa.epa_id), ()),
        target=epa.target,
        stage=epa.stage,
        on=on,
        record=file.record,
        plan=file.plan,
    )
    held = held_on(session, enrolment, epa.epa_id)
    page = assessments_of(session, enrolment.id, epa_ids, before=before)
    return Dossier(
        progress=progress,
        ratings=ratings_over_time(session, enrolment.id, epa, sources),
        held=held,
        origins=_origins(session, {*sources, *(one.row.epa_id for one in held)} - {epa.epa_id}),
        page=page,
        waiting=waiting_on(session, enrolment.id, epa_ids),
        unassessed=unassessed_count(session, enrolment.id, epa_ids),
        names=_names(session, progress.assessors | progress.assessors_set_aside, page.rows),
        scales=scale_values(session, {one.scale_id for one in page.rows if one.scale_id is not None}),
        on=on,
    )


def _origins(session: Session, epa_ids: Collection[UUID]) -> Mapping[UUID, Epa]:
    """Return EPAs by id with the version of their programme."""
    rows = select(Epa).where(Epa.id.in_(epa_ids)).options(joinedload(Epa.programme_version))
    return {row.id: row for row in session.scalars(rows)} if epa_ids else {}


def ratings_over_time(
    session: Session, enrolment_id: UUID, epa: EpaInProgramme, sources: Collection[UUID] = ()
) -> Sequence[Rated]:
    """Return the ratings of supervision that was given, on the EPA's own scale, in the order of the acts.

    `sources` are the EPAs of earlier versions that it carries.
    """
    if epa.scale is None:
        return ()
    levels = {level.code: level for level in epa.scale.levels}
    values = {"enrolment_id": enrolment_id, "epa_ids": [epa.epa_id, *sources], "epa_id": epa.epa_id}
    rows = session.execute(_ratings(), values)
    return [Rated(row.performed_on, levels[row.level_code], row.by_trainee) for row in rows]


@cache
def _ratings() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Activity.performed_on,
            Assessment.level_code,
            (Assessment.assessor_id == Assessment.trainee_id).label("by_trainee"),
        )
        .join(Activity, Activity.id == Assessment.activity_id)
        .join(Epa, Epa.id == bindparam("epa_id", type_=Uuid))
        .where(
            *_OF_ONE,
            Assessment.status == AssessmentStatus.SUBMITTED,
            Assessment.direction == Direction.RETROSPECTIVE,
            Assessment.scale_id == Epa.scale_id,
            Assessment.level_code.is_not(None),
        )
        .order_by(Activity.performed_on, Assessment.answered_at, Assessment.id)
    )


def version_of(session: Session, enrolment_id: UUID, epa_ids: Collection[UUID]) -> str:
    """Return a text that changes whenever an answer comes to one trainee on one EPA, or any decision to the trainee.

    After a move a decision on another EPA can be the one that ends what was in force here.
    """
    return fingerprint(session, _answers_and_decisions(), enrolment_id=enrolment_id, epa_ids=list(epa_ids))


@cache
def _answers_and_decisions() -> Select[*tuple[Any, ...]]:
    answers = select(func.count(), func.max(Assessment.answered_at)).where(
        *_OF_ONE, Assessment.status == AssessmentStatus.SUBMITTED
    )
    decided = select(func.count(), func.max(Decision.recorded_at)).where(Decision.enrolment_id == ENROLMENT)
    return side_by_side(answers, decided)


def assessments_of(
    session: Session, enrolment_id: UUID, epa_ids: Collection[UUID], *, before: str | None = None, size: int = PAGE
) -> Page[Assessment]:
    """Return a page of what was answered on one EPA, the latest act first, with assessor, instrument and activity."""
    rows = _answered()
    position = _position_of(before)
    if position is not None:
        rows = rows.where(tuple_(Activity.performed_on, Assessment.id) < tuple_(*position))
    values = {"enrolment_id": enrolment_id, "epa_ids": list(epa_ids), "most": size + 1}
    return page_of(session.scalars(rows, values).all(), size=size, cursor_of=_cursor_of)


@cache
def _answered() -> Select[Assessment]:
    return (
        select(Assessment)
        .join(Assessment.activity)
        .where(*_OF_ONE, Assessment.status.in_(ANSWERED))
        .options(*IN_A_LINE)
        .order_by(Activity.performed_on.desc(), Assessment.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


def _cursor_of(assessment: Assessment) -> str:
    return f"{assessment.activity.performed_on.isoformat()}_{assessment.id}"


def _position_of(cursor: str | None) -> tuple[date, UUID] | None:
    performed_on, _, key = (cursor or "").partition("_")
    try:
        return date.fromisoformat(performed_on), UUID(key)
    except ValueError:
        return None


def waiting_on(session: Session, enrolment_id: UUID, epa_ids: Collection[UUID]) -> Sequence[Assessment]:
    """Return what waits for an answer on one EPA, the oldest request first."""
    return session.scalars(_waiting(), {"enrolment_id": enrolment_id, "epa_ids": list(epa_ids)}).all()


@cache
def _waiting() -> Select[Assessment]:
    return (
        select(Assessment)
        .where(*_OF_ONE, Assessment.status == AssessmentStatus.REQUESTED)
        .options(*IN_A_LINE)
        .order_by(Assessment.requested_at, Assessment.id)
    )


def unassessed_count(session: Session, enrolment_id: UUID, epa_ids: Collection[UUID]) -> int:
    """Return how many activities for one EPA were never put to an assessor; reflections need none."""
    return session.scalar(_unassessed(), {"enrolment_id": enrolment_id, "epa_ids": list(epa_ids)}) or 0


@cache
def _unassessed() -> Select[int]:
    asked = select(Assessment.id).where(Assessment.activity_id == Activity.id, Assessment.epa_id.in_(EPAS))
    return (
        select(func.count(Activity.id.distinct()))
        .select_from(Activity)
        .join(ActivityEpa, ActivityEpa.activity_id == Activity.id)
        .where(
            Activity.enrolment_id == ENROLMENT,
            ActivityEpa.epa_id.in_(EPAS),
            Activity.kind != ActivityKind.REFLECTION,
            ~asked.exists(),
        )
    )


def _names(session: Session, user_ids: Collection[UUID], shown: Sequence[Assessment]) -> Mapping[UUID, str]:
    """Return the names of people by id; no statement where all of them gave an assessment that is shown."""
    known = {one.assessor_id: one.assessor.name for one in shown}
    return {**known, **names_of(session, frozenset(user_ids) - known.keys())}


def names_of(session: Session, user_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the names of people by id."""
    if not user_ids:
        return {}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}
