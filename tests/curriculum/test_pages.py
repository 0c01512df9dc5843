"""The pages on programmes and EPAs."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.catalogue import programme_files
from lms.accounts.models import User
from lms.curriculum import queries
from lms.curriculum.actions import load_programme, retire_version
from lms.curriculum.models import Epa, Framework, ProgrammeVersion
from tests.curriculum.test_constructs import data_of, document
from tests.curriculum.test_loading import NEWER, file_with
from tests.factories import NOW, make_user
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
    shared, lines = lines[7:], lines[:7]
    assert [line.split(" The ")[0].split(" What ")[0] for line in shared] == ["Rating scales", "Competency frameworks"]
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
        "Basic EPAs",
        "Core EPAs: Lung function",
        "Core EPAs: Heart function",
        "Core EPAs: Neurophysiology",
    ]
    assert "Specific EPAs: Vascular function" in captions


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


def test_a_programme_leads_to_its_frameworks_and_to_those_that_it_compares(english: Browser, session: Session) -> None:
    page = english.get(f"/programmes/{version_of(session, 'medisch-leiderschap').id}")
    assert "Dutch medical leadership framework Version 1.0" in page.text
    assert "Dutch medical leadership framework and LEADS (Canada)" in page.text
    assert len([link for link in page.links() if "/crosswalk/" in link]) == 3


def test_a_text_says_from_when_it_counts_and_leads_to_its_other_versions(english: Browser, session: Session) -> None:
    old = session.scalars(select(Epa).where(Epa.key == "train-01")).one()
    loaded = load_programme(session, file_with("opleiders", NEWER), by=None, at=NOW + timedelta(days=1))
    new = session.scalars(select(Epa).where(Epa.programme_version_id == loaded.version_id, Epa.key == old.key)).one()
    for before, after in (
        (f"/programmes/{old.programme_version_id}", f"/programmes/{loaded.version_id}"),
        (f"/epas/{old.id}", f"/epas/{new.id}"),
    ):
        page = english.get(before)
        assert "There is a newer version of this text" in page.text
        assert (
            "Version 2026.1-draft, in use from 20 Nov 2026. Other versions: 2026.2-draft, from 21 Nov 2026" in page.text
        )
        assert after in page.links()
        page = english.get(after)
        assert "There is a newer version" not in page.text
        assert (
            "Version 2026.2-draft, in use from 21 Nov 2026. Other versions: 2026.1-draft, from 20 Nov 2026" in page.text
        )
        assert before in page.links()


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
    assert "Reserved actions (Wet BIG) Draft Venepuncture only on the order" in words


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


def test_a_retired_version_says_from_when_no_cohort_begins_on_it(english: Browser, session: Session) -> None:
    version = version_of(session, "opleiders")
    epa = session.scalars(select(Epa.id).where(Epa.programme_version_id == version.id).limit(1)).one()
    later, by = NOW.date() + timedelta(days=10), make_user(session)
    retire_version(session, version, retired_on=later, reason="Replaced.", by=by, at=NOW)
    for path in (f"/programmes/{version.id}", f"/epas/{epa}"):
        assert "Retired from 30 Nov 2026: no cohort begins on it from then on." in english.get(path).text


def a_hundred_epas(
    session: Session, *completion: dict[str, Any], at_stage: dict[str, Any] | None = None
) -> ProgrammeVersion:
    """Load a programme of a hundred EPAs with all that the programme on medical leadership has, and these rules.

    With something to ask at a stage its own form gets another key, so that it can name that of the other programme.
    """
    data = data_of("medisch-leiderschap")
    data["programme"] |= {"key": "large", "version": "1"}
    patterns = data["epas"]
    data["epas"] = [
        deepcopy(patterns[number % len(patterns)])
        | {"key": f"large-{number}", "local_code": f"CONCEPT-LARGE-{number}", "order": number + 1}
        for number in range(100)
    ]
    data["phases"], data["exemptions"] = [], []
    data["completion"] += completion
    if at_stage is not None:
        data["forms"][0]["key"] = "large-form"
        data["stages"][0]["requirements"] = [at_stage]
    load_programme(session, document(data), by=None, at=NOW)
    return version_of(session, "large")


RATED: dict[str, Any] = {"instrument": "kpb", "min_count": 1, "min_assessors": 1, "min_level": "3"}
RULE: dict[str, Any] = {"rule": "requirement", "provenance": "draft", "sources": []}
HOURS = RULE | {"requirement": {"kind": "hours", "of": "practice", "min_hours": 100}}


@pytest.mark.parametrize(
    ("rules", "most"),
    [
        ([], 5),
        ([HOURS], 5),
        ([RULE | {"requirement": RATED | {"form": "kpb-leadership"}}], 6),
    ],
    ids=["no requirement", "hours", "levels on a form"],
)
def test_a_programme_of_a_hundred_epas_is_asked_for_in_at_most_eight_statements(
    english: Browser, session: Session, statements: list[str], rules: list[dict[str, Any]], most: int
) -> None:
    version = a_hundred_epas(session, *rules).id
    session.expunge_all()
    statements.clear()
    answer = english.raw(f"/programmes/{version}")
    assert answer.status_code == 200
    assert answer.text.count("CONCEPT-LARGE-") == 100
    assert len(statements) == most, "\n\n".join(statements)


def test_forms_of_its_own_and_of_another_programme_with_hours_keep_a_hundred_epas_under_eight_statements(
    english: Browser, session: Session, statements: list[str]
) -> None:
    own, other = (RATED | {"form": key} for key in ("large-form", "kpb-leadership"))
    version = a_hundred_epas(session, HOURS, RULE | {"requirement": own}, at_stage=other).id
    session.expunge_all()
    statements.clear()
    answer = english.raw(f"/programmes/{version}")
    assert answer.status_code == 200
    assert answer.text.count("CONCEPT-LARGE-") == 100
    assert len(statements) == 7, "\n\n".join(statements)


def test_the_pages_ask_the_database_a_fixed_number_of_times(
    english: Browser, session: Session, statements: list[str]
) -> None:
    lead, neighbour = version_of(session, "medisch-leiderschap").id, version_of(session, "imagine2").id
    epa_id, scoped = (session.scalars(select(Epa.id).where(Epa.key == key)).one() for key in ("lead-06", "onc-k2"))
    scale = session.scalars(select(Epa.scale_id).where(Epa.id == epa_id)).one()
    rml, leads = (session.scalars(select(Framework.id).where(Framework.key == key)).one() for key in ("rml", "leads"))
    for path, most in (
        ("/programmes", 2),
        (f"/programmes/{lead}", 5),
        (f"/programmes/{neighbour}", 5),
        (f"/epas/{epa_id}", 6),
        (f"/epas/{scoped}", 6),
        ("/scales", 3),
        (f"/scales/{scale}", 7),
        ("/frameworks", 2),
        (f"/frameworks/{rml}", 7),
        (f"/frameworks/{rml}/crosswalk/{leads}", 8),
    ):
        session.expunge_all()
        statements.clear()
        english.raw(path)
        assert len(statements) == most, path + "\n" + "\n\n".join(statements)
