"""Every construct of the file format goes into the database and comes out as it was written."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from competencies.catalogue import FOLDER
from competencies.waiting import USUAL, Terms, terms_from
from lms.curriculum import queries
from lms.curriculum.actions import load_programme, load_scales
from lms.curriculum.models import Epa, EpaCompetency, ProgrammeVersion, RatingScale
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.source import Document
from lms.curriculum.values import scale_of
from tests.factories import NOW

Data = dict[str, Any]

ADMISSION: list[Data] = [
    {"key": "big", "text": {"nl": "BIG-registratie"}, "provenance": "draft", "sources": [], "note": None}
]
LOAD = {"practice_hours_min": 120, "theory_hours_min": None, "theory_percent": None, "provenance": "draft"}
WAITING: Data = {
    "first_reminder_days": 3,
    "second_reminder_days": None,
    "expiry_days": 10,
    "extension_days": 4,
    "provenance": "draft",
}
WORDED = {"retrospective": {"nl": "Ik moest erbij zijn", "en": "I had to be there"}}


def data_of(name: str) -> Data:
    """Return the data of a file of the catalogue, to change."""
    data: Data = deepcopy(read_file(FOLDER / f"{name}.yaml").data)
    return data


def document(data: Data) -> Document:
    return Document("changed.yaml", data, {})


def nested(data: Data) -> None:
    data["epas"][0]["parent"] = data["epas"][2]["key"]
    data["epas"][2]["parent"] = data["epas"][1]["key"]


def admitted(data: Data) -> None:
    data["epas"][0]["entry_requirements"] = ADMISSION
    data["epas"][1]["entry_requirements"] = []


def loaded_with_hours(data: Data) -> None:
    data["epas"][0]["study_load"] = LOAD
    data["epas"][1]["study_load"] = LOAD | {"sources": [], "note": "Guess"}


def competent_in_elements(data: Data) -> None:
    data["epas"][0]["competencies"] |= {"canmeds-leader": ["1.1", "L1", "1.2"], "leads": ["E1"]}


def scoped_elsewhere(data: Data) -> None:
    options = [{"key": key, "title": {"nl": key, "en": key}} for key in ("here", "there", "far")]
    rules = [
        {"if_selected": "there", "then_belongs_to": {"epa": data["epas"][1]["key"]}, "provenance": "sourced"},
        {
            "if_selected": "far",
            "then_belongs_to": {"programme": "medisch-leiderschap", "epa": "lead-01"},
            "sources": [],
        },
    ]
    whole = {"key": "place", "title": {"nl": "Plaats", "en": "Place"}, "choose_min": 1, "choose_max": None}
    group = whole | {"options": options, "rules": rules, "provenance": "draft", "sources": []}
    data["epas"][0]["scope"] = [group]


def waited_for(data: Data) -> None:
    data["programme"]["requests"] = dict(WAITING)


@pytest.mark.parametrize(("name", "value"), [("expiry_days", 3), ("second_reminder_days", 2), ("extension_days", 0)])
def test_days_of_requests_that_are_not_in_order_are_refused_at_their_place(
    name: str, value: int, session: Session
) -> None:
    data = data_of("opleiders")
    data["programme"]["version"] = "changed"
    data["programme"]["requests"] = WAITING | {name: value}
    with pytest.raises(CurriculumRefused) as refused:
        load_programme(session, document(data), by=None, at=NOW)
    assert all(problem.path.startswith("programme.requests.") for problem in refused.value.errors)


def test_a_programme_without_words_on_requests_has_the_usual_days(session: Session) -> None:
    data = data_of("opleiders")
    data["programme"]["version"] = "changed"
    waited_for(data)
    version = session.get_one(ProgrammeVersion, load_programme(session, document(data), by=None, at=NOW).version_id)
    assert terms_from(version.details.get("requests")) == Terms(3, None, 10, 4)
    assert terms_from(data_of("opleiders")["programme"].get("requests")) is USUAL


@pytest.mark.parametrize(
    "change", [nested, admitted, loaded_with_hours, competent_in_elements, scoped_elsewhere, waited_for]
)
def test_what_a_file_says_of_its_epas_comes_out_again(change: Callable[[Data], None], session: Session) -> None:
    data = data_of("opleiders")
    data["programme"]["version"] = "changed"
    change(data)
    loaded = load_programme(session, document(data), by=None, at=NOW)
    assert queries.document_of(session, loaded.version_id) == data


def test_what_a_file_says_of_its_frameworks_comes_out_again(session: Session) -> None:
    data = data_of("medisch-leiderschap")
    data["programme"]["version"] = "changed"
    data["crosswalk"][0]["relation"] = "broader"
    domain = next(domain for framework in data["frameworks"] for domain in framework["domains"] if domain["elements"])
    data["frameworks"][1]["levels"] = [{"id": "all", "order": 1, "title": {"nl": "Alle", "en": "All"}}]
    part = {"level": "all", "element": domain["elements"][0]["id"], "text": {"nl": "Doet"}, "provenance": "draft"}
    domain["indicators"] = [part]
    loaded = load_programme(session, document(data), by=None, at=NOW)
    assert queries.document_of(session, loaded.version_id) == data


def test_an_element_is_stored_with_the_domain_that_it_is_part_of(session: Session) -> None:
    data = data_of("opleiders")
    data["programme"]["version"] = "changed"
    competent_in_elements(data)
    version = load_programme(session, document(data), by=None, at=NOW).version_id
    epa = session.scalars(
        select(Epa)
        .where(Epa.programme_version_id == version, Epa.key == data["epas"][0]["key"])
        .options(selectinload(Epa.competencies).joinedload(EpaCompetency.domain))
    ).one()
    named = [(one.domain.key, one.element_key) for one in epa.competencies][-4:]
    assert named == [("L1", "1.1"), ("L1", None), ("L1", "1.2"), ("E", "E1")]


def reworded(session: Session) -> Data:
    """Load a second version of a scale, with other words and a wording for looking back, and return the file."""
    data = data_of("scales")
    newer = deepcopy(data["scales"][0]) | {"version": 2}
    newer["levels"][1] |= {"title": {"nl": "Samen", "en": "Together"}, "questions": WORDED}
    data["scales"].insert(1, newer)
    assert load_scales(session, document(data), by=None, at=NOW)
    return data


def test_a_reworded_scale_stands_beside_the_old_one_and_both_come_out_again(session: Session) -> None:
    data = reworded(session)
    assert queries.scales_document(session) == data


def test_the_levels_of_each_version_keep_their_own_words(session: Session) -> None:
    reworded(session)
    rows = session.scalars(
        select(RatingScale).where(RatingScale.key == "nl-bekwaamheid-5").options(selectinload(RatingScale.levels))
    )
    scales = {row.version: scale_of(row) for row in rows}
    assert scales[1].level("2").title["en"] == "Direct supervision"
    assert scales[2].level("2").title["en"] == "Together"
    assert scales[1].level("2").questions == {}
    assert scales[2].level("2").questions == WORDED
