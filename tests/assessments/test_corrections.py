"""An activity that was assessed is corrected by a new version with a reason; the assessment stays as it was given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, selectinload

from competencies.answers import Answer
from competencies.observations import ActivityKind
from lms.accounts.models import User
from lms.assessments.actions import submit
from lms.assessments.models import Assessment
from lms.assessments.queries import observations_of
from lms.assessments.values import rating_scale, seen_version
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.logbook.models import Activity, ActivityVersion
from lms.operations import check
from lms.operations.chains import Difference
from lms.operations.corrections import check_corrections
from lms.progress import history
from lms.standings.models import Standing
from tests.assessments.requests import ask_for, in_full
from tests.factories import NOW, TODAY, Ward, epa_of, make_department
from tests.logbook.activities import log_activity
from tests.pages import Browser, Page

ClientOf = Callable[[User | None], Browser]
BEFORE = NOW - timedelta(days=2)
YESTERDAY, EARLIER = TODAY - timedelta(days=3), TODAY - timedelta(days=9)


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


@pytest.fixture
def assessed(session: Session, ward: Ward) -> Assessment:
    """Return an assessment that the trainer gave two days ago, of something of the day before."""
    return rated(session, ward, performed_on=YESTERDAY)


def rated(session: Session, ward: Ward, *, performed_on: date, level: int = 2) -> Assessment:
    activity = log_activity(session, ward, performed_on=performed_on, at=BEFORE)
    asked = ask_for(session, ward, activity, at=BEFORE)
    scale = rating_scale(asked)
    assert scale is not None
    answer = Answer(level=scale.levels[level])
    submit(session, asked, answer, seen=seen_version(asked), by=ward.trainer, at=BEFORE + timedelta(hours=1))
    return in_full(session, asked, ward)


def correct(trainee: Browser, activity_id: object, status: int = 200, **typed: str | list[str]) -> Page:
    page = trainee.get(f"/activities/{activity_id}/correct")
    return trainee.send(page, {"reason": "Wrong day", **typed}, status=status)


def versions(session: Session) -> list[tuple[int, date, str, str]]:
    rows = session.scalars(select(ActivityVersion).order_by(ActivityVersion.number))
    return [(one.number, one.performed_on, one.note, one.reason) for one in rows]


def test_a_correction_keeps_what_was_assessed_and_says_why(
    session: Session, assessed: Assessment, trainee: Browser
) -> None:
    page = correct(trainee, assessed.activity_id, performed_on=EARLIER.isoformat(), note="Placed a port")
    assert page.heading == "Placed a port"
    assert versions(session) == [(1, YESTERDAY, "Placed an infusion", ""), (2, EARLIER, "Placed a port", "Wrong day")]
    for said in ("Corrections after it was assessed", "Wrong day", "Placed an infusion", "17 Nov 2026", "11 Nov 2026"):
        assert said in page.text
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "activity.corrected"))
    assert entry.facts["before"]["performed_on"] == YESTERDAY.isoformat()
    assert entry.facts["after"]["performed_on"] == EARLIER.isoformat()
    assert "Wrong day" not in str(entry.facts)


def test_the_level_stays_and_progress_counts_the_day_as_corrected(
    session: Session, ward: Ward, assessed: Assessment, trainee: Browser
) -> None:
    level = assessed.level_code
    correct(trainee, assessed.activity_id, performed_on=EARLIER.isoformat())
    seen = observations_of(session, [ward.enrolment.id])[ward.enrolment.id, assessed.epa_id]
    assert [(one.observed_on, one.level.code if one.level else None) for one in seen] == [(EARLIER, level)]
    standing = session.scalars(select(Standing)).one()
    assert (standing.last_rated_on, standing.last_rating_code, standing.rating_count) == (EARLIER, level, 1)
    assert not session.execute(history.differences()).all()


def test_another_rating_becomes_the_last_when_the_last_was_of_an_earlier_day(
    session: Session, ward: Ward, assessed: Assessment, trainee: Browser
) -> None:
    day = YESTERDAY - timedelta(days=1)
    other = rated(session, ward, performed_on=day, level=1)
    correct(trainee, assessed.activity_id, performed_on=EARLIER.isoformat())
    standing = session.scalars(select(Standing)).one()
    assert (standing.last_rated_on, standing.last_rating_code) == (day, other.level_code)
    assert not session.execute(history.differences()).all()


def test_bekwaam_check_finds_a_corrected_activity_right_and_a_tampered_one_wrong(
    session: Session, assessed: Assessment, trainee: Browser
) -> None:
    correct(trainee, assessed.activity_id, performed_on=EARLIER.isoformat(), note="Placed a port")
    correct(trainee, assessed.activity_id, quantity="2", reason="Twice")
    connection = session.connection()
    for one in check.CHECKS:
        one.run(connection, lambda _more: None)
    session.execute(update(Activity).values(note="Nothing of the kind"))
    with pytest.raises(Difference, match="does not say what its last correction says"):
        check_corrections(connection, lambda _more: None)
    session.execute(update(Activity).values(corrected_at=None))
    with pytest.raises(Difference, match="has corrections, but does not say so"):
        check_corrections(connection, lambda _more: None)


def test_versions_are_append_only(session: Session, assessed: Assessment, trainee: Browser) -> None:
    correct(trainee, assessed.activity_id, note="Placed a port")
    for change in ("UPDATE activity_versions SET note = 'x'", "DELETE FROM activity_versions"):
        with pytest.raises(ProgrammingError, match="append-only"), session.begin_nested():
            session.execute(text(change))


def test_who_assessed_it_is_told_on_their_pages(
    session: Session, ward: Ward, assessed: Assessment, trainee: Browser, client_of: ClientOf
) -> None:
    trainer = client_of(ward.trainer)
    assert "Corrected after you assessed it" not in trainer.get("/assessments").text
    correct(trainee, assessed.activity_id, note="Placed a port", reason="It was a port")
    assert "Corrected after you assessed it" in trainer.get("/assessments").text
    assert "Corrected since" in trainer.get("/assessments/given").text
    page = trainer.get(f"/assessments/{assessed.id}")
    assert "The activity was corrected after this assessment" in page.text
    assert "It was a port" in page.text
    assert "Corrected after you assessed it" not in client_of(ward.second_trainer).get("/assessments").text


def test_a_later_assessor_sees_no_correction_that_came_before(
    session: Session, ward: Ward, assessed: Assessment, trainee: Browser, client_of: ClientOf
) -> None:
    correct(trainee, assessed.activity_id, note="Placed a port")
    activity = session.scalars(select(Activity).options(selectinload(Activity.epas))).one()
    later = ask_for(session, ward, activity, of=ward.second_trainer)
    scale = rating_scale(later)
    assert scale is not None
    at = NOW + timedelta(hours=1)
    answer = Answer(level=scale.levels[0])
    submit(session, later, answer, seen=seen_version(later), by=ward.second_trainer, at=at)
    page = client_of(ward.second_trainer).get(f"/assessments/{later.id}")
    assert "corrected after this assessment" not in page.text
    for one in check.CHECKS:
        one.run(session.connection(), lambda _more: None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": " "}, "Fill this in."),
        ({}, "Nothing is different from what stands there."),
        ({"performed_on": TODAY.isoformat()}, "It was assessed on 18 November 2026."),
        ({"kind": "reflection"}, "Not a valid choice."),
        ({"kind": "feedback_round"}, "A feedback round stays one"),
        ({"epas": ["onc-k3"]}, "You asked for an assessment of an EPA that you took out."),
    ],
)
def test_what_cannot_be_corrected_is_said_and_nothing_is_stored(
    session: Session, assessed: Assessment, trainee: Browser, typed: dict[str, str | list[str]], said: str
) -> None:
    if "epas" in typed:
        typed = {"epas": [str(epa_of(session, "onc-k3").id)]}
    assert said in correct(trainee, assessed.activity_id, 422, **typed).text
    assert not versions(session)
    assert session.scalars(select(Activity.corrected_at)).one() is None


def test_an_epa_is_added_and_department_kind_and_number_corrected(
    session: Session, ward: Ward, assessed: Assessment, trainee: Browser
) -> None:
    away = make_department(session, ward.organisation)
    epas = [str(epa_of(session, key).id) for key in ("onc-k2", "onc-k3")]
    page = correct(
        trainee, assessed.activity_id, epas=epas, department=str(away.id), kind="simulation", quantity="3", reason="All"
    )
    assert page.text.count("LZ-ONC-2") >= 2
    activity = session.scalars(select(Activity)).one()
    assert (activity.department_id, activity.kind, activity.quantity) == (away.id, ActivityKind.SIMULATION, 3)
    seen = observations_of(session, [ward.enrolment.id])[ward.enrolment.id, assessed.epa_id]
    assert [one.is_simulated for one in seen] == [True]


def test_two_tabs_do_not_correct_over_each_other(session: Session, assessed: Assessment, trainee: Browser) -> None:
    first, second = (trainee.get(f"/activities/{assessed.activity_id}/correct") for _tab in range(2))
    trainee.send(first, {"note": "From the first tab", "reason": "One"})
    refused = trainee.send(second, {"note": "From the second tab", "reason": "Two"}, status=409)
    assert 'value="From the second tab"' in refused.source
    assert "Two" in refused.source
    assert len(versions(session)) == 2


def test_what_nobody_assessed_is_simply_changed(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward)
    page = trainee.get(f"/activities/{activity.id}/correct")
    assert page.heading == "Change an activity"
    assert not [link for link in trainee.get(f"/activities/{activity.id}").links() if link.endswith("/correct")]


def test_a_reflection_that_counted_is_not_corrected(session: Session, ward: Ward, trainee: Browser) -> None:
    written = log_activity(session, ward, kind=ActivityKind.REFLECTION)
    written.rated_at = clock.now()
    session.flush()
    trainee.get(f"/activities/{written.id}/correct", status=403)


def test_a_correction_costs_two_statements_on_a_page_and_none_where_there_is_none(
    session: Session, assessed: Assessment, trainee: Browser, statements: list[str]
) -> None:
    def asked() -> int:
        session.expire_all()
        statements.clear()
        trainee.get(f"/activities/{assessed.activity_id}")
        return len(statements)

    before = asked()
    correct(trainee, assessed.activity_id, note="Placed a port")
    assert asked() == before + 2
    correct(trainee, assessed.activity_id, note="Placed two ports", reason="Two")
    assert asked() == before + 2 <= 14
