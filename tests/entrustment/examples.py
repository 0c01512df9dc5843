"""A laboratory where somebody is ready for a decision, and what is needed to take one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.observations import ActivityKind, AssessmentStatus
from competencies.people import Role
from competencies.scales import Direction
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import one_enrolment
from lms.curriculum.models import AssessmentInstrument, Epa, RatingScale, ScaleLevel
from lms.curriculum.values import ProgrammeEpa
from lms.entrustment import queries
from lms.entrustment.values import Declaration
from lms.logbook.models import Activity, ActivityEpa
from lms.organisations.permissions import duties_of
from tests.factories import NOW, TODAY, Ward, epa_of, make_cohort, person_with

EARLIER = TODAY - timedelta(days=30)
EPA = "fl-b3"
"""Asks for one technical assessment at level 4, two simulations at level 3 and one knowledge test that was passed."""


class Laboratory(Ward):
    """A ward of trainees in function testing, whose EPA for acute situations is looked at."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, programme="functielaborant", track="lung_function")
        self.epa = epa_of(session, EPA)

    def observe(
        self,
        session: Session,
        instrument: str,
        assessor: User,
        *,
        level: str | None = None,
        passed: bool | None = None,
        on: date = EARLIER,
        epa: Epa | None = None,
    ) -> Assessment:
        """Return a new assessment that was given."""
        activity = self.log(session, ActivityKind.PROCEDURE, on=on, epa=epa)
        activity.rated_at = NOW
        scale = self._scale(session, instrument) if level else None
        given = Assessment(
            activity_id=activity.id,
            enrolment_id=self.enrolment.id,
            trainee_id=self.trainee.id,
            epa_id=(epa or self.epa).id,
            assessor_id=assessor.id,
            instrument_key=instrument,
            scale_id=scale,
            direction=Direction.RETROSPECTIVE,
            status=AssessmentStatus.SUBMITTED,
            requested_at=NOW,
            answered_at=NOW,
            level_code=level,
            level_rank=_rank(session, scale, level),
            passed=passed,
        )
        session.add(given)
        session.flush()
        return given

    def _scale(self, session: Session, instrument: str) -> UUID:
        """Return the scale that the instrument is rated on: mostly that of the EPA."""
        key = session.get_one(AssessmentInstrument, instrument).scale_key
        if key in {None, "epa"}:
            assert self.epa.scale_id is not None
            return self.epa.scale_id
        return session.scalars(select(RatingScale.id).where(RatingScale.key == key)).one()

    def log(self, session: Session, kind: ActivityKind, *, on: date = EARLIER, epa: Epa | None = None) -> Activity:
        """Return a new activity of the trainee."""
        activity = Activity(
            enrolment_id=self.enrolment.id,
            trainee_id=self.trainee.id,
            kind=kind,
            performed_on=on,
            department_id=self.department.id,
            note="",
            created_at=NOW,
        )
        session.add(activity)
        session.flush()
        session.add(ActivityEpa(activity_id=activity.id, epa_id=(epa or self.epa).id))
        session.flush()
        return activity

    def meet_the_requirements(self, session: Session, *assessors: User) -> list[Assessment]:
        """Return assessments that meet everything, by these assessors in turn."""
        by = [assessors[number % len(assessors)] for number in range(4)]
        return [
            self.observe(session, "osats", by[0], level="4"),
            self.observe(session, "simulation", by[1], level="3"),
            self.observe(session, "simulation", by[2], level="4"),
            self.observe(session, "knowledge_test", by[3], passed=True),
        ]

    def put_among_nurses(self, session: Session) -> None:
        """Put the trainee in a cohort of oncology nurses instead."""
        cohort = make_cohort(session, self.organisation, self.lead)
        self.enrolment.cohort_id, self.enrolment.programme_version_id = cohort.id, cohort.programme_version_id
        self.enrolment.track = None
        session.flush()

    def loaded(self, session: Session) -> Enrolment:
        """Return the enrolment as a view loads it."""
        found = one_enrolment(session, duties_of(self.lead.id, on=TODAY), self.enrolment.id)
        assert found is not None
        return found

    def offered(self, session: Session, epa: Epa | None = None) -> ProgrammeEpa:
        """Return the EPA as the programme of the trainee asks for it."""
        found = queries.offered_epa(session, self.loaded(session), (epa or self.epa).id)
        assert found is not None
        return found

    def another_committee_member(self, session: Session) -> User:
        return person_with(session, Role.COMMITTEE_MEMBER, self.organisation)


def _rank(session: Session, scale: UUID | None, code: str | None) -> int | None:
    return session.get_one(ScaleLevel, (scale, code)).rank if scale and code else None


def declaration(
    *,
    level: str = "4",
    decided_on: date = TODAY,
    valid_until: date | None = None,
    scope: Mapping[str, Sequence[str]] | None = None,
    remark: str = "",
    overrule_reason: str = "",
    supersedes: UUID | None = None,
) -> Declaration:
    """Return what a decider fills in."""
    return Declaration(
        level=level,
        decided_on=decided_on,
        valid_until=valid_until,
        scope=scope or {},
        remark=remark,
        overrule_reason=overrule_reason,
        supersedes=supersedes,
    )
