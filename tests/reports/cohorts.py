"""A cohort with everything that the report tells apart: levels in force, expired and to come, tracks, an end."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.people import EndReason
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.curriculum.models import Epa, ScaleLevel
from lms.entrustment.models import Decision
from lms.standings.actions import note_decision, note_request
from tests.factories import NOW, TODAY, Ward, enrol, epa_of, make_department, make_user

EXPIRED_SINCE = TODAY - timedelta(days=1)


def declare(
    session: Session, ward: Ward, enrolment: Enrolment, epa: Epa, rank: int, *, on: date, until: date | None
) -> Decision:
    """Record a declaration at the level of that rank."""
    level = session.scalars(
        select(ScaleLevel).where(ScaleLevel.scale_id == epa.scale_id, ScaleLevel.rank == rank)
    ).one()
    decision = Decision(
        enrolment_id=enrolment.id,
        trainee_id=enrolment.trainee_id,
        epa_id=epa.id,
        scale_id=level.scale_id,
        level_code=level.code,
        level_rank=level.rank,
        decided_by_id=ward.committee_member.id,
        decided_on=on,
        recorded_at=NOW,
        valid_until=until,
        remark="",
        requirements_met=True,
        overrule_reason="",
        scope={},
    )
    session.add(decision)
    session.flush()
    note_decision(
        session,
        enrolment_id=enrolment.id,
        epa_id=epa.id,
        decision_id=decision.id,
        level_code=level.code,
        level_rank=level.rank,
        decided_on=on,
        valid_until=until,
    )
    return decision


class Class(Ward):
    """The ward with three more trainees: one with an expired level, one who left, one whose name is a formula."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.first, self.second = epa_of(session, "onc-k1"), epa_of(session, "onc-k2")
        until = TODAY + timedelta(days=300)
        declare(session, self, self.enrolment, self.first, 4, on=TODAY - timedelta(days=20), until=until)
        note_request(session, enrolment_id=self.enrolment.id, epa_id=self.second.id)
        self.expired = self._joins(session, "Eva Expired")
        began = TODAY - timedelta(days=90)
        declare(session, self, self.expired, self.first, 4, on=began, until=EXPIRED_SINCE)
        self.gone = self._joins(session, "Gijs Gone")
        self.gone.ended_on, self.gone.end_reason = TODAY - timedelta(days=5), EndReason.DROPPED_OUT
        self.formula = self._joins(session, "=HYPERLINK(1)", elsewhere=True)
        session.flush()

    def _joins(self, session: Session, name: str, *, elsewhere: bool = False) -> Enrolment:
        trainee: User = make_user(session, name)
        place = make_department(session, self.organisation, "Away; “far”") if elsewhere else self.department
        return enrol(session, self.cohort, trainee, place, self.trainer)
