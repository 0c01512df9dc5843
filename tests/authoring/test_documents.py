"""A programme file cut into parts and put together again."""

from __future__ import annotations

from typing import Any

import pytest

from competencies.catalogue import programme_files
from lms.authoring.documents import Cut, assembled, cut
from lms.authoring.shapes import section_shapes
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.problems import CurriculumRefused


def document(name: str) -> dict[str, Any]:
    data: dict[str, Any] = read_file(programme_files()[name]).data
    return data


@pytest.mark.parametrize("name", programme_files())
def test_every_shipped_programme_is_whole_again_after_it_was_cut(name: str) -> None:
    parts = cut(document(name))
    assert assembled(reversed(parts)) == document(name)


def test_every_section_that_is_a_list_is_cut_into_its_items() -> None:
    parts = cut(document("oncologieverpleegkundige"))
    assert [part.key for part in parts if part.section == "stages"] == ["midway", "end"]
    assert len([part for part in parts if part.section == "epas"]) == 9
    assert len([part for part in parts if part.section == "programme"]) == 1


def test_a_document_without_anything_makes_a_draft_without_parts() -> None:
    assert cut({}) == []
    empty = assembled([])
    assert set(empty) == {"schema", *section_shapes()} - {"contexts"}
    assert empty["epas"] == []
    assert empty["cohort"] is None


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"epas": {}}, "epas"),
        ({"epas": [3]}, "epas[0]"),
        ({"surprise": 1}, "surprise"),
        ({"epas": [{"titel": {}}]}, "epas[0].titel"),
        ({"stages": [{"title": "Einde"}]}, "stages[0].title"),
        ({"stages": [{"title": {"fr": "Fin"}}]}, "stages[0].title.fr"),
        ({"stages": [{"order": "1"}]}, "stages[0].order"),
        ({"stages": [{"order": True}]}, "stages[0].order"),
        ({"epas": [{"description": {"skills": {"nl": "een"}}}]}, "epas[0].description.skills.nl"),
        ({"sources": []}, "sources"),
    ],
)
def test_what_can_be_no_programme_is_refused_with_its_place(wrong: dict[str, Any], path: str, app: Any) -> None:
    with app.test_request_context(), pytest.raises(CurriculumRefused) as refused:
        cut(wrong)
    assert [problem.path for problem in refused.value.errors] == [path]


def test_what_is_missing_or_empty_is_fine_in_a_draft() -> None:
    parts = cut({"programme": {"key": "new"}, "epas": [{"title": {"nl": "Prikken"}, "scale": None}, {}]})
    assert [part.section for part in parts] == ["programme", "epas", "epas"]


def test_items_that_were_moved_are_numbered_anew_and_others_keep_their_numbers() -> None:
    kept = [Cut("stages", "a", 1, {"key": "a", "order": 2}), Cut("stages", "b", 2, {"key": "b", "order": 5})]
    assert [stage["order"] for stage in assembled(kept)["stages"]] == [2, 5]
    moved = [Cut("stages", "a", 2, {"key": "a", "order": 2}), Cut("stages", "b", 1, {"key": "b", "order": 5})]
    assert [(stage["key"], stage["order"]) for stage in assembled(moved)["stages"]] == [("b", 1), ("a", 2)]


def test_sessions_that_clash_are_numbered_over_the_whole_programme() -> None:
    modules = [
        Cut("modules", key, number, {"key": key, "order": number, "sessions": [{"order": 1}, {"order": None}]})
        for number, key in enumerate("ab", start=1)
    ]
    document = assembled(modules)
    assert [one["order"] for module in document["modules"] for one in module["sessions"]] == [1, 2, 3, 4]
