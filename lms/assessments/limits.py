"""What keeps the number of requests that wait for a person within their limit, and what sets that limit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from competencies.waiting import check_load
from lms.accounts.models import User
from lms.assessments.models import RequestLimit
from lms.assessments.queries.loads import limit_of_organisation, loads_of, own_limit
from lms.core.audit import record
from lms.core.keys import uuid7
from lms.organisations.models import Organisation


def take_turns(session: Session, people: Collection[UUID]) -> None:
    """Let everybody who asks one of these people wait for each other until the transaction ends.

    Whoever asks several takes them in the same order as all others, so that nobody waits for ever.
    """
    for key in sorted(people):
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(key), 0))))


def keep_within_limit(session: Session, assessor: User, *, on: date) -> None:
    """Accept one more request to a person, counted while nobody else can ask them, or raise RuleBroken over_limit."""
    take_turns(session, [assessor.id])
    load = loads_of(session, [assessor.id], on=on)[assessor.id]
    check_load(name=assessor.name, open_now=load.open_now, limit=load.limit)


def choose_limit(session: Session, user: User, *, most: int | None, by: User, at: datetime) -> None:
    """Keep the most requests that may wait for a person; None: as the organisation says."""
    before = {"most": own_limit(session, user.id)}
    session.execute(delete(RequestLimit).where(RequestLimit.user_id == user.id))
    if most is not None:
        session.execute(upsert(RequestLimit).values(id=uuid7(), user_id=user.id, most=most))
    record(session, "account.limit_chosen", subject=user.id, by=by.id, at=at, before=before, after={"most": most})


def choose_default(session: Session, organisation: Organisation, *, most: int, by: User, at: datetime) -> None:
    """Keep the most requests that may wait for a trainer of the organisation who chose no number."""
    before = {"most": limit_of_organisation(session, organisation.id)}
    chosen = upsert(RequestLimit).values(id=uuid7(), organisation_id=organisation.id, most=most)
    session.execute(chosen.on_conflict_do_update(index_elements=["organisation_id"], set_={"most": most}))
    subject = organisation.id
    record(session, "organisation.limit_chosen", subject=subject, by=by.id, at=at, before=before, after={"most": most})
