"""The guard on free text: every field that people write in is guarded, and what is found is kept nowhere."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from wtforms.fields.core import UnboundField

import lms
from competencies.patient_data import findings_in
from lms.accounts.models import User
from lms.core.audit import AuditEntry
from lms.core.forms import Form, is_for_text
from lms.demo import texts
from lms.logbook.models import Activity
from lms.tables import metadata
from tests.factories import TODAY, Ward, epa_of
from tests.pages import Browser, Page

ClientOf = Callable[[User | None], Browser]
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NOTE = "Mevrouw Zandstra, 67 jaar, infuus ingebracht"
PASSAGE = "Mevrouw Zandstra, 67 jaar"

GUARDED = {
    "ActivityForm": {"note"},
    "AnswerForm": {"comment"},
    "AttainmentForm": {"title", "remark", "proof"},
    "ConsentForm": {"reason"},
    "CorrectionForm": {"note", "reason"},
    "CountForm": {"comment"},
    "DecisionForm": {"remark", "overrule_reason"},
    "DeclineForm": {"reason"},
    "FactsForm": {"comment"},
    "FeedbackForm": {"comment"},
    "GoalForm": {"what", "seen_by"},
    "LevelForm": {"comment"},
    "LinkForm": {"comment"},
    "LogForm": {"note"},
    "PassForm": {"comment"},
    "ReasonForm": {"reason"},
    "RetirementForm": {"reason"},
    "ReviewForm": {"remark"},
    "SeriesForm": {"note"},
}
UNGUARDED = {
    "AccreditationForm": {"proof"},
    "CohortEditForm": {"name"},
    "CohortForm": {"name"},
    "CopyForm": {"title_nl", "title_en", "version"},
    "DepartmentForm": {"name"},
    "EnrolForm": {"email", "name"},
    "InviteForm": {"email", "name", "role"},
    "LinkForm": {"email", "name", "role"},
    "NewProgrammeForm": {"title_nl", "title_en", "version"},
    "OutsideForm": {"email", "name", "role"},
    "PublicationForm": {"note"},
    "ReportFilters": {"name"},
    "RevisionForm": {"version"},
    "RoleForm": {"email"},
    "RoundLinkForm": {"email"},
    "SelectionForm": {"name"},
    "SignInForm": {"email"},
}
"""Names, addresses and searches, and the texts of a curriculum: they are not about anybody's work."""


def forms() -> Iterator[type[Form]]:
    """Return every form of every feature."""
    for module in pkgutil.walk_packages(lms.__path__, "lms."):
        if module.name.endswith(".forms"):
            kinds = vars(importlib.import_module(module.name)).values()
            yield from (kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Form))


def text_fields(form: type[Form]) -> set[str]:
    fields = {name: getattr(form, name) for name in dir(form)}
    return {
        name for name, field in fields.items() if isinstance(field, UnboundField) and is_for_text(field.field_class)
    }


def test_every_text_field_of_every_form_is_guarded_but_those_that_are_named_here() -> None:
    spared = {form.__name__: text_fields(form) & form.unguarded for form in forms()}
    assert {name: fields for name, fields in spared.items() if fields} == UNGUARDED


def test_what_people_write_about_their_work_is_guarded() -> None:
    found = {form.__name__: text_fields(form) - form.unguarded for form in forms()}
    assert {name: found[name] for name in GUARDED} == GUARDED


def test_no_page_asks_for_text_outside_a_form_but_the_editor_of_programmes() -> None:
    asks = re.compile(r"<textarea|<input[^>]*type=\"text\"|contenteditable")
    asking = {
        path.relative_to(TEMPLATES).parts[0] for path in TEMPLATES.rglob("*.html") if asks.search(path.read_text())
    }
    assert asking == {"authoring"}


def test_the_sentences_of_the_demonstration_pass_the_guard() -> None:
    said = [line for name in dir(texts) if name.isupper() for line in sentences(getattr(texts, name))]
    assert len(said) > 50
    assert [line for line in said if findings_in(line, on=TODAY)] == []


