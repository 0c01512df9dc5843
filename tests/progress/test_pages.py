"""The pages of progress: what each person sees, what is not there for them, and how many statements it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from tests.factories import TODAY, Ward, enrol, epa_of, give_role, make_alliance, make_user, person_with
from tests.pages import Browser
from tests.progress.history import asked_for, decided, rated

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def enrolment_path(ward: Ward) -> str:
    return f"/enrolments/{ward.enrolment.id}"


def dossier_path(session: Session, ward: Ward, epa: str = "onc-k2") -> str:
    return f"{enrolment_path(ward)}/epas/{epa_of(session, epa).id}"


def cohort_path(ward: Ward) -> str:
    return f"/cohorts/{ward.cohort.id}"


def test_a_trainee_sees_what_they_have_need_and_wait_for(session: Session, ward: Ward, client_of: ClientOf) -> None:
    asked_for(session, ward)
    page = client_of(ward.trainee).get("/")
    assert "You wait for" in page.text
    assert ward.trainer.name in page.text
    assert "Still needed: 1 × Reflection report, and" in page.text
    assert "Expected next: level 3" in page.text
    assert "1 request waits" in page.text
    assert "/activities/new" in page.links()


def test_a_reached_epa_moves_out_of_the_way_of_what_is_needed(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    decided(session, ward)
    page = client_of(ward.trainee).get("/")
    assert "1 EPA at the needed level" in page.text
    assert "The needed level is in force." in page.text


def test_an_expired_level_is_not_reached(session: Session, ward: Ward, client_of: ClientOf) -> None:
    decided(session, ward, on=TODAY - timedelta(days=90), valid_until=TODAY - timedelta(days=1))
    page = client_of(ward.trainee).get("/")
    assert "expired" in page.text
    assert "EPA at the needed level" not in page.text


def test_a_trainer_sees_the_queue_and_their_trainees(session: Session, ward: Ward, client_of: ClientOf) -> None:
    asked = asked_for(session, ward)
    page = client_of(ward.trainer).get("/")
    assert f"/assessments/{asked.id}" in page.links()
    assert enrolment_path(ward) in page.links()
    assert "no rating for 28 weeks" in page.text


def test_a_trainee_rated_lately_is_not_behind(session: Session, ward: Ward, client_of: ClientOf) -> None:
    rated(session, ward, on=TODAY - timedelta(days=3))
    assert "no rating for" not in client_of(ward.trainer).get("/").text


@pytest.mark.parametrize("who", ["lead", "committee_member", "auditor"])
def test_who_follows_cohorts_finds_them_at_home(session: Session, ward: Ward, client_of: ClientOf, who: str) -> None:
    assert cohort_path(ward) in client_of(getattr(ward, who)).get("/").links()


def test_a_coordinator_sees_the_region_in_numbers(session: Session, ward: Ward, client_of: ClientOf) -> None:
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session, ward.organisation))
    page = client_of(coordinator).get("/")
    assert "My region" in page.text
    assert "fewer than five trainees" in page.text, "the same words as on retiring a programme"
    assert cohort_path(ward) in page.links()
    assert ward.trainee.name not in page.text


def test_an_administrator_finds_their_organisation(session: Session, ward: Ward, client_of: ClientOf) -> None:
    page = client_of(ward.administrator).get("/")
    assert "You administer" in page.text
    assert f"/organisations/{ward.organisation.id}" in page.links()


def test_one_home_for_several_roles_at_once(session: Session, ward: Ward, client_of: ClientOf) -> None:
    give_role(session, ward.trainee, Role.PROGRAMME_LEAD, ward.organisation)
    page = client_of(ward.trainee).get("/")
    assert {"Cohorts that run", "Log an activity"} <= {
        page.text[page.text.find(t) :][: len(t)] for t in ("Cohorts that run", "Log an activity")
    }


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (None, "You have no role yet."),
        (Role.TRAINER, "you guide no trainees yet"),
        (Role.TRAINEE, "You are not enrolled"),
    ],
)
def test_an_empty_home_says_what_to_do(
    session: Session, ward: Ward, client_of: ClientOf, role: Role | None, words: str
) -> None:
    person = person_with(session, role, ward.organisation) if role else make_user(session)
    assert words in client_of(person).get("/").text


def test_a_programme_shows_every_epa_with_its_requirements(session: Session, ward: Ward, client_of: ClientOf) -> None:
    decided(session, ward, valid_until=TODAY + timedelta(days=100))
    page = client_of(ward.trainee).get(enrolment_path(ward))
    assert "1 of the 8 EPAs that the programme asks" in page.text
    assert "Core EPAs" in page.text
    assert "Needed: level 3 at Midway, level 4 at End of route." in page.text
    assert ward.trainer.name in page.text
    assert dossier_path(session, ward) in page.links()


def test_a_dossier_explains_what_counts_and_what_lacks(session: Session, ward: Ward, client_of: ClientOf) -> None:
    rated(session, ward, level="4", on=TODAY - timedelta(days=5))
    rated(session, ward, level="2", by=ward.second_trainer, on=TODAY - timedelta(days=9))
    page = client_of(ward.committee_member).get(dossier_path(session, ward))
    assert "Requirements met: 0 of 7." in page.text
    assert (
        "Still needed: 5 × Short practice assessment at level 4 or higher, of which 2 by other assessors." in page.text
    )
    assert "Below the level that is asked for" in page.text
    assert f"level 2, by {ward.second_trainer.name}" in page.text
    assert "Ratings at the needed level 4 or higher: 1 of 2." in page.text
    assert "Calm and precise" in page.text
    assert f"{dossier_path(session, ward)}/decide" in page.links()


def test_a_dossier_says_that_requirements_are_met_and_why(session: Session, ward: Ward, client_of: ClientOf) -> None:
    for days in (3, 2):
        rated(session, ward, "onc-s1", on=TODAY - timedelta(days=days))
    page = client_of(ward.trainee).get(dossier_path(session, ward, "onc-s1"))
    assert "What the declaration asks" in page.text


def test_a_dossier_shows_what_is_in_force_and_what_was(session: Session, ward: Ward, client_of: ClientOf) -> None:
    decided(session, ward, level="3", on=TODAY - timedelta(days=60))
    decided(session, ward, level="4", on=TODAY - timedelta(days=10))
    page = client_of(ward.trainee).get(dossier_path(session, ward))
    assert "Declared and in force: level 4" in page.text
    assert "In force" in page.text
    assert "Superseded" in page.text
    assert "/decide" not in " ".join(page.links())


def test_a_long_dossier_has_an_older_page(session: Session, ward: Ward, client_of: ClientOf) -> None:
    for days in range(27):
        rated(session, ward, on=TODAY - timedelta(days=days), comment=f"Remark {days}.")
    page = client_of(ward.trainee).get(dossier_path(session, ward))
    assert "Remark 24." in page.text
    assert "Remark 25." not in page.text
    (older,) = [link for link in page.links() if "before=" in link]
    following = client_of(ward.trainee).get(older)
    assert "Remark 25." in following.text
    assert "Remark 24." not in following.text


def test_a_cohort_is_trainees_by_epas(session: Session, ward: Ward, client_of: ClientOf) -> None:
    other = ward.fellow(session)
    decided(session, ward, valid_until=TODAY + timedelta(days=30))
    asked_for(session, ward, "onc-k1")
    page = client_of(ward.lead).get(cohort_path(ward))
    assert ward.trainee.name in page.text
    assert other.name in page.text
    assert "1/8" in page.text
    assert "1 waiting" in page.text
    assert "2 of 2 trainees shown." in page.text
    assert f"{cohort_path(ward)}/report" in page.links()


def test_a_large_cohort_shows_its_first_trainees_and_all_who_ask(
    session: Session, ward: Ward, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.progress.views.cohorts.ROWS_AT_FIRST", 2)
    fellows = [ward.fellow(session) for _number in range(2)]
    decided(session, ward, "onc-k2", "5")
    lead, path = client_of(ward.lead), cohort_path(ward)
    page = lead.get(f"{path}?order=reached")
    names = sorted(one.name for one in fellows)
    assert "3 of 3 trainees shown. The table below holds the first 2 of them" in page.text
    assert ward.trainee.name not in page.text
    assert all(name in page.text for name in names)
    assert ">1<" in page.source.partition("At the needed level")[2].partition("</tr>")[0]
    (everybody,) = (link for link in page.links() if "all=1" in link)
    whole = lead.get(everybody)
    assert all(name in whole.text for name in (*names, ward.trainee.name))
    assert "The table below" not in whole.text
    turned = lead.get(f"{path}?order=reached&descending=1")
    assert ward.trainee.name in turned.text
    assert "The table below" not in lead.get(f"{path}?name={ward.trainee.name}").text


def test_a_cohort_can_be_chosen_from_and_sorted(session: Session, ward: Ward, client_of: ClientOf) -> None:
    other = ward.fellow(session)
    decided(session, ward)
    lead = client_of(ward.lead)
    only = lead.get(f"{cohort_path(ward)}?name={other.name.split()[-1]}")
    assert ward.trainee.name not in only.text
    assert other.name in only.text
    sorted_ = lead.get(f"{cohort_path(ward)}?order=reached&descending=1").text
    assert sorted_.index(ward.trainee.name) < sorted_.index(other.name)
    turned = lead.get(f"{cohort_path(ward)}?order=reached").text
    assert turned.index(ward.trainee.name) > turned.index(other.name)
    assert "No trainee fits this choice." in lead.get(f"{cohort_path(ward)}?name=nobody").text


def test_a_coordinator_sees_numbers_and_no_name(session: Session, ward: Ward, client_of: ClientOf) -> None:
    for _number in range(6):
        ward.fellow(session)
    decided(session, ward)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session, ward.organisation))
    page = client_of(coordinator).get(cohort_path(ward))
    assert "numbers and no people" in page.text
    assert ward.trainee.name not in page.source
    assert str(ward.enrolment.id) not in page.source
    drawn = client_of(coordinator).raw(f"{cohort_path(ward)}/heat-map.svg").text
    assert ward.trainee.name not in drawn


@pytest.mark.parametrize("who", ["administrator", "stranger", "fellow"])
def test_what_you_may_not_see_is_not_there(session: Session, ward: Ward, client_of: ClientOf, who: str) -> None:
    people = {"administrator": ward.administrator, "stranger": Ward(session).trainer, "fellow": ward.fellow(session)}
    browser = client_of(people[who])
    dossier = dossier_path(session, ward)
    for path in (
        enrolment_path(ward),
        dossier,
        f"{dossier}/levels.svg",
        cohort_path(ward),
        f"{cohort_path(ward)}/heat-map.svg",
    ):
        assert browser.raw(path).status_code == 404


def test_an_epa_of_another_programme_is_not_in_the_dossier(session: Session, ward: Ward, client_of: ClientOf) -> None:
    assert client_of(ward.trainee).raw(dossier_path(session, ward, "fl-b1")).status_code == 404


def test_a_programme_without_epas_says_so(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session, programme="academic-alliance")
    decided_elsewhere = "What this EPA is"
    for person, path in ((ward.trainee, "/"), (ward.trainee, enrolment_path(ward)), (ward.lead, cohort_path(ward))):
        assert decided_elsewhere not in client_of(person).get(path).text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_stands_in_both_languages(session: Session, ward: Ward, client_of: ClientOf, language: str) -> None:
    rated(session, ward)
    decided(session, ward)
    for person in (ward.trainee, ward.trainer, ward.lead):
        person.language = language
    session.flush()
    for person, path in (
        (ward.trainee, "/"),
        (ward.trainer, "/"),
        (ward.lead, "/"),
        (ward.trainee, enrolment_path(ward)),
        (ward.trainee, dossier_path(session, ward)),
        (ward.lead, cohort_path(ward)),
    ):
        assert client_of(person).get(path).tree.get("lang") == language


def count(statements: list[str], browser: Browser, path: str) -> int:
    browser.get(path)
    statements.clear()
    browser.get(path)
    return len(statements)


def test_pages_take_a_stated_number_of_statements(
    session: Session, ward: Ward, client_of: ClientOf, statements: list[str]
) -> None:
    rated(session, ward)
    decided(session, ward)
    asked_for(session, ward)
    assert count(statements, client_of(ward.trainee), "/") <= 7
    assert count(statements, client_of(ward.trainer), "/") <= 6
    assert count(statements, client_of(ward.trainee), enrolment_path(ward)) <= 6
    assert count(statements, client_of(ward.trainee), dossier_path(session, ward)) <= 10
    assert count(statements, client_of(ward.lead), cohort_path(ward)) <= 5


def test_a_larger_cohort_takes_no_more_statements(
    session: Session, ward: Ward, client_of: ClientOf, statements: list[str]
) -> None:
    small = count(statements, client_of(ward.lead), cohort_path(ward)), count(statements, client_of(ward.trainer), "/")
    for _number in range(10):
        enrol(session, ward.cohort, make_user(session), ward.department, ward.trainer)
    large = count(statements, client_of(ward.lead), cohort_path(ward)), count(statements, client_of(ward.trainer), "/")
    assert large == small
