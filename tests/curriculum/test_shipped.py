"""What ships with the product beside what people here added and worded otherwise: a start never undoes their work."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.catalogue import FOLDER
from competencies.errors import RuleBroken
from lms.curriculum.actions import load_catalogue, load_scales, load_shipped, load_vocabulary
from lms.curriculum.models import CatalogueFile
from lms.curriculum.queries import latest_scale, scales_document, vocabulary, vocabulary_document
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.source import Document
from tests.factories import NOW, make_user

OTHER = {"nl": "Anders gezegd", "en": "Said otherwise"}
OURS = {"key": "ours", "title": {"nl": "Van ons", "en": "Ours"}}
THEIRS = {"key": "theirs", "title": {"nl": "Van de makers", "en": "Theirs"}}


def shipped(name: str) -> dict[str, Any]:
    data: dict[str, Any] = deepcopy(read_file(FOLDER / f"{name}.yaml").data)
    return data


def imported(session: Session, data: dict[str, Any]) -> None:
    """Load a vocabulary as a coordinator does."""
    assert load_vocabulary(session, Document("words.yaml", data, {}), by=make_user(session).id, at=NOW)


def start(session: Session, data: dict[str, Any]) -> None:
    """Load a vocabulary as a start of the product that ships it does."""
    load_shipped(session, Document("vocabulary.yaml", data, {}), by=None, at=NOW)


def titles(session: Session) -> list[tuple[str, dict[str, str]]]:
    return [(one["key"], one["title"]) for one in vocabulary_document(session)["audiences"]]


def test_a_start_leaves_the_words_that_people_added_and_changed(session: Session) -> None:
    data = shipped("vocabulary")
    data["audiences"].append(OURS)
    data["audiences"][0]["title"] = OTHER
    imported(session, data)
    for _start in range(2):
        assert load_catalogue(session, by=None, at=NOW).loaded == ()
        assert vocabulary_document(session) == data


def test_a_start_leaves_the_scales_that_people_added(session: Session) -> None:
    data = shipped("scales")
    data["scales"].append(data["scales"][0] | {"version": 2, "title": OTHER})
    assert load_scales(session, Document("scales.yaml", data, {}), by=None, at=NOW)
    file = session.scalars(select(CatalogueFile).where(CatalogueFile.name == "scales")).one()
    before = file.content_hash
    assert load_catalogue(session, by=None, at=NOW).loaded == ()
    assert file.content_hash == before


def test_a_newer_shipped_file_brings_its_words_and_leaves_ours(session: Session) -> None:
    data = shipped("vocabulary")
    first, second = data["audiences"][:2]
    imported(session, data | {"audiences": [first | {"title": OTHER}, *data["audiences"][1:], OURS]})
    newer = [first | {"title": THEIRS["title"]}, second | {"title": OTHER}, *data["audiences"][2:], THEIRS]
    for _start in range(2):
        start(session, data | {"audiences": newer})
        assert titles(session) == [
            (first["key"], OTHER),
            (second["key"], OTHER),
            *((one["key"], one["title"]) for one in data["audiences"][2:]),
            ("theirs", THEIRS["title"]),
            ("ours", OURS["title"]),
        ]


def test_the_same_key_shipped_later_with_another_meaning_stays_what_it_is_here(session: Session) -> None:
    data = shipped("vocabulary")
    mine = data["instruments"][0] | {"key": "ours", "direct_observation": True}
    imported(session, data | {"instruments": [*data["instruments"], mine]})
    theirs = mine | {"direct_observation": False}
    start(session, data | {"instruments": [*data["instruments"], theirs]})
    assert vocabulary_document(session)["instruments"][-1] == mine


def test_a_word_that_shipped_may_not_be_gone_from_a_newer_file(session: Session) -> None:
    data = shipped("vocabulary")
    with pytest.raises(RuleBroken, match="vocabulary_key_gone"):
        start(session, data | {"audiences": data["audiences"][1:]})


def test_what_shipped_is_imported_again_over_what_people_changed(session: Session) -> None:
    data = shipped("vocabulary")
    imported(session, data | {"audiences": [data["audiences"][0] | {"title": OTHER}, *data["audiences"][1:]]})
    start(session, data | {"session_formats": [*data["session_formats"], THEIRS]})
    imported(session, data | {"session_formats": [*data["session_formats"], THEIRS]})
    assert titles(session)[0][1] == data["audiences"][0]["title"]


def test_the_first_start_with_a_record_of_what_shipped_keeps_what_is_here(session: Session) -> None:
    session.query(CatalogueFile).update({"shipped": None})
    data = shipped("vocabulary")
    imported(session, data | {"audiences": [data["audiences"][0] | {"title": OTHER}, *data["audiences"][1:], OURS]})
    load_catalogue(session, by=None, at=NOW)
    assert titles(session)[0][1] == OTHER
    assert vocabulary(session).title("audiences", "ours") == OURS["title"]
    assert load_catalogue(session, by=None, at=NOW).loaded == ()


def test_the_first_start_with_a_record_of_what_shipped_takes_newer_words_where_nobody_imported_any(
    session: Session,
) -> None:
    data = shipped("vocabulary")
    first, *rest = data["audiences"]
    load_vocabulary(session, Document("words.yaml", data | {"audiences": [first, *rest, OURS]}, {}), by=None, at=NOW)
    session.query(CatalogueFile).update({"shipped": None})
    session.expire_all()
    newer = data | {"audiences": [first | {"title": OTHER}, *rest]}
    for _start in range(2):
        start(session, newer)
        assert titles(session)[0][1] == OTHER
        assert titles(session)[-1] == ("ours", OURS["title"])


def test_a_newer_shipped_scale_is_added_beside_one_of_ours(session: Session) -> None:
    data = shipped("scales")
    mine, theirs = data["scales"][0] | {"version": 2, "title": OTHER}, data["scales"][0] | {"version": 3}
    load_scales(session, Document("scales.yaml", data | {"scales": [*data["scales"], mine]}, {}), by=None, at=NOW)
    newer = [*data["scales"], theirs | {"version": 2}, theirs]
    load_shipped(session, Document("scales.yaml", data | {"scales": newer}, {}), by=None, at=NOW)
    newest = latest_scale(session, theirs["id"])
    assert newest is not None
    assert newest.version == 3
    assert mine in scales_document(session)["scales"]