def sentences(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping | tuple):
        for one in said.values() if isinstance(said, Mapping) else said:
            yield from sentences(one)


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


@pytest.fixture
def held_back(session: Session, trainee: Browser) -> Page:
    """Return the page that a trainee gets who names a patient."""
    return trainee.send(trainee.get("/activities/new"), typed(session, NOTE), status=422)


def typed(session: Session, note: str) -> dict[str, str | list[str]]:
    return {"note": note, "kind": "procedure", "epas": [str(epa_of(session, "onc-k2").id)]}


def notes(session: Session, ward: Ward) -> list[str]:
    return list(session.scalars(select(Activity.note).where(Activity.trainee_id == ward.trainee.id)))


def test_the_form_comes_back_with_the_passage_quoted_and_everything_typed(
    session: Session, ward: Ward, held_back: Page
) -> None:
    assert f"“{PASSAGE}” looks like somebody’s name with an age." in held_back.text
    assert held_back.filled(held_back.form(), {})["note"] == [NOTE]
    assert held_back.filled(held_back.form(), {})["epas"] == [str(epa_of(session, "onc-k2").id)]
    assert "This is not about a patient" in held_back.text
    assert not notes(session, ward)


def test_who_puts_it_right_is_not_asked_again(session: Session, ward: Ward, held_back: Page, trainee: Browser) -> None:
    trainee.send(held_back, {"note": "Infuus ingebracht bij een oudere vrouw"})
    assert notes(session, ward) == ["Infuus ingebracht bij een oudere vrouw"]


def test_who_says_that_it_is_no_patient_is_believed(
    session: Session, ward: Ward, held_back: Page, trainee: Browser
) -> None:
    trainee.send(held_back, {"not_about_a_patient": "y"})
    assert notes(session, ward) == [NOTE]


def test_the_tick_stays_while_something_else_is_wrong(
    session: Session, ward: Ward, held_back: Page, trainee: Browser
) -> None:
    other = trainee.send(held_back, {"not_about_a_patient": "y", "quantity": "0"}, status=422)
    assert "looks like" not in other.text
    assert other.filled(other.form(), {})["not_about_a_patient"] == ["y"]
    trainee.send(other, {"quantity": "1"})
    assert notes(session, ward) == [NOTE]


def test_a_page_that_nobody_refused_asks_nothing(trainee: Browser) -> None:
    assert "not_about_a_patient" not in trainee.get("/activities/new").source


def test_a_dutch_reader_is_told_in_dutch(session: Session, ward: Ward, app: Flask, today: object) -> None:
    ward.trainee.language = "nl"
    trainee = Browser(app, ward.trainee, language="nl")
    page = trainee.send(trainee.get("/activities/new"), typed(session, "Geboortedatum 12-03-1956"), status=422)
    assert "“12-03-1956” lijkt op een geboortedatum." in page.text
    assert "Dit gaat niet over een patiënt" in page.text


def test_what_was_found_is_kept_nowhere(
    session: Session, ward: Ward, held_back: Page, trainee: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Zandstra" in held_back.source
    assert "Zandstra" not in everything_stored(session)
    trainee.send(held_back, {"not_about_a_patient": "y"})
    (logged,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "activity.logged"))
    facts = logged.facts["after"]
    assert set(facts) == {"kind", "performed_on", "department", "epas", "quantity", "note_length"}
    stored = everything_stored(session)
    assert stored.count("Zandstra") == 1
    assert "name_and_age" not in stored
    assert "not_about_a_patient" not in stored
    assert "Zandstra" not in "".join(capsys.readouterr())


def everything_stored(session: Session) -> str:
    """Return every row of every table as text."""
    return "\n".join(
        str(session.scalar(text(f"SELECT string_agg(t::text, E'\\n') FROM \"{table.name}\" t")))
        for table in metadata.sorted_tables
    )
