"""The pages on attainments: handing in on a phone, confirming by somebody else, and what each reader may do."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from competencies.attainments import AttainmentKind, AttainmentState
from lms.accounts.models import User
from lms.attainments import queries
from lms.attainments.models import AttainmentRow
from lms.attainments.values import state_of
from tests.attainments.attained import PROOF, YESTERDAY, account, record
from tests.factories import Ward
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def path(ward: Ward, kind: str = "") -> str:
    return f"/enrolments/{ward.enrolment.id}/attainments{'/' if kind else ''}{kind}"


def recorded(session: Session, ward: Ward) -> AttainmentRow:
    (row,) = queries.attainments_of(session, ward.enrolment.id)
    return row


def test_a_trainee_hands_in_hours_and_a_trainer_confirms_them(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    mine = client_of(ward.trainee)
    form = mine.get(path(ward, "hours"))
    assert "This counts once a trainer who guides you" in form.text
    page = mine.send(form, {"what": "practice", "amount": "36.5", "done_on": YESTERDAY.isoformat()})
    assert page.heading == "36.5 hours of practice"
    assert "Waits for confirmation" in page.text
    assert "Does this count?" not in page.text
    theirs = client_of(ward.trainer)
    assert "1 line does not count yet" in theirs.get(path(ward)).text
    row = recorded(session, ward)
    assert (row.amount, row.organisation_id) == (Decimal("36.50"), ward.organisation.id)
    done = theirs.post(f"/attainments/{row.id}/confirm")
    assert "This is confirmed and counts from now on." in done.source
    assert f"Confirmed by {ward.trainer.name}," in done.text


def test_a_placement_is_chosen_with_its_setting(session: Session, ward: Ward, client_of: ClientOf) -> None:
    lead = client_of(ward.lead)
    form = lead.get(path(ward, "placement"))
    assert "This counts at once, with your name." in form.text
    page = lead.send(form, {"what": "care_chain/home_care", "done_on": YESTERDAY.isoformat()})
    assert page.heading == "Care-chain placement: Home care"
    row = recorded(session, ward)
    assert (row.key, row.setting, state_of(row)) == ("care_chain", "home_care", AttainmentState.CONFIRMED)


def test_a_whole_session_needs_no_number_of_days(session: Session, ward: Ward, client_of: ClientOf) -> None:
    lead = client_of(ward.lead)
    lead.send(lead.get(path(ward, "session")), {"what": "m1-1", "done_on": YESTERDAY.isoformat()})
    assert (recorded(session, ward).key, recorded(session, ward).amount) == ("m1-1", Decimal(1))


def test_a_product_that_the_programme_does_not_name_gets_a_name(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    mine = client_of(ward.trainee)
    values = {"what": "-", "title": "Leaflet on nausea", "done_on": YESTERDAY.isoformat()}
    assert mine.send(mine.get(path(ward, "product")), values).heading == "Leaflet on nausea"
    assert recorded(session, ward).key is None


def test_a_failed_test_says_so_and_does_not_count(session: Session, ward: Ward, client_of: ClientOf) -> None:
    lead = client_of(ward.lead)
    values = {"what": "-", "title": "Calculation test", "result": "failed", "done_on": YESTERDAY.isoformat()}
    page = lead.send(lead.get(path(ward, "test")), values)
    assert "Not passed" in page.text
    assert not recorded(session, ward).passed


def test_an_exemption_names_ground_and_proof_and_is_confirmed_by_another_lead(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    lead = client_of(ward.lead)
    form = lead.get(path(ward, "exempt-epa"))
    assert "who did not record it" in form.text
    refused = lead.send(form, {"what": "onc-k1", "ground": "portfolio"}, status=422)
    assert "Fill this in." in refused.text
    lead.send(form, {"what": "onc-k1", "ground": "portfolio", "proof": PROOF})
    row = recorded(session, ward)
    assert "Does this count?" not in lead.get(f"/attainments/{row.id}").text
    committee = client_of(ward.committee_member)
    assert PROOF in committee.get(f"/attainments/{row.id}").text
    assert "Confirmed by" in committee.post(f"/attainments/{row.id}/confirm").text


def test_what_is_wrong_keeps_what_was_typed(ward: Ward, client_of: ClientOf) -> None:
    mine = client_of(ward.trainee)
    early = {"what": "practice", "amount": "8", "done_on": "2019-01-01", "remark": "Roster of week 3"}
    page = mine.send(mine.get(path(ward, "hours")), early, status=422)
    assert "The enrolment began on" in page.text
    assert "Roster of week 3" in page.source
    page = mine.send(mine.get(path(ward, "hours")), early | {"amount": "0"}, status=422)
    assert "Use a number from 0.01 to 5000." in page.text


def test_not_confirming_tells_why(session: Session, ward: Ward, client_of: ClientOf) -> None:
    row, theirs = record(session, ward), client_of(ward.trainer)
    page = theirs.post(f"/attainments/{row.id}/refuse", {"reason": ""}, status=422)
    assert "Fill this in." in page.text
    page = theirs.post(f"/attainments/{row.id}/refuse", {"reason": "The roster says 6 hours"})
    assert "The roster says 6 hours" in page.text
    assert "The roster says 6 hours" in client_of(ward.trainee).get(f"/attainments/{row.id}").text


def test_the_trainee_takes_back_what_waits_and_not_what_counts(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    row, mine = record(session, ward), client_of(ward.trainee)
    assert "Withdrawn" in mine.post(f"/attainments/{row.id}/withdraw", {"reason": "Wrong week"}).text
    counted = record(session, ward, by=ward.trainer)
    mine.post(f"/attainments/{counted.id}/withdraw", {"reason": "Wrong week"}, status=403)
    client_of(ward.lead).post(f"/attainments/{counted.id}/withdraw", {"reason": "Wrong week"})
    session.expire_all()
    assert [state_of(one) for one in queries.attainments_of(session, ward.enrolment.id)] == [
        AttainmentState.WITHDRAWN,
        AttainmentState.WITHDRAWN,
    ]


def test_a_trainer_does_not_confirm_what_decides(session: Session, ward: Ward, client_of: ClientOf) -> None:
    row = record(session, ward, account(AttainmentKind.EXTERNAL_DIPLOMA))
    assert "Does this count?" not in client_of(ward.trainer).get(f"/attainments/{row.id}").text
    client_of(ward.trainer).post(f"/attainments/{row.id}/confirm", status=403)
    client_of(ward.trainee).post(f"/attainments/{row.id}/confirm", status=403)


def test_only_what_the_programme_has_can_be_recorded(session: Session, client_of: ClientOf) -> None:
    other = Ward(session, programme="opleiders")
    trainee = client_of(other.trainee)
    page = trainee.get(path(other))
    assert ("Placement" in page.text, "Exemption from an EPA" in page.text) == (False, False)
    trainee.get(path(other, "placement"), status=404)
    trainee.get(path(other, "exempt-epa"), status=404)


def test_an_auditor_reads_and_records_nothing(session: Session, ward: Ward, client_of: ClientOf) -> None:
    row, auditor = record(session, ward), client_of(ward.auditor)
    assert "8 hours of practice" in auditor.get(path(ward)).text
    assert "Record" not in auditor.get(path(ward)).text
    auditor.get(path(ward, "hours"), status=403)
    auditor.post(f"/attainments/{row.id}/confirm", status=403)


def test_the_pages_take_as_many_statements_for_much_as_for_little(
    session: Session, ward: Ward, client_of: ClientOf, statements: list[str]
) -> None:
    mine = client_of(ward.trainee)
    row = record(session, ward, by=ward.trainer)
    mine.get(path(ward))
    numbers = []
    for _more in range(2):
        for address in (path(ward), f"/attainments/{row.id}"):
            statements.clear()
            mine.get(address)
            numbers.append(len(statements))
        for _again in range(5):
            record(session, ward)
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 10
