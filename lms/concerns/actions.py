"""What adds to concerns: the record says that one was written or added to, never what it says or is about.

Each has a chain of its own in the record. In the chain of the trainee a missing number would give it away to whoever
reads that, before anybody talked with them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.concerns import ConcernStep, check_concern, check_step, due_after, talk_by
from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.cohorts.actions.plans import take_turn
from lms.cohorts.models import Enrolment
from lms.concerns.models import Concern, ConcernEntry
from lms.concerns.queries import overdue, readers_of, told_of_late
from lms.concerns.values import Account, Addition, account_of, due_of, state_of
from lms.core.audit import record
from lms.core.clock import day_of
from lms.core.keys import derived
from lms.notices.actions import notify, settle
from lms.notices.models import NoticeKind


def write(session: Session, enrolment: Enrolment, account: Account, *, key: UUID, by: User, at: datetime) -> Concern:
    """Keep a concern once, and tell the others who guide the trainee that there is one.

    `key` is the one of the form. Raises `RuleBroken` form_used for a form that kept another text, and what
    `check_concern` raises.
    """
    take_turn(session, Enrolment, enrolment.id)
    kept_as = derived(key)
    before = session.get(Concern, kept_as)
    if before is not None:
        if (before.enrolment_id, before.written_by_id, account_of(before)) != (enrolment.id, by.id, account):
            raise RuleBroken("form_used")
        return before
    check_concern(seen_on=account.seen_on, starts_on=enrolment.starts_on, ended_on=enrolment.ended_on, today=day_of(at))
    concern = Concern(
        id=kept_as,
        enrolment_id=enrolment.id,
        trainee_id=enrolment.trainee_id,
        epa_id=account.epa_id,
        factors=[one.value for one in account.factors],
        seen_on=account.seen_on,
        seen=account.seen,
        said=account.said,
        needed=account.needed,
        talk_by=talk_by(day_of(at)),
        written_by_id=by.id,
        written_at=at,
    )
    session.add(concern)
    session.flush()
    record(session, "concern.noted", subject=concern.id, by=by.id, at=at, target=concern.id)
    _tell_guides(session, concern, enrolment, NoticeKind.CONCERN_WRITTEN, by=by.id, at=at)
    return concern


def add(session: Session, concern: Concern, addition: Addition, *, seen: str, by: User, at: datetime) -> None:
    """Add a step to a concern; `seen` is how many there were when its writer looked.

    Raises `RuleBroken` changed_meanwhile, or what `check_step` raises.
    """
    take_turn(session, Enrolment, concern.enrolment_id)
    session.refresh(concern, ["steps"])
    if seen != str(len(concern.steps)):
        raise RuleBroken("changed_meanwhile")
    check_step(
        state_of(concern),
        addition.step,
        talked_on=addition.talked_on,
        due_on=addition.due_on,
        seen_on=concern.seen_on,
        today=day_of(at),
    )
    session.add(
        ConcernEntry(
            concern_id=concern.id,
            number=len(concern.steps) + 1,
            step=addition.step,
            text=addition.text,
            talked_on=addition.talked_on,
            due_on=due_after(addition.step, due_on=addition.due_on, before=due_of(concern)),
            shares=addition.shares,
            by_id=by.id,
            at=at,
        )
    )
    session.flush()
    record(session, f"concern.{addition.step.value}", subject=concern.id, by=by.id, at=at, target=concern.id)
    _tell(session, concern, addition.step, by=by, at=at)


def _tell(session: Session, concern: Concern, step: ConcernStep, *, by: User, at: datetime) -> None:
    """Tell the others that something was added, and the trainee that a talk was written down."""
    enrolment = session.get_one(Enrolment, concern.enrolment_id)
    settle(session, NoticeKind.CONCERN_OVERDUE, about=concern.id, at=at)
    _tell_guides(session, concern, enrolment, NoticeKind.CONCERN_ADDED_TO, by=by.id, at=at)
    if step is ConcernStep.TALKED:
        notify(session, concern.trainee_id, NoticeKind.CONCERN_TALKED, about=concern.id, by=by.id, at=at)


def _tell_guides(
    session: Session, concern: Concern, enrolment: Enrolment, kind: NoticeKind, *, by: UUID | None, at: datetime
) -> None:
    for reader in readers_of(session, enrolment, on=day_of(at)):
        notify(session, reader.id, kind, about=concern.id, by=by, at=at)


def remind(session: Session, *, at: datetime) -> int:
    """Tell each of those who guide a trainee, once, that the next step of a concern is late; return how often."""
    late = overdue(session, on=day_of(at))
    told = told_of_late(session)
    wanted = [(one, reader.id) for one in late for reader in readers_of(session, one.enrolment, on=day_of(at))]
    new = [(concern, reader_id) for concern, reader_id in wanted if (concern.id, reader_id) not in told]
    for concern, reader_id in new:
        notify(session, reader_id, NoticeKind.CONCERN_OVERDUE, about=concern.id, by=None, at=at)
    return len(new)
