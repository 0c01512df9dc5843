"""What waits in the demonstration is asked with the newest form of its instrument, and own ratings count nowhere."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.demo.loaded import rows


def test_what_waits_is_asked_with_a_form_in_its_direction(region: Session) -> None:
    ((waiting, fitting),) = rows(
        region,
        """SELECT count(*), count(*) FILTER (WHERE f.instrument_key = a.instrument_key AND f.direction = a.direction)
           FROM assessments a LEFT JOIN instrument_forms f ON f.id = a.instrument_form_id
           WHERE a.status = 'requested' AND a.form_key IS NULL
             AND a.instrument_key IN (SELECT instrument_key FROM instrument_forms)""",
    )
    assert 0 < waiting == fitting


def test_what_is_not_observed_has_no_level_and_no_reason(region: Session) -> None:
    found = rows(region, "SELECT level_code, decline_reason FROM assessments WHERE status = 'not_observed'")
    assert found
    assert set(found) == {(None, "")}
