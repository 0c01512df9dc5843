"""The audit record: chains that hold every column, seals over their heads, and writers who do not wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String, cast, create_engine, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.core.audit import (
    GENESIS,
    AuditEntry,
    AuditHead,
    AuditSeal,
    AuditSealHead,
    Fields,
    canonical_facts,
    entry_hash,
    record,
    seal,
    seal_hash,
    trail_of,
)
from lms.core.db import database
from tests.factories import NOW

PERSON, OTHER = UUID(int=1), UUID(int=2)


def write(session: Session, subject: UUID = PERSON, action: str = "role.given", **options: object) -> None:
    record(session, action, subject=subject, by=None, at=NOW, **options)  # type: ignore[arg-type]


def head_of(session: Session, subject: UUID) -> tuple[int, bytes]:
    head = session.execute(select(AuditHead.sequence, AuditHead.hash).where(AuditHead.subject_id == subject)).one()
    return head.sequence, head.hash


def test_each_subject_has_a_chain_of_its_own(session: Session) -> None:
    for subject in (PERSON, OTHER, PERSON, PERSON):
        write(session, subject)
    assert [entry.sequence for entry in trail_of(session, subject=PERSON)] == [1, 2, 3]
    assert [entry.sequence for entry in trail_of(session, subject=OTHER)] == [1]
    assert head_of(session, PERSON) == (3, trail_of(session, subject=PERSON)[-1].hash)


def test_an_entry_continues_the_hash_of_the_one_before(session: Session) -> None:
    subject, by, target = uuid4(), uuid4(), uuid4()
    facts = {"role": Role.TRAINER, "ends_on": None, "place": OTHER, "starts_on": date(2026, 3, 1), "at": NOW}
    record(session, "role.given", subject=subject, by=by, at=NOW, target=target, after=facts)
    record(session, "role.ended", subject=subject, by=by, at=NOW, before=facts, after={"note": "één “x”\n"})
    columns = [getattr(AuditEntry, name) for name in Fields._fields if name != "facts"]
    rows = session.execute(
        select(*columns, cast(AuditEntry.facts, String), AuditEntry.hash)
        .where(AuditEntry.subject_id == subject)
        .order_by(AuditEntry.sequence)
    ).all()
    previous = GENESIS
    for row in rows:
        previous = entry_hash(previous, Fields(*row[:-1]))
        assert previous == row.hash
    assert rows[0][-2] == canonical_facts(None, facts)


def test_facts_have_one_spelling() -> None:
    facts = {
        "b": None,
        "a": Role.TRAINER,
        "d": date(2026, 3, 1),
        "m": datetime(2026, 3, 1, 12, tzinfo=UTC),
        "u": PERSON,
    }
    assert canonical_facts({}, facts) == (
        '{"after":{"a":"trainer","b":null,"d":"2026-03-01","m":"2026-03-01T12:00:00+00:00",'
        '"u":"00000000-0000-0000-0000-000000000001"}}'
    )
    assert canonical_facts(None, None) == "{}"


def test_a_fact_that_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be a object"):
        canonical_facts(None, {"thing": object()})


_fields = st.builds(
    Fields,
    id=st.uuids(),
    subject_id=st.uuids(),
    sequence=st.integers(1, 2**40),
    action=st.sampled_from(["role.given", "role.ended"]),
    actor_id=st.none() | st.uuids(),
    target_id=st.none() | st.uuids(),
    at=st.datetimes(timezones=st.just(UTC)),
    facts=st.sampled_from(["{}", '{"after":{}}']),
)


@given(_fields, _fields)
def test_the_hash_depends_on_every_column(one: Fields, other: Fields) -> None:
    for name in Fields._fields:
        changed = one._replace(**{name: getattr(other, name)})
        assert (entry_hash(GENESIS, changed) == entry_hash(GENESIS, one)) is (changed == one)
    assert entry_hash(b"\1" * 32, one) != entry_hash(GENESIS, one)


def test_the_hash_does_not_depend_on_the_time_zone_of_the_moment() -> None:
    entry = Fields(PERSON, PERSON, 1, "role.given", None, None, NOW, "{}")
    elsewhere = NOW.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+05:30").tzinfo)
    assert entry_hash(GENESIS, entry._replace(at=elsewhere)) == entry_hash(GENESIS, entry)


def test_an_entry_costs_two_statements(session: Session, statements: list[str]) -> None:
    write(session)
    assert len(statements) == 2


def test_a_trail_can_be_read_by_what_it_was_done_to(session: Session) -> None:
    target = uuid4()
    write(session, PERSON, target=target)
    write(session, OTHER, target=target)
    write(session, OTHER)
    assert [entry.subject_id for entry in trail_of(session, target=target)] == [PERSON, OTHER]


@pytest.mark.parametrize("table", ["audit_entries", "audit_seals", "audit_seal_heads"])
@pytest.mark.parametrize("change", ["UPDATE {} SET hash = hash", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_what_was_written(session: Session, table: str, change: str) -> None:
    write(session)
    seal(session, at=NOW)
    with pytest.raises(ProgrammingError, match="is append-only"), session.begin_nested():
        session.execute(text(change.format(table)))


def test_a_seal_takes_in_the_chains_that_grew(session: Session) -> None:
    session.execute(text("SELECT 1"))
    seal(session, at=NOW)
    write(session, PERSON)
    write(session, OTHER)
    first = seal(session, at=NOW)
    assert first is not None
    write(session, OTHER)
    second = seal(session, at=NOW + timedelta(minutes=5))
    assert second is not None
    assert second.id == first.id + 1
    taken = select(AuditSealHead.subject_id, AuditSealHead.sequence, AuditSealHead.hash).order_by("subject_id")
    heads = session.execute(taken.where(AuditSealHead.seal_id == first.id)).all()
    assert [head[0] for head in heads] == [PERSON, OTHER]
    assert seal_hash(_hash_before(session, first), first.id, NOW, heads) == first.hash
    assert session.execute(taken.where(AuditSealHead.seal_id == second.id)).all() == [(OTHER, *head_of(session, OTHER))]


def _hash_before(session: Session, sealed: AuditSeal) -> bytes:
    return session.scalar(select(AuditSeal.hash).where(AuditSeal.id == sealed.id - 1)) or GENESIS


def test_nothing_is_sealed_where_nothing_grew(session: Session) -> None:
    write(session)
    seal(session, at=NOW)
    assert seal(session, at=NOW) is None


@pytest.fixture
def writers(own_database: Flask) -> Iterator[tuple[Session, Session]]:
    """Return two people's sessions on one database; who has to wait for the other gives up at once."""
    with own_database.app_context():
        url = database.engine.url
    engine = create_engine(url, connect_args={"options": "-c lock_timeout=500ms"})
    with Session(engine) as one, Session(engine) as other:
        yield one, other
    engine.dispose()


