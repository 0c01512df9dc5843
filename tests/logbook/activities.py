"""Activities for the tests, logged through the action."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from competencies.observations import ActivityKind
from lms.core.keys import uuid7
from lms.logbook.actions import Account, log
from lms.logbook.models import Activity
from lms.logbook.values import Offered
from tests.factories import NOW, TODAY, Ward, epa_of


def log_activity(
    session: Session,
    ward: Ward,
    *epa_keys: str,
    kind: ActivityKind = ActivityKind.PROCEDURE,
    performed_on: date = TODAY,
    note: str = "Placed an infusion",
    quantity: int = 1,
    at: datetime = NOW,
) -> Activity:
    """Return a new activity of the ward's trainee for those EPAs, onc-k2 when none is named."""
    epas = {epa.id: epa for epa in (epa_of(session, key) for key in epa_keys or ("onc-k2",))}
    account = Account(
        kind=kind,
        performed_on=performed_on,
        department_id=ward.department.id,
        epa_ids=list(epas),
        note=note,
        quantity=quantity,
    )
    (activity,) = log(
        session,
        ward.enrolment,
        [account],
        key=uuid7(),
        offered=Offered(epas, {ward.department.id: ward.department}, {}),
        by=ward.trainee,
        on=TODAY,
        at=at,
    )
    return activity
