"""What changes activities."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from competencies.activities import check_change, check_day, check_epas, check_place, check_quantity
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.audit import record
from lms.curriculum.models import Epa
from lms.logbook.models import Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a trainee says of an activity."""

    kind: ActivityKind
    performed_on: date
    department_id: UUID
    epa_ids: Sequence[UUID]
    note: str
    quantity: int


def log(
    session: Session,
    enrolment: Enrolment,
    account: Account,
    *,
    epas: Mapping[UUID, Epa],
    departments: Collection[UUID],
    by: User,
    on: date,
    at: datetime,
) -> Activity:
    """Store an activity of the enrolled trainee; `epas` and `departments` are those to choose from.

    Raises `RuleBroken` for a day outside the enrolment or to come, or for something that is not to choose from.
    """
    _check(account, enrolment, epas=epas, departments=departments, on=on)
    activity = Activity(enrolment_id=enrolment.id, trainee_id=enrolment.trainee_id, created_at=at)
    _fill(activity, account)
    activity.epas = [epas[epa_id] for epa_id in dict.fromkeys(account.epa_ids)]
    session.add(activity)
    session.flush()
    facts = facts_of(activity)
    record(session, "activity.logged", subject=activity.trainee_id, by=by.id, at=at, target=activity.id, after=facts)
    return activity


def edit(
    session: Session,
    activity: Activity,
    account: Account,
    *,
    seen: str,
    epas: Mapping[UUID, Epa],
    departments: Collection[UUID],
    by: User,
    on: date,
    at: datetime,
) -> None:
    """Change an activity that nobody assessed yet; `seen` is the version that the writer had before them.

    Needs enrolment and EPAs of the activity. Raises `RuleBroken`; an EPA that an assessment was asked for stays.
    """
    rated_at = session.scalar(select(Activity.rated_at).where(Activity.id == activity.id).with_for_update())
    check_change(is_rated=rated_at is not None, was=activity.kind, to=account.kind)
    if seen != str(activity.version):
        raise RuleBroken("changed_meanwhile")
    _check(account, activity.enrolment, epas=epas, departments=departments, on=on)
    before = facts_of(activity)
    _fill(activity, account)
    _choose(session, activity, [epas[epa_id] for epa_id in dict.fromkeys(account.epa_ids)])
    facts = facts_of(activity)
    record(
        session,
        "activity.changed",
        subject=activity.trainee_id,
        by=by.id,
        at=at,
        target=activity.id,
        before=before,
        after=facts,
    )


def _check(
    account: Account, enrolment: Enrolment, *, epas: Collection[UUID], departments: Collection[UUID], on: date
) -> None:
    """Apply the rules of the domain to what is said."""
    check_day(account.performed_on, starts_on=enrolment.starts_on, ended_on=enrolment.ended_on, today=on)
    check_epas(account.epa_ids, offered=epas)
    check_place(account.department_id, departments=departments)
    check_quantity(account.quantity)


def _fill(activity: Activity, account: Account) -> None:
    activity.kind = account.kind
    activity.performed_on = account.performed_on
    activity.department_id = account.department_id
    activity.note = account.note
    activity.quantity = account.quantity


def _choose(session: Session, activity: Activity, epas: Sequence[Epa]) -> None:
    """Set the EPAs, as a new version whichever they are; the database holds on to one that an assessment is about."""
    flag_modified(activity, "note")
    try:
        with session.begin_nested():
            activity.epas = list(epas)
    except IntegrityError as held:
        raise RuleBroken("epa_asked") from held


def facts_of(activity: Activity) -> dict[str, object]:
    """Return what the audit keeps of an activity: of the note only its length, for it may say too much."""
    return {
        "kind": activity.kind,
        "performed_on": activity.performed_on,
        "department": activity.department_id,
        "epas": sorted(str(epa.id) for epa in activity.epas),
        "quantity": activity.quantity,
        "note_length": len(activity.note),
    }
