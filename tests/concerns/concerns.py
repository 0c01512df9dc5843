"""Concerns for the tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from competencies.concerns import ConcernStep
from lms.concerns.actions import add, write
from lms.concerns.models import Concern
from lms.concerns.values import Account, Addition
from lms.core.keys import uuid7
from tests.factories import NOW, TODAY, Ward

YESTERDAY = TODAY - timedelta(days=1)
TOLD = {
    "seen_on": YESTERDAY.isoformat(),
    "seen": "Walked on while the alarm rang, twice this morning.",
    "said": "Asked what made it so; the trainee had not heard it.",
    "needed": "A week of shifts together.",
}
"""What is filled in."""


def noted(session: Session, ward: Ward, *, text: str | None = None, at: datetime = NOW) -> Concern:
    """Return a concern of the trainer about the trainee; `text` stands in all its parts, when it is given."""
    seen, said, needed = (text or TOLD[name] for name in ("seen", "said", "needed"))
    told = Account(seen_on=YESTERDAY, seen=seen, said=said, needed=needed)
    return write(session, ward.enrolment, told, key=uuid7(), by=ward.trainer, at=at)


def talk(session: Session, ward: Ward, concern: Concern, *, shares: bool = True, at: datetime = NOW) -> None:
    """Let the trainer write down that they talked with the trainee."""
    agreed = Addition(
        step=ConcernStep.TALKED,
        text="Both heard each other; one week together.",
        talked_on=TODAY,
        due_on=TODAY + timedelta(days=14),
        shares=shares,
    )
    session.refresh(concern, ["steps"])
    add(session, concern, agreed, seen=str(len(concern.steps)), by=ward.trainer, at=at)


def talked_over(session: Session, ward: Ward, *, shares: bool = True) -> Concern:
    """Return a concern that the trainer talked over with the trainee."""
    concern = noted(session, ward)
    talk(session, ward, concern, shares=shares)
    return concern
