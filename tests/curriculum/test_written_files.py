"""Writing curriculum files: YAML and JSON that are read back as the same data, and a published shape that fits them."""

from __future__ import annotations

import string
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from competencies.catalogue import catalogue_files
from lms.curriculum.schemas.checking import SCHEMAS
from lms.curriculum.schemas.files import read_file
from lms.curriculum.schemas.json_source import read_json
from lms.curriculum.schemas.published import json_schema
from lms.curriculum.schemas.source import read
from lms.curriculum.schemas.writing import as_json, as_yaml

CATALOGUE = {name: read_file(file).data for name, file in catalogue_files().items()}

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=40)
awkward = st.sampled_from(
    ["null", "~", "true", "no", "3", "0.5", ".5", "-1", "+.5", "1e3", "", " ", "- a", "a: b", "#a", "'", '"', "2021-06"]
)
numbers = st.integers(-(10**14), 10**14) | st.floats(1e-9, 1e9, allow_subnormal=False).map(lambda one: round(one, 9))
values = st.recursive(
    st.none() | st.booleans() | numbers | texts | awkward,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(string.ascii_letters, min_size=1), inside),
    max_leaves=20,
)
documents = st.dictionaries(st.text(string.ascii_letters, min_size=1), values, min_size=1, max_size=5)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_shipped_file_is_the_same_after_writing_and_reading(name: str) -> None:
    data = CATALOGUE[name]
    assert read(as_yaml(data), name="f").data == data
    assert read_json(as_json(data), name="f").data == data


@given(documents)
def test_whatever_is_written_as_yaml_is_read_back_as_the_same(data: dict[str, Any]) -> None:
    assert read(as_yaml(data), name="f").data == data


@given(documents)
def test_whatever_is_written_as_json_is_read_back_as_the_same(data: dict[str, Any]) -> None:
    assert read_json(as_json(data), name="f").data == data


def test_texts_that_look_like_something_else_stay_texts() -> None:
    written = as_yaml({"level": "3", "rank": 3, "country": "no", "version": "2026.1", "nothing": None}).decode()
    assert "level: '3'\n" in written
    assert "rank: 3\n" in written
    assert "country: no\n" in written
    assert "version: '2026.1'\n" in written


def test_the_keys_stand_in_the_order_of_the_schema() -> None:
    data = CATALOGUE["oncologieverpleegkundige"]
    mixed = dict(reversed(data.items())) | {"epas": [dict(reversed(epa.items())) for epa in data["epas"]]}
    assert as_yaml(mixed) == as_yaml(data)
    assert list(read(as_yaml(mixed), name="f").data)[:3] == ["schema", "programme", "entry_requirements"]


def test_a_text_of_several_lines_is_written_as_such() -> None:
    assert as_yaml({"note": "One.\n\nTwo."}) == b"note: |-\n  One.\n\n  Two.\n"


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_shipped_file_fits_the_published_schema(name: str) -> None:
    assert misfits(CATALOGUE[name]) == []


@pytest.mark.parametrize("kind", SCHEMAS)
def test_what_is_published_is_a_json_schema(kind: str) -> None:
    Draft202012Validator.check_schema(json_schema(kind))


def test_the_published_schema_refuses_what_the_product_refuses() -> None:
    scale = CATALOGUE["scales"]["scales"][0]
    assert misfits(CATALOGUE["scales"] | {"scales": [{**scale, "colour": "red"}]}) == ["$.scales[0]"]
    assert misfits({"schema": "bekwaam-scales/1"}) == ["$", "$"]
    data = CATALOGUE["oncologieverpleegkundige"]
    for wrong in ({"status": "certain"}, {"version": ""}, {"title": {"nl": "Titel"}}, {"duration_months": {"min": 0}}):
        assert misfits(data | {"programme": data["programme"] | wrong})


def test_combined_requirements_fit_the_published_schema() -> None:
    data = deepcopy(CATALOGUE["oncologieverpleegkundige"])
    both: dict[str, Any] = {
        "kind": "all_of",
        "of": [{"kind": "tests", "min_count": 1, "tests": []}, {"kind": "external_diploma"}],
    }
    data["epas"][0]["evidence"].append({"kind": "any_of", "of": [both, {"kind": "reflections", "min_count": 2}]})
    assert misfits(data) == []
    both["of"].append({"kind": "reflections", "min_count": 0})
    assert len(misfits(data)) == 1


def misfits(data: dict[str, Any]) -> list[str]:
    """Return where the data does not fit the published schema of its kind."""
    validator = Draft202012Validator(json_schema(data["schema"]))
    return [error.json_path for error in validator.iter_errors(data)]
