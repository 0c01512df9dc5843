"""The whole loop through the pages, everybody in a browser of their own: the straight way and the ways beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.operations.check import CHECKS
from tests.entrustment.examples import Laboratory
from tests.factories import TODAY, Ward, enrol, epa_of, give_role
from tests.pages import Browser, Page, text_of
from tests.words import Words, words_in

ClientOf = Callable[[User | None], Browser]


@dataclass
class Crew:
    """A laboratory with a browser for each of its people, and the words that they read."""

    ward: Laboratory
    trainee: Browser
    trainer: Browser
    second_trainer: Browser
    committee_member: Browser
    lead: Browser
    said: Words

    @property
    def dossier(self) -> str:
        """Where everything about the trainee on the EPA stands."""
        return f"/enrolments/{self.ward.enrolment.id}/epas/{self.ward.epa.id}"

    def log(self, note: str, kind: str) -> Page:
        """Log an activity and return the page that offers to ask for an assessment."""
        typed: dict[str, str | list[str]] = {"note": note, "kind": kind, "epas": [str(self.ward.epa.id)]}
        page = self.trainee.send(self.trainee.get("/activities/new"), typed)
        assert page.heading == self.said("Ask for an assessment")
        return page

    def ask(self, note: str, kind: str, instrument: str, of: User) -> Page:
        """Log an activity, ask that person for an assessment of it, and return the page of the activity."""
        way = {"assessors": str(of.id), "way": f"{instrument}:"}
        page = self.trainee.send(self.log(note, kind), way)
        assert self.said("The assessment is asked for.") in page.text
        return page

    def answer(self, browser: Browser, note: str, **given: str) -> Page:
        """Find a request in the queue and answer it."""
        page = browser.send(browser.get(queued(browser, note)), given)
        assert page.heading == self.said("To assess")
        assert note not in page.text
        return page


def crew_of(ward: Laboratory, client_of: ClientOf, language: str) -> Crew:
    """Return the people of a laboratory in their browsers, who all read the same language."""
    for person in (ward.trainee, ward.trainer, ward.second_trainer, ward.committee_member, ward.lead):
        person.language = language
    return Crew(
        ward,
        trainee=client_of(ward.trainee),
        trainer=client_of(ward.trainer),
        second_trainer=client_of(ward.second_trainer),
        committee_member=client_of(ward.committee_member),
        lead=client_of(ward.lead),
        said=words_in(language),
    )


@pytest.fixture(params=["nl", "en"])
def crew(request: pytest.FixtureRequest, session: Session, client_of: ClientOf) -> Crew:
    """Return a laboratory with nothing in it yet, in each of the languages."""
    return crew_of(Laboratory(session), client_of, request.param)


def queued(browser: Browser, note: str) -> str:
    """Return where the request about the activity with that note leads to, from the queue."""
    page = browser.get("/assessments")
    return next(entry.findall(".//a")[0].get("href") or "" for entry in page.tree.iter("li") if note in text_of(entry))


def address_of_assessment(page: Page) -> str:
    """Return the address of the only assessment that the page of an activity shows."""
    (address,) = (link for link in page.links() if link.startswith("/assessments/"))
    return address


def meet_the_requirements(crew: Crew) -> None:
    """Have everything assessed that the EPA asks for, by one trainer."""
    trainer = crew.ward.trainer
    crew.ask("Emergency trolley checked", "procedure", "osats", trainer)
    crew.answer(crew.trainer, "Emergency trolley checked", level="4", comment="Calm")
    for note in ("First alarm", "Second alarm"):
        crew.ask(note, "simulation", "simulation", trainer)
        crew.answer(crew.trainer, note, level="3", comment="Quick")
    crew.ask("Test on acute care", "course", "knowledge_test", trainer)
    crew.answer(crew.trainer, "Test on acute care", passed="yes")


def everything_adds_up(session: Session) -> None:
    """Follow the audit chains and compare the standings and decisions with their history."""
    for check in CHECKS:
        check.run(session.connection(), lambda _rows: None)


def test_from_an_activity_to_a_decision_that_is_superseded(session: Session, crew: Crew) -> None:
    said, ward = crew.said, crew.ward
    ready = said("Counts guide, people decide: a trainer or the committee can declare now.")
    assert ready not in crew.trainee.get(crew.dossier).text
    meet_the_requirements(crew)
    assert ready in crew.trainee.get(crew.dossier).text

    page = crew.trainer.get(f"{crew.dossier}/decide")
    assert said("All requirements are met") in page.text
    refused = crew.trainer.send(page, {"level": "4", "remark": "I saw it all"}, status=422)
    assert said("You are the only one who assessed this. Somebody else must assess too, or decide.") in refused.text
    assert refused.filled(refused.form(), {})["remark"] == ["I saw it all"]

    first = crew.second_trainer.send(crew.second_trainer.get(f"{crew.dossier}/decide"), {"level": "4"})
    assert said("All requirements were met.") in first.text
    assert level_in_cohort(crew) == "4"
    second = crew.committee_member.send(
        crew.committee_member.get(f"{crew.dossier}/decide"),
        {"level": "3", "remark": "Nearby for now", "valid_until": (TODAY + timedelta(days=60)).isoformat()},
    )
    assert second.path != first.path
    assert first.path in second.links()
    assert second.path in crew.trainee.get(first.path).links()
    assert said("Superseded") in crew.trainee.get(first.path).text
    assert "Nearby for now" in crew.trainee.get(second.path).text
    assert ward.committee_member.name in crew.trainee.get(crew.dossier).text
    assert level_in_cohort(crew) == "3"
    everything_adds_up(session)


def level_in_cohort(crew: Crew) -> str:
    """Return the level of the trainee on the EPA that the lead sees on the page of the cohort; the report agrees."""
    page, report = (crew.lead.get(f"/cohorts/{crew.ward.cohort.id}{end}") for end in ("", "/report"))
    code = "FL-B3"
    shown = row_of(page, crew.ward.trainee.name)[column_of(page, code)]
    assert row_of(report, crew.ward.trainee.name)[column_of(report, code)] == shown
    return shown


def column_of(page: Page, code: str) -> int:
    """Return the place of the first column whose header names that EPA."""
    headers = [text_of(cell) for cell in next(page.tree.iter("thead")).iter("th")]
    return next(at for at, header in enumerate(headers) if code in header)


def row_of(page: Page, name: str) -> list[str]:
    """Return the cells of the row of that person in the first table."""
    rows = [[text_of(cell) for cell in row] for row in next(page.tree.iter("tbody")).iter("tr")]
    return next(row for row in rows if row[0] == name)


def test_a_declined_request_is_read_and_asked_of_somebody_else(session: Session, crew: Crew) -> None:
    said, ward = crew.said, crew.ward
    activity = crew.ask("Alarm at night", "simulation", "simulation", ward.trainer)
    declining = crew.trainer.get(queued(crew.trainer, "Alarm at night").replace("/submit", "/decline"))
    assert said("Fill this in.") in crew.trainer.send(declining, {"reason": "  "}, status=422).text
    crew.trainer.send(declining, {"reason": "I was not on duty"})
    assert "I was not on duty" in crew.trainee.get(address_of_assessment(activity)).text
    again = crew.trainee.send(
        crew.trainee.get(f"{activity.path}/ask"), {"assessors": str(ward.second_trainer.id), "way": "simulation:"}
    )
    assert said("The assessment is asked for.") in again.text
    crew.answer(crew.second_trainer, "Alarm at night", level="2", comment="Look around first")
    assert "Look around first" in crew.trainee.get(crew.dossier).text
    everything_adds_up(session)


def test_a_request_that_was_withdrawn_can_no_longer_be_answered(session: Session, crew: Crew) -> None:
    activity = crew.ask("Asked by mistake", "simulation", "simulation", crew.ward.trainer)
    opened = crew.trainer.get(queued(crew.trainer, "Asked by mistake"))
    page = crew.trainee.get(address_of_assessment(activity))
    withdrawn = crew.trainee.send(page, action="/withdraw")
    assert crew.said("The request is withdrawn.") in withdrawn.text
    assert "Asked by mistake" not in crew.trainer.get("/assessments").text
    late = crew.trainer.send(opened, {"level": "4", "comment": "Typed with care"}, status=409)
    assert "Typed with care" in late.text
    assert crew.trainee.post(f"{page.path}/withdraw", status=409).heading == late.heading
    everything_adds_up(session)


def test_an_old_tab_never_overwrites_and_loses_no_text(session: Session, crew: Crew) -> None:
    activity = crew.ask("Alarm in the hall", "simulation", "simulation", crew.ward.trainer)
    first_tab, second_tab = (crew.trainee.get(f"{activity.path}/edit") for _tab in range(2))
    opened = crew.trainer.get(queued(crew.trainer, "Alarm in the hall"))
    crew.trainee.send(first_tab, {"note": "Alarm in the lift"})
    stale = crew.trainee.send(second_tab, {"note": "Alarm in the attic"}, status=409)
    assert stale.filled(stale.form(), {})["note"] == ["Alarm in the attic"]

    unaware = crew.trainer.send(opened, {"level": "3", "comment": "About the hall"}, status=409)
    assert "Alarm in the lift" in unaware.text
    assert unaware.filled(unaware.form(), {})["comment"] == ["About the hall"]
    crew.trainer.send(unaware)
    refused = crew.trainee.send(stale, status=409)
    assert refused.filled(refused.form(), {})["note"] == ["Alarm in the attic"]
    assert crew.trainee.get(activity.path).heading == "Alarm in the lift"
    everything_adds_up(session)


def test_one_person_does_everything_they_are_without_signing_in_again(session: Session, client_of: ClientOf) -> None:
    here, there = Laboratory(session), Ward(session)
    person = here.trainer
    give_role(session, person, Role.TRAINEE, there.organisation)
    give_role(session, person, Role.COMMITTEE_MEMBER, there.organisation)
    own = enrol(session, there.cohort, person, there.department, there.trainer)
    crew = crew_of(here, client_of, "en")
    crew.ask("Seen by a trainer", "simulation", "simulation", person)

    home = crew.trainer.get("/")
    for path in (f"/enrolments/{here.enrolment.id}", f"/cohorts/{there.cohort.id}", f"/enrolments/{own.id}"):
        assert path in home.links()
    crew.answer(crew.trainer, "Seen by a trainer", level="3")
    epa = epa_of(session, "onc-k1").id
    logged = crew.trainer.send(
        crew.trainer.get("/activities/new"), {"note": "As a trainee", "kind": "patient_contact", "epas": [str(epa)]}
    )
    asked = crew.trainer.send(logged)
    assert there.trainer.name in asked.text

    decide = crew.trainer.get(f"/enrolments/{there.enrolment.id}/epas/{epa}/decide")
    assert crew.trainer.send(decide, {"level": "4", "overrule_reason": "Seen elsewhere"}).path.startswith("/decisions/")
    crew.trainer.get(f"/enrolments/{own.id}/epas/{epa}/decide", status=403)
    everything_adds_up(session)
