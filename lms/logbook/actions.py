"""What changes activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from competencies.activities import (
    REFLECTION_NOTE,
    check_change,
    check_contexts,
    check_correction,
    check_day,
    check_epas,
    check_place,
    check_quantity,
    check_series,
)
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind, Context
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core.audit import record
from lms.core.clock import day_of
from lms.core.keys import derived
from lms.curriculum.models import Epa
from lms.logbook.models import Activity, ActivityVersion
from lms.logbook.values import Offered

Facts = dict[str, object]
"""What the audit keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a trainee says of an activity."""

    kind: ActivityKind
    performed_on: date
    department_id: UUID
    epa_ids: Sequence[UUID]
    note: str
    quantity: int
    contexts: Mapping[Context, str] = field(default_factory=dict)


def log(
    session: Session,
    enrolment: Enrolment,
    accounts: Sequence[Account],
    *,
    key: UUID,
    offered: Offered,
    by: User,
    on: date,
    at: datetime,
) -> Sequence[Activity]:
    """Store activities of the enrolled trainee, once; `offered` is what there is to choose from.

    Who logs them for the trainee is kept with them.

    `key` is the one of the form, made when it was opened: who sends the same form again gets the activities that it
    made. Raises `RuleBroken` for a form that logged something else before, for a day outside the enrolment or to come,
    or for something that is not to choose from.
    """
    before = _logged_before(session, enrolment, accounts, key)
    if before:
        return before
    check_series(len(accounts))
    for account in accounts:
        _check(account, enrolment, offered=offered, on=on)
    made = [
        _new(derived(key, number), enrolment, account, offered=offered, by=by, at=at)
        for number, account in enumerate(accounts)
    ]
    try:
        with session.begin_nested():
            session.add_all(made)
    except IntegrityError:  # The same form was sent twice at once, and the other was first.
        before = _logged_before(session, enrolment, accounts, key)
        if not before:
            raise
        return before
    for one in made:
        record(session, "activity.logged", subject=one.trainee_id, by=by.id, at=at, target=one.id, after=facts_of(one))
    return made


def _logged_before(
    session: Session, enrolment: Enrolment, accounts: Sequence[Account], key: UUID
) -> Sequence[Activity]:
    """Return what the form with that key logged before: nothing, or the same; else raise form_used.

    One key more than there are accounts is looked for: the form may have logged more before.
    """
    keys = [derived(key, number) for number in range(len(accounts) + 1)]
    rows = session.scalars(select(Activity).where(Activity.id.in_(keys)).options(selectinload(Activity.epas)))
    found = sorted(rows, key=lambda one: keys.index(one.id))
    mine = all(one.enrolment_id == enrolment.id for one in found)
    if found and not (mine and [said_of(one) for one in found] == [_in_order(one) for one in accounts]):
        raise RuleBroken("form_used")
    return found


def said_of(activity: Activity) -> Account:
    """Return what the trainee said of an activity, its EPAs in the order of their keys; needs these."""
    return Account(
        kind=activity.kind,
        performed_on=activity.performed_on,
        department_id=activity.department_id,
        epa_ids=sorted(epa.id for epa in activity.epas),
        note=activity.note,
        quantity=activity.quantity,
        contexts={Context(context): key for context, key in activity.contexts.items()},
    )


def _in_order(account: Account) -> Account:
    return replace(account, epa_ids=sorted(set(account.epa_ids)))


def _new(key: UUID, enrolment: Enrolment, account: Account, *, offered: Offered, by: User, at: datetime) -> Activity:
    activity = Activity(id=key, enrolment_id=enrolment.id, trainee_id=enrolment.trainee_id, created_at=at)
    activity.written_by_id = None if by.id == enrolment.trainee_id else by.id
    _fill(activity, account)
    activity.epas = offered.chosen(account.epa_ids)
    return activity


def edit(
    session: Session,
    activity: Activity,
    account: Account,
    *,
    seen: str,
    offered: Offered,
    by: User,
    on: date,
    at: datetime,
) -> None:
    """Change an activity that nobody assessed yet; `seen` is the version that the writer had before them.

    Needs enrolment and EPAs of the activity. Raises `RuleBroken`; an EPA that an assessment was asked for stays.
    """
    check_change(is_rated=_rated_at(session, activity) is not None, was=activity.kind, to=account.kind)
    if seen != str(activity.version):
        raise RuleBroken("changed_meanwhile")
    _check(account, activity.enrolment, offered=offered, on=on)
    before = facts_of(activity)
    _fill(activity, account)
    _choose(session, activity, offered.chosen(account.epa_ids))
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


def _rated_at(session: Session, activity: Activity) -> datetime | None:
    """Lock the activity and return when it was rated for the first time, as it is now."""
    return session.scalar(select(Activity.rated_at).where(Activity.id == activity.id).with_for_update())


def add_version(
    session: Session,
    activity: Activity,
    account: Account,
    *,
    reason: str,
    seen: str,
    offered: Offered,
    by: User,
    at: datetime,
) -> tuple[Facts, Facts]:
    """Correct an activity that was assessed, by a new version with a reason, and return the facts before and after.

    Needs enrolment and EPAs of the activity. Raises `RuleBroken`; an EPA that an assessment was asked for stays. What
    it said before is kept. What follows from the day, and the audit entry, are for `lms.assessments.actions.correct`.
    """
    rated_at, was = _rated_at(session, activity), said_of(activity)
    check_correction(
        rated_on=day_of(rated_at) if rated_at else None,
        was=activity.kind,
        to=account.kind,
        performed_on=account.performed_on,
        reason=reason,
        is_changed=was != _in_order(account),
    )
    if seen != str(activity.version):
        raise RuleBroken("changed_meanwhile")
    _check(account, activity.enrolment, offered=offered, on=day_of(at))
    before = facts_of(activity)
    number = _next_version(session, activity, was)
    _fill(activity, account)
    activity.corrected_at = at
    _choose(session, activity, offered.chosen(account.epa_ids))
    session.add(_version(activity, number, said_of(activity), reason=reason.strip(), by=by.id, at=at))
    session.flush()
    return before, facts_of(activity) | {"version": number, "reason_length": len(reason.strip())}


def _next_version(session: Session, activity: Activity, was: Account) -> int:
    """Return the number of the next version; before the first correction the one that was assessed is kept as 1."""
    last = session.scalar(select(func.max(ActivityVersion.number)).where(ActivityVersion.activity_id == activity.id))
    if last is None:
        writer = activity.written_by_id or activity.trainee_id
        session.add(_version(activity, 1, was, reason="", by=writer, at=activity.created_at))
    return (last or 1) + 1


def _version(activity: Activity, number: int, said: Account, *, reason: str, by: UUID, at: datetime) -> ActivityVersion:
    return ActivityVersion(
        activity_id=activity.id,
        number=number,
        kind=said.kind,
        performed_on=said.performed_on,
        department_id=said.department_id,
        note=said.note,
        quantity=said.quantity,
        epa_ids=[str(key) for key in said.epa_ids],
        contexts=_stored(said.contexts),
        reason=reason,
        recorded_by_id=by,
        recorded_at=at,
    )


def _check(account: Account, enrolment: Enrolment, *, offered: Offered, on: date) -> None:
    """Apply the rules of the domain to what is said."""
    check_day(account.performed_on, starts_on=enrolment.starts_on, ended_on=enrolment.ended_on, today=on)
    check_epas(account.epa_ids, offered=offered.epas)
    check_place(account.department_id, departments=offered.departments)
    check_contexts(account.contexts, offered=offered.contexts)
    check_quantity(account.quantity)


def _fill(activity: Activity, account: Account) -> None:
    activity.kind = account.kind
    activity.performed_on = account.performed_on
    activity.department_id = account.department_id
    activity.note = REFLECTION_NOTE if account.kind is ActivityKind.REFLECTION else account.note
    activity.quantity = account.quantity
    activity.contexts = _stored(account.contexts)


def _stored(contexts: Mapping[Context, str]) -> dict[str, str]:
    return {context.value: key for context, key in contexts.items()}


def _choose(session: Session, activity: Activity, epas: Sequence[Epa]) -> None:
    """Set the EPAs, as a new version whichever they are; the database holds on to one that an assessment is about."""
    flag_modified(activity, "note")
    try:
        with session.begin_nested():
            activity.epas = list(epas)
    except IntegrityError as held:
        raise RuleBroken("epa_asked") from held


def facts_of(activity: Activity) -> Facts:
    """Return what the audit keeps of an activity: of the note only its length, for it may say too much."""
    chosen = {"contexts": activity.contexts} if activity.contexts else {}
    return chosen | {
        "kind": activity.kind,
        "performed_on": activity.performed_on,
        "department": activity.department_id,
        "epas": sorted(str(epa.id) for epa in activity.epas),
        "quantity": activity.quantity,
        "note_length": len(activity.note),
    }
