"""The pages of deciding and of one decision."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.entrustment import actions
from lms.entrustment.models import Decision
from tests.entrustment.examples import Laboratory, declaration
from tests.factories import NOW, TODAY, epa_of, make_organisation, person_with
from tests.pages import Browser

Clients = Callable[[User | None], Browser]
DAY = timedelta(days=1)


@pytest.fixture
def ward(session: Session) -> Laboratory:
    return Laboratory(session)


def decide_path(ward: Laboratory) -> str:
    return f"/enrolments/{ward.enrolment.id}/epas/{ward.epa.id}/decide"


def decided(session: Session, ward: Laboratory, **facts: object) -> Decision:
    """Return a decision of the committee."""
    declared = declaration(**facts)  # type: ignore[arg-type]
    return actions.decide(
        session, ward.loaded(session), ward.offered(session), declared, by=ward.committee_member, at=NOW
    )


def test_the_page_says_what_is_met_by_whom_and_what_lacks(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    ward.observe(session, "osats", ward.trainer, level="4")
    ward.observe(session, "simulation", ward.trainer, level="2")
    page = client_of(ward.committee_member).get(decide_path(ward))
    assert "2 requirements are not met yet" in page.text
    assert f"Counted: {ward.trainer.name} (1)" in page.text
    assert "Not counted: Below the level that is asked for (1)" in page.text
    assert "2 given, by 1 different assessors" in page.text
    assert page.form().get("action") is None


def test_the_form_is_filled_with_what_is_usual(session: Session, ward: Laboratory, client_of: Clients) -> None:
    page = client_of(ward.committee_member).get(decide_path(ward))
    standing = page.filled(page.form(), {})
    assert "level" not in standing, "a person chooses the level"
    assert standing["decided_on"] == [TODAY.isoformat()]
    assert standing["valid_until"] == [TODAY.replace(year=TODAY.year + 1).isoformat()]
    assert standing["supersedes"] == [""]


def test_a_committee_member_decides_and_reads_the_decision(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    client = client_of(ward.committee_member)
    page = client.get(decide_path(ward))
    assert "All requirements are met" in page.text
    answer = client.send(page, {"level": "4", "remark": "Calm in the storm."})
    made = session.scalars(select(Decision)).one()
    assert answer.path == f"/decisions/{made.id}"
    assert made.level_code == "4"
    for words in (
        "In force",
        "Calm in the storm.",
        ward.committee_member.name,
        "All requirements were met",
        "Declaration recorded",
    ):
        assert words in answer.text


def test_an_end_left_empty_follows_from_the_epa(session: Session, ward: Laboratory, client_of: Clients) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    client = client_of(ward.committee_member)
    day = TODAY - 10 * DAY
    client.send(client.get(decide_path(ward)), {"level": "4", "decided_on": day.isoformat(), "valid_until": ""})
    made = session.scalars(select(Decision)).one()
    assert made.valid_until == day.replace(year=day.year + 1)


def test_a_refused_decision_keeps_what_was_typed(session: Session, ward: Laboratory, client_of: Clients) -> None:
    client = client_of(ward.committee_member)
    page = client.send(client.get(decide_path(ward)), {"level": "3", "remark": "Kept?"}, status=422)
    assert "requirements are not met yet. Give a reason" in page.text
    assert page.filled(page.form(), {})["level"] == ["3"]
    assert page.filled(page.form(), {})["remark"] == ["Kept?"]
    client.send(page, {"overrule_reason": "An old hand."})
    assert session.scalars(select(Decision.overrule_reason)).one() == "An old hand."


def test_the_only_assessor_is_told_who_else_may_decide(session: Session, ward: Laboratory, client_of: Clients) -> None:
    ward.meet_the_requirements(session, ward.trainer)
    client = client_of(ward.trainer)
    page = client.get(decide_path(ward))
    assert "You are the only one who assessed what counts" in page.text
    assert ward.second_trainer.name in page.text
    refused = client.send(page, {"level": "4"}, status=422)
    assert "You are the only one who assessed this" in refused.text
    assert session.scalars(select(Decision)).all() == []


def test_a_decision_taken_meanwhile_is_shown_and_the_text_kept(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    slow, quick = client_of(ward.trainer), client_of(ward.committee_member)
    opened = slow.get(decide_path(ward))
    quick.send(quick.get(decide_path(ward)), {"level": "4"})
    first = session.scalars(select(Decision.id)).one()
    page = slow.send(opened, {"level": "4", "remark": "Slow but sure."}, status=409)
    assert "Somebody else decided on this EPA after you opened this page" in page.text
    standing = page.filled(page.form(), {})
    assert (standing["remark"], standing["supersedes"]) == (["Slow but sure."], [str(first)])
    slow.send(page)
    assert {one.supersedes_id for one in session.scalars(select(Decision))} == {None, first}


@pytest.mark.parametrize(("who", "status"), [("trainee", 403), ("lead", 403), ("auditor", 403), ("administrator", 404)])
def test_who_may_not_decide_gets_no_form(ward: Laboratory, client_of: Clients, who: str, status: int) -> None:
    client = client_of(getattr(ward, who))
    client.get(decide_path(ward), status=status)
    client.post(decide_path(ward), {"level": "4"}, status=status)


@pytest.mark.parametrize("role", [Role.TRAINER, Role.COMMITTEE_MEMBER])
def test_a_decider_elsewhere_finds_nothing(session: Session, ward: Laboratory, client_of: Clients, role: Role) -> None:
    client_of(person_with(session, role, make_organisation(session))).get(decide_path(ward), status=404)


def test_an_epa_of_another_track_or_programme_is_not_there(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    client = client_of(ward.committee_member)
    for key in ("fl-h1", "onc-k2"):
        client.get(f"/enrolments/{ward.enrolment.id}/epas/{epa_of(session, key).id}/decide", status=404)


def nurses(session: Session, ward: Laboratory, key: str) -> None:
    """Move the trainee to a cohort of oncology nurses and look at that EPA."""
    ward.put_among_nurses(session)
    ward.epa = epa_of(session, key)


def test_a_learning_activity_without_levels_is_not_decided_on(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    nurses(session, ward, "onc-eol")
    page = client_of(ward.committee_member).get(decide_path(ward), status=409)
    assert "nothing can be declared on it" in page.text


def test_scope_is_chosen_and_its_rules_are_said_beside_it(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    nurses(session, ward, "onc-k2")
    group = ward.epa.scope[0]["key"]
    client = client_of(ward.committee_member)
    page = client.get(decide_path(ward))
    assert "choose at least 2" in page.text
    assert "Treatment modality (optional)" not in page.text
    values: dict[str, str | list[str] | None] = {
        "level": "4",
        "overrule_reason": "Seen elsewhere.",
        f"scope_{group}": ["surgery"],
    }
    refused = client.send(page, values, status=422)
    assert "With “Surgery” choose at least 2" in refused.text
    answer = client.send(refused, {f"scope_{group}": ["surgery", "chemotherapy"]})
    assert "For which scope" in answer.text
    assert "Chemotherapy" in answer.text


def test_an_option_that_asks_an_accreditation_is_refused_and_says_why(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    nurses(session, ward, "onc-s1")
    rule = ward.epa.scope[0]["rules"][0]
    assert rule["then_site_needs"] == "transplant_accreditation"
    client = client_of(ward.committee_member)
    page = client.get(decide_path(ward))
    assert f"That is not recorded for {ward.department.name} today" in page.text
    values: dict[str, str | list[str] | None] = {
        "level": "4",
        "overrule_reason": "Seen elsewhere.",
        f"scope_{ward.epa.scope[0]['key']}": [rule["if_selected"]],
    }
    refused = client.send(page, values, status=422)
    assert "can only be chosen at a place that is accredited for it" in refused.text


def test_an_option_of_another_epa_names_that_epa_before_and_after_it_is_chosen(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    nurses(session, ward, "onc-k2")
    client = client_of(ward.committee_member)
    page = client.get(decide_path(ward))
    said = (
        "“Stem cell transplant (haematological)” does not belong to this EPA. "
        "It is decided on in “Caring for a patient with a haemato-oncological condition”."
    )
    assert page.text.count(said) == 1
    values: dict[str, str | list[str] | None] = {
        "level": "4",
        "overrule_reason": "Seen elsewhere.",
        f"scope_{ward.epa.scope[0]['key']}": ["stem_cell_transplant_haematological"],
    }
    refused = client.send(page, values, status=422)
    assert refused.text.count(said) > 1


def test_a_decision_shows_the_evidence_of_then_and_not_of_later(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    given = ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    made = decided(session, ward)
    later = ward.observe(session, "osats", ward.trainer, level="5", on=TODAY)
    page = client_of(ward.trainee).get(f"/decisions/{made.id}")
    for one in given:
        assert f"/assessments/{one.id}" in page.links()
    assert f"/assessments/{later.id}" not in page.links()


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "In force"),
        ({"decided_on": TODAY - 9 * DAY, "valid_until": TODAY - DAY}, "Expired"),
        ({"decided_on": TODAY + DAY}, "Not yet in force"),
    ],
)
def test_a_decision_says_what_it_is_worth_today(
    session: Session, ward: Laboratory, client_of: Clients, facts: dict[str, object], state: str
) -> None:
    made = decided(session, ward, overrule_reason="An old hand.", **facts)
    page = client_of(ward.trainee).get(f"/decisions/{made.id}")
    assert f"State on 20 Nov 2026 {state}" in page.text
    assert "Decided while requirements were not met" in page.text
    assert "An old hand." in page.text


def test_decisions_that_follow_each_other_link_to_each_other(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    first = decided(session, ward, level="3", overrule_reason="First.")
    second = decided(session, ward, overrule_reason="Second.", supersedes=first.id)
    client = client_of(ward.trainee)
    old, new = client.get(f"/decisions/{first.id}"), client.get(f"/decisions/{second.id}")
    assert "Superseded" in old.text
    assert f"/decisions/{second.id}" in old.links()
    assert f"/decisions/{first.id}" in new.links()
    assert "Supersedes the decision of" in new.text


@pytest.mark.parametrize(
    ("who", "reads_trail"),
    [
        ("trainee", False),
        ("trainer", False),
        ("lead", True),
        ("committee_member", True),
        ("auditor", True),
    ],
)
def test_who_sees_the_enrolment_reads_the_decision_and_some_its_trail(
    session: Session, ward: Laboratory, client_of: Clients, who: str, reads_trail: bool
) -> None:
    made = decided(session, ward, overrule_reason="An old hand.")
    page = client_of(getattr(ward, who)).get(f"/decisions/{made.id}")
    assert ("Declaration recorded" in page.text) is reads_trail


def test_who_does_not_see_the_enrolment_does_not_see_the_decision(
    session: Session, ward: Laboratory, client_of: Clients
) -> None:
    made = decided(session, ward, overrule_reason="An old hand.")
    strangers = [person_with(session, role, make_organisation(session)) for role in (Role.AUDITOR, Role.TRAINER)]
    for stranger in (ward.administrator, ward.fellow(session), *strangers):
        client_of(stranger).get(f"/decisions/{made.id}", status=404)


def test_the_pages_take_as_many_statements_for_much_evidence_as_for_little(
    session: Session, ward: Laboratory, client_of: Clients, statements: list[str]
) -> None:
    ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    few = decided(session, ward)
    for _number in range(5):
        ward.meet_the_requirements(session, ward.trainer, ward.second_trainer)
    many = decided(session, ward, supersedes=few.id)
    client = client_of(ward.lead)
    counts = []
    for one in (few, few, many):
        session.expire_all()
        statements.clear()
        client.get(f"/decisions/{one.id}")
        counts.append(len(statements))
    assert counts[1] == counts[2] <= 24
    decider = client_of(ward.committee_member)
    decider.get(decide_path(ward))
    session.expire_all()
    statements.clear()
    decider.get(decide_path(ward))
    assert len(statements) <= 24
