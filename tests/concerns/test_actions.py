"""What keeps concerns: no text is lost, nothing gives one away, and each reader hears of a late one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from competencies.concerns import TrustFactor
from competencies.errors import RuleBroken
from competencies.people import EndReason, Role
from lms.accounts.models import User
from lms.cohorts.models import EnrolmentTrainer
from lms.concerns.actions import remind, write
from lms.concerns.values import Account
from lms.core.audit import trail_of
from lms.core.keys import uuid7
from lms.notices.models import NoticeKind
from tests.concerns.concerns import YESTERDAY, noted, talked_over
from tests.factories import NOW, TODAY, Ward, enrol, epa_of, person_with
from tests.notices.told import told

ACCOUNT = Account(seen_on=YESTERDAY, seen="Walked on.", said="Asked why.", needed="Shifts together.")


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def lateness(session: Session, reader: User) -> int:
    return [kind for kind, *_rest in told(session, reader)].count(NoticeKind.CONCERN_OVERDUE)


def test_a_form_that_is_sent_again_keeps_one_and_with_anything_else_it_is_refused(session: Session, ward: Ward) -> None:
    key, account = uuid7(), replace(ACCOUNT, epa_id=epa_of(session, "onc-k2").id, factors=tuple(TrustFactor)[:2])

    def sent(account: Account, by: User = ward.trainer) -> UUID:
        return write(session, ward.enrolment, account, key=key, by=by, at=NOW).id

    first = sent(account)
    session.expire_all()
    assert sent(account) == first
    others = [
        replace(account, said="Said nothing yet."),
        replace(account, needed="A talk."),
        replace(account, seen_on=TODAY),
        replace(account, factors=()),
        replace(account, epa_id=None),
    ]
    for other in others:
        with pytest.raises(RuleBroken, match="form_used"):
            sent(other)
    with pytest.raises(RuleBroken, match="form_used"):
        sent(account, by=ward.lead)
    elsewhere = enrol(session, ward.cohort, person_with(session, Role.TRAINEE, ward.organisation), ward.department)
    with pytest.raises(RuleBroken, match="form_used"):
        write(session, elsewhere, account, key=key, by=ward.trainer, at=NOW)


def test_who_writes_takes_a_turn_before_looking_for_what_the_form_kept(
    session: Session, ward: Ward, statements: list[str]
) -> None:
    statements.clear()
    noted(session, ward)
    turn = next(place for place, one in enumerate(statements) if "FOR NO KEY UPDATE" in one)
    look = next(place for place, one in enumerate(statements) if "FROM concerns" in one)
    assert turn < look


def test_the_chain_of_the_trainee_does_not_grow_by_a_concern(session: Session, ward: Ward) -> None:
    before = len(trail_of(session, subject=ward.trainee.id))
    concern = talked_over(session, ward)
    assert len(trail_of(session, subject=ward.trainee.id)) == before
    own = trail_of(session, subject=concern.id)
    assert [(one.sequence, one.action) for one in own] == [(1, "concern.noted"), (2, "concern.talked")]


def test_who_comes_to_guide_a_trainee_hears_of_what_is_late_already(session: Session, ward: Ward) -> None:
    noted(session, ward)
    remind(session, at=NOW + timedelta(days=8))
    newcomer, lead = (person_with(session, role, ward.organisation) for role in (Role.TRAINER, Role.PROGRAMME_LEAD))
    session.add(EnrolmentTrainer(enrolment_id=ward.enrolment.id, trainer_id=newcomer.id, starts_on=TODAY))
    ward.cohort.lead_id = lead.id
    session.flush()
    assert [remind(session, at=NOW + timedelta(days=days)) for days in (9, 10)] == [2, 0]
    assert [lateness(session, one) for one in (newcomer, lead, ward.lead, ward.trainer)] == [1, 1, 1, 1]


def test_after_the_end_the_lead_alone_hears_that_one_is_late_and_writes_of_days_before_it(
    session: Session, ward: Ward
) -> None:
    noted(session, ward)
    ward.enrolment.ended_on, ward.enrolment.end_reason = YESTERDAY, EndReason.DROPPED_OUT
    session.flush()
    assert remind(session, at=NOW + timedelta(days=8)) == 1
    assert [lateness(session, one) for one in (ward.lead, ward.trainer)] == [1, 0]
    write(session, ward.enrolment, ACCOUNT, key=uuid7(), by=ward.lead, at=NOW)
    with pytest.raises(RuleBroken, match="concern_after_enrolment"):
        write(session, ward.enrolment, replace(ACCOUNT, seen_on=TODAY), key=uuid7(), by=ward.lead, at=NOW)
