"""`bekwaam check` finds and names what is not what it says it is, and puts standings right again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import make_url, select, text, update
from sqlalchemy.orm import Session

from competencies.observations import ActivityKind, AssessmentStatus
from competencies.scales import Direction
from lms.assessments.models import Assessment
from lms.cli import main
from lms.core.audit import AuditEntry, record, trail_of
from lms.core.db import database, transaction
from lms.core.keys import uuid7
from lms.curriculum.models import Epa, ScaleLevel
from lms.entrustment.models import Decision, DecisionEvidence
from lms.logbook.models import Activity
from lms.operations import check
from lms.operations.chains import Difference, check_chains, check_seals
from lms.operations.check import CHECKS, check_assessments, check_decisions, check_standings, rebuild_standings
from lms.operations.jobs import forget_sign_ins, seal_audit_record
from lms.progress import history
from lms.standings.actions import note_decision, note_rating, note_request, note_withdrawal
from lms.standings.models import Standing
from tests.factories import NOW, TODAY, Ward, epa_of
from tests.server import ServerUrls

PERSON = UUID(int=7)


class Course:
    """A trainee's history, written the way the product does: the row, and the standing with it."""

    def __init__(self, session: Session) -> None:
        self.session, self.ward = session, Ward(session)
        self.epa = epa_of(session, "onc-k1")
        self.levels = session.scalars(
            select(ScaleLevel).where(ScaleLevel.scale_id == self.epa.scale_id).order_by(ScaleLevel.rank)
        ).all()
        self.moment = NOW - timedelta(days=100)

    def ask(self, *, on: date = TODAY, epa: Epa | None = None) -> Assessment:
        ward, epa = self.ward, epa or self.epa
        activity = Activity(
            enrolment_id=ward.enrolment.id,
            trainee_id=ward.trainee.id,
            kind=ActivityKind.PATIENT_CONTACT,
            performed_on=on,
            department_id=ward.department.id,
            note="",
            created_at=NOW,
        )
        activity.epas = [epa]
        self.session.add(activity)
        self.session.flush()
        asked = Assessment(
            activity_id=activity.id,
            enrolment_id=ward.enrolment.id,
            trainee_id=ward.trainee.id,
            epa_id=epa.id,
            assessor_id=ward.trainer.id,
            instrument_key="kpb",
            scale_id=epa.scale_id,
            direction=Direction.RETROSPECTIVE,
            status=AssessmentStatus.REQUESTED,
            requested_at=NOW,
        )
        self.session.add(asked)
        self.session.flush()
        note_request(self.session, enrolment_id=ward.enrolment.id, epa_id=epa.id)
        return asked

    def rate(self, asked: Assessment, rank: int | None) -> None:
        level = self.levels[rank] if rank is not None else None
        at = self.next_moment()
        asked.status, asked.answered_at = AssessmentStatus.SUBMITTED, at
        asked.level_code, asked.level_rank = (level.code, level.rank) if level else (None, None)
        on = self.session.get_one(Activity, asked.activity_id).performed_on
        self.session.flush()
        note_rating(
            self.session,
            enrolment_id=asked.enrolment_id,
            epa_id=asked.epa_id,
            level_code=asked.level_code,
            level_rank=asked.level_rank,
            on=on,
            at=at,
        )

    def withdraw(self, asked: Assessment) -> None:
        asked.status, asked.answered_at = AssessmentStatus.WITHDRAWN, self.next_moment()
        self.session.flush()
        note_withdrawal(self.session, enrolment_id=asked.enrolment_id, epa_id=asked.epa_id)

    def decide(self, rank: int, *, on: date, supersedes: Decision | None = None) -> Decision:
        level = self.levels[rank]
        decision = Decision(
            enrolment_id=self.ward.enrolment.id,
            trainee_id=self.ward.trainee.id,
            epa_id=self.epa.id,
            scale_id=self.epa.scale_id,
            level_code=level.code,
            level_rank=level.rank,
            decided_by_id=self.ward.committee_member.id,
            decided_on=on,
            recorded_at=self.next_moment(),
            valid_until=on + timedelta(days=365),
            remark="",
            requirements_met=True,
            overrule_reason="",
            scope={},
            supersedes_id=supersedes.id if supersedes else None,
        )
        self.session.add(decision)
        self.session.flush()
        note_decision(
            self.session,
            enrolment_id=decision.enrolment_id,
            epa_id=decision.epa_id,
            decision_id=decision.id,
            level_code=decision.level_code,
            level_rank=decision.level_rank,
            decided_on=decision.decided_on,
            valid_until=decision.valid_until,
        )
        facts = {"level": level.code, "decided_on": on, "valid_until": decision.valid_until}
        self.tell("decision.taken", decision.id, by=decision.decided_by_id, at=decision.recorded_at, after=facts)
        return decision

    def put_on_record(self, rated: Assessment) -> None:
        at, facts = rated.answered_at or NOW, {"level": rated.level_code, "performed_on": TODAY}
        self.tell("assessment.submitted", rated.id, by=rated.assessor_id, at=at, after=facts)

    def tell(self, action: str, target: UUID, *, by: UUID, at: datetime, after: Mapping[str, object]) -> None:
        record(self.session, action, subject=self.ward.trainee.id, by=by, at=at, target=target, after=after)

    def next_moment(self) -> datetime:
        self.moment += timedelta(minutes=1)
        return self.moment


