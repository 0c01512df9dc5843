"""The audit trail of an enrolment: what was done in it, in words, for whoever may read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from competencies.observations import ActivityKind
from competencies.people import EndReason
from lms.accounts.models import User
from lms.cohorts.actions import end_enrolment
from lms.cohorts.models import Enrolment
from lms.cohorts.queries import one_enrolment
from lms.core.audit import record, trail_of
from lms.curriculum.values import shown_code_of
from lms.logbook.models import Activity
from lms.organisations.permissions import duties_of
from tests.factories import NOW, TODAY, Ward, enrol, epa_of, make_cohort
from tests.pages import Browser, text_of

KPB = "Short practice assessment"
ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def path_of(enrolment: Enrolment) -> str:
    return f"/enrolments/{enrolment.id}/audit-trail"


def note(session: Session, ward: Ward, action: str, *, target: UUID | None = None, **options: object) -> None:
    record(
        session,
        action,
        subject=ward.trainee.id,
        by=ward.trainer.id,
        at=NOW,
        target=target or ward.enrolment.id,
        **options,  # type: ignore[arg-type]
    )


def logged(session: Session, ward: Ward) -> Activity:
    """Return a new activity of the ward's trainee."""
    activity = Activity(
        enrolment_id=ward.enrolment.id,
        trainee_id=ward.trainee.id,
        kind=ActivityKind.PROCEDURE,
        performed_on=TODAY,
        department_id=ward.department.id,
        note="",
        created_at=NOW,
    )
    session.add(activity)
    session.flush()
    return activity


def rows_of(client: Browser, enrolment: Enrolment) -> list[list[str]]:
    """Return the cells of every entry on the page, as words."""
    page = client.get(path_of(enrolment))
    (table,) = page.tree.iter("table")
    lines = list(table.iter("tr"))[1:]
    return [[text_of(cell) for cell in line if cell.tag in {"th", "td"}] for line in lines]


def test_an_entry_says_who_did_what_when_and_how_it_changed(
    client_of: ClientOf, session: Session, ward: Ward, today: date
) -> None:
    epa = epa_of(session, "onc-k1")
    note(
        session,
        ward,
        "assessment.submitted",
        before={"status": "requested", "epa": epa.id, "instrument": "kpb"},
        after={
            "status": "submitted",
            "epa": epa.id,
            "performed_on": date(2026, 3, 1),
            "passed": True,
            "level": None,
        },
    )
    ((action, moment, who, changes, number, short_hash),) = rows_of(client_of(ward.auditor), ward.enrolment)
    (entry,) = trail_of(session, subject=ward.trainee.id)
    assert (action, who, number) == ("Assessment given", ward.trainer.name, "1")
    assert moment == "20 Nov 2026 10:30"
    shown = f"{shown_code_of(epa).code} {epa.title['en']}"
    about = f"EPA: {shown} Kind of assessment: {KPB}"
    assert changes == f"{about} Status: from Waiting to Given Passed: yes Performed on: 1 Mar 2026"
    assert short_hash == entry.hash.hex()[:8]


def test_keys_are_shown_as_names(client_of: ClientOf, session: Session, ward: Ward) -> None:
    epa = epa_of(session, "onc-k1")
    facts = {
        "trainer": ward.second_trainer.id,
        "department": ward.department.id,
        "epas": [str(epa.id)],
        "activity": UUID(int=0xABCDEF),
        "end_reason": "dropped_out",
        "scope": {"age": ["adults"]},
        "remark": "=1 <b>bold</b>",
    }
    note(session, ward, "enrolment.changed", after=facts)
    ((_, _, _, changes, _, _),) = rows_of(client_of(ward.lead), ward.enrolment)
    for words in (
        f"Trainer: {ward.second_trainer.name}",
        f"Department: {ward.department.name}",
        "EPAs: ",
        "Activity: …00abcdef",
        "Reason of ending: Left the programme",
        "Scope: age: adults",
        "Remark: =1 <b>bold</b>",
    ):
        assert words in changes
    assert epa.title["en"] in changes
    assert str(epa.id) not in changes


