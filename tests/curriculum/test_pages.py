"""The pages on programmes and EPAs."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.catalogue import programme_files
from lms.accounts.models import User
from lms.curriculum import queries
from lms.curriculum.models import Epa, ProgrammeVersion
from tests.factories import make_user
from tests.pages import Browser, Page, text_of

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def english(session: Session, client_of: ClientOf) -> Browser:
    return client_of(make_user(session, language="en"))


@pytest.fixture
def dutch(session: Session, client_of: ClientOf) -> Browser:
    return client_of(make_user(session, language="nl"))


def version_of(session: Session, key: str) -> ProgrammeVersion:
    version = queries.latest_version_of(session, key)
    assert version is not None
    return version


def epa_page(browser: Browser, session: Session, key: str) -> Page:
    return browser.get(f"/epas/{session.scalars(select(Epa.id).where(Epa.key == key)).one()}")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", programme_files())
def test_a_programme_and_its_epas_are_shown_in_words_and_without_notes_for_developers(
    key: str, language: str, session: Session, client_of: ClientOf
) -> None:
    browser, version = client_of(make_user(session, language=language)), version_of(session, key)
    page = browser.get(f"/programmes/{version.id}")
    assert page.heading == version.title[language]
    assert page.tree.get("lang") == language
    words = page.text
    for epa_id, title in session.execute(select(Epa.id, Epa.title).where(Epa.programme_version_id == version.id)):
        page = browser.get(f"/epas/{epa_id}")
        assert page.heading == title[language]
        words += page.text
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b", re.sub(r"https?://\S+", "", words))
    notes = {block["note"] for block in _blocks(queries.document_of(session, version.id)) if block.get("note")}
    assert notes
    assert not [note for note in notes if note in words]


def _blocks(value: object) -> list[dict[str, str]]:
    """Return every map of the data, at any depth."""
    if isinstance(value, dict):
        return [value, *(block for inside in value.values() for block in _blocks(inside))]
    return [block for inside in value for block in _blocks(inside)] if isinstance(value, list) else []


def test_the_list_shows_all_seven_with_kind_version_and_draft_mark(english: Browser) -> None:
    page = english.get("/programmes")
    lines = [text_of(line) for line in page.tree.findall(".//main")[0].iter("li") if line.get("class") == "entry"]
    assert len(lines) == 7
    assert all(re.search(r"2026\.\d-draft", line) and line.endswith("Draft") for line in lines)
    assert any("Oncology nurse" in line and "EPA learning route" in line and "9 EPAs" in line for line in lines)


def test_a_programme_shows_the_level_expected_at_each_stage(english: Browser, session: Session) -> None:
    page = english.get(f"/programmes/{version_of(session, 'mbo-verpleegkunde-bbl').id}")
    rows = [text_of(row) for row in page.tree.iter("tr")]
    row = next(row for row in rows if "Carrying out and adjusting the nursing process" in row)
    assert "CONCEPT-MBO-K2 Concept code" in row
    assert re.findall(r"\d (?:Direct|Indirect) supervision|\d Independent", row) == [
        "2 Direct supervision",
        "3 Indirect supervision",
        "3 Indirect supervision",
        "4 Independent",
    ]


def test_a_programme_with_tracks_shows_its_epas_by_track(english: Browser, session: Session) -> None:
    page = english.get(f"/programmes/{version_of(session, 'functielaborant').id}")
    captions = [text_of(caption) for caption in page.tree.iter("caption")]
    assert captions[:4] == [
        "Basic EPA",
        "Core EPA: Lung function",
        "Core EPA: Heart function",
        "Core EPA: Neurophysiology",
    ]
    assert "Specific EPA: Vascular function" in captions


def test_a_programme_says_in_words_when_it_is_completed(english: Browser, session: Session) -> None:
    words = english.get(f"/programmes/{version_of(session, 'functielaborant').id}").text
    assert "Every EPA of the type “Core EPA” is declared. Only EPAs of the trainee’s own track count." in words
    assert "At least 1 EPA of the type “Specific EPA” is declared." in words


def test_a_cohort_programme_shows_the_epas_that_it_takes_from_another(english: Browser, session: Session) -> None:
    page = english.get(f"/programmes/{version_of(session, 'imagine2').id}")
    row = next(text_of(row) for row in page.tree.iter("tr") if "Leading a quality improvement project" in text_of(row))
    assert "Medical leadership" in row
    assert "Required Level 3 at “End of programme”" in row
    assert "Groups of 5 that meet 4 times." in page.text


def test_a_programme_shows_its_frameworks_and_what_corresponds(english: Browser, session: Session) -> None:
    words = english.get(f"/programmes/{version_of(session, 'medisch-leiderschap').id}").text
    assert "Dutch medical leadership framework (1.0)" in words
    assert re.search(r"Corresponds with .* \(LEADS \(Canada\)\) Draft", words)


def test_an_epa_shows_all_eight_parts_by_number(english: Browser, session: Session) -> None:
    page = epa_page(english, session, "mbo-k3")
    headings = [text_of(heading) for heading in page.tree.iter("h2")]
    assert [heading[:2] for heading in headings if heading[0].isdigit()] == [f"{number}." for number in range(1, 9)]


def test_an_epa_says_its_requirements_in_words(english: Browser, session: Session) -> None:
    words = epa_page(english, session, "lead-07").text
    assert "1 × Short practice assessment At level 3 or higher: Indirect supervision By at least 1 assessor" in words
    assert (
        "With the form “Leadership short practice assessment” Only for the declaration at “End of basic programme”"
        in words
    )
    assert "1 × Reflection report No assessor needed" in words
    project = epa_page(english, session, "lead-06").text
    assert "Minimum number of linked PDSA cycles: 2" in project
    assert "At level 2 or higher: Meets expectation" in project
    assert "With at least 11 answers a round" in epa_page(english, session, "lead-08").text


def test_an_epa_says_its_scope_rules_in_words(english: Browser, session: Session) -> None:
    words = epa_page(english, session, "mbo-k3").text
    assert "Choose at least 3." in words
    assert "“Inserting an intravenous line” also needs “Venepuncture”." in words
    assert "Reserved actions (Wet BIG) Injection, Venepuncture" in words


def test_an_epa_says_until_when_a_declaration_holds(english: Browser, session: Session) -> None:
    words = epa_page(english, session, "mbo-k3").text
    assert "A declaration holds for 60 months. It expires earlier after 12 months without this work." in words
    assert "This does not expire." in epa_page(english, session, "mbo-eol").text


def test_a_concept_code_is_marked_and_an_official_code_is_not(english: Browser, session: Session) -> None:
    concept, official = epa_page(english, session, "mbo-k1"), epa_page(english, session, _official(session))
    assert "CONCEPT-MBO-K1 Concept code" in concept.text
    assert "LZ-ONC-2" in official.text
    assert "Concept code" not in official.text


def _official(session: Session) -> str:
    return session.scalars(select(Epa.key).where(Epa.official_code.is_not(None))).one()


def test_a_field_with_another_provenance_carries_its_own_mark(english: Browser, session: Session) -> None:
    page = epa_page(english, session, _official(session))
    headings = [text_of(heading) for heading in page.tree.iter("h3")]
    assert "Activities" in headings
    assert "Knowledge Draft" in headings


def test_a_text_that_is_known_in_dutch_only_is_marked_as_dutch(
    english: Browser, dutch: Browser, session: Session
) -> None:
    text = "Doelen blijven vaag"
    inside = [one for one in epa_page(english, session, "train-01").tree.iter("span") if text in text_of(one)]
    assert [one.get("lang") for one in inside] == ["nl"]
    assert not [one for one in epa_page(dutch, session, "train-01").tree.iter("span") if text in text_of(one)]


def test_what_is_not_there_is_not_found(english: Browser) -> None:
    english.get(f"/programmes/{uuid4()}", status=404)
    english.get(f"/epas/{uuid4()}", status=404)


def test_nobody_reads_programmes_without_signing_in(client_of: ClientOf) -> None:
    assert client_of(None).get("/programmes").path.endswith("/sign-in")


def test_the_pages_ask_the_database_a_fixed_number_of_times(
    english: Browser, session: Session, statements: list[str]
) -> None:
    lead, neighbour = version_of(session, "medisch-leiderschap").id, version_of(session, "imagine2").id
    epa_id = session.scalars(select(Epa.id).where(Epa.key == "lead-06")).one()
    for path, most in (
        ("/programmes", 1),
        (f"/programmes/{lead}", 9),
        (f"/programmes/{neighbour}", 7),
        (f"/epas/{epa_id}", 7),
    ):
        session.expunge_all()
        statements.clear()
        english.raw(path)
        ours = [
            one
            for one in statements
            if re.search(r"FROM (programme|epa|scale|stage|require|frame|compet|assessment_f|voc)", one)
        ]
        assert len(ours) == most, "\n\n".join(ours)