def found(work: Callable[..., None], session: Session) -> str | None:
    """Return what the check says, or None where all is right."""
    session.flush()
    try:
        work(session.connection(), lambda _rows: None)
    except Difference as difference:
        return str(difference)
    return None


@pytest.fixture
def course(session: Session) -> Course:
    return Course(session)


@pytest.mark.parametrize("seed", range(8))
def test_the_standings_kept_step_by_step_are_those_of_the_history(course: Course, seed: int) -> None:
    chance, waiting, last = random.Random(seed), [], None
    days = [TODAY - timedelta(days=back) for back in (30, 20, 10, 10)]
    for _ in range(30):
        step = chance.choice(["ask", "ask", "rate", "withdraw", "decide"])
        if step == "ask":
            waiting.append(course.ask(on=chance.choice(days)))
        elif step == "decide":
            on = max(chance.choice(days), last.decided_on if last else date.min)
            last = course.decide(chance.randrange(len(course.levels)), on=on, supersedes=last)
        elif waiting:
            asked = waiting.pop(chance.randrange(len(waiting)))
            level = chance.choice([None, *range(len(course.levels))])
            course.rate(asked, level) if step == "rate" else course.withdraw(asked)
    assert found(check_standings, course.session) is None
    assert found(check_decisions, course.session) is None


def test_a_rating_on_another_scale_is_counted_and_is_no_last_rating(course: Course) -> None:
    asked = course.ask()
    other = select(ScaleLevel).join(ScaleLevel.scale).where(ScaleLevel.scale_id != course.epa.scale_id).limit(1)
    level = course.session.scalars(other).one()
    asked.scale_id, asked.level_code, asked.level_rank = level.scale_id, level.code, level.rank
    asked.status, asked.answered_at = AssessmentStatus.SUBMITTED, NOW
    course.session.flush()
    key = {"enrolment_id": asked.enrolment_id, "epa_id": asked.epa_id}
    note_rating(course.session, **key, level_code=None, level_rank=None, on=TODAY, at=NOW)
    assert found(check_standings, course.session) is None
    row = course.session.execute(
        history.standings_of_history().where(text("pair.enrolment_id = :key")), {"key": asked.enrolment_id}
    ).one()
    assert (row.rating_count, row.last_rating_code) == (1, None)


TAMPERED = {
    "rating_count": 9,
    "waiting_count": 3,
    "last_rating_code": "x",
    "last_rating_rank": 9,
    "last_rated_on": date(2020, 1, 1),
    "last_answered_at": NOW,
    "level_code": "x",
    "level_rank": 9,
    "decided_on": date(2020, 1, 1),
    "valid_until": None,
    "decision_id": UUID(int=9),
    "is_carried": True,
    "is_recognised": True,
}


def test_every_column_of_a_standing_can_be_tampered_with_here() -> None:
    assert set(TAMPERED) == set(history.COLUMNS)


@pytest.mark.parametrize("column", TAMPERED)
def test_a_standing_that_differs_is_named_and_put_right(course: Course, column: str) -> None:
    course.rate(course.ask(), 2)
    course.decide(2, on=TODAY)
    course.session.execute(update(Standing).values({column: TAMPERED[column]}))
    said = found(check_standings, course.session)
    assert said is not None
    for words in (course.ward.trainee.name, "EPA onc-k1", str(course.ward.enrolment.id), f"as {column}"):
        assert words in said
    assert rebuild_standings(course.session, at=NOW) == 1
    assert found(check_standings, course.session) is None


