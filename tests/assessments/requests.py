"""Requests for assessments for the tests, asked through the action as the pages do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from competencies.requests import same_way
from lms.accounts.models import User
from lms.assessments.actions import ask
from lms.assessments.models import Assessment
from lms.assessments.queries import assessors_for, one_visible, ways_for
from lms.assessments.values import scale_for
from lms.curriculum.queries import latest_scales
from lms.logbook.models import Activity
from lms.organisations.permissions import duties_of
from tests.factories import NOW, TODAY, Ward


def ask_for(
    session: Session,
    ward: Ward,
    activity: Activity,
    *,
    of: User | None = None,
    instrument: str = "kpb",
    form: str | None = None,
    at: datetime = NOW,
) -> Assessment:
    """Return a request about the first EPA of the activity to that person, or to the ward's trainer; loaded in full."""
    ways, epa = ways_for(session, activity), activity.epas[0]
    offer = same_way(ways.offers[epa.id], instrument, form)
    asked = ask(
        session,
        activity,
        epa=epa,
        offer=offer,
        offers=ways.offers[epa.id],
        scale_id=scale_for(epa, offer, ways.instruments, latest_scales(session)),
        assessor_id=(of or ward.trainer).id,
        assessors={one.id: one for one in assessors_for(session, ward.cohort, on=TODAY)},
        by=ward.trainee,
        at=at,
    )
    return in_full(session, asked, ward)


def in_full(session: Session, assessment: Assessment, ward: Ward) -> Assessment:
    """Return the assessment again, with all that its page and its answer need."""
    session.expire(assessment)
    loaded = one_visible(session, duties_of(ward.trainee.id, on=TODAY), assessment.id)
    assert loaded is not None
    return loaded
