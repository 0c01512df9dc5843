"""The calendar that programs fetch: valid, the same as long as nothing changes, and without levels and people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from competencies.people import EndReason
from lms.accounts.models import User
from lms.entrustment.actions import decide
from lms.notices.actions import make_calendar
from lms.progress.views import calendar as view
from tests.entrustment.examples import Laboratory, declaration
from tests.factories import NOW, TODAY, Ward, programme_version
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
UNTIL = TODAY + timedelta(days=700)


@pytest.fixture
def laboratory(session: Session) -> Laboratory:
    return Laboratory(session)


@pytest.fixture(autouse=True)
def no_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WRONG", "FETCHED"):
        limit = getattr(view, name)
        monkeypatch.setattr(view, name, type(limit)(limit.most, limit.stretch))


def address_of(session: Session, user: User) -> str:
    return f"/calendar/{make_calendar(session, user, by=user, at=NOW)}.ics"


def decided(session: Session, laboratory: Laboratory) -> str:
    laboratory.meet_the_requirements(session, laboratory.trainer, laboratory.second_trainer)
    said = declaration(valid_until=UNTIL, remark="Not for a calendar")
    decision = decide(
        session,
        laboratory.loaded(session),
        laboratory.offered(session),
        said,
        by=laboratory.committee_member,
        at=NOW,
    )
    return f"declaration-{decision.id}-{laboratory.epa.id}@bekwaam"


def events(content: bytes) -> dict[str, tuple[object, str]]:
    """Return the day and the words of each event, by its key."""
    parsed = Calendar.from_ical(content)
    return {str(one["UID"]): (one.decoded("DTSTART"), str(one["SUMMARY"])) for one in parsed.walk("VEVENT")}


def test_a_trainee_gets_the_last_days_of_declarations_and_of_the_programme(
    session: Session, laboratory: Laboratory, client_of: ClientOf
) -> None:
    uid = decided(session, laboratory)
    answer = client_of(None).raw(address_of(session, laboratory.trainee))
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    found, programme = events(answer.data), programme_version(session, "functielaborant").title
    assert found == {
        uid: (UNTIL, f"Last day of your declaration: {laboratory.epa.title['en']}"),
        f"enrolment-{laboratory.enrolment.id}@bekwaam": (
            laboratory.enrolment.planned_end_on,
            f"Planned end of {programme['en']}",
        ),
    }
    for unsaid in ("Not for a calendar", laboratory.committee_member.name, laboratory.trainee.name):
        assert unsaid.encode() not in answer.data


def test_a_lead_gets_the_ends_of_cohorts_and_no_trainees(
    session: Session, laboratory: Laboratory, client_of: ClientOf
) -> None:
    decided(session, laboratory)
    content = client_of(None).raw(address_of(session, laboratory.lead)).data
    name = f"Planned end of the cohort {laboratory.cohort.name}"
    assert events(content) == {f"cohort-{laboratory.cohort.id}@bekwaam": (laboratory.cohort.planned_end_on, name)}
    assert laboratory.trainee.name.encode() not in content


def test_the_same_days_are_the_same_bytes_and_keep_their_keys_when_they_change(
    session: Session, laboratory: Laboratory, client_of: ClientOf
) -> None:
    address, anybody = address_of(session, laboratory.trainee), client_of(None)
    first = anybody.raw(address).data
    assert anybody.raw(address).data == first
    laboratory.enrolment.planned_end_on += timedelta(days=30)
    session.flush()
    second = anybody.raw(address).data
    assert events(first).keys() == events(second).keys()
    assert b"SEQUENCE:1" in first
    assert b"SEQUENCE:2" in second


def test_the_words_are_in_the_readers_language(session: Session, laboratory: Laboratory, client_of: ClientOf) -> None:
    laboratory.trainee.language = "nl"
    content = client_of(None).raw(address_of(session, laboratory.trainee)).data
    assert "Gepland einde van" in content.decode()


def test_an_enrolment_that_ended_has_no_planned_end_any_more(
    session: Session, laboratory: Laboratory, client_of: ClientOf
) -> None:
    laboratory.enrolment.ended_on, laboratory.enrolment.end_reason = TODAY, EndReason.COMPLETED
    session.flush()
    assert events(client_of(None).raw(address_of(session, laboratory.trainee)).data) == {}


def test_a_wrong_secret_and_a_closed_account_are_not_there(session: Session, client_of: ClientOf) -> None:
    ward, anybody = Ward(session), client_of(None)
    address = address_of(session, ward.trainee)
    assert anybody.raw(address).status_code == 200
    assert anybody.raw(address[:-5] + "x.ics").status_code == 404
    ward.trainee.disabled_at = NOW
    session.flush()
    assert anybody.raw(address).status_code == 404


def test_too_many_wrong_secrets_from_one_place_have_to_wait(
    session: Session, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view.WRONG, "most", 3)
    anybody = client_of(None)
    assert [anybody.raw(f"/calendar/{number}.ics").status_code for number in range(5)] == [404, 404, 404, 429, 429]


def test_one_calendar_is_not_fetched_without_end_and_others_are(
    session: Session, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view.FETCHED, "most", 2)
    ward, anybody = Ward(session), client_of(None)
    address, other = address_of(session, ward.trainee), address_of(session, ward.lead)
    assert [anybody.raw(address).status_code for _time in range(3)] == [200, 200, 429]
    assert anybody.raw(other).status_code == 200


def test_a_calendar_costs_four_statements_however_much_is_in_it(
    session: Session, laboratory: Laboratory, client_of: ClientOf, statements: list[str]
) -> None:
    address, anybody = address_of(session, laboratory.trainee), client_of(None)

    def count() -> int:
        session.flush()
        statements.clear()
        anybody.raw(address)
        return len(statements)

    before = count()
    decided(session, laboratory)
    assert count() == before == 4