def test_a_standing_of_nothing_and_a_missing_one_are_found(course: Course) -> None:
    course.rate(course.ask(), 1)
    course.session.execute(text("DELETE FROM standings"))
    said = found(check_standings, course.session)
    assert said is not None
    assert "has 0 as rating_count, but the history says 1" in said
    rebuild_standings(course.session, at=NOW)
    other = epa_of(course.session, "onc-k2")
    made = {"enrolment_id": course.ward.enrolment.id, "epa_id": other.id}
    course.session.execute(
        text(
            "INSERT INTO standings (enrolment_id, epa_id, rating_count, waiting_count) "
            "VALUES (:enrolment_id, :epa_id, 4, 0)"
        ),
        made,
    )
    said = found(check_standings, course.session)
    assert said is not None
    assert "has 4 as rating_count, but the history says 0" in said
    assert rebuild_standings(course.session, at=NOW) == 1
    assert found(check_standings, course.session) is None


def test_a_withdrawn_request_leaves_a_standing_that_says_nothing(course: Course) -> None:
    course.withdraw(course.ask())
    assert found(check_standings, course.session) is None


def test_a_rebuilt_standing_is_noted_in_the_chain_of_its_trainee(course: Course) -> None:
    course.rate(course.ask(), 2)
    course.session.execute(update(Standing).values(rating_count=5))
    rebuild_standings(course.session, at=NOW)
    entry = trail_of(course.session, subject=course.ward.trainee.id)[-1]
    assert (entry.action, entry.actor_id, entry.target_id) == ("standing.rebuilt", None, course.ward.enrolment.id)
    assert entry.facts == {
        "before": {"rating_count": 5},
        "after": {"rating_count": 1, "epa": str(course.epa.id)},
    }


def test_nothing_is_rewritten_where_all_is_right(course: Course) -> None:
    course.rate(course.ask(), 2)
    assert rebuild_standings(course.session, at=NOW) == 0
    assert trail_of(course.session, subject=course.ward.trainee.id) == []


def test_decisions_out_of_their_order_are_named(course: Course) -> None:
    first = course.decide(1, on=TODAY)
    course.decide(2, on=TODAY - timedelta(days=9), supersedes=first)
    said = found(check_decisions, course.session)
    assert said is not None
    assert f"Decision {first.id}" in said
    assert "EPA onc-k1) does not supersede the one before it" in said


def test_a_decision_on_an_observation_that_is_not_there_is_named(course: Course) -> None:
    decision = course.decide(1, on=TODAY)
    gone = DecisionEvidence(decision_id=decision.id, observation_id=uuid7(), instrument_key="kpb")
    course.session.add(gone)
    said = found(check_decisions, course.session)
    assert said == (
        f"Decision {decision.id} (enrolment {course.ward.enrolment.id}, EPA onc-k1) "
        "rests on an observation that is not there."
    )


def test_a_decision_on_an_assessment_or_an_activity_is_right(course: Course) -> None:
    asked, decision = course.ask(), course.decide(1, on=TODAY)
    for key in (asked.id, asked.activity_id):
        course.session.add(DecisionEvidence(decision_id=decision.id, observation_id=key, instrument_key="kpb"))
    assert found(check_decisions, course.session) is None


@pytest.mark.parametrize("column", ["level_code", "decided_on", "valid_until", "decided_by_id", "recorded_at"])
def test_a_decision_that_is_not_the_one_on_record_is_named(course: Course, column: str) -> None:
    decision = course.decide(2, on=TODAY)
    changed = {
        "level_code": course.levels[3].code,
        "decided_on": TODAY - timedelta(days=1),
        "valid_until": None,
        "decided_by_id": course.ward.trainer.id,
        "recorded_at": NOW + timedelta(days=1),
    }
    course.session.execute(text("ALTER TABLE decisions DISABLE TRIGGER decisions_append_only"))
    course.session.execute(update(Decision).where(Decision.id == decision.id).values({column: changed[column]}))
    said = found(check_decisions, course.session)
    assert said is not None
    assert said.endswith("is not what the audit record says was decided.")