def test_what_is_gone_and_what_the_system_did_are_said(client_of: ClientOf, session: Session, ward: Ward) -> None:
    target = ward.enrolment.id
    record(
        session,
        "enrolment.reopened",
        subject=ward.trainee.id,
        by=None,
        at=NOW,
        target=target,
        before={"ended_on": date(2026, 3, 1)},
    )
    ((action, _, who, changes, _, _),) = rows_of(client_of(ward.lead), ward.enrolment)
    assert (action, who) == ("Enrolment taken up again", "The system")
    assert changes == "Ended on: was 1 Mar 2026"


def test_only_what_is_about_this_enrolment_is_shown(client_of: ClientOf, session: Session, ward: Ward) -> None:
    second = make_cohort(session, ward.organisation, ward.lead)
    other = enrol(session, second, ward.trainee, ward.department, ward.trainer)
    activity = logged(session, ward)
    note(session, ward, "activity.logged", target=activity.id)
    note(session, ward, "enrolment.changed", target=other.id)
    note(session, ward, "role.given", target=UUID(int=5))
    note(session, ward, "session.opened", target=ward.trainee.id)
    client = client_of(ward.lead)
    assert [row[0] for row in rows_of(client, ward.enrolment)] == ["Activity logged"]
    assert [row[0] for row in rows_of(client, other)] == ["Enrolment changed"]


def test_the_product_s_own_actions_read_well(client_of: ClientOf, session: Session, ward: Ward, today: date) -> None:
    enrolment = one_enrolment(session, duties_of(ward.lead.id, on=TODAY), ward.enrolment.id)
    assert enrolment is not None
    end_enrolment(session, enrolment, on=TODAY, reason=EndReason.COMPLETED, by=ward.lead, at=NOW)
    newest, *guidance = rows_of(client_of(ward.lead), enrolment)
    action, _, who, changes, _, _ = newest
    assert {row[0] for row in guidance} == {"Guidance by a trainer ended"}
    assert (action, who) == ("Enrolment ended", ward.lead.name)
    assert changes == "Reason of ending: Completed Ended on: 20 Nov 2026"


def test_a_long_trail_has_pages(client_of: ClientOf, session: Session, ward: Ward) -> None:
    for number in range(120):
        note(session, ward, "enrolment.changed", after={"quantity": number})
    client, seen, path = client_of(ward.lead), [], path_of(ward.enrolment)
    for _ in range(3):
        page = client.get(path)
        (table,) = page.tree.iter("table")
        seen += [int(text_of(list(line)[4])) for line in list(table.iter("tr"))[1:]]
        path = next((link for link in page.links() if "before=" in link), "")
    assert seen == list(range(120, 0, -1))
    assert path == ""


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "²", ""])
def test_a_strange_address_shows_the_newest(client_of: ClientOf, session: Session, ward: Ward, before: str) -> None:
    note(session, ward, "enrolment.changed")
    page = client_of(ward.lead).get(f"{path_of(ward.enrolment)}?before={before}")
    assert "Enrolment changed" in page.text


def test_a_trail_costs_the_same_however_much_is_in_it(
    client_of: ClientOf, session: Session, ward: Ward, statements: list[str]
) -> None:
    client = client_of(ward.lead)
    note(session, ward, "enrolment.changed", after={"trainer": ward.trainer.id})
    client.get(path_of(ward.enrolment))
    statements.clear()
    client.get(path_of(ward.enrolment))
    once = len(statements)
    for _ in range(30):
        note(session, ward, "enrolment.changed", after={"trainer": ward.second_trainer.id})
    statements.clear()
    client.get(path_of(ward.enrolment))
    assert len(statements) <= once


READERS = {
    "auditor": 200,
    "lead": 200,
    "committee_member": 200,
    "trainee": 200,
    "trainer": 403,
    "administrator": 404,
}


@pytest.mark.parametrize("role", READERS)
def test_who_may_read(client_of: ClientOf, ward: Ward, today: date, role: str) -> None:
    assert client_of(getattr(ward, role)).raw(path_of(ward.enrolment)).status_code == READERS[role]


def test_somebody_of_another_hospital_finds_nothing(client_of: ClientOf, session: Session, ward: Ward) -> None:
    client_of(Ward(session).auditor).get(path_of(ward.enrolment), status=404)


def test_an_empty_trail_says_so(client_of: ClientOf, ward: Ward) -> None:
    assert "There are no entries about this enrolment here." in client_of(ward.lead).get(path_of(ward.enrolment)).text
