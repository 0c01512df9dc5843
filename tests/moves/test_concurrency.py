"""A move and an answer at the same instant: whoever comes first, nobody waits in a circle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, Select, event, select, text
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.core import db
from lms.moves import queries
from lms.moves.actions import move_trainees
from lms.organisations.permissions import duties_of
from lms.standings.models import CarriedEpa, Standing
from tests.factories import TODAY
from tests.moves.examples import LATER, Moving, with_cohort
from tests.moves.test_actions import way_back
from tests.progress.history import rated

WAITS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    " AND query LIKE '%standings%'"
)
MOST_LOOKS = 20_000


def moved_there_and_back(session: Session) -> tuple[Moving, UUID, UUID]:
    """Return a ward whose trainee moved on and back, with the EPA that was left and the one that carries it."""
    ward = Moving(session)
    rated(session, ward, "onc-k3", "4")
    ward.publish(session)
    ward.moved(session)
    ward.enrolment = with_cohort(session, ward.enrolment)
    rated(session, ward, "onc-k34", "3")
    ward.moved(session, way_back(session, ward, {"onc-k3": ["onc-k34"]}))
    left, heir = ward.epa(session, "onc-k34").id, ward.epa(session, "onc-k3", ward.old).id
    assert session.scalars(select(CarriedEpa.epa_id).where(CarriedEpa.from_epa_id == left)).all() == [heir]
    return ward, left, heir


def test_who_moves_waits_for_an_answer_and_holds_nothing_that_it_needs(own_database: Flask) -> None:
    with own_database.app_context(), db.transaction() as session:
        ward, left, heir = moved_there_and_back(session)
        keys = ward.lead.id, ward.prepared(session).id, ward.enrolment.id
    assert heir < left, "the order of keys alone would be a circle here"
    with own_database.app_context():
        engine = db.session().get_bind()
    assert isinstance(engine, Engine)
    with ThreadPoolExecutor(1) as pool, engine.begin() as answering:
        answering.execute(text("SET LOCAL lock_timeout = '5s'"))
        answering.execute(locked(keys[2], left))
        attempt = pool.submit(moved_again, own_database, *keys)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
            assert any(looking.scalar(WAITS) for _look in range(MOST_LOOKS))
        assert answering.execute(locked(keys[2], heir)).one()
        answering.commit()
        assert attempt.result(timeout=60) == 1


def locked(enrolment_id: UUID, epa_id: UUID) -> Select[UUID]:
    """Select one standing for update: an answer locks that of its EPA, then those that carry it."""
    one = select(Standing.epa_id).where(Standing.enrolment_id == enrolment_id, Standing.epa_id == epa_id)
    return one.with_for_update()


def moved_again(app: Flask, lead_id: UUID, move_id: UUID, enrolment_id: UUID) -> int:
    """Move the trainee in a transaction of its own and return how many were moved."""
    with app.app_context(), db.transaction() as session:
        lead = session.get_one(User, lead_id)
        move = queries.one_move(session, duties_of(lead_id, on=TODAY), move_id)
        assert move is not None
        done = move_trainees(
            session,
            move,
            queries.followers_by_id(session, move, [enrolment_id], by=lead_id),
            versions=queries.both_versions(session, move.from_version_id, move.to_version_id),
            version=move.version,
            reason="Once more.",
            by=lead,
            at=LATER,
        )
        return len(done)


def test_the_chains_of_the_record_are_locked_when_all_else_is(session: Session) -> None:
    ward = Moving(session)
    ward.fellow(session)
    ward.publish(session)
    move = ward.prepared(session)
    told: list[str] = []
    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", lambda *facts: told.append(str(facts[2])))
    others = queries.followers(session, move, by=ward.lead.id).rows
    assert len(others) == 2
    ward.moved(session, move, *others, cohorts=[ward.cohort])
    chains = [at for at, one in enumerate(told) if "audit_heads" in one]
    rows = [at for at, one in enumerate(told) if "FOR" in one or "standings" in one or "UPDATE enrolments" in one]
    assert min(chains) > max(rows)