@pytest.mark.parametrize("column", ["level_code", "assessor_id", "answered_at", "performed_on", None])
def test_an_assessment_that_is_not_the_one_on_record_is_named(course: Course, column: str | None) -> None:
    asked = course.ask()
    course.rate(asked, 2)
    course.put_on_record(asked)
    assert found(check_assessments, course.session) is None
    if column == "performed_on":
        course.session.get_one(Activity, asked.activity_id).performed_on = TODAY - timedelta(days=1)
    elif column:
        changed = {"level_code": course.levels[3].code, "assessor_id": course.ward.lead.id, "answered_at": NOW}
        setattr(asked, column, changed[column])
    else:
        course.rate(course.ask(), 1)
    said = found(check_assessments, course.session)
    assert said is not None
    assert said.endswith("is not what the audit record says was given.")


# The audit record, as somebody leaves it who may do everything with the database.


def _write(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        for number in range(1, 4):
            record(session, "role.given", subject=PERSON, by=None, at=NOW, after={"number": number})


def _seal(app: Flask) -> None:
    with app.app_context():
        seal_audit_record(0)


@pytest.fixture
def tamper(own_database: Flask, server_urls: ServerUrls) -> Iterator[Callable[[str], None]]:
    """Return a function that changes the database as its superuser, past every trigger."""
    _write(own_database)
    with own_database.app_context():
        name = database.engine.url.database
    url = make_url(server_urls.superuser).set(database=name, drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")

        def change(statement: str) -> None:
            superuser.execute(statement.encode())

        yield change


def _chains(app: Flask) -> str | None:
    with app.app_context(), check.one_moment(database.engine) as connection:
        return _said(lambda: check_chains(connection, lambda _rows: None))


def _seals(app: Flask) -> str | None:
    with app.app_context(), check.one_moment(database.engine) as connection:
        return _said(lambda: check_seals(connection, lambda _rows: None))


def _said(work: Callable[[], None]) -> str | None:
    try:
        work()
    except Difference as difference:
        return str(difference)
    return None


CHANGES = {
    "id": "gen_random_uuid()",
    "action": "'role.ended'",
    "actor_id": "gen_random_uuid()",
    "target_id": "gen_random_uuid()",
    "at": "at + interval '1 microsecond'",
    "facts": """'{"after": {"number":2}}'""",
    "hash": "sha256('x')",
}
MINE = f"subject_id = '{PERSON}'"


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_entry_is_named(own_database: Flask, tamper: Callable[[str], None], column: str) -> None:
    assert _chains(own_database) is None
    tamper(f"UPDATE audit_entries SET {column} = {CHANGES[column]} WHERE {MINE} AND sequence = 2")
    said = _chains(own_database)
    assert said is not None
    assert said.startswith(f"Entry 2 of the chain of {PERSON} (role.")
    assert "was changed after it was written" in said


DAMAGE = {
    f"DELETE FROM audit_entries WHERE {MINE} AND sequence = 2": "misses entry 2: after 1 comes 3",
    f"DELETE FROM audit_entries WHERE {MINE} AND sequence = 1": "misses entry 1: after 0 comes 2",
    f"DELETE FROM audit_entries WHERE {MINE} AND sequence = 3": "ends with entry 2, which is not the entry 3",
    f"DELETE FROM audit_entries WHERE {MINE}": "ends with entry 0, which is not the entry 3",
    f"DELETE FROM audit_heads WHERE {MINE}": "has entries up to 3 but no head",
    f"UPDATE audit_heads SET hash = sha256('x') WHERE {MINE}": "ends with entry 3, which is not the entry 3",
    f"UPDATE audit_entries SET sequence = 9 WHERE {MINE} AND sequence = 3": "misses entry 3: after 2 comes 9",
    f"UPDATE audit_entries SET subject_id = '{UUID(int=6)}' WHERE {MINE}": "does not have the hash of what it says",
}


@pytest.mark.parametrize("statement", DAMAGE)
def test_a_damaged_chain_is_named(own_database: Flask, tamper: Callable[[str], None], statement: str) -> None:
    tamper(statement)
    said = _chains(own_database)
    assert said is not None
    assert DAMAGE[statement] in said


CUT = f"""
    DELETE FROM audit_entries WHERE {MINE} AND sequence = 3;
    UPDATE audit_heads SET sequence = 2, hash = (SELECT hash FROM audit_entries WHERE {MINE} AND sequence = 2)
    WHERE {MINE}
"""


def test_an_end_cut_off_with_its_head_is_found_by_the_seal(own_database: Flask, tamper: Callable[[str], None]) -> None:
    _seal(own_database)
    assert _seals(own_database) is None
    tamper(CUT)
    assert _chains(own_database) is None
    said = _seals(own_database)
    assert said is not None
    assert f"Entry 3 of the chain of {PERSON}, sealed by seal 1" in said
    assert said.endswith("is gone.")


SEALS = {
    "UPDATE audit_seals SET hash = sha256('x') WHERE id = 1": "Seal 1 of ",
    "UPDATE audit_seals SET at = at + interval '1 second' WHERE id = 2": "Seal 2 of ",
    f"DELETE FROM audit_seal_heads WHERE seal_id = 1 AND {MINE}": "Seal 1 of ",
    "DELETE FROM audit_seals WHERE id = 1": "Seal 1 is missing: after 0 comes 2",
    f"UPDATE audit_seal_heads SET sequence = 1 WHERE seal_id = 2 AND {MINE}": "Seal 2 of ",
    f"UPDATE audit_entries SET hash = sha256('x') WHERE {MINE} AND sequence = 3": "is another one now",
}


@pytest.mark.parametrize("statement", SEALS)
def test_a_damaged_seal_is_named(own_database: Flask, tamper: Callable[[str], None], statement: str) -> None:
    _seal(own_database)
    _write(own_database)
    _seal(own_database)
    assert _seals(own_database) is None
    tamper(statement)
    said = _seals(own_database)
    assert said is not None
    assert SEALS[statement] in said


def test_the_sealing_job_leaves_a_quiet_record_alone(own_database: Flask) -> None:
    _seal(own_database)
    _seal(own_database)
    with own_database.app_context():
        assert database.session.execute(text("SELECT count(*) FROM audit_seals")).scalar_one() == 1


def test_the_forgetting_job_forgets_old_attempts(own_database: Flask) -> None:
    with own_database.app_context():
        with transaction() as session:
            session.execute(
                text(
                    "INSERT INTO sign_in_attempts (id, account_hash, address_hash, at, succeeded) "
                    "SELECT gen_random_uuid(), '\\x01', '\\x01', moment, false "
                    "FROM unnest(ARRAY[now(), now() - interval '2 days']) AS moment"
                )
            )
        forget_sign_ins(0)
        assert database.session.execute(text("SELECT count(*) FROM sign_in_attempts")).scalar_one() == 1


def _bekwaam(app: Flask, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """Run the command as an operator does, on the database of the app."""
    with app.app_context():
        monkeypatch.setenv("DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SECRET_KEY", "only for tests, " * 4)
    monkeypatch.setenv("BEKWAAM_MODE", "test")
    return CliRunner().invoke(main, arguments)


def test_the_command_says_that_all_is_right(own_database: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(own_database)
    _seal(own_database)
    result = _bekwaam(own_database, monkeypatch, "check")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == [one.name for one in CHECKS]
    assert all(": right (" in line for line in lines)


def test_a_terminal_shows_how_far_each_check_is(own_database: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _bekwaam(own_database, monkeypatch, "check").stderr == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    drawn = _bekwaam(own_database, monkeypatch, "check").stderr
    assert [one.name for one in CHECKS if one.name not in drawn] == []


def test_the_command_names_the_tampered_entry(
    own_database: Flask, tamper: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tamper(f"UPDATE audit_entries SET actor_id = gen_random_uuid() WHERE {MINE} AND sequence = 2")
    result = _bekwaam(own_database, monkeypatch, "check")
    assert result.exit_code == 1
    assert f"Audit chains: DIFFERENT. Entry 2 of the chain of {PERSON}" in result.stdout
    assert "Current standings: right (0 rows)." in result.stdout


def test_the_command_puts_standings_right(own_database: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with own_database.app_context(), transaction() as session:
        course = Course(session)
        asked = course.ask()
        course.rate(asked, 2)
        course.put_on_record(asked)
        session.execute(update(Standing).values(rating_count=7))
    assert _bekwaam(own_database, monkeypatch, "check").exit_code == 1
    result = _bekwaam(own_database, monkeypatch, "check", "--rebuild-standings")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Rewrote 1 standings from the history.")


def test_the_record_is_read_while_others_write(own_database: Flask) -> None:
    _write(own_database)
    with own_database.app_context(), check.one_moment(database.engine) as connection:
        before = connection.execute(select(AuditEntry.id)).all()
        _write(own_database)
        assert connection.execute(select(AuditEntry.id)).all() == before
        assert _said(lambda: check_chains(connection, lambda _rows: None)) is None
