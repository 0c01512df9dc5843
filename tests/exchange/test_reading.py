"""Reading CASE packages and hostile files: what is kept, and what is refused and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from competencies.packages import NodeKind
from lms.curriculum.schemas.problems import CurriculumRefused
from lms.exchange.case.codec import CASE
from lms.exchange.case.reading import package_of
from lms.exchange.case.writing import case_of, written
from lms.exchange.json_source import read_json
from lms.exchange.register import codec_of
from tests.exchange.packages import SAMPLES, as_file, association, needs_samples, node, small_package


@pytest.fixture(autouse=True)
def _words(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def refusal_of(content: bytes) -> list[str]:
    """Return what is wrong with a file, each with its place."""
    with pytest.raises(CurriculumRefused) as refusal:
        CASE.read(content, "file.json")
    return [f"{problem.line or ''}{problem.path}: {problem.message}" for problem in refusal.value.errors]


@needs_samples
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_package_of_another_tool_comes_out_as_it_went_in(path: Path) -> None:
    imported = CASE.read(path.read_bytes(), path.name)
    assert case_of(imported.package) == json.loads(path.read_bytes())


def test_unknown_fields_stay_at_every_level() -> None:
    package = small_package()
    assert case_of(CASE.read(as_file(package), "x").package) == package


def test_the_same_content_gives_the_same_bytes_whatever_the_order_of_its_keys() -> None:
    package = small_package()
    turned = json.loads(json.dumps(package), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert written(package_of(turned, "x")) == written(package_of(package, "x"))
    once = written(package_of(package, "x"))
    assert written(package_of(json.loads(once), "x")) == once


@pytest.mark.parametrize(
    "rest",
    [
        {},
        {"CFItems": []},
        {"CFItems": None, "CFDefinitions": None},
        {"CFDefinitions": {}},
        {"CFDefinitions": {"CFConcepts": [], "x": 1}},
        {"CFRubrics": [], "extensions": {"a": 1}},
    ],
)
def test_lists_that_are_empty_or_missing_stay_so(rest: dict[str, Any]) -> None:
    package = {"CFDocument": node(1)} | rest
    assert case_of(package_of(package, "x")) == package


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.dictionaries(st.text(min_size=1, max_size=8), json_values, max_size=4), json_values)
def test_whatever_somebody_adds_is_kept(fields: dict[str, Any], value: Any) -> None:
    package = small_package(extra=value)
    package["CFItems"][0] |= {f"x{name}": inner for name, inner in fields.items()}
    assert case_of(package_of(package, "x")) == package


def test_what_nothing_can_be_done_with_is_refused_all_at_once_each_at_its_path() -> None:
    package = {
        "CFDocument": {"title": "No identifier"},
        "CFItems": [node(1), 3, {"identifier": ""}, node(1), {"identifier": "x" * 501}],
        "CFAssociations": {},
        "CFDefinitions": {"CFSubjects": "none", "CFConcepts": [{}]},
    }
    assert sorted(refusal_of(as_file(package))) == sorted(
        [
            "CFDocument.identifier: This has no identifier.",
            "CFItems[1]: This must be an object.",
            "CFItems[2].identifier: This has no identifier.",
            f"CFItems[3].identifier: The identifier {node(1)['identifier']} is here twice.",
            "CFItems[4].identifier: This identifier is too long.",
            "CFAssociations: This must be a list.",
            "CFDefinitions.CFSubjects: This must be a list.",
            "CFDefinitions.CFConcepts[0].identifier: This has no identifier.",
        ]
    )


@pytest.mark.parametrize("content", [b"{}", b"[]", b"3", b'{"CFItems": []}', b'{"CFDocument": null}'])
def test_what_is_no_package_is_refused(content: bytes) -> None:
    assert refusal_of(content)


DEEP = b'{"CFDocument": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b'{"CFDocument": \n oops}', "2: This is not JSON"),
        (DEEP, "too deeply"),
        (b'{"CFDocument": ' + b"[" * 200 + b"]" * 200 + b"}", "too deeply"),
        (b'{"CFDocument": 1, "CFDocument": 2}', "twice"),
        (b'{"CFDocument": NaN}', "NaN"),
        (b'{"CFDocument": -Infinity}', "Infinity"),
        (b'{"CFDocument": 1e999}', "1e999"),
        (b'{"CFDocument": ' + b"9" * 5000 + b"}", "99999"),
        (b'{"CFDocument": {"identifier": "a\\u0000b"}}', "CFDocument.identifier: This text holds"),
        (b'{"CFDocument": {"identifier": "a", "x": ["\\ud800"]}}', "CFDocument.x[0]: This text holds"),
        (b'{"CFDocument": {"identifier": "a", "\\udfff": 1}}', "CFDocument: A key here"),
        ('{"CFDocument": "é"}'.encode("cp1252"), "UTF-8"),
        (b'{"CFDocument"\x00: 1}', "not a text file"),
        (bytes(range(256)) * 10, "not a text file"),
    ],
    ids=range(16),
)
def test_a_hostile_file_gets_a_clear_refusal(content: bytes, said: str) -> None:
    assert said in " ".join(refusal_of(content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_encoding_that_json_may_have_is_read(encoding: str) -> None:
    package = small_package()
    assert read_json(json.dumps(package, ensure_ascii=False).encode(encoding), "x") == package


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16"])
def test_a_package_is_recognised_by_its_content_whatever_its_name(encoding: str) -> None:
    assert codec_of(json.dumps(small_package()).encode(encoding), "anything.txt") is CASE


def test_emoji_written_as_two_halves_are_one_character_and_fine() -> None:
    assert read_json(b'"\\ud83d\\ude00"', "x") == "\N{GRINNING FACE}"


def test_what_the_standard_asks_for_and_is_not_there_is_said_once_for_each_kind() -> None:
    package = {"CFDocument": {"identifier": "d"}, "CFItems": [{"identifier": "a"}, {"identifier": "b", "uri": "u"}]}
    said = {(remark.path, remark.message) for remark in CASE.read(as_file(package), "x").remarks}
    assert ("CFItems", "1 times there is no uri, which the standard asks for.") in said
    assert ("CFItems", "2 times there is no fullStatement, which the standard asks for.") in said
    assert ("CFDocument", "1 times there is no title, which the standard asks for.") in said


def test_associations_that_lead_elsewhere_are_kept_and_said() -> None:
    package = {"CFDocument": node(1), "CFItems": [node(2)], "CFAssociations": [association(3, 2, 9, "isRelatedTo")]}
    imported = CASE.read(as_file(package), "x")
    assert len(list(imported.package.of(NodeKind.ASSOCIATION))) == 1
    assert any("1 associations lead outside" in remark.message for remark in imported.remarks)
