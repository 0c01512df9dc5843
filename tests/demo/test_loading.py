"""Loading: repeatable, whole, once, and true to every check of the product."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from lms.demo.loading import CannotLoad
from lms.operations.check import CHECKS, Check, one_moment
from tests.demo.loaded import DAY, counts, fingerprint, load, rows


def test_the_same_seed_on_the_same_day_gives_the_same_rows(region: Session, session: Session) -> None:
    told: list[tuple[int, int]] = []
    load(session, progress=lambda done, total: told.append((done, total)))
    assert fingerprint(session) == fingerprint(region)
    assert told == [(done, 60) for done in range(1, 61)]


def test_another_seed_gives_other_rows(region: Session, session: Session) -> None:
    load(session, seed=2)
    ours, other = fingerprint(region), fingerprint(session)
    assert not {table for table in ours if ours[table] == other[table]}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_of_the_product_finds_it_right(shown: Engine, check: Check) -> None:
    seen: list[int] = []
    with one_moment(shown) as connection:
        check.run(connection, seen.append)


def test_it_is_loaded_once(region: Session) -> None:
    with pytest.raises(CannotLoad, match="already"):
        load(region)


def test_it_is_not_loaded_without_the_programmes(session: Session) -> None:
    session.execute(text("UPDATE programmes SET key = 'other' WHERE key = 'opleiders'"))
    with pytest.raises(CannotLoad, match="opleiders"):
        load(session)


def test_there_are_eleven_organisations_in_one_alliance_and_sixty_trainees(region: Session) -> None:
    kinds = counts(region, "SELECT kind, count(*) FROM organisations GROUP BY 1")
    members = counts(region, "SELECT alliance_id, count(*) FROM alliance_memberships GROUP BY 1")
    assert kinds == {"hospital": 8, "ambulance_service": 3}
    assert list(members.values()) == [11]
    assert region.scalar(text("SELECT count(DISTINCT trainee_id) FROM enrolments")) == 60


def test_every_programme_has_trainees_with_a_history(region: Session) -> None:
    histories = counts(
        region,
        """SELECT p.key, count(a.id) FROM programmes p JOIN programme_versions v ON v.programme_id = p.id
           LEFT JOIN cohorts c ON c.programme_version_id = v.id LEFT JOIN enrolments e ON e.cohort_id = c.id
           LEFT JOIN assessments a ON a.enrolment_id = e.id GROUP BY 1""",
    )
    assert len(histories) == 7
    assert min(histories.values()) > 25


def test_every_name_says_that_it_is_of_the_demonstration(region: Session) -> None:
    named = "SELECT name FROM users UNION ALL SELECT name FROM organisations UNION ALL SELECT name FROM alliances"
    unmarked = f"SELECT count(*) FROM ({named} UNION ALL SELECT name FROM cohorts) one WHERE name NOT LIKE '%(demo)'"
    assert region.scalar(text(unmarked)) == 0
    assert region.scalar(text("SELECT count(*) FROM users WHERE NOT demo OR email NOT LIKE '%@example.org'")) == 0


def test_nothing_happens_on_the_day_itself_or_later(region: Session) -> None:
    people = "SELECT id FROM users UNION SELECT id FROM organisations UNION SELECT id FROM cohorts"
    ((told, acted, answered, decided),) = rows(
        region,
        f"""SELECT (SELECT max(at) FROM audit_entries WHERE subject_id IN ({people})),
              (SELECT max(performed_on) FROM activities),
              (SELECT max(coalesce(answered_at, requested_at)) FROM assessments),
              (SELECT max(decided_on) FROM decisions)""",
    )
    assert max(told.date(), acted, answered.date(), decided) < DAY


def test_keys_are_of_version_7_and_sort_by_their_moment(region: Session) -> None:
    keys = rows(region, "SELECT id, created_at FROM activities ORDER BY id")
    assert {key.version for key, _at in keys} == {7}
    moments = [at.replace(microsecond=at.microsecond // 1000 * 1000) for _key, at in keys]
    assert moments == sorted(moments)