def test_writers_about_different_people_do_not_wait_for_each_other(writers: tuple[Session, Session]) -> None:
    one, other = writers
    write(one, PERSON)
    write(other, OTHER)
    other.commit()
    one.commit()
    assert len(trail_of(one)) >= 2


def test_writers_about_one_person_take_turns(writers: tuple[Session, Session]) -> None:
    one, other = writers
    write(one, PERSON)
    with pytest.raises(OperationalError, match="lock timeout"):
        write(other, PERSON)
    other.rollback()
    one.commit()
    write(other, PERSON)
    other.commit()
    assert [entry.sequence for entry in trail_of(one, subject=PERSON)] == [1, 2]


def test_a_seal_and_the_writers_do_not_wait_for_each_other(writers: tuple[Session, Session]) -> None:
    writer, sealer = writers
    write(writer, PERSON)
    writer.commit()
    write(writer, PERSON)
    write(writer, OTHER)
    sealed = seal(sealer, at=NOW)
    assert sealed is not None
    number = sealed.id
    write(writer, PERSON)
    writer.commit()
    sealer.commit()
    taken = select(AuditSealHead.sequence).where(AuditSealHead.seal_id == number, AuditSealHead.subject_id == PERSON)
    assert sealer.scalars(taken).all() == [1]
    following = seal(sealer, at=NOW)
    assert following is not None
    later = select(AuditSealHead.subject_id, AuditSealHead.sequence).where(AuditSealHead.seal_id == following.id)
    assert set(sealer.execute(later)) == {(PERSON, 3), (OTHER, 1)}


def test_one_sealing_goes_on_at_a_time(writers: tuple[Session, Session]) -> None:
    one, other = writers
    write(one, PERSON)
    one.commit()
    assert seal(one, at=NOW) is not None
    with pytest.raises(OperationalError, match="lock timeout"):
        seal(other, at=NOW)
    other.rollback()
    one.commit()
    assert seal(other, at=NOW) is None


def test_what_is_rolled_back_leaves_no_gap(writers: tuple[Session, Session]) -> None:
    one, other = writers
    write(one, PERSON)
    one.rollback()
    write(other, PERSON)
    other.commit()
    assert [entry.sequence for entry in trail_of(one, subject=PERSON)] == [1]
