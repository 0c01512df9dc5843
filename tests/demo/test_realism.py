"""The history is spread as it is at work: levels that rise, ratings that come late, strict and lenient assessors."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.demo.loaded import counts, rows

DELAY = "extract(epoch FROM a.answered_at - c.performed_on::timestamptz) / 86400"
RATED = "FROM assessments a JOIN activities c ON c.id = a.activity_id WHERE a.status = 'submitted'"


def test_some_ratings_come_the_same_day_and_a_quarter_after_two_weeks(region: Session) -> None:
    ((soon, late),) = rows(
        region, f"SELECT avg(({DELAY} < 2)::int), avg(({DELAY} > 14)::int) {RATED} AND a.assessor_id <> a.trainee_id"
    )
    assert 0.08 < soon < 0.35
    assert 0.12 < late < 0.35


def test_levels_rise_with_experience(region: Session) -> None:
    thirds = """SELECT avg(level_rank)::float FROM (SELECT a.level_rank, ntile(3) OVER (
                  PARTITION BY a.enrolment_id, a.epa_id ORDER BY c.performed_on) third
                FROM assessments a JOIN activities c ON c.id = a.activity_id JOIN epas e ON e.id = a.epa_id
                WHERE a.level_rank IS NOT NULL AND a.scale_id = e.scale_id AND a.instrument_key = 'kpb') one
                GROUP BY third ORDER BY third"""
    early, halfway, at_last = (mean for (mean,) in rows(region, thirds))
    assert early + 0.4 < halfway
    assert halfway + 0.1 < at_last


def test_assessors_differ_in_how_strict_they_are(region: Session) -> None:
    differences = """SELECT avg(level_rank - expected)::float FROM (SELECT a.assessor_id, a.level_rank,
                       avg(a.level_rank) OVER (PARTITION BY a.enrolment_id, a.epa_id) expected
                     FROM assessments a WHERE a.level_rank IS NOT NULL AND a.instrument_key IN ('kpb', 'osats')) one
                     GROUP BY assessor_id HAVING count(*) >= 15"""
    means = [mean for (mean,) in rows(region, differences)]
    assert len(means) > 20
    assert max(means) - min(means) > 0.7


def test_requests_are_answered_declined_withdrawn_and_waiting(region: Session) -> None:
    statuses = counts(region, "SELECT status, count(*) FROM assessments GROUP BY 1")
    total = sum(statuses.values())
    assert statuses["submitted"] / total > 0.8
    assert all(0.01 < statuses[one] / total < 0.1 for one in ("declined", "withdrawn", "requested"))


def test_every_instrument_that_a_programme_asks_for_is_used(region: Session) -> None:
    unused = """SELECT DISTINCT instrument_key FROM epa_requirements WHERE instrument_key <> 'reflection'
                EXCEPT SELECT instrument_key FROM assessments WHERE status = 'submitted'"""
    assert region.scalars(text(unused)).all() == []
    assert region.scalar(text("SELECT count(*) FROM activities WHERE kind = 'reflection'")) > 100


def test_enrolments_end_in_every_way_and_some_run_on(region: Session) -> None:
    ends = counts(region, "SELECT coalesce(end_reason, 'open'), count(*) FROM enrolments GROUP BY 1")
    assert ends.keys() == {"open", "completed", "dropped_out", "transferred"}
    twice = "SELECT count(*) FROM (SELECT FROM enrolments GROUP BY trainee_id HAVING count(*) > 1) one"
    assert region.scalar(text(twice)) == ends["transferred"]


def test_nothing_waits_once_an_enrolment_has_ended(region: Session) -> None:
    waiting = """SELECT count(*) FROM assessments a JOIN enrolments e ON e.id = a.enrolment_id
                 WHERE e.ended_on IS NOT NULL AND (a.status = 'requested' OR a.answered_at::date > e.ended_on)"""
    assert region.scalar(text(waiting)) == 0


def test_decisions_are_in_force_expired_superseded_and_taken_with_a_reason(region: Session) -> None:
    (kinds,) = rows(
        region,
        """SELECT count(*), count(*) FILTER (WHERE valid_until < '2026-11-20'), count(supersedes_id),
             count(*) FILTER (WHERE overrule_reason <> '') FROM decisions""",
    )
    assert kinds[0] > 150
    assert min(kinds[1:]) > 5


def test_requirements_are_met_partly_met_and_not_met(region: Session) -> None:
    levels = counts(
        region,
        """SELECT CASE WHEN decision_id IS NOT NULL THEN 'decided' WHEN rating_count > 5 THEN 'much'
             ELSE 'little' END, count(*) FROM standings GROUP BY 1""",
    )
    assert min(levels[one] for one in ("decided", "much", "little")) > 40
