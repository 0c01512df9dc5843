"""Two deciders at once: one decides, the other hears that it happened."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.cohorts.queries import one_enrolment
from lms.core import db
from lms.entrustment import actions, queries
from lms.entrustment.models import Decision
from lms.organisations.permissions import duties_of
from lms.standings.models import Standing
from tests.entrustment.examples import Laboratory, declaration
from tests.factories import NOW, TODAY


def test_two_deciders_at_once_do_not_both_supersede_the_same_decision(own_database: Flask) -> None:
    with own_database.app_context(), db.transaction() as session:
        ward = Laboratory(session)
        ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
        deciders = [ward.committee_member.id, ward.second_trainer.id]
        keys = ward.lead.id, ward.enrolment.id, ward.epa.id
    start = Barrier(len(deciders))
    with ThreadPoolExecutor(len(deciders)) as pool:
        attempts = [pool.submit(decide, own_database, start, keys, decider) for decider in deciders]
    assert sorted(attempt.result() for attempt in attempts) == ["decided", "decided_meanwhile"]
    with own_database.app_context():
        decision = db.session().scalars(select(Decision.id)).one()
        assert db.session().scalars(select(Standing.decision_id)).one() == decision


def decide(app: Flask, start: Barrier, keys: tuple[UUID, UUID, UUID], decider: UUID) -> str:
    """Decide once all are ready, and return what came of it."""
    lead_id, enrolment_id, epa_id = keys
    with app.app_context():
        session = db.session()
        enrolment = one_enrolment(session, duties_of(lead_id, on=TODAY), enrolment_id)
        assert enrolment is not None
        offered = queries.offered_epa(session, enrolment, epa_id)
        assert offered is not None
        person = session.get_one(User, decider)
        start.wait(timeout=30)
        try:
            with db.transaction() as writing:
                actions.decide(writing, enrolment, offered, declaration(), by=person, at=NOW)
        except RuleBroken as broken:
            return broken.code
    return "decided"
