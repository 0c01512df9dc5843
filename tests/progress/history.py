"""Ratings and decisions for the tests, made through the actions as the pages do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.scope import ScopeGroup
from lms.accounts.models import User
from lms.assessments.actions import submit
from lms.assessments.models import Assessment
from lms.assessments.values import rating_scale, seen_version
from lms.cohorts.queries import one_enrolment
from lms.curriculum.models import Epa
from lms.curriculum.values import scope_groups_of
from lms.entrustment.actions import decide
from lms.entrustment.models import Decision
from lms.entrustment.queries import last_of, offered_epa
from lms.entrustment.values import Declaration
from lms.organisations.permissions import duties_of
from tests.assessments.requests import ask_for
from tests.factories import TODAY, Ward, epa_of
from tests.logbook.activities import log_activity

HERE = ZoneInfo("Europe/Amsterdam")


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), HERE)


def asked_for(
    session: Session,
    ward: Ward,
    epa: str = "onc-k2",
    *,
    of: User | None = None,
    on: date = TODAY,
    instrument: str = "kpb",
) -> Assessment:
    """Return a request that waits, about something the trainee did on that day."""
    activity = log_activity(session, ward, epa, performed_on=on, at=noon(on))
    return ask_for(session, ward, activity, of=of, instrument=instrument, at=noon(on))


def rated(
    session: Session,
    ward: Ward,
    epa: str = "onc-k2",
    level: str = "4",
    *,
    by: User | None = None,
    on: date = TODAY,
    instrument: str = "kpb",
    comment: str = "Calm and precise",
) -> Assessment:
    """Return an assessment that was given on that day."""
    assessment = asked_for(session, ward, epa, of=by, on=on, instrument=instrument)
    scale = rating_scale(assessment)
    assert scale is not None
    answer, after = Answer(level=scale.level(level), comment=comment), noon(on) + timedelta(hours=1)
    submit(session, assessment, answer, seen=seen_version(assessment), by=by or ward.trainer, at=after)
    return assessment


def _simplest(group: ScopeGroup) -> list[str]:
    """Return as many options as must be chosen, without those that ask for more."""
    heavy = {rule.if_selected for rule in group.rules}
    return [option.key for option in group.options if option.key not in heavy][: group.choose_min]


def decided(
    session: Session,
    ward: Ward,
    epa: str | Epa = "onc-k2",
    level: str = "4",
    *,
    on: date = TODAY,
    valid_until: date | None = None,
) -> Decision:
    """Return a decision by the committee member, with a reason, in force from that day."""
    duties = duties_of(ward.committee_member.id, on=TODAY)
    enrolment = one_enrolment(session, duties, ward.enrolment.id)
    assert enrolment is not None
    epa_id: UUID = epa.id if isinstance(epa, Epa) else epa_of(session, epa).id
    offered = offered_epa(session, enrolment, epa_id)
    assert offered is not None
    last = last_of(session, enrolment.id, epa_id)
    declaration = Declaration(
        level=level,
        decided_on=on,
        valid_until=valid_until,
        scope={group.key: _simplest(group) for group in scope_groups_of(offered.epa)},
        remark="",
        overrule_reason="The committee saw enough.",
        supersedes=last.id if last else None,
    )
    return decide(session, enrolment, offered, declaration, by=ward.committee_member, at=noon(TODAY))
