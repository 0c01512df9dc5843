"""The patient groups, complexities and settings of a programme: stored, written and drafted without loss."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from flask_babel import force_locale
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from competencies.catalogue import FOLDER
from competencies.observations import Context
from lms.authoring.documents import assembled, cut
from lms.curriculum import queries
from lms.curriculum.actions import load_programme
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.json_source import read_json
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.curriculum.schemas.published import json_schema
from lms.curriculum.schemas.source import Document, read
from lms.curriculum.schemas.writing import as_json, as_yaml
from lms.exchange.xlsx.codec import WORKBOOKS
from lms.exchange.xlsx.writing import workbook_of
from tests.factories import NOW

Data = dict[str, Any]
KIND = "bekwaam-curriculum/1"


def listed(kind: str, key: str, dutch: str = "Laag", english: str = "Low") -> Data:
    return {"kind": kind, "key": key, "title": {"nl": dutch, "en": english}, "provenance": "draft"}


CONTEXTS = [
    listed("patient_group", "adults", "Volwassenen", "Adults"),
    listed("patient_group", "children", "Kinderen", "Children"),
    listed("complexity", "low"),
    listed("setting", "ward", "Afdeling", "Ward"),
]


def with_contexts(*contexts: Data) -> Data:
    """Return a file of the catalogue with such a list."""
    data: Data = deepcopy(read_file(FOLDER / "opleiders.yaml").data)
    data["programme"]["version"] = "changed"
    data["contexts"] = list(contexts)
    return data


def load(session: Session, data: Data) -> Any:
    return load_programme(session, Document("changed.yaml", data, {}), by=None, at=NOW).version_id


@pytest.mark.parametrize("contexts", [CONTEXTS, []])
def test_a_list_comes_out_as_it_was_written(session: Session, contexts: list[Data]) -> None:
    data = with_contexts(*contexts)
    assert queries.document_of(session, load(session, data)) == data


def test_a_file_without_a_list_stays_without(session: Session) -> None:
    data = with_contexts()
    del data["contexts"]
    version_id = load(session, data)
    assert queries.document_of(session, version_id) == data
    assert queries.contexts_of(session, version_id) == {}


def test_what_can_be_chosen_is_asked_by_kind_in_the_order_of_the_file(session: Session) -> None:
    found = queries.contexts_of(session, load(session, with_contexts(*CONTEXTS)))
    assert {kind: list(titles) for kind, titles in found.items()} == {
        Context.PATIENT_GROUP: ["adults", "children"],
        Context.COMPLEXITY: ["low"],
        Context.SETTING: ["ward"],
    }
    assert found[Context.PATIENT_GROUP]["children"] == {"nl": "Kinderen", "en": "Children"}


def test_a_list_is_the_same_in_every_format() -> None:
    data = with_contexts(*CONTEXTS)
    assert read(as_yaml(data), name="f").data == data
    assert read_json(as_json(data), name="f").data == data
    for language in ("nl", "en"):
        with force_locale(language):
            book = workbook_of(data, {}, about="A programme", at=datetime(2026, 11, 24, tzinfo=UTC))
            assert WORKBOOKS.read(book, "f.xlsx").data == data
    assert not list(Draft202012Validator(json_schema(KIND)).iter_errors(data))


def test_a_draft_has_a_part_for_each_and_puts_them_together_again() -> None:
    data = with_contexts(*CONTEXTS)
    parts = cut(data)
    assert [part.key for part in parts if part.section == "contexts"] == ["adults", "children", "low", "ward"]
    assert assembled(parts) == data
    without = [part for part in parts if part.section != "contexts"]
    assert "contexts" not in assembled(without)


def spread_over(data: Data, over: str, least: int) -> Data:
    data["epas"][0]["evidence"][0]["spread"] = [{"over": over, "min_different": least}]
    return data


@pytest.mark.parametrize(
    ("data", "path", "said"),
    [
        (with_contexts(listed("department", "ward")), "contexts[0].kind", "This must be one of"),
        (with_contexts(*CONTEXTS, listed("setting", "low")), "contexts[4]", "low is in this list twice."),
        (with_contexts(CONTEXTS[0] | {"title": {"nl": "x"}}), "contexts[0].title", ""),
        (with_contexts(CONTEXTS[0] | {"order": 1}), "contexts[0].order", "This key is not known here."),
        (
            spread_over(with_contexts(*CONTEXTS), "complexity", 2),
            "epas[0].evidence[0].spread[0].min_different",
            "The programme lists fewer of these than that.",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(session: Session, data: Data, path: str, said: str) -> None:
    with pytest.raises(CurriculumRefused) as refused:
        load(session, data)
    problem = refused.value.errors[0]
    assert problem.path.startswith(path)
    assert said in problem.message


def test_a_spread_that_the_list_allows_is_taken(session: Session) -> None:
    load(session, spread_over(with_contexts(*CONTEXTS), "patient_group", 2))
