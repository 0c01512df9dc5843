"""What people of the region were told: it fits what happened, and no mail goes out for it."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.demo.loaded import counts, rows

THING = {
    "assessment_requested": "SELECT id FROM assessments WHERE status = 'requested' AND assessor_id = n.reader_id",
    "assessment_submitted": "SELECT id FROM assessments WHERE status IN ('submitted', 'disowned') "
    "AND trainee_id = n.reader_id",
    "assessment_declined": "SELECT id FROM assessments WHERE status = 'declined' AND trainee_id = n.reader_id",
    "assessment_not_observed": "SELECT id FROM assessments WHERE status = 'not_observed' AND trainee_id = n.reader_id",
    "decision_taken": "SELECT id FROM decisions WHERE trainee_id = n.reader_id",
}


def test_each_notice_is_about_what_happened_to_its_reader(region: Session) -> None:
    for kind, things in THING.items():
        fits = f"SELECT count(*), count(*) FILTER (WHERE about_id IN ({things})) FROM notices n WHERE kind = '{kind}'"
        ((all_of_them, fitting),) = rows(region, fits)
        assert 0 < all_of_them == fitting
    assert set(counts(region, "SELECT kind, count(*) FROM notices GROUP BY 1")) >= set(THING)


def test_what_waits_for_the_trainer_who_can_sign_in_is_unread(region: Session) -> None:
    waiting = """SELECT a.id FROM assessments a JOIN users u ON u.id = a.assessor_id
                 WHERE u.email = 'trainer@example.org' AND a.status = 'requested' ORDER BY 1"""
    unread = """SELECT n.about_id FROM notices n JOIN users u ON u.id = n.reader_id
                WHERE u.email = 'trainer@example.org' AND n.read_at IS NULL
                  AND n.kind = 'assessment_requested' ORDER BY 1"""
    assert rows(region, waiting) == rows(region, unread) != []


def test_the_trainee_who_can_sign_in_has_read_some_and_not_others(region: Session) -> None:
    read = """SELECT count(*) FILTER (WHERE n.read_at IS NULL), count(n.read_at)
              FROM notices n JOIN users u ON u.id = n.reader_id WHERE u.email = 'trainee@example.org'"""
    ((unread, seen),) = rows(region, read)
    assert unread > 0
    assert seen > 0


def test_no_mail_goes_out_for_the_past(region: Session) -> None:
    assert region.scalar(text("SELECT count(*) FROM notices WHERE to_mail")) == 0
    assert region.scalar(text("SELECT count(*) FROM mails")) == 0


def test_one_trainee_of_the_first_cohort_cannot_be_reached(region: Session) -> None:
    refused = "SELECT count(*) FROM address_refusals r JOIN users u ON lower(u.email) = r.address"
    assert region.scalar(text(refused)) == 1
